"""Put pairs in the order of their records' positions, compiled.

Pairs come in stretches, in the order in which threads and rules made them. They are dealt out by
their first record, one count of pairs a record saying where its own begin (Knuth 1998, volume 3,
section 5.2: sorting by counting). What is left to sort is each record's few partners.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from woda_lib.linkage.blocking import Pairs
from woda_lib.linkage.fast.compiled import kept
from woda_lib.linkage.fast.threads import share_out, threads

# Partners of one record that are sorted by inserting each among those before it; more are few.
MOST_INSERTED = 32

Part = tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.uint32]]


def in_order_of_positions(
    parts: Sequence[Part], number: int
) -> tuple[Pairs, npt.NDArray[np.uint32]]:
    """Order pairs by their first record, then by their second.

    Parameters
    ----------
    parts
        First records, second records and codes, a stretch of pairs each; no pair comes twice.
    number
        How many records there are.

    Returns
    -------
    pairs : Pairs
    codes : numpy.ndarray of uint32
        The code of each.
    """
    begins = np.zeros(number + 1, dtype=np.int64)
    for lefts, _, _ in parts:
        count(lefts, begins[1:])
    np.cumsum(begins, out=begins)
    left, right = (np.empty(begins[-1], dtype=np.int64) for _ in range(2))
    codes = np.empty(begins[-1], dtype=np.uint32)
    free = begins[:-1].copy()

    def one(low: int, high: int) -> None:
        for part in parts:
            deal_out(low, high, *part, free, right, codes)
        settle(low, high, begins, left, right, codes)

    # Each thread looks at every pair, and deals out those of its own records.
    cuts = np.searchsorted(begins, np.linspace(0, begins[-1], threads() + 1)[1:-1])
    ends = [0, *cuts.tolist(), number]
    share_out(one, list(pairwise(ends)))
    return Pairs(left, right), codes


@kept
def count(lefts: Any, pairs: Any) -> None:
    """Add to each record's number of `pairs` those that it is the first of."""
    for left in lefts:
        pairs[left] += 1


@kept
def deal_out(
    low: int,
    high: int,
    lefts: Any,
    rights: Any,
    codes: Any,
    free: Any,
    right_of: Any,
    code_of: Any,
) -> None:
    """Write each pair of first records low to high where its own has the next place `free`."""
    for pair in range(len(lefts)):
        left = lefts[pair]
        if low <= left < high:
            place = free[left]
            free[left] = place + 1
            right_of[place], code_of[place] = rights[pair], codes[pair]


@kept
def settle(low: int, high: int, begins: Any, left: Any, right: Any, codes: Any) -> None:
    """Write the first records low to high of their pairs, and sort those of each by the second."""
    for record in range(low, high):
        begin, end = begins[record], begins[record + 1]
        left[begin:end] = record
        if end - begin > MOST_INSERTED:
            order = np.argsort(right[begin:end])
            partners, theirs = right[begin:end].copy(), codes[begin:end].copy()
            for place in range(end - begin):  # to assign slices takes numba two seconds to compile
                right[begin + place] = partners[order[place]]
                codes[begin + place] = theirs[order[place]]
            continue
        for place in range(begin + 1, end):
            partner, code = right[place], codes[place]
            to = place
            while to > begin and right[to - 1] > partner:
                right[to], codes[to] = right[to - 1], codes[to - 1]
                to -= 1
            right[to], codes[to] = partner, code
