"""Two groups compared as if the same people had been in both: case-mix adjustment.

People who go one way are often older, sicker or poorer than those who go the other, so that their
plain difference mixes what was done with whom it was done to. Here the difference is worked out for
one and the same case mix, in three ways which may disagree, and which are shown beside each other.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from woda_lib.evaluation.case_mix import words
from woda_lib.evaluation.case_mix.balance import (
    balance_table,
    one_sided_levels,
    overlap_table,
    overlap_warnings,
    person_weights,
)
from woda_lib.evaluation.case_mix.columns import CaseMix, Shape, refuse_own_columns
from woda_lib.evaluation.case_mix.errors import OverlapError
from woda_lib.evaluation.case_mix.groups import Groups
from woda_lib.evaluation.case_mix.means import (
    Adjustment,
    People,
    Population,
    Settings,
    group_means,
)
from woda_lib.evaluation.case_mix.models import Family, fit_propensity
from woda_lib.evaluation.case_mix.picture import love_picture
from woda_lib.evaluation.case_mix.spread import Clusters, Contrast, bootstrap, by_influence
from woda_lib.evaluation.case_mix.words import WAYS, Errors, Scale, refuse_settings
from woda_lib.evaluation.forest import forest
from woda_lib.evaluation.frames import numbers, take
from woda_lib.evaluation.result import Result
from woda_lib.figures import Picture

Floats = NDArray[np.floating[Any]]

_FEW_CLUSTERS = 20


@dataclass(frozen=True)
class AdjustedDifference(Result):
    """How two groups differ at one and the same case mix.

    Attributes
    ----------
    estimate, low, high, level, unit, method, assumptions, warnings
        As every result gives them.
    table
        A row each for the reference group and the group compared: `group, people, observed`,
        `adjusted, low, high` means (or quantiles).
    alternatives
        One row a way to adjust, for `forest`, the one asked for first. The others' intervals are
        robust ones.
    balance
        One row a number or level: how far apart the groups are before and after weighting.
    overlap
        One row a group: effective people, range of chances and of weights. Empty, as the balance
        after weighting is, where the groups do not overlap enough to weigh.
    weights
        (people,) in the order of the table's rows, stabilised; all 1 where there are none.
    p_value
        Of no difference.
    scale
        "difference", or "ratio", whose value of no effect is 1.
    """

    estimate: float
    low: float
    high: float
    level: float
    unit: str
    method: str
    assumptions: tuple[str, ...]
    warnings: tuple[str, ...]
    table: pd.DataFrame
    alternatives: pd.DataFrame
    balance: pd.DataFrame
    overlap: pd.DataFrame
    weights: Floats
    p_value: float
    scale: Scale
    outcome: str

    @property
    def no_effect(self) -> float:
        """Nought, or 1 where the estimate is a ratio."""
        return 1.0 if self.scale == "ratio" else 0.0

    def summary(self) -> pd.DataFrame:
        """Return the difference in every way it was adjusted, and as the groups are."""
        return self.alternatives.rename(columns={"method": "name"}).drop(columns=["kind"])

    def plot(self, *, measure: str | None = None) -> Picture:
        """Draw the difference in every way it was adjusted, and as the groups are."""
        table = self.alternatives
        named = f"{self.scale.capitalize()} of {self.outcome}"
        if self.scale == "ratio":
            columns = ["estimate", "low", "high"]
            table = table.assign(**(100 * (table[columns] - 1)))
            return forest(table, measure=measure or f"{named}, % more or less")
        return forest(table, measure=measure or (f"{named}, {self.unit}" if self.unit else named))

    def love(self) -> Picture:
        """Draw how far apart the groups are in what they bring, before and after weighting."""
        return love_picture(self.balance)


def adjusted_difference(
    frame: pd.DataFrame,
    *,
    outcome: str,
    group: str,
    adjust: Sequence[str],
    reference: Any = None,
    categorical: Sequence[str] = (),
    family: Family = "gaussian",
    quantile: float = 0.5,
    adjustment: Adjustment = "standardise",
    population: Population = "everybody",
    scale: Scale = "difference",
    shape: Shape = "quadratic",
    interactions: bool = False,
    cluster: str | None = None,
    errors: Errors = "robust",
    draws: int = 1000,
    seed: int = 1,
    unit: str = "",
    level: float = 0.95,
) -> AdjustedDifference:
    """Compare two groups of people at one and the same case mix.

    Parameters
    ----------
    frame
        One row a person.
    outcome, group
        Columns of the measure, and of the group, which has two values.
    adjust
        Columns of what people brought with them *before* they came into the group. Text, true/false
        and pandas categories are taken as categories, numbers as numbers.
    reference
        The value of `group` that the other one is compared with. It may be left out where the group
        is true or false, or 1 or 0; then false, or 0, is the reference.
    categorical
        Those of `adjust` that are written as numbers and mean categories.
    family
        Of the outcome model: "gaussian"; "gamma" (more than nought, skewed, as lengths of stay are)
        or "poisson" (nought too), both with a logarithmic link; "binomial" for 0 or 1; "quantile"
        for medians or other quantiles. Intervals do not rely on the family's variance.
    quantile
        Which one, for the family "quantile".
    adjustment
        "standardise", "inverse probability" or "doubly robust" (not of quantiles). "none" leaves
        the groups as they are.
    population
        Whose case mix both groups are given: "everybody", "compared" or "reference".
    scale
        "difference" of the adjusted means, or their "ratio".
    shape
        How numbers enter the models: "linear", "quadratic" (where there are five values or more),
        or "spline" (restricted cubic, four knots).
    interactions
        Whether what people bring may matter differently in each group of the outcome model.
    cluster
        Column of what people share, such as a ward; intervals then count clusters, not people.
    errors
        "robust": from each person's influence on the estimate (M-estimation), with the weights and
        the models estimated. "bootstrap": quantiles of the estimate over resampled people, or
        clusters.
    draws, seed
        Of the bootstrap.
    unit
        Of the outcome, in the plural.
    level
        Of the intervals.

    Returns
    -------
    AdjustedDifference

    Raises
    ------
    CaseMixError
        If the group has not two values, the outcome does not vary or cannot come from its family,
        or `adjust` holds what cannot be adjusted for.
    OverlapError
        If weights are asked for and some people could only be in one group.
    FrameError
        If a column is not there, or a number is missing or infinite.

    Examples
    --------
    >>> frame = pd.DataFrame(
    ...     {
    ...         "pathway": ["home"] * 6 + ["bed"] * 6,
    ...         "frail": [False] * 4 + [True] * 2 + [False] * 2 + [True] * 4,
    ...         "days": [3, 4, 5, 4, 9, 11, 6, 6, 11, 12, 13, 12],
    ...     }
    ... )
    >>> found = adjusted_difference(
    ...     frame, outcome="days", group="pathway", reference="bed", adjust=["frail"], unit="days"
    ... )
    >>> found.alternatives[["method", "estimate"]].round(3)
                                      method  estimate
    0  Primary: standardised (outcome model)      -2.0
    1                   Doubly robust (both)      -2.0
    2        Weighted by inverse probability      -2.0
    3                            As they are      -4.0
    """
    refuse_settings(family, quantile, adjustment, population, scale, errors, level, draws)
    rows = take(frame, outcome=outcome, group=group, cluster=cluster)
    refuse_own_columns(adjust, outcome=outcome, group=group)
    groups = Groups.of(rows["group"], column=group, reference=reference)
    values = numbers(rows["outcome"], outcome).to_numpy()
    mix = CaseMix.of(frame, adjust, categorical=categorical, shape=shape)
    people = People(values, groups.compared, mix.terms)
    clusters = Clusters.of(rows["cluster"], column=str(cluster)) if cluster else None
    settings = Settings(adjustment, family, quantile, population, interactions, outcome)

    def robust(way: Adjustment) -> Contrast:
        means = group_means(people, dataclasses.replace(settings, adjustment=way))
        return by_influence(means, scale, clusters, level=level)

    primary = robust(adjustment)
    if errors == "bootstrap":
        primary = bootstrap(
            people, settings, primary, scale, clusters, level=level, draws=draws, seed=seed
        )
    found = one_sided_levels(mix, groups.compared)
    weights: Floats
    try:
        propensity = fit_propensity(groups.compared, mix.terms)
    except OverlapError as error:
        found.append(str(error))
        weights = np.ones(len(values))
        overlap = pd.DataFrame()
        balance = balance_table(mix, groups.compared, weights).assign(after=np.nan)
    else:
        weights = person_weights(propensity, groups.compared, population)
        balance = balance_table(mix, groups.compared, weights)
        overlap = overlap_table(propensity, groups.compared, weights, groups.names)
        found += overlap_warnings(propensity, groups.compared, overlap, balance)
    if clusters is not None and clusters.count < _FEW_CLUSTERS:
        found.append(
            f"There are only {clusters.count} clusters. Intervals from fewer than {_FEW_CLUSTERS} "
            "tend to be too narrow."
        )
    plain = group_means(people, dataclasses.replace(settings, adjustment="none")).means
    return AdjustedDifference(
        estimate=primary.estimate,
        low=primary.low,
        high=primary.high,
        level=level,
        unit=unit if scale == "difference" else "",
        method=words.method(settings, groups, scale, errors, clusters, draws, shape, adjust),
        assumptions=words.assumptions(adjustment, family),
        warnings=tuple(found),
        table=pd.DataFrame(
            {
                "group": groups.names,
                "people": [int((~groups.compared).sum()), int(groups.compared.sum())],
                "observed": plain,
                "adjusted": primary.means,
                "low": primary.mean_low,
                "high": primary.mean_high,
            }
        ),
        alternatives=_alternatives(adjustment, primary, robust, family, bool(len(overlap))),
        balance=balance,
        overlap=overlap,
        weights=weights,
        p_value=primary.p_value,
        scale=scale,
        outcome=outcome,
    )


def _alternatives(
    asked: Adjustment,
    primary: Contrast,
    robust: Callable[[Adjustment], Contrast],
    family: Family,
    weighed: bool,
) -> pd.DataFrame:
    rows = [(f"Primary: {_lower(WAYS[asked])}", primary, "primary")]
    for way, name in reversed(WAYS.items()):
        needs_weights = way in ("inverse probability", "doubly robust")
        if way == asked or (needs_weights and not weighed):
            continue
        if way == "doubly robust" and family == "quantile":
            continue
        rows.append((name, robust(way), "other model"))
    return pd.DataFrame(
        [(name, one.estimate, one.low, one.high, kind) for name, one, kind in rows],
        columns=["method", "estimate", "low", "high", "kind"],
    )


def _lower(words: str) -> str:
    return words[0].lower() + words[1:]
