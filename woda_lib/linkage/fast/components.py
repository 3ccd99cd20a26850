"""Connected components of linked records, compiled.

Method
    Tarjan, R. E. (1975), Efficiency of a good but not linear set union algorithm, JACM 22,
    215–225; with path halving (Tarjan and van Leeuwen 1984, JACM 31, 245–281).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from woda_lib.linkage.fast.compiled import kept


@kept
def components(number: int, left: Any, right: Any) -> Any:
    """Return the smallest record of each record's component, shape (number,), int64.

    Parameters
    ----------
    number
        How many records there are.
    left, right
        The linked pairs.
    """
    parent = np.arange(number)
    for pair in range(len(left)):
        one, other = _root(parent, left[pair]), _root(parent, right[pair])
        if one < other:
            parent[other] = one
        else:
            parent[one] = other
    for record in range(number):  # a parent is smaller than its children, and so is settled
        parent[record] = parent[parent[record]]
    return parent


@njit(nogil=True)
def _root(parent: Any, record: int) -> int:
    while parent[record] != record:
        parent[record] = parent[parent[record]]
        record = parent[record]
    return record


@kept
def best_chances(number: int, left: Any, right: Any, probability: Any, labels: Any) -> Any:
    """Return each record's highest match probability within its cluster, and outside it.

    Parameters
    ----------
    number
        How many records there are.
    left, right, probability
        The candidate pairs.
    labels
        The cluster of each record.

    Returns
    -------
    numpy.ndarray of float64, shape (2, number)
        0 where a record has no such candidate.
    """
    best = np.zeros((2, number))
    for pair in range(len(left)):
        one, other, chance = left[pair], right[pair], probability[pair]
        side = 0 if labels[one] == labels[other] else 1
        best[side, one] = max(best[side, one], chance)
        best[side, other] = max(best[side, other], chance)
    return best
