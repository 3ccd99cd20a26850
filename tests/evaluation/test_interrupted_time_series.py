"""Interrupted series: planted effects found, bad series refused in words, alternatives agree."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from woda_lib.evaluation import InterruptedTimeSeries, SeriesError, interrupted_time_series
from woda_lib.evaluation.segments import SegmentedDesign, Terms
from woda_lib.figures import to_svg

MONTHS = pd.date_range("2021-04-01", periods=45, freq="MS")
GO_LIVE = pd.Timestamp("2023-10-01")
AFTER = np.asarray(MONTHS >= GO_LIVE, dtype=float)


def frame(effect: float = -2.7, *, noise: float = 0.4, seed: int = 11) -> pd.DataFrame:
    """A treated trust and its comparison share winters and shocks; the treated one drifts."""
    rng = np.random.default_rng(seed)
    shared = 1.2 * np.cos(2 * np.pi * (MONTHS.month - 1) / 12) + rng.normal(0, 0.6, 45)
    years = np.arange(45) / 12
    return pd.DataFrame(
        {
            "month": MONTHS,
            "days": 12 + 0.2 * years + shared + effect * AFTER + rng.normal(0, noise, 45),
            "other": 10 + shared + rng.normal(0, noise, 45),
        }
    )


def evaluate(data: pd.DataFrame, **settings: object) -> InterruptedTimeSeries:
    given: dict[str, object] = {"control": "other", **settings}
    return interrupted_time_series(data, outcome="days", time="month", start=GO_LIVE, **given)


class TestTheDesign:
    def test_terms_are_columns(self) -> None:
        months = pd.date_range("2023-07-01", periods=6, freq="MS")
        design = SegmentedDesign.of(months, go_live=GO_LIVE, terms=Terms(slope=True))
        assert design.names == ("level", "step", "trend", "slope")
        expected = [
            # level, step, years since go-live, years after it less their mean
            [1, 0, -3 / 12, 0],
            [1, 0, -2 / 12, 0],
            [1, 0, -1 / 12, 0],
            [1, 1, 0 / 12, -1 / 12],
            [1, 1, 1 / 12, 0],
            [1, 1, 2 / 12, 1 / 12],
        ]
        assert design.matrix == pytest.approx(np.array(expected))
        assert design.step.tolist() == [0, 1, 0, 0]
        assert not design.without_change[:, [1, 3]].any()

    def test_a_season_comes_round_after_a_year(self) -> None:
        design = SegmentedDesign.of(MONTHS, go_live=GO_LIVE, terms=Terms(harmonics=2))
        season = design.matrix[:, 3:]
        assert season[:33] == pytest.approx(season[12:])


class TestTheEffect:
    def test_without_noise_it_is_exact(self) -> None:
        result = evaluate(frame(noise=1e-4))
        assert result.estimate == pytest.approx(-2.7, abs=1e-3)

    def test_the_interval_holds_what_was_planted(self) -> None:
        result = evaluate(frame())
        assert result.low < -2.7 < result.high
        assert result.reading == "more than chance"

    def test_nothing_planted_nothing_found(self) -> None:
        assert evaluate(frame(effect=0.0)).reading == "could be chance"

    def test_alone_the_series_gets_a_season(self) -> None:
        result = evaluate(frame(), control=None)
        assert result.terms == Terms(trend=True, harmonics=2)
        assert result.low < -2.7 < result.high

    def test_with_a_slope_the_step_is_the_average_effect(self) -> None:
        data = frame(effect=0.0, noise=1e-4)
        fading = np.linspace(-4.0, -1.0, int(AFTER.sum()))
        data.loc[AFTER == 1, "days"] += fading
        result = evaluate(data, impact="slope")
        assert result.estimate == pytest.approx(fading.mean(), abs=1e-3)

    def test_months_of_the_roll_out_can_be_left_out(self) -> None:
        data = frame(noise=1e-4)
        data.loc[data["month"] == "2023-09-01", "days"] -= 1.5  # the change came half-way
        result = evaluate(data, exclude=["2023-09-14"])
        assert len(result.table) == 44
        assert result.estimate == pytest.approx(-2.7, abs=1e-3)

    def test_the_table_tells_what_was_to_be_expected(self) -> None:
        table = evaluate(frame(noise=1e-4)).table
        gap = table["observed"] - table["expected"]
        assert gap.to_numpy() == pytest.approx(-2.7 * AFTER, abs=1e-3)
        assert (table["expected_low"] <= table["expected"]).all()
        assert (table["expected"] <= table["expected_high"]).all()

    def test_rows_may_come_in_any_order_and_on_any_day(self) -> None:
        data = frame()
        shuffled = data.sample(frac=1, random_state=1)
        shuffled["month"] += pd.Timedelta(days=13)
        assert evaluate(shuffled).estimate == pytest.approx(evaluate(data).estimate)

    def test_the_summary_has_both_intervals(self) -> None:
        result = evaluate(frame())
        summary = result.summary().set_index("interval")
        assert summary.index.tolist() == ["REML AR(1), Kenward–Roger", "Grid posterior"]
        assert summary.loc["REML AR(1), Kenward–Roger", "estimate"] == result.estimate
        assert summary.loc["Grid posterior", "low"] == pytest.approx(result.posterior[1])


class TestTheAlternatives:
    def test_other_errors_are_those_of_statsmodels(self) -> None:
        result = evaluate(frame())
        rows = result.alternatives().set_index("method")
        y, x = result.series.modelled, result.design.matrix
        plain = sm.OLS(y, x).fit()
        robust = plain.get_robustcov_results("HAC", maxlags=3, use_correction=True, use_t=True)
        for name, fitted in (("Ordinary least squares", plain), ("Newey–West, 3 lags", robust)):
            row = rows.loc[name]
            assert row["estimate"] == pytest.approx(fitted.params[1])
            assert (row["low"], row["high"]) == pytest.approx(tuple(fitted.conf_int()[1]))

    def test_the_primary_comes_first_and_is_the_result(self) -> None:
        result = evaluate(frame())
        first = result.alternatives().iloc[0]
        assert first["kind"] == "primary"
        assert (first["estimate"], first["low"]) == (result.estimate, result.low)

    def test_they_agree_on_an_effect_this_clear(self) -> None:
        rows = evaluate(frame()).alternatives()
        assert len(rows) == 10
        assert (rows["high"] < 0).all()
        assert rows["estimate"].between(-3.6, -1.8).all()

    def test_with_months_left_out_every_method_still_answers(self) -> None:
        rows = evaluate(frame(), exclude=["2023-09-01"]).alternatives()
        assert rows[["estimate", "low", "high"]].notna().all().all()


def test_pretended_dates_find_little() -> None:
    placebos = evaluate(frame()).placebos()
    assert placebos["month"].min() == pd.Timestamp("2021-10-01")
    assert placebos["month"].max() == pd.Timestamp("2023-04-01")
    assert placebos["found_effect"].mean() < 0.3
    with pytest.raises(SeriesError, match="need 32"):
        evaluate(frame()).placebos(margin=16)


class TestItRefuses:
    def test_a_month_that_comes_twice(self) -> None:
        data = pd.concat([frame(), frame().iloc[[3]]])
        with pytest.raises(SeriesError, match=r"comes twice .* July 2021"):
            evaluate(data)

    def test_a_month_that_is_missing(self) -> None:
        with pytest.raises(SeriesError, match=r"1 months are missing .* May 2021"):
            evaluate(frame().drop(index=1))

    def test_a_month_without_a_value(self) -> None:
        data = frame()
        data.loc[4, "other"] = np.nan
        with pytest.raises(SeriesError, match=r"1 months have no value, first August 2021"):
            evaluate(data)

    def test_months_with_a_time_zone(self) -> None:
        data = frame()
        data["month"] = data["month"].dt.tz_localize("Europe/London")
        with pytest.raises(SeriesError, match="time zone"):
            evaluate(data)

    def test_what_is_not_a_date(self) -> None:
        with pytest.raises(SeriesError, match="not a date"):
            evaluate(frame().assign(month="soon"))

    def test_a_column_that_is_not_there(self) -> None:
        with pytest.raises(SeriesError, match=r"no column nowhere. It has: month, days, other"):
            evaluate(frame(), control="nowhere")

    @pytest.mark.parametrize("go_live", ["2020-01-01", "2021-05-01", "2025-01-01"])
    def test_a_go_live_at_or_beyond_the_edge(self, go_live: str) -> None:
        with pytest.raises(SeriesError, match="at least 3 are needed on each side"):
            interrupted_time_series(frame(), outcome="days", time="month", start=go_live)

    def test_a_go_live_within_a_month(self) -> None:
        with pytest.raises(SeriesError, match="first day of a month"):
            interrupted_time_series(frame(), outcome="days", time="month", start="2023-10-15")


def test_it_warns_of_a_short_past() -> None:
    short = evaluate(frame().iloc[20:])
    assert any("only 10 months before go-live" in warning for warning in short.warnings)
    assert evaluate(frame()).warnings == ()


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("control", ["other", None])
def test_the_picture_says_the_effect(control: str | None, narrow: bool) -> None:
    result = evaluate(frame(), control=control)
    picture = result.plot(
        measure="Mean days from referral to discharge",
        event="Pathway opens",
        treated="With the pathway",
        comparison="Neighbouring trust",
    )
    svg = to_svg(picture, narrow=narrow)
    assert "Pathway opens, Oct 2023" in svg
    assert f"{-result.estimate:.1f}" in svg
    assert f"{-result.high:.1f} to {-result.low:.1f}" in svg
    comparison = "compared" if narrow else "Neighbouring trust"
    assert (comparison in svg) == (control is not None)
    assert len(picture.data) == 45


@pytest.mark.parametrize("narrow", [False, True])
def test_the_forest_names_every_method(narrow: bool) -> None:
    result = evaluate(frame())
    picture = result.forest(measure="Change in days, with 95% interval")
    svg = to_svg(picture, narrow=narrow)
    for method in result.alternatives()["method"]:
        assert method in svg
