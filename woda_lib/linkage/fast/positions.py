"""Put pairs in the order of their records' positions, and find some among them, compiled.

Pairs come in stretches, in the order in which threads and rules made them. They are dealt out into
heaps of neighbouring first records, and within a heap, which a processor's nearest caches hold, by
the first record itself (Knuth 1998, volume 3, section 5.2: sorting by counting). What is left to
sort is each record's few partners.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from woda_lib.linkage.blocking import Pairs
from woda_lib.linkage.fast.compiled import kept
from woda_lib.linkage.fast.threads import VALUES_A_STRETCH, share_out, stretches, threads

BITS_OF_A_HEAP = 10  # records of a heap
MOST_HEAPS = 1 << 12
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
    shift = BITS_OF_A_HEAP
    while number >> shift > MOST_HEAPS:
        shift += 1
    shares = [parts[thread :: threads()] for thread in range(threads())]
    counts = np.zeros((len(shares), (number >> shift) + 1), dtype=np.int64)

    def counted(share: Sequence[Part], own: npt.NDArray[np.int64]) -> None:
        for lefts, _, _ in share:
            count(lefts, shift, own)

    share_out(counted, list(zip(shares, counts, strict=True)))
    begins = np.concatenate([[0], np.cumsum(counts.sum(axis=0))])
    left, right = (np.empty(begins[-1], dtype=np.int64) for _ in range(2))
    codes = np.empty(begins[-1], dtype=np.uint32)
    # Within a heap each thread writes behind those before it.
    free = begins[:-1] + np.cumsum(counts, axis=0) - counts

    def dealt(share: Sequence[Part], own: npt.NDArray[np.int64]) -> None:
        for part in share:
            deal_out(*part, shift, own, left, right, codes)

    share_out(dealt, list(zip(shares, free, strict=True)))
    cuts = np.searchsorted(begins, np.linspace(0, begins[-1], threads() + 1)[1:-1])
    ends = [0, *cuts.tolist(), len(begins) - 1]
    share_out(
        lambda low, high: settle(low, high, shift, begins, left, right, codes), list(pairwise(ends))
    )
    return Pairs(left, right), codes


def places_of(pairs: Pairs, held: Pairs) -> npt.NDArray[np.int64]:
    """Return where each pair stands among others in the order of positions; −1 for none."""
    places = np.full(len(pairs), -1, dtype=np.int64)
    if not len(pairs) or not len(held):
        return places
    begins = np.zeros(2 + max(int(pairs.left.max()), int(held.left[-1])), dtype=np.int64)
    count(held.left, 0, begins[1:])
    np.cumsum(begins, out=begins)

    def one(low: int, high: int) -> None:
        some = slice(low, high)
        look_up(begins, held.right, pairs.left[some], pairs.right[some], places[some])

    share_out(one, stretches(len(pairs), VALUES_A_STRETCH))
    return places


@kept
def look_up(begins: Any, right: Any, lefts: Any, rights: Any, places: Any) -> None:
    """Write where each of `lefts` and `rights` stands; `begins` says it of each first record."""
    for pair in range(len(lefts)):
        at, end = begins[lefts[pair]], begins[lefts[pair] + 1]
        last = end
        while at < end:
            middle = (at + end) // 2
            if right[middle] < rights[pair]:
                at = middle + 1
            else:
                end = middle
        if at < last and right[at] == rights[pair]:
            places[pair] = at


@kept
def count(lefts: Any, shift: int, pairs: Any) -> None:
    """Add to each heap's number of `pairs` those whose first record is in it."""
    for left in lefts:
        pairs[left >> shift] += 1


@kept
def deal_out(
    lefts: Any,
    rights: Any,
    codes: Any,
    shift: int,
    free: Any,
    left_of: Any,
    right_of: Any,
    code_of: Any,
) -> None:
    """Write each pair where the heap of its first record has the next place `free`."""
    for pair in range(len(lefts)):
        heap = lefts[pair] >> shift
        place = free[heap]
        free[heap] = place + 1
        left_of[place], right_of[place], code_of[place] = lefts[pair], rights[pair], codes[pair]


@kept
def settle(low: int, high: int, shift: int, begins: Any, left: Any, right: Any, codes: Any) -> None:
    """Sort the pairs of heaps low to high by their first record, and each one's by the second."""
    most = 0
    for heap in range(low, high):
        most = max(most, begins[heap + 1] - begins[heap])
    lefts, rights = np.empty(most, np.int64), np.empty(most, np.int64)
    theirs = np.empty(most, np.uint32)
    to = np.empty(1 << shift, np.int64)
    for heap in range(low, high):
        begin, end = begins[heap], begins[heap + 1]
        before = heap << shift
        for record in range(1 << shift):
            to[record] = 0
        for pair in range(begin, end):
            lefts[pair - begin], rights[pair - begin] = left[pair], right[pair]
            theirs[pair - begin] = codes[pair]
            to[left[pair] - before] += 1
        at = begin
        for record in range(1 << shift):
            to[record], at = at, at + to[record]
        for pair in range(end - begin):
            place = to[lefts[pair] - before]
            to[lefts[pair] - before] = place + 1
            left[place], right[place], codes[place] = lefts[pair], rights[pair], theirs[pair]
        at = begin
        for record in range(1 << shift):
            _sort(at, to[record], right, codes)
            at = to[record]


@njit(nogil=True)
def _sort(begin: int, end: int, right: Any, codes: Any) -> None:
    """Sort one record's partners, with the codes of its pairs."""
    if end - begin > MOST_INSERTED:
        order = np.argsort(right[begin:end])
        partners, theirs = right[begin:end].copy(), codes[begin:end].copy()
        for place in range(end - begin):  # to assign slices takes numba two seconds to compile
            right[begin + place] = partners[order[place]]
            codes[begin + place] = theirs[order[place]]
        return
    for place in range(begin + 1, end):
        partner, code = right[place], codes[place]
        to = place
        while to > begin and right[to - 1] > partner:
            right[to], codes[to] = right[to - 1], codes[to - 1]
            to -= 1
        right[to], codes[to] = partner, code
