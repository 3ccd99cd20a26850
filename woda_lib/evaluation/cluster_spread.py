"""How sure an average over few units is: variances by cluster, degrees of freedom, bootstraps.

Every estimate of a difference in differences is a sum over units, each with an *influence*: by how
much the estimate would move if the unit were a little different. What units of one group do differs
by chance, and the variance of the estimate is the sum of the squared influences.

With few units three refinements matter, and each has its source:

- a group of m clusters has m - 1 of them to tell its spread by, so its part is multiplied by
  m / (m - 1), which for differences of means is the CR2 variance (Bell and McCaffrey 2002, Survey
  Methodology 28: 169-181);
- degrees of freedom after Satterthwaite, from the parts, which for two groups is Welch's t test
  and what Imbens and Kolesar (2016, Review of Economics and Statistics 98: 701-712) recommend;
- the wild cluster bootstrap with the null imposed (Cameron, Gelbach and Miller 2008, Review of
  Economics and Statistics 90: 414-427), inverted to an interval.

Simultaneous bands are those of the multiplier bootstrap (Callaway and Sant'Anna 2021, Journal of
Econometrics 225: 200-230, section 4) with normal multipliers, divided by the root of a chi-squared
share so that few clusters widen them as they widen a single interval.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.optimize import brentq

Floats = NDArray[np.floating[Any]]
Integers = NDArray[np.integer[Any]]

DRAWS = 1999


@dataclass(frozen=True, eq=False)
class Part:
    """What one group of clusters adds to the variance of all estimates.

    Attributes
    ----------
    covariance
        (estimates, estimates).
    df
        Clusters that told it, less the means taken off.
    """

    covariance: Floats
    df: float


@dataclass(frozen=True, eq=False)
class Spread:
    """The variance of several estimates, in independent parts.

    Attributes
    ----------
    parts
        What each group of clusters adds; none where nothing tells the spread.
    estimates
        How many estimates there are.
    lone
        Groups of a single cluster, whose chance no part counts.
    """

    parts: tuple[Part, ...]
    estimates: int
    lone: int = 0

    @classmethod
    def of(cls, influence: Floats, group: Integers, cluster: Integers) -> Spread:
        """Add up influences by cluster.

        Parameters
        ----------
        influence
            (rows, estimates) influence of each row; the variance is the sum of squares by cluster.
        group
            (rows,) code of the row's group: a cohort, or those never treated.
        cluster
            (rows,) code of the row's cluster. Clusters that lie within one group each give a part a
            group; where clusters hold rows of several groups there is one part.
        """
        clusters = int(cluster.max()) + 1
        sums = sum_by(influence, cluster, clusters)
        group_of = np.full(clusters, -1)
        group_of[cluster] = group
        if (group_of[cluster] != group).any():
            share = clusters / max(clusters - 1, 1)
            return cls((Part(share * sums.T @ sums, clusters - 1),), influence.shape[1])
        groups = [sums[group_of == code] for code in np.unique(group)]
        parts = tuple(
            Part(len(mine) / (len(mine) - 1) * mine.T @ mine, len(mine) - 1)
            for mine in groups
            if len(mine) > 1
        )
        return cls(parts, influence.shape[1], lone=len(groups) - len(parts))

    @property
    def covariance(self) -> Floats:
        """(estimates, estimates) the sum of the parts."""
        zero = np.zeros((self.estimates, self.estimates))
        return zero + sum(part.covariance for part in self.parts)

    def combined(self, weights: Floats) -> Spread:
        """Return the spread of weighted sums: (sums, estimates) weights."""
        w = np.atleast_2d(weights)
        parts = tuple(Part(w @ part.covariance @ w.T, part.df) for part in self.parts)
        return replace(self, parts=parts, estimates=len(w))

    def errors(self) -> Floats:
        """(estimates,) standard errors; not a number where nothing tells the spread."""
        if not self.parts:
            return np.full(self.estimates, np.nan)
        return np.sqrt(np.maximum(np.diag(self.covariance), 0.0))

    def dfs(self) -> Floats:
        """(estimates,) Satterthwaite degrees of freedom."""
        if not self.parts:
            return np.full(self.estimates, np.nan)
        pieces = np.array([np.diag(part.covariance) for part in self.parts])
        df = np.array([[part.df] for part in self.parts])
        below = np.sum(pieces**2 / df, axis=0)
        nothing = np.full(len(below), np.nan)
        return np.divide(pieces.sum(axis=0) ** 2, below, out=nothing, where=below > 0)

    def simultaneous(self, level: float, *, draws: int = DRAWS, seed: int = 0) -> float:
        """Return how many standard errors a band must reach to hold all estimates together.

        Parameters
        ----------
        level
            Of the band.
        draws, seed
            Of the multiplier bootstrap.
        """
        errors, dfs = self.errors(), self.dfs()
        real = np.nan_to_num(errors) > 0
        if not real.any():
            return float("nan")
        df = float(np.nanmin(dfs[real]))
        correlation = self.covariance[np.ix_(real, real)] / np.outer(errors[real], errors[real])
        values, vectors = np.linalg.eigh(correlation)
        root = vectors * np.sqrt(np.maximum(values, 0.0))
        rng = np.random.default_rng(seed)
        normal = rng.standard_normal((draws, len(root))) @ root.T
        share = np.sqrt(rng.chisquare(df, draws) / df)
        reach = float(np.quantile(np.abs(normal).max(axis=1) / share, level))
        return max(reach, float(stats.t.ppf(0.5 + level / 2, df)))


def sum_by(values: Floats, code: Integers, codes: int) -> Floats:
    """Add up rows by code: (rows, columns) to (codes, columns)."""
    return np.column_stack(
        [np.bincount(code, weights=column, minlength=codes) for column in values.T]
    )


def wild_interval(
    estimate: float,
    influence: Floats,
    group: Integers,
    *,
    level: float,
    draws: int = DRAWS,
    seed: int = 0,
) -> tuple[float, float, float]:
    """Return the limits and the p value of the wild cluster bootstrap.

    Parameters
    ----------
    estimate
        The estimate: a sum of group means of what each cluster shows.
    influence, group
        (clusters,) of each cluster; its distance from the mean of its group, over their number.
    level
        Of the interval: the values that the bootstrap does not reject.
    draws, seed
        Of the bootstrap; the draws are the same for every value tried.

    Notes
    -----
    Signs are Rademacher's, or Webb's six points (2023, Canadian Journal of Economics 56: 839-858)
    under 12 clusters. The null is imposed by least squares: each group's mean gives way in
    proportion to the variance of that mean were all clusters alike.
    """
    rng = np.random.default_rng(seed)
    clusters = len(influence)
    if clusters < 12:
        points = np.sqrt(np.array([0.5, 1.0, 1.5]))
        signs = rng.choice(np.concatenate([-points, points]), (draws, clusters))
    else:
        signs = rng.choice([-1.0, 1.0], (draws, clusters))
    codes, place = np.unique(group, return_inverse=True)
    size = np.bincount(place).astype(float)
    residual = influence * size[place]
    give = (1 / size) / np.sum(1 / size)
    means = np.zeros((len(codes), clusters))
    means[place, np.arange(clusters)] = 1 / size[place]
    error = _error(residual[None, :], place, size)[0]

    def p_value(null: float) -> float:
        restricted = residual + (estimate - null) * give[place]
        drawn = signs * restricted
        shift = (drawn @ means.T).sum(axis=1)
        t = np.abs(shift) / np.maximum(_error(drawn, place, size), 1e-300)
        return float(np.mean(t >= abs(estimate - null) / error - 1e-12))

    def limit(side: int) -> float:
        far = error
        while p_value(estimate + side * far) > 1 - level and far < 1e4 * error:
            far *= 2
        excess = lambda distance: p_value(estimate + side * distance) - (1 - level) + 1e-9  # noqa: E731
        if excess(far) > 0:
            return side * np.inf
        return estimate + side * float(brentq(excess, 0.0, far, xtol=1e-4 * error))

    return limit(-1), limit(1), p_value(0.0)


def _error(values: Floats, place: Integers, size: Floats) -> Floats:
    """Standard error of a sum of group means, for each row of (draws, clusters)."""
    total = np.zeros(len(values))
    for code, number in enumerate(size):
        mine = values[:, place == code]
        if number > 1:
            total += mine.var(axis=1, ddof=1) / number
    return np.sqrt(total)


def joint_test(estimates: Floats, spread: Spread, df: float) -> tuple[float, float, float, float]:
    """Test that several estimates are all nought: F, its two degrees of freedom, p.

    Parameters
    ----------
    estimates, spread
        The estimates and their variance.
    df
        Clusters less groups.

    Notes
    -----

    The Wald statistic is scaled to Hotelling's, which is exact for normal units of one covariance
    and tends to the chi-squared test as units grow many.
    """
    count = len(estimates)
    inverse = np.linalg.pinv(spread.covariance, rcond=1e-10)
    wald = float(estimates @ inverse @ estimates)
    below = df - count + 1
    f = wald * below / (count * df)
    return f, float(count), below, float(stats.f.sf(f, count, below))
