"""Curves, medians and hazard ratios against lifelines, arithmetic and planted truths."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from lifelines import CoxPHFitter, KaplanMeierFitter

from woda_lib.evaluation import DurationError, cox, kaplan_meier
from woda_lib.evaluation.durations import Durations
from woda_lib.evaluation.kaplan_meier import quantile_difference
from woda_lib.evaluation.survival_curve import Curve


def some(seed: int = 1, size: int = 300, hazard_ratio: float = 1.5) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 2, size)
    age = rng.normal(0, 1, size)
    rate = hazard_ratio**group * np.exp(0.4 * age) / 12
    wait, seen = rng.exponential(1 / rate), rng.exponential(30, size)
    return pd.DataFrame(
        {"days": np.ceil(np.minimum(wait, seen)), "left": wait <= seen, "group": group, "age": age}
    )


class TestTheCurve:
    @pytest.mark.parametrize("scale", ["log-log", "log", "plain"])
    def test_it_is_that_of_lifelines(self, scale: Any) -> None:
        frame = some()
        curve = Curve.of(Durations.of(frame, duration="days", event="left"))
        other = KaplanMeierFitter().fit(frame["days"], frame["left"])
        theirs = other.survival_function_["KM_estimate"].loc[curve.times].to_numpy()
        assert curve.survival == pytest.approx(theirs)
        low, high = curve.limits(0.95, scale)
        assert (low <= curve.survival).all() and (curve.survival <= high).all()
        if scale == "log-log":  # the only one that lifelines has
            limits = other.confidence_interval_.loc[curve.times].to_numpy()
            inside = (curve.survival < 1) & (curve.survival > 0)
            assert low[inside] == pytest.approx(limits[inside, 0])
            assert high[inside] == pytest.approx(limits[inside, 1])

    def test_a_median_between_two_times_where_the_curve_lies_flat_on_the_half(self) -> None:
        frame = pd.DataFrame({"days": [1, 2, 3, 4], "left": 1})
        assert kaplan_meier(frame, duration="days", event="left").estimate == 2.5

    def test_a_median_that_was_never_seen_is_said(self) -> None:
        frame = pd.DataFrame({"days": [1, 5, 5, 5, 5], "left": [1, 0, 0, 0, 0]})
        result = kaplan_meier(frame, duration="days", event="left")
        assert result.estimate == np.inf
        assert any("there is no median yet" in sentence for sentence in result.warnings)
        assert "80% were still waiting" in str(result)

    def test_the_interval_of_the_difference_holds_the_planted_truth(self) -> None:
        rng = np.random.default_rng(2)
        held = 0
        for _ in range(500):
            group = rng.integers(0, 2, 300)
            wait = rng.exponential(np.where(group == 1, 8.0, 12.0))
            seen = rng.exponential(40, 300)
            read = Durations(np.minimum(wait, seen), (wait <= seen).astype(int), (True,))
            medians = [Curve.of(read.where(group == side)).quantile(0.5, 0.95) for side in (0, 1)]
            _, low, high = quantile_difference(*medians)
            held += low <= -4 * np.log(2) <= high
        assert 0.94 <= held / 500 <= 0.99  # 96.2 of 100 over 1,500 draws

    def test_more_than_two_groups_are_tested_together(self) -> None:
        frame = some().assign(third=lambda table: np.arange(len(table)) % 3)
        result = kaplan_meier(frame, duration="days", event="left", group="third")
        assert result.p_value > 0.01
        assert "Log-rank test" in result.summary()["measure"].iloc[-1]
        everyone = kaplan_meier(frame, duration="days", event="left")
        assert result.estimate == everyone.estimate

    @pytest.mark.parametrize(
        ("more", "message"),
        [
            ({"quantiles": [50]}, "shares of people between 0 and 1"),
            ({"scale": "cubic"}, "`scale` must be"),
            ({"group": "grup"}, "Is 'group' meant"),
        ],
    )
    def test_it_refuses(self, more: dict[str, Any], message: str) -> None:
        with pytest.raises(Exception, match=message) as caught:
            kaplan_meier(some(), duration="days", event="left", **more)
        assert type(caught.value).__name__ in ("DurationError", "FrameError")

    def test_five_curves_are_too_many_to_draw(self) -> None:
        frame = some().assign(fifth=lambda table: np.arange(len(table)) % 5)
        result = kaplan_meier(frame, duration="days", event="left", group="fifth")
        with pytest.raises(DurationError, match="at most 4 curves"):
            result.plot()


class TestCox:
    def test_the_planted_ratio_is_found(self) -> None:
        result = cox(some(size=3000), duration="days", event="left", group="group", adjust=["age"])
        assert result.low < 1.5 < result.high
        assert result.high - result.low < 0.3
        assert result.found

    def test_text_strata_and_clusters_are_those_of_lifelines(self) -> None:
        frame = some(2).assign(
            ward=lambda table: np.arange(len(table)) % 25,
            kind=lambda table: np.where(table["age"] > 0.5, "frail", "fit"),
            where=lambda table: np.arange(len(table)) % 2,
        )
        result = cox(
            frame,
            duration="days",
            event="left",
            group="group",
            adjust=["kind"],
            strata=["where"],
            cluster="ward",
        )
        numbers = frame[["days", "left", "group", "ward", "where"]].assign(
            frail=(frame["kind"] == "frail").astype(float)
        )
        other = CoxPHFitter().fit(numbers, "days", "left", strata=["where"], cluster_col="ward")
        assert result.table["term"].tolist() == ["1 to 0 (group)", "kind: frail"]
        assert result.table["coefficient"].tolist() == pytest.approx(
            other.params_[["group", "frail"]].tolist()
        )
        assert result.table["standard_error"].tolist() == pytest.approx(
            other.standard_errors_[["group", "frail"]].tolist()
        )
        assert "stratified by where" in result.method

    def test_a_ratio_that_turns_round_is_warned_of(self) -> None:
        rng = np.random.default_rng(3)
        group = np.repeat([0, 1], 600)
        wait = np.where(group == 0, rng.exponential(10, 1200), rng.gamma(6, 10 / 6, 1200))
        frame = pd.DataFrame({"days": wait, "left": True, "group": group})
        result = cox(frame, duration="days", event="left", group="group")
        assert any("not the same early and late" in sentence for sentence in result.warnings)
        assert any("restricted means" in sentence for sentence in result.warnings)
        steady = cox(some(size=800), duration="days", event="left", group="group")
        assert not steady.warnings

    @pytest.mark.parametrize(
        ("change", "more", "message"),
        [
            ({}, {"group": None}, "needs a `group` to compare"),
            ({"left": False}, {}, "censored"),
            ({"one": 1}, {"adjust": ["one"]}, "says the same of everyone"),
            ({"twice": lambda table: 2 * table["group"]}, {"adjust": ["twice"]}, "told apart"),
            ({"left": lambda table: table["group"] == 0}, {}, "On one side of the term"),
            ({"ward": None}, {"cluster": "ward"}, "has no value in 300 rows"),
            ({"age": np.inf}, {"adjust": ["age"]}, "says the same|no finite number"),
        ],
    )
    def test_it_refuses(self, change: dict[str, Any], more: dict[str, Any], message: str) -> None:
        settings: dict[str, Any] = {"group": "group", **more}
        with pytest.raises(Exception, match=message) as caught:
            cox(some().assign(**change), duration="days", event="left", **settings)
        assert type(caught.value).__name__ in ("DurationError", "FrameError")

    def test_a_term_that_settles_who_leaves(self) -> None:
        frame = some().assign(sign=lambda table: np.where(table["left"], "x", "y"))
        with pytest.raises(DurationError, match=r"On one side of the term 'sign: y' nobody left"):
            cox(frame, duration="days", event="left", group="group", adjust=["sign"])
