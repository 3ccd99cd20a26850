"""Families of durations and quantile regression: lifelines, arithmetic, planted truths."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from lifelines import LogLogisticAFTFitter, LogNormalAFTFitter, WeibullAFTFitter
from scipy import integrate

from woda_lib.evaluation import (
    DurationError,
    kaplan_meier,
    parametric_durations,
    quantile_durations,
    restricted_mean,
)
from woda_lib.evaluation.durations.duration_families import FAMILIES, Shape, extra_numbers


def waits(seed: int = 1, size: int = 600, ratio: float = 0.75) -> pd.DataFrame:
    """Gamma waits that age stretches; the other group waits `ratio` times as long."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 2, size)
    age = rng.normal(0, 1, size) + 0.5 * group
    wait = rng.gamma(1.5, 12 / 1.5, size) * ratio**group * np.exp(0.2 * age)
    seen = rng.exponential(50, size)
    return pd.DataFrame(
        {"days": np.minimum(wait, seen), "left": wait <= seen, "group": group, "age": age}
    )


def fit(frame: pd.DataFrame, **more: Any) -> Any:
    settings = {"group": "group", "adjust": ["age"], **more}
    return parametric_durations(frame, duration="days", event="left", **settings)


class TestFamilies:
    @pytest.mark.parametrize("family", FAMILIES)
    def test_each_density_is_one_and_falls_to_its_survival(self, family: Any) -> None:
        extra = np.array([np.log(0.7), 0.6])[: extra_numbers(family)]
        shape = Shape.of(family, extra)
        whole, _ = integrate.quad(lambda w: np.exp(shape.log_density(np.array(w))), -60, 25)
        assert whole == pytest.approx(1, abs=1e-6)
        beyond, _ = integrate.quad(lambda w: np.exp(shape.log_density(np.array(w))), 0.4, 25)
        assert float(shape.survival(np.array(0.4))) == pytest.approx(beyond, abs=1e-6)
        assert float(shape.log_survival(np.array(0.4))) == pytest.approx(np.log(beyond), abs=1e-5)

    @pytest.mark.parametrize(
        ("family", "fitter"),
        [
            ("weibull", WeibullAFTFitter),
            ("lognormal", LogNormalAFTFitter),
            ("loglogistic", LogLogisticAFTFitter),
        ],
    )
    def test_it_is_that_of_lifelines(self, family: Any, fitter: Any) -> None:
        frame = waits()
        other = fitter().fit(frame[["days", "left", "group", "age"]], "days", "left")
        theirs = other.summary.droplevel(0).loc[["group", "age"]]
        result = fit(frame, family=family)
        assert result.fit.log_likelihood == pytest.approx(other.log_likelihood_, abs=0.01)
        assert result.table["coefficient"].tolist() == pytest.approx(
            theirs["coef"].tolist(), abs=0.002
        )
        assert result.table["standard_error"].tolist() == pytest.approx(
            theirs["se(coef)"].tolist(), rel=0.01
        )

    def test_gamma_without_censoring_is_the_ratio_of_means(self) -> None:
        frame = pd.DataFrame({"days": [2.0, 3, 7, 1, 2, 3], "left": 1, "group": [0, 0, 0, 1, 1, 1]})
        assert fit(frame, adjust=()).estimate == pytest.approx(2 / 4, abs=1e-4)

    @pytest.mark.prove
    def test_the_interval_holds_the_planted_ratio(self) -> None:
        held = sum(
            result.low <= 0.75 <= result.high
            for result in (fit(waits(seed, 250)) for seed in range(100))
        )
        assert 0.88 <= held / 100 <= 0.99

    def test_the_difference_in_time_is_that_of_restricted_means(self) -> None:
        frame = waits(3, 3000).assign(age=0.0)
        rng = np.random.default_rng(0)
        frame["noise"] = rng.normal(size=3000)
        columns: dict[str, Any] = {"duration": "days", "event": "left", "group": "group"}
        model = fit(frame, adjust=["noise"], horizon=40).difference
        curves = restricted_mean(frame, horizon=40, **columns)
        assert model.estimate == pytest.approx(curves.estimate, abs=0.5)
        assert model.high - model.low == pytest.approx(curves.high - curves.low, rel=0.25)

    def test_another_family_that_fits_plainly_better_is_named(self) -> None:
        rng = np.random.default_rng(4)
        frame = pd.DataFrame({"days": rng.lognormal(2, 1, 800), "left": 1, "group": [0, 1] * 400})
        result = fit(frame, adjust=(), family="weibull")
        assert any("family fits plainly better" in each for each in result.warnings)
        assert result.families()["family"].iloc[:2].str.contains("lognormal").any()
        assert result.families()["chosen"].sum() == 1

    def test_the_generalised_gamma_finds_the_gamma_inside_it(self) -> None:
        result = fit(waits(5, 4000), family="generalised-gamma")
        assert result.fit.shape.bend == pytest.approx(result.fit.shape.scale, abs=0.12)

    def test_clusters_widen_the_interval(self) -> None:
        rng = np.random.default_rng(6)
        month = np.repeat(np.arange(30), 40)
        wait = rng.gamma(2, 6, 1200) * np.exp(rng.normal(0, 0.25, 30))[month]
        frame = pd.DataFrame({"days": wait, "left": 1, "month": month, "group": month >= 15})
        plain = fit(frame, adjust=())
        clustered = fit(frame, adjust=(), cluster="month")
        assert clustered.estimate == pytest.approx(plain.estimate)
        assert (
            clustered.table["standard_error"].iloc[0] > 1.5 * plain.table["standard_error"].iloc[0]
        )

    @pytest.mark.parametrize(
        ("change", "more", "message"),
        [
            ({"days": 0}, {}, "Say with `zero_as`"),
            ({"days": lambda table: table.index % 3}, {"zero_as": 2}, "not above the shortest"),
            ({}, {"family": "normal"}, "`family` must be one of"),
            ({}, {"group": None, "adjust": ()}, "needs a `group`"),
            ({"left": lambda table: table["group"] == 0}, {}, "Nobody of 1 has left"),
            ({"same": lambda table: table["age"] * 3}, {"adjust": ["age", "same"]}, "told apart"),
        ],
    )
    def test_it_refuses(self, change: dict[str, Any], more: dict[str, Any], message: str) -> None:
        with pytest.raises(DurationError, match=message):
            fit(waits(1, 60).assign(**change), **more)

    def test_waits_of_nought_count_as_half_a_day(self) -> None:
        frame = waits().assign(days=lambda table: np.floor(table["days"]))
        assert fit(frame, zero_as=0.5).low < 0.75 < fit(frame, zero_as=0.5).high


class TestQuantiles:
    def test_without_censoring_it_is_the_difference_of_sample_quantiles(self) -> None:
        frame = pd.DataFrame(
            {"days": [1, 2, 3, 4, 5, 3, 5, 7, 9, 11], "left": 1, "group": [0] * 5 + [1] * 5}
        )
        result = quantile_durations(
            frame, duration="days", event="left", group="group", horizon=20, draws=50
        )
        assert result.estimate == 7 - 3
        assert result.low <= 4 <= result.high

    def test_with_censoring_it_is_the_curves_quantile(self) -> None:
        frame = waits(2, 300)
        result = quantile_durations(
            frame, duration="days", event="left", group="group", horizon=60, draws=50
        )
        curves = kaplan_meier(frame, duration="days", event="left", group="group")
        assert result.estimate == pytest.approx(curves.estimate)

    def test_the_planted_effects_on_short_and_long_waits_are_found(self) -> None:
        # The change shortens long waits only: it halves what a wait has above four days.
        rng = np.random.default_rng(3)
        size = 1500
        group, age = rng.integers(0, 2, size), rng.normal(0, 1, size)
        above = rng.exponential(10, size)
        wait = 4 + 0.8 * (age + 4) + above * np.where(group == 1, 0.5, 1.0)
        seen = rng.exponential(80, size)
        frame = pd.DataFrame(
            {"days": np.minimum(wait, seen), "left": wait <= seen, "group": group, "age": age}
        )
        result = quantile_durations(
            frame,
            duration="days",
            event="left",
            group="group",
            adjust=["age"],
            horizon=60,
            others=(0.1, 0.9),
            draws=50,
        )
        truth = [-5 * -np.log(1 - share) for share in (0.1, 0.5, 0.9)]
        shown = result.summary()
        assert (shown["low"] < truth).all() and (truth < shown["high"]).all()
        assert (shown["high"] - shown["low"]).tolist() == pytest.approx([0.7, 2, 4.5], rel=0.4)
        terms = result.table[result.table["term"] == "age"]["estimate"]
        assert terms.iloc[1] == pytest.approx(0.8, abs=0.35)

    def test_quantiles_that_a_group_does_not_reach_are_left_out_or_refused(self) -> None:
        frame = waits(4, 200)
        settings: dict[str, Any] = {"duration": "days", "event": "left", "group": "group"}
        result = quantile_durations(frame, horizon=14, others=(0.25, 0.9), draws=50, **settings)
        assert result.summary()["measure"].str.contains("0.9").sum() == 0
        with pytest.raises(DurationError, match="lies beyond"):
            quantile_durations(frame, horizon=14, quantile=0.9, draws=50, **settings)

    @pytest.mark.parametrize(
        ("more", "message"),
        [
            ({"quantile": 1.5}, "between 0 and 1"),
            ({"draws": 3}, "50 `draws` at the least"),
            ({"adjust": ["group"]}, "told apart"),
            ({"horizon": 0.05}, "at least 5 who left"),
        ],
    )
    def test_it_refuses(self, more: dict[str, Any], message: str) -> None:
        with pytest.raises(DurationError, match=message):
            settings = {"horizon": 40, **more}
            quantile_durations(
                waits(1, 60), duration="days", event="left", group="group", **settings
            )
