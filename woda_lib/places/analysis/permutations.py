"""Dealing values anew: how often chance gives neighbours a mean as far out as the one observed.

A feature's own value stays where it is and its neighbours get values of the others, drawn without
replacement (conditional permutation). Once the own value is fixed, local Moran's I and Gi* both
rise, or fall, with nothing but the mean of the neighbours: one two-sided p-value serves both.

What chance ties with counts against the finding. That matters where many values are alike: among
noughts a mean of nought is no finding.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numpy.random import Generator
from scipy.sparse import csr_array

Floats = npt.NDArray[np.float64]

_AT_ONCE = 500_000  # values dealt at a time
_TIES = 1e-10  # of the largest value: what sums in another order may differ by


def conditional_p(numbers: Floats, weights: csr_array, permutations: int, rng: Generator) -> Floats:
    """Return each feature's two-sided p-value, missing where it has no neighbour.

    Parameters
    ----------
    numbers
        A value a feature.
    weights
        Binary, a row a feature, nobody among their own neighbours.
    """
    n = len(numbers)
    count = np.diff(weights.indptr)
    observed = (weights @ numbers) / np.maximum(count, 1)
    slack = _TIES * (np.abs(numbers).max() + np.abs(observed))
    high, low = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    a_time = max(1, _AT_ONCE // n)
    for begin in range(0, permutations, a_time):
        means = _dealt_means(numbers, count, min(a_time, permutations - begin), rng)
        high += (means >= observed - slack).sum(axis=0)
        low += (means <= observed + slack).sum(axis=0)
    p = np.minimum(1.0, 2 * (np.minimum(high, low) + 1) / (permutations + 1))
    return np.where(count > 0, p, np.nan)


def _dealt_means(
    numbers: Floats, count: npt.NDArray[np.integer], times: int, rng: Generator
) -> Floats:
    """Return the mean that each feature's neighbours have, a row a deal.

    All values are put into one order, the same for every feature: each takes the first ones that
    are not its own, as many as it has neighbours.
    """
    n = len(numbers)
    order = rng.permuted(np.tile(np.arange(n), (times, 1)), axis=1)
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.arange(n)[None, :], axis=1)
    sums = np.zeros((times, n + 1))
    np.cumsum(numbers[order], axis=1, out=sums[:, 1:])
    own_is_dealt = place < count
    total = np.where(own_is_dealt, sums[:, count + 1] - numbers, sums[:, count])
    return total / np.maximum(count, 1)


def overall_p(numbers: Floats, weights: csr_array, permutations: int, rng: Generator) -> float:
    """Return the two-sided p-value of global Moran's I of row-standardised weights."""
    count = np.maximum(np.diff(weights.indptr), 1)
    away = numbers - numbers.mean()
    dealt = rng.permuted(np.tile(away, (permutations, 1)), axis=1).T
    observed = float(away @ ((weights @ away) / count))
    chance = (dealt * ((weights @ dealt) / count[:, None])).sum(axis=0)
    tail = min(int((chance >= observed).sum()), int((chance <= observed).sum()))
    return min(1.0, 2 * (tail + 1) / (permutations + 1))
