"""Average linkage of many small groups, compiled.

Method
    Sokal, R. R. and Michener, C. D. (1958), A statistical method for evaluating systematic
    relationships, University of Kansas Science Bulletin 38, 1409–1438. Averages are updated by the
    recurrence of Lance, G. N. and Williams, W. T. (1967), Computer Journal 9, 373–380.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from woda_lib.linkage.fast.compiled import kept


@kept
def groups(labels: Any, at_least: int) -> tuple[Any, Any, Any]:
    """Return the records of all groups that are large enough, with start and end of each.

    Parameters
    ----------
    labels
        The group of each record, which is the smallest record of it.
    at_least
        Records of a group.

    Returns
    -------
    members, starts, ends : numpy.ndarray of int64
        Groups by their smallest records, and the records of each ascending.
    """
    size = np.zeros(len(labels), np.int32)
    for label in labels:
        size[label] += 1
    number, total = 0, 0
    for label in range(len(labels)):
        if size[label] >= at_least:
            number += 1
            total += size[label]
    members = np.empty(total, np.int64)
    starts, ends = np.empty(number, np.int64), np.empty(number, np.int64)
    group_of, number, total = size, 0, 0  # from here on
    for label in range(len(labels)):
        if size[label] >= at_least:
            starts[number], ends[number] = total, total
            total += size[label]
            group_of[label] = number
            number += 1
        else:
            group_of[label] = -1
    for record in range(len(labels)):
        group = group_of[labels[record]]
        if group >= 0:
            members[ends[group]] = record
            ends[group] += 1
    return members, starts, ends


@kept
def pair_off(members: Any, starts: Any, ends: Any, left: Any, right: Any) -> None:
    """Write all pairs of each group, the first member's with those after it first."""
    pair = 0
    for group in range(len(starts)):
        for one in range(starts[group], ends[group]):
            for other in range(one + 1, ends[group]):
                left[pair], right[pair] = members[one], members[other]
                pair += 1


@kept
def average_linkage(members: Any, starts: Any, ends: Any, odds: Any, labels: Any) -> None:
    """Merge records of each group while the best merge is, on average, likelier than not.

    Parameters
    ----------
    members
        Records, group by group, ascending within each.
    starts, ends
        Where each group's members stand.
    odds
        log2 odds of all pairs of each group, the first member's with those after it first.
    labels
        By record; filled with the smallest record of its cluster.
    """
    pair = 0
    for group in range(len(starts)):
        size = ends[group] - starts[group]
        mean = np.empty((size, size))
        for one in range(size):
            mean[one, one] = -np.inf
            for other in range(one + 1, size):
                mean[one, other] = mean[other, one] = odds[pair]
                pair += 1
        cluster = _merged(mean)
        for place in range(size):
            labels[members[starts[group] + place]] = members[starts[group] + cluster[place]]


@njit(nogil=True)
def _best(mean: Any, one: int) -> int:
    """Return the first of the clusters that are likeliest to be one with `one`.

    A loop: to load code that calls ``argmax``, numba imports scipy's linear algebra.
    """
    best = 0
    for other in range(1, len(mean)):
        if mean[one, other] > mean[one, best]:
            best = other
    return best


@njit(nogil=True)
def _merged(mean: Any) -> Any:
    """Return the first member of each member's cluster; `mean` is used up."""
    size = len(mean)
    cluster = np.arange(size)
    weight = np.ones(size)
    best = np.empty(size, np.int64)
    for one in range(size):
        best[one] = _best(mean, one)
    while True:
        one = 0
        for place in range(size):
            if mean[place, best[place]] > mean[one, best[one]]:
                one = place
        other = best[one]
        if not mean[one, other] >= 0.0:
            return cluster
        one, other = min(one, other), max(one, other)
        for place in range(size):
            if cluster[place] == other:
                cluster[place] = one
            if place != one and place != other:
                joined = weight[one] * mean[one, place] + weight[other] * mean[other, place]
                joined /= weight[one] + weight[other]
                mean[one, place] = mean[place, one] = joined
            mean[other, place] = mean[place, other] = -np.inf
        weight[one] += weight[other]
        for place in range(size):  # whose best was one of the two, or is beaten by their union
            if place in (one, other) or best[place] in (one, other):
                best[place] = _best(mean, place)
            elif mean[place, one] > mean[place, best[place]]:
                best[place] = one
