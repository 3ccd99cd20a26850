"""Ranking: everybody is weighed by every term, and the likeliest again by their rows.

First each person is given, for each term, the best agreement of any value that any partner gave.
That takes a few sums over arrays as long as the county has people. The few who come out first are
then weighed again by the rows themselves: words of an address count only where one address has
them, and one word cannot agree with two names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from woda_lib.pilots.single_view.search.index import Index
from woda_lib.pilots.single_view.search.matching import Matched, postings_of

IN_THE_STORE = 0.9
"""The share of searches that are for somebody whom the store holds; an assumption."""


@dataclass(frozen=True)
class Ranked:
    """The people who agree best.

    Attributes
    ----------
    numbers : ndarray of int
        Of people, the best first.
    weights : ndarray of float
        Log2 odds for this person over anybody.
    others : float
        The sum of two to the power of the weights of everybody else.
    """

    numbers: npt.NDArray[np.intp]
    weights: npt.NDArray[np.float64]
    others: float


def rank(matched: Sequence[Matched], index: Index, given: npt.NDArray, most: int) -> Ranked:
    """Weigh everybody, and return those who agree best.

    Parameters
    ----------
    matched : sequence of Matched
        The terms.
    index : Index
    given : ndarray of int
        People who bear a number that was typed: they are sure to be among the first.
    most : int
        How many are returned.
    """
    people = index.people
    postings = postings_of(index)
    total = np.zeros(people, dtype=np.float32)
    best = np.empty(people, dtype=np.float32)
    for term in matched:
        best.fill(term.missed)
        for match in sorted(term.matches, key=lambda each: each.weight):
            if match.weight > term.missed:
                theirs = postings[match.role].of(match.places)
                best[theirs] = np.maximum(best[theirs], np.float32(match.weight))
        total += best
    if len(given):
        total[given] += weight_of_a_number(people)
    most = min(most, people)
    first = np.argpartition(-total, most - 1)[:most]
    weights = total[first].astype(float)
    order = np.lexsort((first, -weights))
    odds = np.exp2(np.minimum(total, 100).astype(float))
    others = max(float(odds.sum() - odds[first].sum()), 0.0)
    return Ranked(first[order], weights[order], others)


def weight_of_a_number(people: int) -> float:
    """Return what it is worth that somebody bears a number that one person bears."""
    return float(np.log2(0.98 * people))


def chances(weights: npt.NDArray[np.float64], others: float, people: int) -> npt.NDArray:
    """Return how sure each of those weighed is the one who is meant.

    Anybody could be meant, each as likely as any other, or somebody whom the store does not hold.
    """
    nobody = people * (1 - IN_THE_STORE) / IN_THE_STORE
    odds = np.exp2(np.minimum(weights, 100))
    return odds / (odds.sum() + others + nobody)
