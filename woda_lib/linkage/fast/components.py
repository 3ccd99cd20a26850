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
    """Return each record's highest match probability within its cluster, shape (number,).

    For a record that stands alone it is the highest with any other record.

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
    best : numpy.ndarray of float64
        0 where a record has no such candidate.
    alone : numpy.ndarray of bool
        Which records are the only ones of their cluster.
    """
    size = np.zeros(number, np.int32)
    for label in labels:
        size[label] += 1
    alone = np.empty(number, np.bool_)
    for record in range(number):
        alone[record] = size[labels[record]] == 1
    best = np.zeros(number)
    for pair in range(len(left)):
        one, other, chance = left[pair], right[pair], probability[pair]
        together = labels[one] == labels[other]
        best[one] = max(best[one], chance if together | alone[one] else 0.0)
        best[other] = max(best[other], chance if together | alone[other] else 0.0)
    return best, alone
