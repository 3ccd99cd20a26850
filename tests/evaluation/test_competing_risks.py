"""Shares that ended in each way, against arithmetic and planted truths."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from lifelines import AalenJohansenFitter

from woda_lib.evaluation import DurationError, competing_risks, subdistribution
from woda_lib.evaluation.cumulative_incidence import Incidence, gray_test
from woda_lib.evaluation.durations import Durations

SIX = pd.DataFrame(
    {"days": [1, 2, 3, 4, 5, 6], "how": ["left", "died", "left", "left", "waits", "left"]}
)


def risks(frame: pd.DataFrame, **more: Any) -> Any:
    settings = {"censored": "waits", "cause": "left", "horizon": 4, **more}
    return competing_risks(frame, duration="days", event="how", **settings)


def stays(seed: int, size: int = 400, faster: float = 1.0) -> pd.DataFrame:
    """Discharged at 1/12 a day (times `faster` in the other group), dying at 1/40."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 2, size)
    home = rng.exponential(12 / np.where(group == 1, faster, 1.0))
    death, cut = rng.exponential(40, size), rng.uniform(10, 80, size)
    days = np.minimum(np.minimum(home, death), cut)
    how = np.select([days == home, days == death], ["left", "died"], "waits")
    return pd.DataFrame({"days": days, "how": how, "group": group})


class TestTheShares:
    def test_without_censoring_they_are_counts(self) -> None:
        shown = risks(SIX.assign(how=["left", "died"] * 3), horizon=4).summary()
        assert shown.set_index("measure")["estimate"].tolist() == pytest.approx(
            [100 * 2 / 6, 100 * 2 / 6, 100 * 2 / 6]
        )

    def test_by_hand(self) -> None:
        # 1 of 6 leaves; 1 of 5 dies; 1 of 4 leaves; 1 of 3 leaves: each of a sixth, none lost yet.
        assert risks(SIX).estimate == pytest.approx(50)
        # After 5, when one is lost, the last leaves: the third that still waited all go.
        assert risks(SIX, horizon=6).estimate == pytest.approx(50 + 100 * 2 / 6)

    def test_shares_and_those_who_wait_add_up(self) -> None:
        table = risks(stays(1), horizon=40).table
        assert table[["left", "died", "waiting"]].sum(axis=1).tolist() == pytest.approx(
            [100.0] * len(table)
        )

    def test_it_is_aalen_johansen_of_lifelines_where_no_times_are_tied(self) -> None:
        frame = stays(2)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            other = AalenJohansenFitter(calculate_variance=True).fit(
                frame["days"], frame["how"].map({"waits": 0, "left": 1, "died": 2}), 1
            )
        result = risks(frame, horizon=30)
        at = other.cumulative_density_.index[other.cumulative_density_.index <= 30][-1]
        assert result.estimate == pytest.approx(
            100 * other.cumulative_density_.loc[at].iloc[0], abs=1e-9
        )
        (only,) = result.incidences.values()
        assert only.variance(30)[result.way] == pytest.approx(other.variance_.loc[at], rel=0.01)

    def test_one_less_kaplan_meier_is_too_high_and_shown_as_the_mistake(self) -> None:
        truth = 100 * (1 / 12) / (1 / 12 + 1 / 40) * (1 - np.exp(-40 * (1 / 12 + 1 / 40)))
        result = risks(stays(3, 4000), horizon=40)
        row = result.summary().set_index("measure").loc["left, everyone"]
        assert row["estimate"] == pytest.approx(truth, abs=2)
        assert row["if_others_were_censored"] > truth + 10

    @pytest.mark.parametrize("horizon", [10, 40])
    def test_the_interval_holds_the_planted_difference(self, horizon: float) -> None:
        def share(rate: float) -> float:
            both = rate + 1 / 40
            return rate / both * (1 - float(np.exp(-horizon * both)))

        truth = 100 * (share(1.4 / 12) - share(1 / 12))
        held = 0
        for seed in range(300):
            frame = stays(seed, 250, 1.4)
            result = risks(frame, horizon=horizon, group="group")
            held += result.low <= truth <= result.high
        assert 0.92 <= held / 300 <= 0.98


class TestGraysTest:
    def test_under_no_difference_it_is_found_one_time_in_twenty(self) -> None:
        found = 0
        for seed in range(600):
            seen = stays(seed, 160)
            read = Durations.with_ways(seen, duration="days", event="how", censored="waits")
            group = seen["group"].to_numpy() == 1
            found += gray_test([read.where(~group), read.where(group)], 1)[1] < 0.05
        assert 0.03 <= found / 600 <= 0.075

    def test_it_asks_for_shares_and_the_log_rank_test_for_rates(self) -> None:
        # Discharge is as fast in both groups; in the other far more die first, so fewer go home.
        rng = np.random.default_rng(4)
        group = np.repeat([0, 1], 1500)
        home = rng.exponential(12, 3000)
        death = rng.exponential(np.where(group == 1, 25.0, 200.0))
        days = np.minimum(home, death)
        frame = pd.DataFrame(
            {"days": days, "how": np.where(home <= death, "left", "died"), "group": group}
        )
        row = risks(frame, horizon=60, group="group").tests.set_index("way").loc["left"]
        assert row["gray_p"] < 1e-4
        assert row["logrank_p"] > 0.01

    def test_of_the_same_people_twice_it_is_nought(self) -> None:
        read = Durations.with_ways(stays(5), duration="days", event="how", censored="waits")
        assert gray_test([read, read], 0)[0] == pytest.approx(0, abs=1e-9)


class TestSubdistribution:
    def test_with_one_way_and_no_censoring_it_is_cox_with_breslows_ties(self) -> None:
        frame = stays(6).query("how == 'left'")
        other = sm.PHReg(frame["days"], frame[["group"]], ties="breslow").fit()
        result = subdistribution(
            frame, duration="days", event="how", censored="waits", cause="left", group="group"
        )
        assert result.table["coefficient"].iloc[0] == pytest.approx(other.params[0], abs=1e-6)

    def test_the_planted_ratio_is_found(self) -> None:
        # Fine and Gray's own design: F1 = 1 - (1 - p (1 - exp(-t)))^exp(b x), p = 0.6, b = 0.5.
        rng = np.random.default_rng(7)
        size, weight, slope = 4000, 0.6, 0.5
        group = rng.integers(0, 2, size)
        tilt = np.exp(slope * group)
        first = rng.random(size) < 1 - (1 - weight) ** tilt
        draw = rng.random(size) * (1 - (1 - weight) ** tilt)
        mine = -np.log(1 - (1 - (1 - draw) ** (1 / tilt)) / weight)
        wait = np.where(first, mine, rng.exponential(1 / tilt))
        cut = rng.uniform(0.2, 3, size)
        how = np.where(wait <= cut, np.where(first, "left", "died"), "waits")
        frame = pd.DataFrame({"days": np.minimum(wait, cut), "how": how, "group": group})
        result = subdistribution(
            frame, duration="days", event="how", censored="waits", cause="left", group="group"
        )
        assert result.low < np.exp(slope) < result.high
        assert result.high / result.low < 1.3

    def test_a_side_on_which_nobody_ended_so(self) -> None:
        frame = stays(8)
        frame.loc[(frame["group"] == 1) & (frame["how"] == "left"), "how"] = "died"
        with pytest.raises(DurationError, match="On one side of the term"):
            subdistribution(
                frame, duration="days", event="how", censored="waits", cause="left", group="group"
            )


class TestItRefuses:
    @pytest.mark.parametrize(
        ("change", "more", "message"),
        [
            ({}, {"cause": "moved"}, "Nobody ended as `cause` says"),
            ({"how": "waits"}, {}, "All 6 rows are censored"),
            ({"how": None}, {}, "censored and not missing"),
            ({}, {"horizon": -3}, "above nought"),
            ({"days": -1}, {}, "negative in row 1"),
            (
                {"how": ["left", "died", "waits", "waits", "waits", "waits"]},
                {"horizon": 50},
                "short",
            ),
            ({"one": 1}, {"group": "one"}, "nothing to compare"),
        ],
    )
    def test_with_a_sentence(
        self, change: dict[str, Any], more: dict[str, Any], message: str
    ) -> None:
        with pytest.raises(DurationError, match=message):
            risks(SIX.assign(**change), **more)

    def test_a_column_of_days_given_as_ways(self) -> None:
        frame = pd.DataFrame({"days": range(20), "how": range(1, 21)})
        with pytest.raises(DurationError, match="20 different ways of ending and nobody"):
            competing_risks(frame, duration="days", event="how", cause=3, horizon=4)

    def test_nothing_that_competes_is_warned_of(self) -> None:
        result = risks(SIX.assign(how=["left"] * 5 + ["waits"]))
        assert any("nothing competes" in sentence for sentence in result.warnings)

    def test_a_time_of_nought_with_many_ties(self) -> None:
        frame = pd.DataFrame({"days": [0] * 50 + [3] * 50, "how": ["left", "died"] * 50})
        (only,) = risks(frame, horizon=3).incidences.values()
        assert isinstance(only, Incidence)
        assert only.at(np.array([0.0, 3.0])).tolist() == [[0.25, 0.25], [0.5, 0.5]]
