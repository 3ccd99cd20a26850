"""Differences of restricted means against arithmetic, planted truths and bent assumptions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from lifelines import KaplanMeierFitter
from lifelines.utils import restricted_mean_survival_time

from woda_lib.evaluation import DurationError, RestrictedMean, restricted_mean
from woda_lib.evaluation.durations import Durations
from woda_lib.evaluation.pseudo_values import pseudo_values
from woda_lib.evaluation.survival_curve import Curve

OLD = [2.0, 4, 6, 20]
NEW = [1.0, 2, 3, 9]


def people(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame(columns)


def two(**more: Any) -> RestrictedMean:
    frame = people(days=OLD + NEW, left=1, way=["old"] * 4 + ["new"] * 4)
    settings: dict[str, Any] = {"group": "way", "reference": "old", "horizon": 10, **more}
    return restricted_mean(frame, duration="days", event="left", **settings)


def waits(
    seed: int, size: int = 800, ratio: float = 0.8, *, slope: float = 0.0, loss: float = 60.0
) -> pd.DataFrame:
    """Exponential waits of mean 12 (times `ratio` in the other group), some lost from sight."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 2, size)
    age = rng.normal(0, 1, size) + slope * group
    wait = rng.exponential(12.0, size) * np.where(group == 1, ratio, 1.0) * np.exp(slope * age / 4)
    seen = rng.exponential(loss, size)
    return people(
        days=np.minimum(wait, seen), left=wait <= seen, group=group, age=age, lost=wait > seen
    )


class TestTheDifference:
    def test_without_censoring_it_is_arithmetic(self) -> None:
        result = two()
        assert result.means["restricted_mean"].tolist() == [
            (2 + 4 + 6 + 10) / 4,
            (1 + 2 + 3 + 9) / 4,
        ]
        assert result.estimate == 3.75 - 5.5
        error = np.hypot(np.std([2, 4, 6, 10]), np.std(NEW)) / 2
        assert result.standard_error == pytest.approx(error)
        assert (result.low, result.high) == pytest.approx(
            (-1.75 - 1.959964 * error, -1.75 + 1.959964 * error)
        )
        assert result.found is False

    def test_ratio_and_time_lost(self) -> None:
        result = two()
        assert result.ratio["estimate"] == pytest.approx(3.75 / 5.5)
        assert result.ratio_lost["estimate"] == pytest.approx((10 - 3.75) / (10 - 5.5))
        shown = result.summary().set_index("measure")["estimate"]
        assert shown["Difference, new less old"] == -1.75
        assert shown["Time lost before 10, old"] == 4.5

    @pytest.mark.parametrize(
        ("groups", "reference", "first"),
        [
            ([True, False], None, "False"),
            ([2, 1], None, "1"),
            ([2.0, 1.0], None, "1"),
            (["new", "old"], None, "new"),
            (["new", "old"], "old", "old"),
            (pd.Categorical(["new", "old"], ["old", "new"]), None, "old"),
        ],
    )
    def test_the_reference_follows_a_rule(self, groups: Any, reference: Any, first: str) -> None:
        frame = people(
            days=[3.0, 5, 4, 8],
            left=1,
            group=groups[[0, 1, 0, 1]] if isinstance(groups, pd.Categorical) else list(groups) * 2,
        )
        result = restricted_mean(
            frame, duration="days", event="left", group="group", reference=reference, horizon=9
        )
        assert result.means["group"].iloc[0] == first

    def test_the_area_is_that_of_lifelines(self) -> None:
        frame = waits(1)
        result = restricted_mean(frame, duration="days", event="left", horizon=40)
        curve = KaplanMeierFitter().fit(frame["days"], frame["left"])
        assert result.estimate == pytest.approx(restricted_mean_survival_time(curve, t=40))

    def test_the_interval_holds_the_planted_truth(self) -> None:
        truth = 12 * 0.8 * (1 - np.exp(-40 / 9.6)) - 12 * (1 - np.exp(-40 / 12))
        held = 0
        for seed in range(400):
            result = restricted_mean(
                waits(seed, 300), duration="days", event="left", group="group", horizon=40
            )
            held += result.low <= truth <= result.high
        assert 0.925 <= held / 400 <= 0.975

    def test_days_as_timedelta_and_codes_of_ending(self) -> None:
        frame = people(days=pd.to_timedelta(OLD, unit="D"), how=["home", "died", "home", "home"])
        result = restricted_mean(frame, duration="days", event="how", ended="home", horizon=10)
        by_hand = people(days=OLD, left=[1, 0, 1, 1])
        assert (
            result.estimate
            == restricted_mean(by_hand, duration="days", event="left", horizon=10).estimate
        )

    def test_many_ties_and_waits_of_nought(self) -> None:
        frame = people(days=[0] * 500 + [5] * 500, left=1)
        assert restricted_mean(frame, duration="days", event="left", horizon=9).estimate == 2.5


class TestPseudoValues:
    def test_each_is_what_leaving_one_out_changes(self) -> None:
        rng = np.random.default_rng(3)
        for _ in range(40):
            size = int(rng.integers(2, 14))
            seen = Durations(
                rng.integers(0, 9, size).astype(float), rng.integers(0, 2, size), (True,)
            )
            horizon = float(rng.choice([3, 5, 7.5, 12]))
            whole = Curve.of(seen).area(horizon)
            others = [
                Curve.of(seen.where(np.arange(size) != row)).area(horizon) for row in range(size)
            ]
            expected = [size * whole - (size - 1) * other for other in others]
            assert pseudo_values(seen, horizon) == pytest.approx(expected)

    def test_without_censoring_it_is_the_wait_up_to_the_horizon(self) -> None:
        seen = Durations(np.array(OLD), np.ones(4, dtype=int), (True,))
        assert pseudo_values(seen, 10).tolist() == pytest.approx([2, 4, 6, 10])

    def test_case_mix_that_differs_is_taken_out(self) -> None:
        # The other group is older by 1.5, and each year of that counts; the group itself does not.
        rng = np.random.default_rng(5)
        group = rng.integers(0, 2, 3000)
        age = rng.normal(0, 1, 3000) + 1.5 * group
        wait = np.maximum(15 + 2 * age + rng.normal(0, 2, 3000), 0.1)
        seen = rng.exponential(60, 3000)
        frame = people(days=np.minimum(wait, seen), left=wait <= seen, group=group, age=age)
        columns: dict[str, Any] = {"duration": "days", "event": "left", "group": "group"}
        plain = restricted_mean(frame, horizon=30, **columns)
        adjusted = restricted_mean(frame, horizon=30, adjust=["age"], **columns)
        assert plain.estimate == pytest.approx(3.0, abs=0.3)
        assert adjusted.estimate == pytest.approx(0.0, abs=0.3)
        assert adjusted.low < 0 < adjusted.high
        assert adjusted.unadjusted[0] == plain.estimate
        age_term = adjusted.adjustment.coefficients.set_index("term").loc["age", "estimate"]
        assert age_term == pytest.approx(2.0, abs=0.2)

    def test_without_case_mix_the_regression_gives_the_curves_difference(self) -> None:
        frame = waits(2, 600).assign(noise=np.random.default_rng(0).normal(size=600))
        columns: dict[str, Any] = {"duration": "days", "event": "left", "group": "group"}
        plain = restricted_mean(frame, horizon=40, **columns)
        same = restricted_mean(frame, horizon=40, adjust=["noise"], **columns)
        assert same.estimate == pytest.approx(plain.estimate, abs=0.05)
        assert same.standard_error == pytest.approx(plain.standard_error, rel=0.02)

    def test_shocks_that_clusters_share_widen_the_interval(self) -> None:
        rng = np.random.default_rng(8)
        month = np.repeat(np.arange(30), 60)
        wait = rng.exponential(12 + rng.normal(0, 2.5, 30)[month])
        frame = people(days=wait, left=True, month=month, after=month >= 15)
        columns: dict[str, Any] = {"duration": "days", "event": "left", "group": "after"}
        plain = restricted_mean(frame, horizon=60, **columns)
        clustered = restricted_mean(frame, horizon=60, cluster="month", **columns)
        assert clustered.estimate == pytest.approx(plain.estimate, abs=1e-6)
        assert clustered.standard_error > 1.3 * plain.standard_error
        assert "errors clustered by month (30 clusters)" in clustered.method

    def test_a_trend_and_a_season_are_taken_out(self) -> None:
        rng = np.random.default_rng(4)
        started = pd.Timestamp("2021-01-01") + pd.to_timedelta(rng.integers(0, 1460, 8000), "D")
        years = (started - started.min()).days.to_numpy() / 365.25
        winter = np.cos(2 * np.pi * started.dayofyear.to_numpy() / 365.25)
        after = started >= "2023-01-01"
        mean = 14 - 1.0 * years + 2 * winter - 2.0 * after
        wait = rng.gamma(3, mean / 3)
        frame = people(days=wait, left=True, started=started, after=after)
        result = restricted_mean(
            frame,
            duration="days",
            event="left",
            group="after",
            horizon=80,
            started_on="started",
            season=1,
        )
        assert result.low < -2.0 < result.high
        assert result.unadjusted[0] == pytest.approx(-4.0, abs=0.4)  # the trend takes another 2
        assert any("mature_months" in sentence for sentence in result.warnings)


class TestBounds:
    """What if those lost from sight were not like the others?"""

    def test_as_the_others_is_the_estimate_itself(self) -> None:
        result = restricted_mean(waits(6), duration="days", event="left", group="group", horizon=40)
        row = result.bounds().set_index("assumed").loc["the lost left as the others did"]
        assert row["estimate"] == pytest.approx(result.estimate)
        assert row["high"] - row["low"] == pytest.approx(result.high - result.low, rel=0.12)

    def test_the_ends_are_what_recoding_gives(self) -> None:
        frame = people(days=[2.0, 3, 4, 6, 8], left=[1, 0, 1, 0, 1])
        table = restricted_mean(frame, duration="days", event="left", horizon=10).bounds()
        ends = table.set_index("hazard")["estimate"]
        assert ends[np.inf] == pytest.approx((2 + 3 + 4 + 6 + 8) / 5)  # all at once
        assert ends[0] == pytest.approx((2 + 10 + 4 + 10 + 8) / 5)  # not before the horizon
        assert (np.diff(table["estimate"]) < 0).all()

    def test_half_and_twice_as_likely_by_hand(self) -> None:
        # Of three people one is lost at 1, one leaves at 2, the last at 4: among those in view one
        # of two leaves at 2 and one of one at 4. Half as likely, the lost still waits after 2 with
        # chance 3/4 and after 4 with 3/8; twice as likely, the lost leaves at 2 for certain.
        frame = people(days=[1.0, 2, 4], left=[0, 1, 1])
        result = restricted_mean(frame, duration="days", event="left", horizon=10)
        assert result.bounds(hazards=[0.5, 2])["estimate"].tolist() == pytest.approx(
            [(2 + 4 + 2 + 2 * 3 / 4 + 6 * 3 / 8) / 3, (2 + 4 + 2) / 3]
        )

    def test_extremes_of_both_sides_bound_every_hazard(self) -> None:
        result = restricted_mean(
            waits(7, loss=25), duration="days", event="left", group="group", horizon=40
        )
        table = result.bounds(hazards=[0, 0.3, 1, 3, np.inf])
        assert table["estimate"].iloc[-2:].tolist() == [
            table["estimate"].max(),
            table["estimate"].min(),
        ]

    def test_those_who_still_wait_are_not_bent(self) -> None:
        frame = waits(9).assign(lost=False)
        result = restricted_mean(
            frame, duration="days", event="left", group="group", horizon=40, lost="lost"
        )
        assert result.bounds()["estimate"].tolist() == pytest.approx([result.estimate] * 7)

    def test_truth_of_people_who_leave_once_lost(self) -> None:
        # Lost people truly leave three times as fast; others are censored by the end of the data.
        rng = np.random.default_rng(12)
        size = 60_000
        lost_at, left_at = rng.exponential(30, size), rng.exponential(12, size)
        cut = rng.uniform(5, 80, size)
        truth = np.where(left_at < lost_at, left_at, lost_at + rng.exponential(4, size))
        seen = np.minimum(np.minimum(left_at, lost_at), cut)
        frame = people(
            days=seen, left=left_at == seen, gone=(lost_at == seen) & (lost_at < left_at)
        )
        frame["days"] = (frame["days"] * 4).round() / 4
        result = restricted_mean(frame, duration="days", event="left", horizon=40, lost="gone")
        found = result.bounds(hazards=[3])["estimate"].iloc[0]
        assert found == pytest.approx(np.minimum(truth, 40).mean(), abs=0.12)
        assert result.estimate > found + 1


class TestWarnings:
    def test_a_flat_end_of_the_curve_is_said(self) -> None:
        frame = people(days=[*range(1, 20), 25], left=[1] * 19 + [0])
        result = restricted_mean(frame, duration="days", event="left", horizon=90)
        assert any("taken as flat at 5.0% from 25" in sentence for sentence in result.warnings)

    def test_few_people_are_said(self) -> None:
        assert any("normal interval is rough" in sentence for sentence in two().warnings)


class TestItRefuses:
    @pytest.mark.parametrize(
        ("frame", "more", "message"),
        [
            (people(days=[-1, 3], left=[1, 1]), {}, "negative in row 1"),
            (people(days=[1, np.nan], left=[1, 1]), {}, "no value in row 2"),
            (people(days=[1, np.inf], left=[1, 1]), {}, "no finite number"),
            (people(days=["x", 2], left=[1, 1]), {}, "no finite number"),
            (people(days=[1, 2], left=[1, None]), {}, "censored and not missing"),
            (people(days=[1, 2], left=[1, 2]), {}, "Say with `ended`"),
            (people(days=[1, 2], left=["a", "b"]), {"ended": "c"}, "No row of the column 'left'"),
            (people(days=[1, 2], left=[0, 0]), {}, "All 2 rows are censored"),
            (people(days=[30, 40], left=[1, 1]), {}, "Nobody left before the horizon"),
            (people(days=[3, 4], left=[1, 0]), {}, "Follow-up is too short"),
            (people(days=[3, 4], left=[1, 1]), {"horizon": 0}, "above nought"),
            (people(days=[3, 4], left=[1, 1]), {"horizon": "soon"}, "above nought"),
            (people(days=[3, 4], left=[1, 1]), {"level": 95}, "between 0 and 1"),
            (people(days=[3, 4], left=[1, 1]), {"adjust": ["days"]}, "Give the column of the"),
            (people(days=[3, 4], left=[1, 1], g=[1, 1]), {"group": "g"}, "nothing to compare"),
            (people(days=[3, 4, 5], left=1, g=[1, 2, 3]), {"group": "g"}, "a difference needs two"),
            (people(days=[3, 4], left=1, g=[1, None]), {"group": "g"}, "each row its group"),
            (
                people(days=[3, 4], left=1, g=[1, 2]),
                {"group": "g", "reference": 3},
                "`reference` names a group",
            ),
            (people(days=[3, 4], left=1, g=[1, 2]), {"group": "gg"}, "Is 'g' meant"),
            (people(days=[], left=[]), {}, "no rows"),
            (people(days=[3, 4], left=1, gone=["y", "n"]), {"lost": "gone"}, "true or false"),
        ],
    )
    def test_with_a_sentence(self, frame: pd.DataFrame, more: dict[str, Any], message: str) -> None:
        settings = {"horizon": 10, **more}
        with pytest.raises(Exception, match=message) as caught:
            restricted_mean(frame, duration="days", event="left", **settings)
        assert type(caught.value).__name__ in ("DurationError", "FrameError")

    @pytest.mark.parametrize(
        ("more", "message"),
        [
            ({"adjust": ["one"]}, "says the same of everyone"),
            ({"adjust": ["group2"]}, "cannot be told apart"),
            ({"season": 1}, "give `started_on`"),
            ({"started_on": "age"}, "holds numbers and not dates"),
            ({"started_on": "zoned"}, "carry a time zone"),
            ({"cluster": "group"}, "at least three are needed"),
        ],
    )
    def test_an_adjustment_that_cannot_be(self, more: dict[str, Any], message: str) -> None:
        frame = waits(1, 60).assign(one=1)
        frame["group2"] = 3.0 * frame["group"] + 1
        frame["zoned"] = pd.date_range("2024-01-01", periods=60, tz="Europe/London")
        with pytest.raises(DurationError, match=message):
            restricted_mean(frame, duration="days", event="left", group="group", horizon=30, **more)

    def test_hazards_that_are_none(self) -> None:
        with pytest.raises(DurationError, match="from 0"):
            two().bounds(hazards=[-1])
