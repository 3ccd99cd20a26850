"""How sure an adjusted difference is: from each person's influence, or by drawing people again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from woda_lib.evaluation.case_mix.errors import CaseMixError
from woda_lib.evaluation.case_mix.means import GroupMeans, People, Settings, group_means

Floats = NDArray[np.floating[Any]]

_MOST_FAILURES = 0.05


@dataclass(frozen=True, eq=False)
class Clusters:
    """Which people belong together.

    Attributes
    ----------
    codes
        (people,) number of each one's cluster.
    count
        Of clusters.
    """

    codes: NDArray[np.intp]
    count: int

    @classmethod
    def of(cls, column_values: pd.Series, *, column: str) -> Clusters:
        """Read a column; refuse missing values and a single cluster."""
        codes, names = pd.factorize(column_values)
        if (codes < 0).any():
            raise CaseMixError(
                f"The cluster {column!r} is missing in {int((codes < 0).sum())} rows. Give them "
                "one, or leave them out."
            )
        if len(names) < 2:
            raise CaseMixError(f"The column {column!r} puts everybody in one cluster.")
        return cls(codes, len(names))

    def totals(self, influence: Floats) -> Floats:
        """Sum influences over each cluster."""
        return np.column_stack(
            [np.bincount(self.codes, column, self.count) for column in influence.T]
        )


@dataclass(frozen=True, eq=False)
class Contrast:
    """A difference or ratio of two means with its interval, and the means with theirs."""

    estimate: float
    low: float
    high: float
    p_value: float
    means: Floats
    mean_low: Floats
    mean_high: Floats


def _contrast(means: Floats, scale: Literal["difference", "ratio"]) -> float:
    if scale == "difference":
        return float(means[1] - means[0])
    if min(means) <= 0:
        raise CaseMixError(
            "A ratio needs two means of more than nought, and one is not. Ask for their "
            '`scale="difference"`.'
        )
    return float(means[1] / means[0])


def by_influence(
    found: GroupMeans,
    scale: Literal["difference", "ratio"],
    clusters: Clusters | None,
    *,
    level: float,
) -> Contrast:
    """Give intervals from influences: t with as many degrees of freedom as people or clusters give.

    The variance of a ratio is taken on its logarithm.
    """
    people = len(found.influence)
    spare = people - found.terms
    totals, df = found.influence, spare
    correction = people / spare
    if clusters is not None:
        totals, df = clusters.totals(found.influence), clusters.count - 1
        correction = clusters.count / df * (people - 1) / spare
    covariance = totals.T @ totals / people**2 * correction
    critical = float(stats.t.ppf(0.5 + level / 2, df))
    half = critical * np.sqrt(np.diag(covariance))
    estimate = _contrast(found.means, scale)
    if scale == "difference":
        weights, centre = np.array([-1.0, 1.0]), estimate
    else:
        weights, centre = np.array([-1.0, 1.0]) / found.means, float(np.log(estimate))
    # Never under nought, where rounding would put it when the outcome is fitted to the last digit.
    error = float(np.sqrt(max(weights @ covariance @ weights, 0.0)))
    low, high = centre - critical * error, centre + critical * error
    if scale == "ratio":
        low, high = float(np.exp(low)), float(np.exp(high))
    p_value = float(2 * stats.t.sf(abs(centre) / error, df)) if error > 0 else float(centre == 0)
    return Contrast(
        estimate, low, high, p_value, found.means, found.means - half, found.means + half
    )


def bootstrap(
    people: People,
    settings: Settings,
    found: Contrast,
    scale: Literal["difference", "ratio"],
    clusters: Clusters | None,
    *,
    level: float,
    draws: int,
    seed: int,
) -> Contrast:
    """Give intervals by drawing people, or whole clusters, again and doing everything anew.

    Raises
    ------
    CaseMixError
        If more than one draw in twenty cannot be worked out.
    """
    rng = np.random.default_rng(seed)
    members = None
    if clusters is not None:
        order = np.argsort(clusters.codes, kind="stable")
        members = np.split(order, np.cumsum(np.bincount(clusters.codes))[:-1])
    drawn: list[Floats] = []
    contrasts: list[float] = []
    for _ in range(draws):
        if members is None:
            rows = rng.integers(len(people.outcome), size=len(people.outcome))
        else:
            rows = np.concatenate(
                [members[i] for i in rng.integers(len(members), size=len(members))]
            )
        try:
            means = group_means(people.these(rows), settings).means
            contrasts.append(_contrast(means, scale))
        except (CaseMixError, np.linalg.LinAlgError):
            continue
        drawn.append(means)
    if len(drawn) < (1 - _MOST_FAILURES) * draws:
        raise CaseMixError(
            f"In {draws - len(drawn)} of {draws} bootstrap draws nothing could be worked out, "
            'because a group or a level was missing. Group rare levels, or use `errors="robust"`.'
        )
    tails = (0.5 - level / 2, 0.5 + level / 2)
    low, high = np.quantile(contrasts, tails)
    mean_low, mean_high = np.quantile(drawn, tails, axis=0)
    none = 1.0 if scale == "ratio" else 0.0
    below = (1 + np.sum(np.array(contrasts) <= none)) / (len(contrasts) + 1)
    above = (1 + np.sum(np.array(contrasts) >= none)) / (len(contrasts) + 1)
    return Contrast(
        found.estimate,
        min(float(low), found.estimate),
        max(float(high), found.estimate),
        float(min(1.0, 2 * min(below, above))),
        found.means,
        mean_low,
        mean_high,
    )
