"""One difference in differences worked out: which estimate, with which errors.

`Analysis` holds a study with its settings and works out, each when first asked for, the group-time
effects, the two-way regression, the series of differences, and from them the headline.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from woda_lib.evaluation.adoption import Adoption, AdoptionError
from woda_lib.evaluation.cluster_spread import Spread, joint_test, sum_by, wild_interval
from woda_lib.evaluation.difference_series import FEWEST_A_SIDE, FEWEST_PERIODS, DifferenceSeries
from woda_lib.evaluation.effect_averages import Aggregate, Averages, averages, overall
from woda_lib.evaluation.group_time import (
    SMALL_GROUP,
    AdjustBy,
    BasePeriod,
    Control,
    GroupTime,
)
from woda_lib.evaluation.two_way import TwoWay

Floats = NDArray[np.floating[Any]]
Integers = NDArray[np.integer[Any]]
Errors = Literal["auto", "cluster", "borrowed", "pooled", "wild", "classical", "reml-ar1"]
CohortSizes = Literal["fixed", "sampled"]
Estimator = Literal["auto", "two-way", "group-time"]

MOST_WILD_CLUSTERS = 2000


@dataclass(frozen=True)
class Settings:
    """What was asked for, with "auto" decided; see `difference_in_differences`."""

    control: Control
    adjust_by: AdjustBy
    errors: Errors
    estimator: Estimator
    aggregate: Aggregate
    base_period: BasePeriod
    cohort_sizes: CohortSizes
    level: float
    seed: int

    @classmethod
    def of(
        cls,
        study: Adoption,
        *,
        control: Control,
        adjust_by: AdjustBy | None,
        errors: Errors,
        estimator: Estimator,
        aggregate: Aggregate,
        base_period: BasePeriod | None,
        cohort_sizes: CohortSizes,
        level: float,
        seed: int,
    ) -> Settings:
        """Decide what was left open, and refuse what does not go together."""
        one_date = len(study.cohorts) == 1
        covariates = study.covariates.shape[1] > 0
        if estimator == "auto":
            estimator = "two-way" if one_date else "group-time"
        if errors == "auto":
            errors = _errors_for(study, estimator)
        if errors == "reml-ar1" and not (one_date and estimator == "two-way"):
            raise AdoptionError(
                'errors="reml-ar1" is for two groups with one date of adoption. With several dates '
                'use errors="cluster", or estimate each cohort by itself.'
            )
        if errors == "classical" and estimator == "group-time":
            raise AdoptionError(
                'errors="classical" is for the two-way regression. Use errors="cluster" for '
                'group-time effects, or estimator="two-way".'
            )
        if base_period is None:
            average = estimator == "two-way" and one_date and not covariates
            base_period = "average" if average else "last"
        if adjust_by is None:
            robust = study.rows == "panel" and estimator == "group-time"
            adjust_by = "doubly-robust" if robust else "regression"
        return cls(
            control=control,
            adjust_by=adjust_by,
            errors=errors,
            estimator=estimator,
            aggregate=aggregate,
            base_period=base_period,
            cohort_sizes=cohort_sizes,
            level=level,
            seed=seed,
        )


@dataclass(frozen=True)
class Estimate:
    """A number with its standard error, degrees of freedom, interval and p value."""

    estimate: float
    standard_error: float
    df: float
    low: float
    high: float
    p_value: float

    @classmethod
    def of(cls, estimate: float, error: float, df: float, level: float) -> Estimate:
        """Make a t interval; without an error its limits are not numbers."""
        if not (np.isfinite(error) and error > 0 and df > 0):
            nothing = float("nan")
            return cls(float(estimate), nothing, nothing, nothing, nothing, nothing)
        half = float(stats.t.ppf(0.5 + level / 2, df)) * error
        p = float(2 * stats.t.sf(abs(estimate) / error, df))
        return cls(
            float(estimate),
            float(error),
            float(df),
            float(estimate - half),
            float(estimate + half),
            p,
        )


@dataclass(frozen=True)
class PreTrend:
    """Whether the groups moved in parallel before treatment, as far as one can see.

    Attributes
    ----------
    statistic, df, df_below, p_value
        An F statistic with its degrees of freedom.
    leads
        How many periods before treatment were tested together; 0 where a slope was.
    """

    statistic: float
    df: float
    df_below: float
    p_value: float
    leads: int


@dataclass(frozen=True, eq=False)
class Analysis:
    """A study with its settings, and all that follows from them."""

    study: Adoption
    settings: Settings

    @property
    def one_date(self) -> bool:
        """Whether all treated units were first treated in the same period."""
        return len(self.study.cohorts) == 1

    @cached_property
    def effects(self) -> GroupTime:
        """Group-time effects."""
        return GroupTime.of(
            self.study,
            control=self.settings.control,
            base_period=self.settings.base_period,
            adjust_by=self.settings.adjust_by,
            cluster=clusters_of(self.study),
        )

    @cached_property
    def pooled(self) -> list[float]:
        """Groups whose spread is taken from all units."""
        errors = self.settings.errors
        if errors in ("borrowed", "pooled") and not self.effects.can_pool:
            raise AdoptionError(
                f"errors={errors!r} is for panels without covariates and clusters, in which each "
                'unit has a history of its own. Use errors="cluster".'
            )
        if errors == "pooled":
            return [float(g) for g in np.unique(self.study.cohort)]
        return self.effects.small if errors == "borrowed" else []

    @cached_property
    def spread(self) -> Spread:
        """Variance of the group-time effects."""
        return self.effects.spread(pooled=self.pooled)

    @cached_property
    def regressed(self) -> Adoption:
        """The rows of the two-way regression: with one date, without periods of anticipation."""
        return without_anticipated(self.study) if self.one_date else self.study

    @cached_property
    def two_way(self) -> TwoWay:
        """The two-way regression."""
        return TwoWay.of(self.regressed)

    @cached_property
    def series(self) -> DifferenceSeries:
        """The difference of the two groups' means by period."""
        return DifferenceSeries.of(self.study)

    @property
    def regression_differs(self) -> bool:
        """Whether two-way fixed effects is more than an average of the group-time effects."""
        return not (
            self.one_date
            and self.study.rows == "panel"
            and self.study.covariates.shape[1] == 0
            and self.study.steady_weights
        )

    @cached_property
    def averaged(self) -> GroupTime:
        """The group-time effects whose average is the headline.

        Two-way fixed effects compare with the average of all periods before treatment.
        """
        two_way = self.settings.estimator == "two-way"
        if self.settings.base_period == "average" or not two_way:
            return self.effects
        return GroupTime.of(
            self.study,
            control=self.settings.control,
            base_period="average",
            adjust_by=self.settings.adjust_by,
            cluster=clusters_of(self.study),
        )

    @cached_property
    def headline(self) -> Estimate:
        """The estimate with its interval."""
        level = self.settings.level
        if self.settings.errors == "reml-ar1":
            step = self.series.step(level)
            return Estimate.of(step.estimate, step.standard_error, step.df, level)
        if self.settings.errors == "classical":
            found = self.two_way
            return Estimate.of(found.estimate, found.classical_error, found.classical_df, level)
        if self.settings.estimator == "two-way" and self.regression_differs:
            if self.settings.errors in ("borrowed", "pooled"):
                raise AdoptionError(
                    f"errors={self.settings.errors!r} is for one date of adoption and a panel "
                    'without covariates and changing weights. Use errors="cluster".'
                )
            used = self.regressed
            influence, cluster = self.two_way.influence[:, None], clusters_of(used)
            group: Integers = np.unique(used.cohort, return_inverse=True)[1]
            estimate, spread = self.two_way.estimate, Spread.of(influence, group, cluster)
        else:
            effects = self.averaged
            average = overall(effects, self.settings.aggregate)
            weights = average.weights[0]
            spread = self._with_sizes(effects.spread(pooled=self.pooled), average, effects)
            estimate = float(weights @ effects.estimates)
            influence = effects.influence @ weights[:, None]
            group, cluster = effects.group, effects.cluster
        if self.settings.errors == "wild":
            return self._wild(estimate, influence, group, cluster, spread)
        return Estimate.of(estimate, spread.errors()[0], spread.dfs()[0], level)

    def _wild(
        self, estimate: float, influence: Floats, group: Integers, cluster: Integers, spread: Spread
    ) -> Estimate:
        clusters = int(cluster.max()) + 1
        if clusters > MOST_WILD_CLUSTERS:
            raise AdoptionError(
                f"The wild cluster bootstrap is for few clusters, and here are {clusters:,}. Use "
                'errors="cluster", which gives the same interval when they are many.'
            )
        if spread.lone:
            raise AdoptionError(
                "The wild cluster bootstrap needs two clusters in each group at least, and some "
                'group is a single one. Use errors="borrowed".'
            )
        sums = sum_by(influence, cluster, clusters)[:, 0]
        group_of = np.zeros(clusters, dtype=int)
        group_of[cluster] = group
        if (group_of[cluster] != group).any():
            group_of[:] = 0
        low, high, p_value = wild_interval(
            estimate, sums, group_of, level=self.settings.level, seed=self.settings.seed
        )
        return Estimate(
            estimate, float(spread.errors()[0]), float(spread.dfs()[0]), low, high, p_value
        )

    def spread_of(self, chosen: Averages) -> Spread:
        """Return the variance of averages of the group-time effects."""
        return self._with_sizes(self.spread, chosen, self.effects)

    def _with_sizes(self, spread: Spread, chosen: Averages, effects: GroupTime) -> Spread:
        """Combine effects, and count the chance of the cohorts' sizes if asked for."""
        found = spread.combined(chosen.weights)
        if self.settings.cohort_sizes == "fixed" or self.one_date:
            return found
        return replace(found, parts=(*found.parts, chosen.part(effects)))

    def estimates_of(self, chosen: Averages) -> list[Estimate]:
        """Return averages of the group-time effects with their intervals.

        With autoregressive errors a single period tells nothing of its chance, so that there are
        none.
        """
        values = chosen.weights @ self.effects.estimates
        nothing = np.full(len(values), np.nan)
        spread = None if self.settings.errors == "reml-ar1" else self.spread_of(chosen)
        errors = nothing if spread is None else spread.errors()
        dfs = nothing if spread is None else spread.dfs()
        return [
            Estimate.of(value, error, df, self.settings.level)
            for value, error, df in zip(values, errors, dfs, strict=True)
        ]

    @cached_property
    def pre_trend(self) -> PreTrend | None:
        """Test of parallel movement before treatment; None if nothing can tell."""
        if self.settings.errors == "reml-ar1":
            drift = self.series.drift_before(self.settings.level)
            if drift is None:
                return None
            return PreTrend(
                (drift.estimate / drift.standard_error) ** 2, 1, drift.df, drift.p_value, 0
            )
        try:
            events = averages(self.effects, "event", stage="before")
        except AdoptionError:  # covariates that the controls cannot tell apart, period by period
            return None
        leads = events.weights[::-1]  # the nearest to treatment first
        if self.settings.base_period == "average":
            leads = leads[:-1]  # they add up to nought, so that the last says nothing new
        clusters = int(self.effects.cluster.max()) + 1
        df = clusters - len(np.unique(self.study.cohort))
        leads = leads[: max(df // 2, 0)]
        if not len(leads) or not self.spread.parts or self.spread.lone:
            return None
        found = joint_test(leads @ self.effects.estimates, self.spread.combined(leads), df)
        return PreTrend(*found, leads=len(leads))


def clusters_of(study: Adoption) -> Integers:
    """Return the code of each row's cluster: the caller's, the unit, or the row itself."""
    if study.people and not study.clusters_given:
        return np.arange(len(study.outcome))
    return study.cluster


def without_anticipated(study: Adoption) -> Adoption:
    """Leave out the periods before the one date of adoption in which it may have worked."""
    period = study.periods[study.period]
    early = (period >= study.cohorts[0] - study.anticipation) & (period < study.cohorts[0])
    return study.where(~early) if early.any() else study


def _errors_for(study: Adoption, estimator: Estimator) -> Errors:
    """Choose errors by what the rows are."""
    one_date = len(study.cohorts) == 1
    two_way = estimator == "two-way"
    if study.clusters_given or (two_way and not one_date):
        return "cluster"
    treated, controls = study.count(study.treated), study.count(~study.treated)
    if two_way and (study.people or min(treated, controls) < 2):
        start = study.cohorts[0]
        after = int((study.periods >= start).sum())
        before = int((study.periods < start - study.anticipation).sum())
        if before + after >= FEWEST_PERIODS and min(before, after) >= FEWEST_A_SIDE:
            return "reml-ar1"
        if study.people or treated + controls == 2:
            return "classical"
    if study.rows == "panel" and not study.covariates.shape[1] and study.steady_weights:
        smallest = min(study.count(study.cohort == g) for g in np.unique(study.cohort))
        return "borrowed" if smallest < SMALL_GROUP else "cluster"
    return "cluster"
