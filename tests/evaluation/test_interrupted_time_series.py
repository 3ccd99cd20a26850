"""Interrupted time series: planted effects found, bad series refused, alternatives agree."""

from __future__ import annotations

import doctest
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from woda_lib.errors import WodaError
from woda_lib.evaluation import (
    Impact,
    InterruptedTimeSeries,
    SeriesError,
    TooFewMonthsError,
    UnidentifiedDesignError,
    interrupted_time_series,
)
from woda_lib.evaluation.series.segments import Terms
from woda_lib.figures import to_svg

MONTHS = pd.date_range("2021-04-01", periods=45, freq="MS")
START = pd.Timestamp("2023-10-01")
AFTER = np.asarray(MONTHS >= START, dtype=float)


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


def falls(
    ratio: float = 0.7, *, people: float = 20_000, shocks: float = 0.0, seed: int = 5
) -> pd.DataFrame:
    """Monthly falls of a growing county, with a neighbour that shares its winters."""
    rng = np.random.default_rng(seed)
    people_here = people * (1 + 0.01 * np.arange(45))
    winter = np.exp(0.15 * np.cos(2 * np.pi * (MONTHS.month - 1) / 12))
    winter = winter * np.exp(rng.normal(0, shocks, 45))
    return pd.DataFrame(
        {
            "month": MONTHS,
            "falls": rng.poisson(0.005 * people_here * winter * ratio**AFTER),
            "people": people_here,
            "falls_there": rng.poisson(0.004 * 2 * people * winter),
            "people_there": 2 * people,
        }
    )


def evaluate(data: pd.DataFrame, **settings: Any) -> InterruptedTimeSeries:
    given = {"outcome": "days", "control": "other", "unit": "days", **settings}
    return interrupted_time_series(data, time="month", **{"start": START, **given})


def count(data: pd.DataFrame, **settings: Any) -> InterruptedTimeSeries:
    given = {"outcome": "falls", "offset": "people", "family": "poisson", **settings}
    return interrupted_time_series(data, time="month", start=START, **given)


class TestTheEffect:
    def test_without_noise_it_is_exact(self) -> None:
        result = evaluate(frame(noise=1e-4))
        assert result.estimate == pytest.approx(-2.7, abs=1e-3)

    def test_the_interval_holds_what_was_planted(self) -> None:
        result = evaluate(frame())
        assert result.low < -2.7 < result.high
        assert result.found
        assert result.reading == "more than chance"

    def test_nothing_planted_nothing_found(self) -> None:
        result = evaluate(frame(effect=0.0))
        assert result.reading == "could be chance"
        assert result.finding.startswith("within chance of what was expected (")

    def test_alone_the_series_gets_a_season(self) -> None:
        result = evaluate(frame(), control=None)
        assert result.model.terms == Terms(harmonics=2)
        assert result.low < -2.7 < result.high

    @pytest.mark.parametrize("impact", ["slope", "bend"])
    def test_with_a_slope_the_step_is_the_average_effect(self, impact: str) -> None:
        data = frame(effect=0.0, noise=1e-4)
        months = int(AFTER.sum())
        first = -4.0 if impact == "slope" else -1.0
        fading = first * (1 - 0.7 * np.arange(months) / months if impact == "slope" else 1.0)
        fading = fading * np.arange(1, months + 1) if impact == "bend" else fading
        data.loc[AFTER == 1, "days"] += fading
        result = evaluate(data, impact=impact)
        assert result.estimate == pytest.approx(fading.mean(), abs=1e-2)
        assert "average over the 15 months from October 2023" in result.effect_is

    def test_a_ramp_is_found_whole_and_biases_a_step(self) -> None:
        data = frame(effect=0.0, noise=1e-3)
        data["days"] += -2.7 * np.clip((np.arange(45) - 29) / 7, 0, 1)
        ramp = evaluate(data, impact="ramp:6")
        assert ramp.estimate == pytest.approx(-2.7, abs=1e-2)
        assert ramp.effect_is == "full effect, over the 9 months from April 2024"
        assert evaluate(data, impact=Impact("ramp", 6)).estimate == ramp.estimate
        assert evaluate(data).estimate > -2.2

    def test_months_of_the_roll_out_can_be_left_out(self) -> None:
        data = frame(noise=1e-4)
        data.loc[data["month"] == "2023-09-01", "days"] -= 1.5  # the change came half-way
        data.loc[data["month"].between("2022-01-01", "2022-03-01"), "days"] = np.nan  # a strike
        result = evaluate(data, exclude=["2023-09-14", ("2022-01", "2022-03")])
        assert len(result.table) == 41
        assert result.estimate == pytest.approx(-2.7, abs=1e-3)

    def test_a_column_that_explains_the_outcome_is_adjusted_for(self) -> None:
        data = frame(noise=0.01).assign(price=np.random.default_rng(2).normal(100, 20, 45))
        data["days"] += 0.05 * data["price"]
        result = evaluate(data, adjust=["price"])
        price = result.summary().set_index("what").loc["price"]
        assert price["low"] < 0.05 < price["high"]
        assert price["high"] - price["low"] < 0.005
        assert result.high - result.low < 0.2 * (evaluate(data).high - evaluate(data).low)

    def test_rows_may_come_in_any_order_and_on_any_day(self) -> None:
        data = frame()
        shuffled = data.sample(frac=1, random_state=1)
        shuffled["month"] += pd.Timedelta(days=13)
        assert evaluate(shuffled).estimate == pytest.approx(evaluate(data).estimate)

    def test_the_finding_is_a_sentence(self) -> None:
        result = evaluate(frame(), level=0.9)
        saving = -result.interval
        assert result.finding == (
            f"{saving.estimate:.1f} days lower than expected "
            f"(90% interval {saving.low:.1f} to {saving.high:.1f})"
        )


class TestAnyCalendar:
    """A step of −5 on a level of 50 is found whatever the steps are called."""

    @pytest.mark.parametrize(
        ("times", "start", "terms"),
        [
            (pd.date_range("2020-01-06", periods=120, freq="7D"), "2021-03-01", "season (1"),
            (pd.date_range("2020-01-01", periods=120), "2020-03-01", "weekdays"),
            (pd.period_range("2010Q1", periods=40, freq="Q"), "2015Q1", "season (2"),
            (range(1900, 1960), 1930, "step, trend"),
            (1983 + np.arange(60) / 12, 1985.5, "season (2"),
            (range(1, 61), 31, "step, trend"),
        ],
    )
    def test_it_is_found(self, times: Any, start: Any, terms: str) -> None:
        times = pd.Series(times)
        size = len(times)
        data = pd.DataFrame({"when": times})
        place = interrupted_time_series(
            data.assign(y=np.random.default_rng(1).normal(50, 1, size)),
            outcome="y",
            time="when",
            start=start,
        ).model.start
        noise = np.random.default_rng(1).normal(50, 1, size)
        data["y"] = noise - 5 * (np.arange(size) >= place)
        result = interrupted_time_series(data, outcome="y", time="when", start=start)
        assert result.low < -5 < result.high < -3
        assert terms in str(result.model.terms)
        assert result.warnings == () or "less than a year" in result.warnings[0]

    def test_plain_numbers_have_a_season_if_its_length_is_given(self) -> None:
        hours = np.arange(240)
        data = pd.DataFrame({"hour": hours, "y": np.cos(2 * np.pi * hours / 24)})
        data["y"] += 3 * (hours >= 120) + np.random.default_rng(3).normal(0, 0.1, 240)
        result = interrupted_time_series(data, outcome="y", time="hour", start=120, period=24)
        assert result.estimate == pytest.approx(3, abs=0.1)
        assert "Trend a season" in result.summary()["what"].tolist()
        with pytest.raises(SeriesError, match="no year is known"):
            interrupted_time_series(data, outcome="y", time="hour", start=120, season=2)

    def test_a_start_within_a_step_counts_that_step_as_after_and_says_so(self) -> None:
        result = evaluate(frame(), start="2023-10-15")
        assert result.estimate == evaluate(frame()).estimate
        assert "the month October 2023 counts as after" in result.warnings[0]
        assert evaluate(frame(), start="2023-10-15", exclude=["2023-10"]).warnings == ()


class TestCounts:
    def test_the_estimate_is_the_log_of_the_rate_ratio(self) -> None:
        result = count(falls())
        assert result.low < np.log(0.7) < result.high < 0
        assert result.ratio.estimate == pytest.approx(np.exp(result.estimate))
        assert result.percent.low == pytest.approx(100 * (np.exp(result.low) - 1))
        assert result.unit == ""
        assert result.finding.startswith(f"{-result.percent.estimate:.0f}% lower than expected")
        assert str(result).startswith("Rate ratio 0.")

    def test_the_exposure_is_logged_here_and_its_unit_does_not_matter(self) -> None:
        data = falls()
        per_thousand = data.assign(people=data["people"] / 1000)
        assert count(per_thousand).estimate == pytest.approx(count(data).estimate)
        # With exposure that grows by half at the start, rates fall although counts do not.
        grown = data.assign(people=data["people"] * np.where(AFTER == 1, 2.0, 1.0))
        assert count(grown).ratio.estimate == pytest.approx(count(data).ratio.estimate / 2)

    def test_no_effect_is_nought_on_this_scale_too(self) -> None:
        assert not count(falls(ratio=1.0)).found

    @pytest.mark.parametrize("family", ["poisson", "quasi-poisson", "negative-binomial"])
    def test_the_default_errors_are_the_recipe_whatever_the_family(self, family: str) -> None:
        result = count(falls(), family=family)
        assert result.estimate == count(falls()).estimate
        assert "log((count + ½) / exposure)" in result.method

    def test_with_a_control_the_log_ratio_is_fitted(self) -> None:
        data = falls()
        result = count(data, control="falls_there", control_offset="people_there")
        assert result.low < np.log(0.7) < result.high < 0
        ours = np.log((data["falls"] + 0.5) / data["people"])
        theirs = np.log((data["falls_there"] + 0.5) / data["people_there"])
        by_hand = interrupted_time_series(
            pd.DataFrame({"month": MONTHS, "y": ours - theirs}),
            outcome="y",
            time="month",
            start=START,
            season=0,
        )
        assert result.estimate == pytest.approx(by_hand.estimate)
        assert result.low == pytest.approx(by_hand.low)

    def test_the_table_stands_in_counts(self) -> None:
        result = count(falls())
        table = result.table
        after = table[table["after"]]
        shown = float((after["fitted"] / after["expected"]).mean())
        assert shown == pytest.approx(result.ratio.estimate)
        assert table["observed"].tolist() == falls()["falls"].tolist()

    def test_few_events_are_warned_of(self) -> None:
        few = falls(people=500)
        assert any("draws the ratio towards one" in each for each in count(few).warnings)
        assert not any("draws" in each for each in count(few, errors="glm").warnings)
        assert count(falls()).warnings == ()

    def test_the_summary_says_it_as_a_ratio_and_in_per_cent(self) -> None:
        what = count(falls()).summary()["what"].tolist()
        assert what[2:4] == ["Rate ratio", "Change in per cent"]


class TestTheTable:
    def test_it_tells_what_was_to_be_expected(self) -> None:
        table = evaluate(frame(noise=1e-4)).table
        gap = table["observed"] - table["expected"]
        assert gap.to_numpy() == pytest.approx(-2.7 * AFTER, abs=1e-3)
        assert (table["expected_low"] <= table["expected"]).all()
        assert (table["expected"] <= table["expected_high"]).all()

    @pytest.mark.parametrize("errors", ["reml-ar1", "ols", "prais-winsten", "arima", "local-level"])
    def test_the_gap_is_the_effect_whatever_the_errors(self, errors: str) -> None:
        result = evaluate(frame(), errors=errors)
        table = result.table
        gap = (table["fitted"] - table["expected"]).to_numpy()
        assert gap == pytest.approx(result.estimate * AFTER, abs=1e-9)

    def test_the_summary_has_both_intervals(self) -> None:
        result = evaluate(frame(), impact="slope")
        summary = result.summary()
        assert summary["interval"].tolist()[:2] == ["REML AR(1), Kenward–Roger", "Grid posterior"]
        assert summary.loc[0, "estimate"] == result.estimate
        assert summary.loc[1, "low"] == pytest.approx(result.posterior[1])
        assert summary["what"].tolist()[2:] == [
            "Effect (change) at the start",
            "Effect (change) at the end",
            "Trend a year",
            "Change of slope a year",
            "Correlation of neighbouring months",
        ]

    def test_the_second_interval_is_there_whatever_the_errors(self) -> None:
        plain = evaluate(frame(), errors="ols")
        assert plain.posterior == evaluate(frame()).posterior
        assert plain.summary()["interval"].tolist()[:2] == [
            "Ordinary least squares",
            "Grid posterior",
        ]


class TestTheAlternatives:
    def test_the_primary_comes_first_and_is_the_result(self) -> None:
        result = evaluate(frame())
        first = result.alternatives().iloc[0]
        assert first["kind"] == "primary"
        assert (first["estimate"], first["low"]) == (result.estimate, result.low)

    def test_they_agree_on_an_effect_this_clear(self) -> None:
        rows = evaluate(frame()).alternatives()
        assert len(rows) == 11
        assert (rows["high"] < 0).all()
        assert rows["estimate"].between(-3.6, -1.8).all()

    def test_counts_have_their_own_families_beside_them(self) -> None:
        result = count(falls(shocks=0.15), family="quasi-poisson")
        rows = result.alternatives().set_index("method")
        for name in ("Poisson model", "Quasi-Poisson model", "Negative binomial model"):
            assert rows.loc[name, "estimate"] == pytest.approx(result.estimate, abs=0.05)

    def test_with_months_left_out_every_method_still_answers(self) -> None:
        rows = evaluate(frame(), exclude=["2023-09-01"]).alternatives()
        assert len(rows) == 11
        assert rows[["estimate", "low", "high"]].notna().all().all()

    def test_the_shape_of_the_trend_moves_the_effect(self) -> None:
        data = frame(effect=0.0, noise=0.05)
        data["days"] -= 1.5 * np.arange(45) / 12  # what was under way anyhow
        result = evaluate(data, errors="ols")
        shapes = result.trend_shapes().set_index("trend")
        assert shapes.index.tolist() == ["linear", "none", "quadratic", "piecewise"]
        assert not result.found
        assert shapes.loc["none", "high"] < -1.5
        assert shapes.loc["none", "moves_by"] == pytest.approx(
            shapes.loc["none", "estimate"] - result.estimate
        )
        assert shapes.loc["linear", "moves_by"] == 0


class TestPlacebos:
    def test_pretended_dates_find_little(self) -> None:
        placebos = evaluate(frame()).placebos()
        assert placebos["time"].min() == pd.Timestamp("2021-10-01")
        assert placebos["time"].max() == pd.Timestamp("2023-04-01")
        assert placebos["found_effect"].mean() < 0.3

    def test_a_change_that_came_earlier_is_found(self) -> None:
        data = frame(noise=0.1)
        data.loc[data["month"] >= "2022-08-01", "days"] -= 4
        placebos = evaluate(data).placebos().set_index("time")
        assert placebos.loc["2022-08-01", "found_effect"]

    def test_too_few_months_for_them_are_refused(self) -> None:
        with pytest.raises(SeriesError, match="need 32"):
            evaluate(frame()).placebos(margin=16)


class TestItRefuses:
    def test_a_month_that_comes_twice(self) -> None:
        data = pd.concat([frame(), frame().iloc[[3]]])
        with pytest.raises(SeriesError, match=r"July 2021 2 times .* add up or average"):
            evaluate(data)

    def test_long_data_with_several_groups_a_month(self) -> None:
        data = pd.concat([frame().assign(ward="A"), frame().assign(ward="B")])
        with pytest.raises(SeriesError, match=r"April 2021 2 times .*\.groupby\('month'"):
            evaluate(data)

    def test_a_month_that_is_missing(self) -> None:
        with pytest.raises(SeriesError, match=r"1 of the months is missing, first May 2021"):
            evaluate(frame().drop(index=1))

    def test_a_month_without_a_value(self) -> None:
        data = frame()
        data.loc[[4, 7], "other"] = np.nan
        with pytest.raises(SeriesError, match=r"'other' has no value in August 2021, and in 1 mor"):
            evaluate(data)

    def test_text_and_infinity(self) -> None:
        with pytest.raises(SeriesError, match=r"'days' has no finite number in April 2021"):
            evaluate(frame().assign(days="many"))
        with pytest.raises(SeriesError, match=r"'days' has no finite number in April 2021"):
            evaluate(frame().assign(days=np.inf))

    def test_true_and_false(self) -> None:
        with pytest.raises(SeriesError, match="'days' holds true and false"):
            evaluate(frame().assign(days=AFTER > 0))

    def test_working_days_are_told_how(self) -> None:
        days = pd.DataFrame({"day": pd.bdate_range("2024-01-01", periods=60), "y": range(60)})
        with pytest.raises(SeriesError, match=r"first 6 January 2024 .* give period=5"):
            interrupted_time_series(days, outcome="y", time="day", start="2024-02-01")

    def test_an_outcome_that_never_varies(self) -> None:
        with pytest.raises(SeriesError, match="'days' is the same throughout"):
            evaluate(frame().assign(days=12.0))
        with pytest.raises(UnidentifiedDesignError, match="does not vary around the model"):
            evaluate(frame().assign(days=AFTER), control=None)

    @pytest.mark.parametrize("start", ["2020-01-01", "2021-05-01", "2024-12-01", "2035-01-01"])
    def test_a_start_at_or_beyond_the_edge(self, start: str) -> None:
        says = r"\d after; at least 3 are needed .* from April 2021 to Dec"
        with pytest.raises(SeriesError, match=says):
            evaluate(frame(), start=start)

    def test_a_ramp_that_is_never_complete(self) -> None:
        with pytest.raises(
            SeriesError, match=r"1 with the whole effect \(impact: ramp over 14 steps\)"
        ):
            evaluate(frame(), impact="ramp:14")

    def test_a_series_too_short_for_the_model(self) -> None:
        with pytest.raises(TooFewMonthsError, match="10 points in time and the model estimates 3"):
            evaluate(frame().iloc[25:35])

    @pytest.mark.parametrize(
        ("settings", "message"),
        [
            ({"control": "nowhere"}, "no column 'nowhere', which was given as `control`"),
            ({"outcome": "day"}, "Is 'days' meant?"),
            ({"control": "days"}, "'days' was given for two things"),
            ({"family": "binomial"}, "`family` must be one of gaussian, poisson"),
            ({"errors": "hac"}, "`errors` must be one of reml-ar1, ols"),
            ({"lags": 2}, '`lags` belongs to errors="newey-west"'),
            ({"trend": True}, "`trend` must be one of linear, none"),
            ({"impact": "jump"}, "'jump' is not known"),
            ({"level": 95}, "a share such as 0.95"),
            ({"level": "95"}, "a share such as 0.95"),
            ({"season": 7}, "room for 6 harmonic pairs; `season` asks for 7"),
            ({"period": 0}, "from 2 up"),
            ({"outcome": None}, "Name the columns"),
            ({"control": "price"}, "'price' is the same throughout"),
            ({"start": None}, "`start` is no time"),
            ({"season": 1.5}, "number of harmonic pairs"),
            ({"offset": "other", "control": None}, "An exposure .* belongs to counts"),
            ({"errors": "glm"}, "a count model's own errors"),
            ({"control": None, "control_offset": "other"}, "there is none"),
            ({"exclude": ["2031-01"]}, "names January 2031 to January 2031, and the series runs"),
            ({"exclude": "2022-01"}, "must be a list"),
            ({"exclude": [("2021", "2031")]}, "names them all"),
            ({"adjust": ["price"]}, "'price' is the same throughout"),
        ],
    )
    def test_settings_that_cannot_be(self, settings: dict[str, Any], message: str) -> None:
        with pytest.raises(WodaError, match=message):
            evaluate(frame().assign(price=3.0), **settings)

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"falls": -1}, "a negative number in April 2021"),
            ({"falls": 2.5}, "a fraction in April 2021"),
            ({"falls": 0}, "no event at all"),
            ({"people": 0}, "exposure 'people' is nought or less in April 2021"),
            ({"people": -3}, "exposure 'people' is nought or less in April 2021"),
        ],
    )
    def test_counts_that_cannot_be(self, change: dict[str, float], message: str) -> None:
        with pytest.raises(SeriesError, match=message):
            count(falls().assign(**change))

    def test_a_count_model_with_a_control(self) -> None:
        with pytest.raises(SeriesError, match="which no count model is for"):
            count(falls(), control="falls_there", errors="glm")

    def test_a_ratio_of_a_measure(self) -> None:
        with pytest.raises(SeriesError, match="A rate ratio belongs to counts"):
            _ = evaluate(frame()).ratio

    @pytest.mark.parametrize("data", [frame().iloc[:0], "days", frame().rename(columns=str.upper)])
    def test_what_is_no_such_table(self, data: Any) -> None:
        with pytest.raises(WodaError, match=r"no rows|must be a pandas DataFrame|has no column"):
            evaluate(data)


class TestItWarns:
    def test_of_a_short_past(self) -> None:
        short = evaluate(frame().iloc[20:])
        assert any("only 10 months before the start" in warning for warning in short.warnings)
        assert evaluate(frame()).warnings == ()

    def test_of_a_trend_carried_far(self) -> None:
        data = pd.DataFrame(
            {"year": range(1950, 1990), "y": np.random.default_rng(1).normal(size=40)}
        )
        result = interrupted_time_series(data, outcome="y", time="year", start=1960)
        assert "carried on over 30" in result.warnings[0]

    def test_of_errors_that_are_known_to_be_too_narrow(self) -> None:
        result = evaluate(frame(), errors="newey-west")
        assert result.warnings == (
            "The interval asked for is not the recommended one (too narrow on short series: "
            "covers 77 to 88% at a nominal 95%, on 36 simulated months).",
        )

    def test_of_an_expectation_below_nought(self) -> None:
        falling = 8 - 0.25 * np.arange(45) * (1 - AFTER) - 7.4 * AFTER
        data = frame().assign(days=np.abs(falling + np.random.default_rng(1).normal(0, 0.05, 45)))
        warnings = evaluate(data, control=None, season=0).warnings
        assert any("falls below nought" in warning for warning in warnings)

    def test_of_a_level_that_wanders(self) -> None:
        walk = np.random.default_rng(4).normal(0, 1, 200).cumsum()
        noisy = walk + np.random.default_rng(5).normal(0, 2, 200)
        data = pd.DataFrame({"n": range(200), "y": noisy})
        result = interrupted_time_series(data, outcome="y", time="n", start=100)
        assert any("resemble each other" in warning for warning in result.warnings)


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
    digits = result.decimals
    assert f"{-result.estimate:.{digits}f}" in svg
    assert f"{-result.high:.{digits}f} to {-result.low:.{digits}f}" in svg
    comparison = "compared" if narrow else "Neighbouring trust"
    assert (comparison in svg) == (control is not None)
    assert len(picture.data) == 45


@pytest.mark.parametrize("narrow", [False, True])
def test_counts_are_drawn_as_rates_and_said_in_per_cent(narrow: bool) -> None:
    result = count(falls())
    svg = to_svg(result.plot(), narrow=narrow)
    assert "falls per 1,000 people" in svg
    assert f"{-result.percent.estimate:.0f}%" in svg


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize(
    "times",
    [
        range(1871, 1971),
        range(1, 101),
        pd.date_range("2024-01-01", periods=100),
        pd.date_range("2020-01-06", periods=200, freq="7D"),
        pd.period_range("1990Q1", periods=100, freq="Q"),
    ],
)
def test_any_calendar_can_be_drawn(times: Any, narrow: bool) -> None:
    data = pd.DataFrame({"when": pd.Series(times)})
    data["y"] = np.random.default_rng(1).normal(50_000, 400, len(data))
    start = data["when"].iloc[60]
    result = interrupted_time_series(data, outcome="y", time="when", start=start)
    assert "Change, " in to_svg(result.plot(), narrow=narrow)


@pytest.mark.parametrize("narrow", [False, True])
def test_the_forest_names_every_method(narrow: bool) -> None:
    for result in (evaluate(frame()), count(falls())):
        svg = to_svg(result.forest(), narrow=narrow)
        for method in result.alternatives()["method"]:
            assert method in svg


def test_everything_about_the_answer_is_said() -> None:
    said = str(evaluate(frame()))
    assert "days (95% interval −3." in said
    assert "Kenward and Roger (1997)" in said
    assert "Assumes: The change did not reach the control." in said


def test_the_page_about_it_says_what_it_does() -> None:
    page = Path(__file__).parents[2] / "docs" / "interrupted_time_series.md"
    text = page.read_text(encoding="utf-8").replace("```", "")
    examples = doctest.DocTestParser().get_doctest(text, {}, page.name, str(page), 0)
    found = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(examples)
    assert found.attempted > 10
    assert found.failed == 0
