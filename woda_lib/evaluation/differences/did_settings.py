"""What a difference in differences was asked for, and what is taken where nothing was said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from woda_lib.evaluation.differences.adoption import Adoption
from woda_lib.evaluation.differences.adoption_columns import AdoptionError
from woda_lib.evaluation.differences.difference_series import FEWEST_A_SIDE, FEWEST_PERIODS
from woda_lib.evaluation.differences.effect_averages import Aggregate
from woda_lib.evaluation.differences.group_time import SMALL_GROUP, AdjustBy, BasePeriod, Control

Errors = Literal["auto", "cluster", "borrowed", "pooled", "wild", "classical", "reml-ar1"]
CohortSizes = Literal["fixed", "sampled"]
Estimator = Literal["auto", "two-way", "group-time"]


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
