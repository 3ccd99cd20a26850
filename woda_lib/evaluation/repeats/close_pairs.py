"""Pairs of events that share a person or a place, and how far apart in time pairs lie by chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from woda_lib.evaluation.repeats.errors import RepeatsError

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.integer[Any]]

MOST_PAIRS = 20_000_000


@dataclass(frozen=True, eq=False)
class ClosePairs:
    """Pairs of events that belong together, each once.

    Attributes
    ----------
    first, second
        (p,) rows of the events.
    cluster
        (p,) number of the group of events that the pair belongs to: chains of pairs are one.
    """

    first: Ints
    second: Ints
    cluster: Ints

    @classmethod
    def sharing(cls, values: pd.Series, *, column: str) -> ClosePairs:
        """Pair all events with the same value; a missing value is shared with nobody.

        Raises
        ------
        RepeatsError
            If the value is so common that there are more pairs than a machine holds.
        """
        codes, _ = pd.factorize(values)
        known = np.flatnonzero(codes >= 0)
        order = known[np.argsort(codes[known], kind="stable")]
        sizes = np.bincount(codes[known]) if len(known) else np.array([], dtype=int)
        pairs = int((sizes.astype(float) * (sizes - 1) / 2).sum())
        if pairs > MOST_PAIRS:
            raise RepeatsError(
                f"{pairs:,} pairs of events share a value of {column!r}, too many to be meant: "
                "take a smaller place, such as a home or a street."
            )
        # Within each block of a value, row k is paired with the rows after it.
        starts = np.repeat(np.cumsum(sizes) - sizes, sizes)
        after = np.repeat(sizes, sizes) - (np.arange(len(order)) - starts) - 1
        first = np.repeat(np.arange(len(order)), after)
        step = np.arange(len(first)) - np.repeat(np.cumsum(after) - after, after) + 1
        second = first + step
        return cls(order[first], order[second], codes[order[first]])

    @classmethod
    def within(cls, points: Floats, distance: float) -> ClosePairs:
        """Pair all events at most so far apart in the plane."""
        pairs = cKDTree(points).query_pairs(distance, output_type="ndarray").reshape(-1, 2)
        if len(pairs) > MOST_PAIRS:
            raise RepeatsError(
                f"{len(pairs):,} pairs of events lie within {distance:g}, too many to be meant: "
                "take a smaller distance."
            )
        ones = np.ones(len(pairs))
        graph = coo_array((ones, (pairs[:, 0], pairs[:, 1])), shape=(len(points),) * 2)
        _, group = connected_components(graph, directed=False)
        return cls(pairs[:, 0], pairs[:, 1], group[pairs[:, 0]])

    def where(self, kept: NDArray[np.bool_]) -> ClosePairs:
        """Keep some of the pairs."""
        return ClosePairs(self.first[kept], self.second[kept], self.cluster[kept])

    def gaps(self, times: Floats) -> Floats:
        """(p,) time between the two events of each pair."""
        return np.abs(times[self.first] - times[self.second])

    def __len__(self) -> int:
        return len(self.first)


def all_pairs_within(times: Floats, edges: Floats) -> Floats:
    """(w,) how many of all pairs of events lie at most each of (w,) times apart."""
    ordered = np.sort(times)
    reached = np.searchsorted(ordered, ordered + edges[:, None], side="right")
    return (reached - np.arange(1, len(ordered) + 1)).sum(axis=1).astype(float)


def counted(gaps: Floats, edges: Floats) -> Ints:
    """(w,) how many gaps end in each window, up to its edge and over the one before."""
    places = np.searchsorted(edges, gaps, side="left")
    return np.bincount(places, minlength=len(edges) + 1)[: len(edges)]
