"""Difference in differences: planted truths, the errors it chooses, and what it refuses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from tests.evaluation.histories import autoregression
from woda_lib.errors import WodaError
from woda_lib.evaluation import DifferenceInDifferences, difference_in_differences
from woda_lib.figures import to_svg

NEVER = np.inf


def panel(outcomes: np.ndarray, first: Sequence[float], **more: object) -> pd.DataFrame:
    """Lay (units, periods) outcomes out as rows; `first` counts periods from 1."""
    units, periods = outcomes.shape
    return pd.DataFrame(
        {
            "unit": np.repeat(np.arange(units), periods),
            "t": np.tile(np.arange(1, periods + 1), units),
            "y": outcomes.ravel(),
            "first": np.repeat(np.asarray(first, dtype=float), periods),
            **more,
        }
    )


def estimate(frame: pd.DataFrame, **settings: object) -> DifferenceInDifferences:
    names = {"outcome": "y", "unit": "unit", "time": "t", "first_treated": "first"}
    return difference_in_differences(frame, **{**names, **settings})


def staggered(
    rng: np.random.Generator,
    first: Sequence[float],
    periods: int,
    *,
    correlation: float = 0.3,
    sd: float = 0.6,
    effect: float = 0.0,
    growth: Sequence[float] | float = 0.0,
) -> pd.DataFrame:
    """Units with levels of their own, a path that all share, and shocks that remember."""
    first = np.asarray(first, dtype=float)
    t = np.arange(1, periods + 1)
    shocks = autoregression(rng, len(first), periods, correlation=correlation, sd=sd)
    shared = np.sin(t / 3) + 0.05 * t
    since = np.where(t >= first[:, None], t - np.where(first < NEVER, first, 0)[:, None], 0)
    treated = effect * (t >= first[:, None]) + np.broadcast_to(growth, len(first))[:, None] * since
    levels = rng.normal(10, 2, (len(first), 1))
    return panel(levels + shared + shocks + treated, first)


class TestArithmetic:
    def test_four_means(self) -> None:
        frame = panel(np.array([[1, 5], [2, 8], [1, 2], [3, 6], [2, 4]]), [2, 2, 0, 0, 0])
        result = estimate(frame)
        changes = {"treated": [4, 6], "control": [1, 3, 2]}
        assert result.estimate == pytest.approx(np.mean([4, 6]) - np.mean([1, 3, 2]))
        pooled = (np.var([4, 6]) * 2 + np.var([1, 3, 2]) * 3) / 3
        plain = estimate(frame, errors="pooled")
        assert plain.standard_error == pytest.approx(np.sqrt(pooled * (1 / 2 + 1 / 3)))
        assert plain.df == pytest.approx(3, rel=0.4)
        clustered = estimate(frame, errors="cluster")
        own = [np.var(each, ddof=1) / len(each) for each in changes.values()]
        assert clustered.standard_error == pytest.approx(np.sqrt(sum(own)))
        assert clustered.df == pytest.approx(sum(own) ** 2 / (own[0] ** 2 + own[1] ** 2 / 2))

    def test_each_cohort_against_its_base(self) -> None:
        #          t = 1  2  3  4
        y = np.array([[0, 1, 5, 6], [0, 2, 3, 9], [0, 1, 2, 3], [0, 1, 2, 3]])
        result = estimate(panel(y, [3, 4, 0, 0]), errors="cluster")
        found = result.table.set_index(["group", "time"])["estimate"]
        assert found.to_dict() == {
            (3, 1): 0 - 1 + 1,  # compared with period 2
            (3, 3): 5 - 1 - 1,
            (3, 4): 6 - 1 - 2,
            (4, 1): 0 - 3 + 2,  # compared with period 3
            (4, 2): 2 - 3 + 1,
            (4, 4): 9 - 3 - 1,
        }
        averages = result.summary().set_index("name")["estimate"].tolist()[:4]
        assert averages == [
            np.mean([np.mean([3, 3]), 5]),  # by group
            np.mean([3, 3, 5]),  # simple
            np.mean([np.mean([3, 5]), 3]),  # by event time
            np.mean([3, np.mean([3, 5])]),  # by calendar period
        ]

    def test_cohorts_treated_later_are_controls_only_until_then(self) -> None:
        y = np.array([[0.0, 4, 4], [0, 1, 9], [0, 3, 3]])
        frame = panel(y, [2, 3, 0])
        table = estimate(frame, control="not-yet", errors="cluster").table
        first = table.set_index(["group", "time"])["estimate"]
        assert first[2, 2] == 4 - np.mean([1, 3])
        assert first[2, 3] == 4 - 3
        assert table["control"].tolist() == [2, 1, 1, 1]

    def test_anticipation_moves_the_base(self) -> None:
        y = np.array([[0.0, 1, 7, 8], [0, 1, 7, 8], [0, 1, 2, 3], [0, 1, 2, 3]])
        frame = panel(y + 1e-3 * np.arange(16).reshape(4, 4) % 3, [4, 4, 0, 0])
        assert estimate(frame).estimate == pytest.approx(8 - 8 / 3 - (3 - 1), abs=0.01)
        early = estimate(frame, anticipation=1)
        assert early.estimate == pytest.approx(8 - 0.5 - (3 - 0.5), abs=0.01)
        assert early.table["stage"].tolist() == ["before", "before", "anticipation", "after"]

    def test_two_way_is_the_average_of_effects_against_the_average_before(self) -> None:
        rng = np.random.default_rng(2)
        frame = staggered(rng, [5] * 6 + [NEVER] * 7, 9, effect=1.0)
        result = estimate(frame)
        after = result.table[result.table["stage"] == "after"]
        assert result.estimate == pytest.approx(after["estimate"].mean())
        assert result.estimate == pytest.approx(result.analysis.two_way.estimate)
        weighted = frame.assign(w=1 + frame["unit"] % 3)
        result = estimate(weighted, weights="w")
        assert result.estimate == pytest.approx(result.analysis.two_way.estimate)

    def test_the_order_of_rows_and_the_writing_of_never_do_not_matter(self) -> None:
        frame = staggered(np.random.default_rng(3), [4, 4, 6, 6, 6] + [NEVER] * 6, 8, effect=1.0)
        expected = estimate(frame)
        for never in (0.0, np.nan, np.inf):
            other = frame.assign(first=frame["first"].replace(np.inf, never))
            other = other.sample(frac=1, random_state=1)
            assert estimate(other).estimate == pytest.approx(expected.estimate)
            assert estimate(other).low == pytest.approx(expected.low)

    def test_dates_are_read_as_numbers_are(self) -> None:
        frame = staggered(np.random.default_rng(4), [4, 4, 6, 6, 6] + [NEVER] * 6, 8, effect=1.0)
        months = pd.date_range("2023-11-01", periods=8, freq="MS")
        dated = frame.assign(
            t=months[frame["t"] - 1],
            first=[f"{months[int(g) - 1]:%Y-%m-%d}" if g < NEVER else None for g in frame["first"]],
        )
        assert estimate(dated).estimate == pytest.approx(estimate(frame).estimate)
        assert estimate(dated).table["group"][0] == pd.Timestamp("2024-02-01")


class TestPlantedTruth:
    def test_growing_effects_bend_two_way_and_not_this(self) -> None:
        rng = np.random.default_rng(11)
        first = [4] * 20 + [9] * 20 + [NEVER] * 10
        truth = np.mean([np.mean(np.arange(12) * 0.5), np.mean(np.arange(7) * 0.5)])
        ours, two_way = [], []
        for _ in range(20):
            frame = staggered(rng, first, 15, sd=0.5, growth=0.5)
            result = estimate(frame)
            ours.append(result.estimate)
            two_way.append(result.analysis.two_way.estimate)
        assert np.mean(ours) == pytest.approx(truth, abs=0.1)
        assert np.mean(two_way) < truth - 0.5
        assert any("treated already" in each for each in result.warnings)

    def test_two_way_may_even_turn_the_sign(self) -> None:
        # Nobody is never treated, and the early cohort's effect grows while it serves as control.
        frame = staggered(
            np.random.default_rng(5), [3] * 10 + [9] * 10, 10, sd=0.1, growth=[1.0] * 20
        )
        assert estimate(frame, estimator="two-way").estimate < 0
        found = estimate(frame, control="not-yet")
        assert found.estimate == pytest.approx(np.mean(np.arange(6)), abs=0.2)
        assert any("nobody left to compare with" in each for each in found.warnings)

    def test_covariates_that_drive_trends(self) -> None:
        rng = np.random.default_rng(6)
        x = rng.normal(size=400)
        treated = rng.uniform(size=400) < 1 / (1 + np.exp(-x))
        t = np.arange(1, 5)
        y = x[:, None] * t + rng.normal(0, 0.5, (400, 4)) + 2.0 * (treated[:, None] & (t >= 3))
        frame = panel(y, np.where(treated, 3, 0), x=np.repeat(x, 4))
        assert estimate(frame).estimate > 2.5
        for by in ("doubly-robust", "regression"):
            result = estimate(frame, adjust=["x"], estimator="group-time", adjust_by=by)
            assert abs(result.estimate - 2) < 3 * result.standard_error
            assert result.standard_error < 0.1
        flat = estimate(frame, adjust=["x"])
        assert any("they adjust for nothing" in each for each in flat.warnings)

    def test_covariates_of_cross_sections(self) -> None:
        rng = np.random.default_rng(7)
        rows = 4000
        group, t = rng.integers(0, 2, rows), rng.integers(1, 4, rows)
        x = rng.normal(group, 1)
        y = x * t + 2.0 * (group * (t == 3)) + rng.normal(0, 0.5, rows)
        frame = pd.DataFrame({"unit": group, "t": t, "y": y, "x": x, "first": 3 * group})
        result = estimate(frame, adjust=["x"], estimator="group-time")
        assert abs(result.estimate - 2) < 3 * result.standard_error
        plain = estimate(frame, estimator="group-time")
        assert abs(plain.estimate - 2) > 3 * plain.standard_error

    @pytest.mark.parametrize(
        ("first", "settings"),
        [
            ([9] * 2 + [14] * 2 + [19] * 2 + [NEVER] * 6, {"base_period": "average"}),
            ([9, 14, 19] + [NEVER] * 6, {"base_period": "average"}),
            ([14] * 4 + [NEVER] * 5, {}),
            ([14] * 6 + [NEVER] * 6, {"errors": "wild"}),
            ([14, NEVER], {}),
        ],
    )
    def test_intervals_hold_the_truth(
        self, first: list[float], settings: dict[str, object]
    ) -> None:
        rng = np.random.default_rng(17)
        results = [estimate(staggered(rng, first, 26, effect=-1.0), **settings) for _ in range(100)]
        held = sum(result.low <= -1.0 <= result.high for result in results)
        assert 89 <= held <= 100
        assert abs(np.mean([result.estimate for result in results]) + 1.0) < 0.1

    def test_bands_hold_all_event_times_together(self) -> None:
        rng = np.random.default_rng(8)
        together = each = 0
        for _ in range(60):
            frame = staggered(rng, [5] * 8 + [NEVER] * 10, 8, correlation=0.0)
            events = estimate(frame, base_period="last").event_study().dropna()
            together += bool(((events["band_low"] <= 0) & (events["band_high"] >= 0)).all())
            each += bool(((events["low"] <= 0) & (events["high"] >= 0)).all())
        assert together >= 53
        assert each < together

    def test_pre_trend_is_found_and_parallel_paths_are_not(self) -> None:
        rng = np.random.default_rng(9)
        p_values = []
        for drift in (0.0, 0.25):
            frame = staggered(rng, [7] * 12 + [NEVER] * 12, 9, effect=1.0, sd=0.4)
            frame["y"] += drift * frame["t"] * (frame["first"] == 7)
            result = estimate(frame)
            p_values.append(result.pre_trend().p_value)
        assert p_values[0] > 0.05 > p_values[1]
        assert any("did not move in parallel" in each for each in result.warnings)

    def test_pre_trend_of_two_series_is_their_slope(self) -> None:
        frame = staggered(np.random.default_rng(10), [25, NEVER], 48, effect=-1.0)
        assert estimate(frame).pre_trend().p_value > 0.05
        frame["y"] += 0.2 * frame["t"] * (frame["first"] == 25)
        assert estimate(frame).pre_trend().p_value < 0.01

    def test_pre_trend_rejects_as_often_as_it_says(self) -> None:
        rng = np.random.default_rng(12)
        frames = (staggered(rng, [5, 5, 5, 6, 6, 6] + [NEVER] * 8, 8) for _ in range(100))
        rejected = sum(estimate(frame).pre_trend().p_value < 0.05 for frame in frames)
        assert rejected <= 13


class TestErrors:
    def test_many_units_are_clustered(self) -> None:
        frame = staggered(np.random.default_rng(2), [4] * 10 + [NEVER] * 10, 6)
        assert estimate(frame).errors == "cluster"
        assert estimate(frame).warnings == ()

    def test_few_units_borrow_and_warn(self) -> None:
        frame = staggered(np.random.default_rng(1), [4] * 3 + [NEVER] * 12, 6)
        result = estimate(frame)
        assert result.errors == "borrowed"
        assert any("three treated and twelve control units" in each for each in result.warnings)

    def test_one_unit_against_one_is_a_series(self) -> None:
        frame = staggered(np.random.default_rng(1), [13, NEVER], 24, effect=-2.0)
        result = estimate(frame, unit_label="days")
        assert result.errors == "reml-ar1"
        assert "REML" in result.method
        assert result.summary()["headline"].tolist() == [True, False, False, False]
        assert result.table["standard_error"].isna().all()

    def test_one_unit_against_one_with_few_periods_is_classical(self) -> None:
        frame = staggered(np.random.default_rng(1), [4, NEVER], 6, effect=-2.0)
        result = estimate(frame)
        assert (result.errors, result.df) == ("classical", 4)
        assert any("no honest cluster-robust interval" in each for each in result.warnings)

    def test_one_unit_against_many_never_trusts_its_own_cluster(self) -> None:
        rng = np.random.default_rng(21)
        held = {"cluster": 0, "borrowed": 0}
        for _ in range(60):
            frame = staggered(rng, [5] + [NEVER] * 12, 8, effect=1.0)
            for errors in held:
                result = estimate(frame, errors=errors)
                held[errors] += result.low <= 1.0 <= result.high
        assert held["cluster"] < 45
        assert held["borrowed"] >= 53
        assert any("no honest cluster-robust interval" in each for each in result.warnings)

    def test_people_of_two_groups_over_many_periods_are_a_series(self) -> None:
        rng = np.random.default_rng(22)
        rows = pd.DataFrame({"unit": rng.integers(0, 2, 6000), "t": rng.integers(1, 37, 6000)})
        shocks = autoregression(rng, 2, 36, correlation=0.4, sd=0.8)
        rows["y"] = 10 + shocks[rows["unit"], rows["t"] - 1] + rng.exponential(8, 6000)
        rows["first"] = 19 * rows["unit"]
        series = estimate(rows)
        assert series.errors == "reml-ar1"
        classical = estimate(rows, errors="classical")
        assert any('Set errors="reml-ar1"' in each for each in classical.warnings)
        # Every row a unit of its own says the same.
        assert estimate(rows.assign(unit=range(6000))).low == pytest.approx(series.low)

    def test_covariates_are_taken_from_the_means_first(self) -> None:
        rng = np.random.default_rng(23)
        rows = pd.DataFrame({"unit": rng.integers(0, 2, 9000), "t": rng.integers(1, 25, 9000)})
        mix = rng.uniform(size=9000) < 0.3 + 0.4 * (rows["unit"] * (rows["t"] >= 13))
        rows["y"] = 5 + 6.0 * mix + rng.normal(0, 2, 9000)
        rows = rows.assign(mix=mix.astype(float), first=13 * rows["unit"])
        assert estimate(rows).estimate == pytest.approx(2.4, abs=0.3)
        assert estimate(rows, adjust=["mix"]).estimate == pytest.approx(0.0, abs=0.3)

    def test_people_in_many_hospitals_are_clustered_by_hospital(self) -> None:
        rng = np.random.default_rng(24)
        hospital = rng.integers(0, 24, 8000)
        t = rng.integers(1, 5, 8000)
        shocks = rng.normal(0, 1, (24, 5))
        y = shocks[hospital, t] + rng.normal(0, 2, 8000) + 1.5 * ((hospital < 12) & (t >= 3))
        frame = pd.DataFrame({"unit": hospital, "t": t, "y": y, "first": 3 * (hospital < 12)})
        result = estimate(frame)
        assert result.errors == "cluster"
        assert "clustered by unit" in result.method
        classical = estimate(frame, errors="classical")
        assert result.standard_error > 3 * classical.standard_error
        assert abs(result.estimate - 1.5) < 3 * result.standard_error

    def test_clusters_of_units(self) -> None:
        frame = staggered(np.random.default_rng(25), [4] * 12 + [NEVER] * 12, 6)
        frame["region"] = frame["unit"] // 3
        result = estimate(frame, cluster="region")
        by_region = frame.assign(unit=frame["region"]).groupby(["unit", "t"], as_index=False)
        means = by_region[["y", "first"]].mean()
        assert result.standard_error == pytest.approx(
            estimate(means, errors="cluster").standard_error
        )
        assert any("There are eight clusters" in each for each in result.warnings)
        mixed = estimate(frame.assign(region=frame["unit"] % 6), cluster="region")
        assert mixed.df == 5

    def test_wild_bootstrap_is_seeded_and_near_the_t_interval(self) -> None:
        frame = staggered(np.random.default_rng(26), [4] * 12 + [NEVER] * 14, 6, effect=1.0)
        wild = estimate(frame, errors="wild")
        assert (wild.low, wild.high) == (
            estimate(frame, errors="wild").low,
            estimate(frame, errors="wild").high,
        )
        t = estimate(frame)
        assert wild.high - wild.low == pytest.approx(t.high - t.low, rel=0.15)
        assert wild.p_value == pytest.approx(t.p_value, abs=0.03)

    def test_sizes_of_cohorts_as_chance_only_widen(self) -> None:
        frame = staggered(
            np.random.default_rng(27), [4] * 8 + [6] * 9 + [NEVER] * 10, 9, growth=0.5
        )
        fixed, sampled = (estimate(frame, cohort_sizes=sizes) for sizes in ("fixed", "sampled"))
        assert fixed.estimate == sampled.estimate
        by_cohort = fixed.by_cohort()["estimate"].to_numpy()
        added = 8 * (by_cohort[0] - fixed.estimate) ** 2 + 9 * (by_cohort[1] - fixed.estimate) ** 2
        assert sampled.standard_error**2 == pytest.approx(fixed.standard_error**2 + added / 17**2)


class TestTableIsNotTakenAsItComes:
    def test_units_treated_from_the_start_are_left_out_and_counted(self) -> None:
        frame = staggered(np.random.default_rng(1), [1, 1] + [4] * 6 + [NEVER] * 6, 6)
        result = estimate(frame)
        assert result.warnings[0].startswith("Two units have no period before treatment")
        assert result.estimate == pytest.approx(estimate(frame[frame["first"] != 1]).estimate)
        assert result.summary()["treated_units"][0] == 6

    def test_units_treated_after_the_end_count_as_never(self) -> None:
        frame = staggered(np.random.default_rng(1), [4] * 6 + [NEVER] * 6, 6)
        late = frame.assign(first=frame["first"].replace(NEVER, 9))
        assert estimate(late).estimate == estimate(frame).estimate
        assert any("counted as never treated" in each for each in estimate(late).warnings)

    def test_units_that_lack_periods_are_left_out_and_counted(self) -> None:
        frame = staggered(np.random.default_rng(1), [4] * 6 + [NEVER] * 6, 6)
        holes = frame.drop(index=[3, 40])
        result = estimate(holes)
        assert result.warnings[0].startswith("2 of 12 units lack some of the 6 periods")
        whole = frame[~frame["unit"].isin([0, 6])]
        assert result.estimate == pytest.approx(estimate(whole).estimate)
        rows = estimate(holes, unbalanced="cross-sections")
        assert any("All rows are used" in each for each in rows.warnings)
        assert rows.summary()["treated_units"][0] == 6

    @pytest.mark.parametrize("dtype", ["object", "category", "Int64"])
    def test_the_kind_of_column_does_not_matter(self, dtype: str) -> None:
        frame = staggered(np.random.default_rng(1), [4] * 6 + [NEVER] * 6, 6)
        other = frame.assign(first=frame["first"].replace(NEVER, 0))
        other = other.astype({"t": dtype, "first": dtype, "unit": dtype})
        assert estimate(other).estimate == estimate(frame).estimate

    def test_covariates_that_do_not_change_are_said_to_do_nothing(self) -> None:
        frame = staggered(np.random.default_rng(1), [4] * 6 + [NEVER] * 6, 6)
        result = estimate(frame.assign(x=1.0), adjust=["x"])
        assert result.estimate == pytest.approx(estimate(frame).estimate)
        assert any("they adjust for nothing" in each for each in result.warnings)

    def test_gaps_between_periods_are_kept(self) -> None:
        frame = staggered(np.random.default_rng(1), [2008] * 6 + [NEVER] * 6, 6)
        years = np.array([2001, 2003, 2005, 2007, 2009, 2011])
        frame["t"] = years[frame["t"] - 1]
        events = estimate(frame, base_period="last").event_study()
        # A law of 2008 is first seen at work in 2009, one year in.
        assert events["event_time"].tolist() == [-7, -5, -3, -1, 1, 3]
        assert events["stage"].tolist()[3:5] == ["reference", "after"]


GOOD = staggered(np.random.default_rng(1), [4] * 6 + [NEVER] * 6, 6)


@pytest.mark.parametrize(
    ("frame", "settings", "says"),
    [
        (GOOD.assign(first=0), {}, "No unit is first treated between"),
        (GOOD.assign(first=np.nan), {}, "No unit is first treated between"),
        (GOOD.assign(first=4), {}, "Every unit is treated, all of them from 4"),
        (GOOD.assign(first=1), {}, "seems to mark treated rows or units with 1"),
        (GOOD.assign(first=(GOOD["t"] >= 4) * 1), {}, "seems to mark treated rows"),
        (GOOD.assign(first=GOOD["first"] < 9), {}, "seems to mark treated rows"),
        (GOOD.assign(first=-3), {}, "Every unit was treated already in the first period"),
        (GOOD.assign(first=GOOD["first"].where(GOOD["t"] < 6)), {}, "switched off again"),
        (GOOD.assign(first="soon"), {}, "`first` must be a number, as the column of times is"),
        (GOOD.assign(t=GOOD["t"] - 3, first=0), {}, "may mean the period 0 or never"),
        (GOOD.assign(y=1.0), {}, "holds the same number in every row"),
        (GOOD.assign(y=GOOD["y"].where(GOOD.index != 4)), {}, "has no value in row 5"),
        (GOOD.assign(y=GOOD["y"].replace(GOOD["y"][4], np.inf)), {}, "row 5"),
        (GOOD.assign(y="much"), {}, "no finite number"),
        (GOOD.assign(t=1), {}, "one period only"),
        (GOOD.assign(t=pd.Timestamp("2024-01-01", tz="UTC")), {}, "time zone"),
        (GOOD.assign(unit=None), {}, "names no unit in row 1"),
        (pd.concat([GOOD, GOOD[:1]]), {}, "1 pairs of unit and period stand in more than one row"),
        (GOOD[:0], {}, "no rows"),
        (GOOD.rename(columns={"y": "days"}), {}, "no column 'y'"),
        (GOOD[GOOD["t"] != GOOD["unit"] % 6 + 1], {}, "No unit has a row in each of the 6 periods"),
        (
            GOOD.assign(first=GOOD["first"].replace(NEVER, 6)),
            {},
            "No unit is never treated, so there is nobody",
        ),
        (GOOD, {"control": "always"}, "`control` must be one of 'never', 'not-yet'"),
        (GOOD, {"level": 95}, "`level` must lie between 0 and 1"),
        (GOOD, {"anticipation": -1}, "`anticipation` must be a whole number"),
        (GOOD, {"anticipation": 3}, "No unit is first treated between"),
        (GOOD, {"errors": "reml-ar1"}, "3 periods before treatment and 3 after"),
        (GOOD, {"errors": "robust"}, "`errors` must be one of"),
        (GOOD, {"errors": "classical", "estimator": "group-time"}, "is for the two-way regression"),
        (GOOD.assign(w=-1), {"weights": "w"}, "must hold weights above nought"),
        (GOOD.assign(c=None), {"cluster": "c"}, "names no cluster in row 1"),
        (GOOD.assign(x=None), {"adjust": ["x"]}, "'x'"),
        (GOOD, {"adjust": ["y"]}, "stands among the covariates"),
        (GOOD[GOOD["unit"] > 4], {"errors": "wild"}, "two clusters in each group"),
        (
            GOOD.assign(x=1.0),
            {"adjust": ["x"], "estimator": "group-time"},
            "cannot tell the 1 covariates apart",
        ),
        (
            GOOD.assign(x=(GOOD["first"] < 9) * 1.0 + GOOD["unit"] / 1e3),
            {"adjust": ["x"], "estimator": "group-time"},
            "no control is like",
        ),
        (
            staggered(np.random.default_rng(1), [4, 5, NEVER], 24),
            {"errors": "reml-ar1"},
            "one date of adoption",
        ),
    ],
)
def test_what_cannot_be_answered_is_said(
    frame: pd.DataFrame, settings: dict[str, object], says: str
) -> None:
    with pytest.raises(WodaError, match=says):
        estimate(frame, **settings)


def test_nothing_to_tell_chance_gives_no_interval_and_says_so() -> None:
    # Three cohorts and controls of one unit each: no group has a spread, and none can be borrowed.
    frame = staggered(np.random.default_rng(1), [4, 5, 6, NEVER], 8)
    result = estimate(frame)
    assert np.isnan([result.low, result.high, result.standard_error]).all()
    assert not result.found
    assert any("it has no interval" in each for each in result.warnings)
    with pytest.raises(WodaError, match="has no interval"):
        _ = result.interval
    assert "not known" in str(result)
    to_svg(result.plot())


@pytest.fixture(scope="module")
def result() -> DifferenceInDifferences:
    frame = staggered(np.random.default_rng(1), [4] * 6 + [6] * 6 + [NEVER] * 12, 8, effect=-2.0)
    return estimate(frame, unit_label="days")


class TestShape:
    def test_it_says_what_it_is(self, result: DifferenceInDifferences) -> None:
        assert str(result).startswith("−2")
        assert "days (95% interval" in str(result)
        assert "Callaway and Sant'Anna 2021" in result.method
        assert result.interval.unit == "days"
        assert result.found

    def test_summary(self, result: DifferenceInDifferences) -> None:
        table = result.summary()
        assert table["headline"].tolist() == [True, False, False, False, False, False]
        assert table["estimate"][0] == result.estimate
        assert (table["treated_units"] == 12).all() and (table["control_units"] == 12).all()
        assert ((table["low"] < table["estimate"]) & (table["estimate"] < table["high"])).all()

    @pytest.mark.parametrize("aggregate", ["group", "simple", "event", "calendar"])
    def test_any_average_can_be_the_headline(self, aggregate: str) -> None:
        frame = staggered(np.random.default_rng(1), [4] * 6 + [6] * 6 + [NEVER] * 12, 8)
        found = estimate(frame, aggregate=aggregate).summary()
        place = ["group", "simple", "event", "calendar"].index(aggregate)
        assert found["headline"].to_numpy().nonzero()[0].tolist() == [place]

    def test_event_study(self, result: DifferenceInDifferences) -> None:
        events = result.event_study()
        assert events["event_time"].tolist() == list(range(-5, 5))
        assert events["cohorts"].tolist() == [1, 1, 2, 2, 2, 2, 2, 2, 1, 1]
        assert events.loc[events["stage"] == "reference", "event_time"].tolist() == [-1]
        real = events.dropna()
        assert (real["band_low"] < real["low"]).all() and (real["band_high"] > real["high"]).all()
        assert events.equals(result.event_study())

    def test_families(self, result: DifferenceInDifferences) -> None:
        assert result.by_cohort()["group"].tolist() == [4, 6]
        assert result.by_period()["time"].tolist() == [4, 5, 6, 7, 8]

    @pytest.mark.parametrize("narrow", [True, False])
    def test_picture(self, result: DifferenceInDifferences, narrow: bool) -> None:
        drawn = to_svg(result.plot(), narrow=narrow)
        assert "verage" in drawn
        assert result.plot().data["estimate"].tolist() == result.event_study()["estimate"].tolist()
