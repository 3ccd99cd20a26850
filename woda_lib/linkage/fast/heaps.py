"""Bring records of one key together, compiled: no key is sorted, and few wait for memory.

Records are dealt out by the first bits of their keys, so that all of one key come into one heap,
and keys that begin alike stay neighbours: what is asked of one block's records is asked of the
next one's too. A heap and the table of its keys lie in a processor's nearest caches while its
records are told apart.

Method
    Shatdal, A., Kant, C. and Naughton, J. F. (1994), Cache conscious algorithms for relational
    query processing, VLDB 20, 510–521: dealing out before a table is asked. Knuth, D. E. (1998),
    *The Art of Computer Programming*, volume 3, section 6.4: open addressing with linear probing.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit, uint64

from woda_lib.linkage.fast.compiled import kept

RECORDS_A_HEAP = 1 << 11
MOST_HEAPS = 1 << 12  # more are too many to be written to by turns

_SCATTER = uint64(0x9E3779B97F4A7C15)
_NO_KEY = -1


def dealt(
    keys: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """Deal out keys that are not negative, leaving out those that are.

    Parameters
    ----------
    keys
        Shape (records,), at most 2³¹ − 1 of them.

    Returns
    -------
    ends : numpy.ndarray of int64
        Where each heap ends, and the next one begins.
    places : numpy.ndarray of int32
        Where the keys stood, heap by heap; those of one heap in the order in which they stood.
    dealt : numpy.ndarray of int64
        The keys.
    """
    heaps = min(max(len(keys) // RECORDS_A_HEAP, 2), MOST_HEAPS)
    bits = heaps.bit_length() - 1
    ends = np.zeros(1 << bits, dtype=np.int64)
    shift = max(int(keys.max(initial=0)).bit_length() - bits, 0)
    count_by_heap(keys, shift, ends)
    number = int(ends.sum())
    places, found = np.empty(number, dtype=np.int32), np.empty(number, dtype=np.int64)
    deal(keys, shift, ends, places, found)
    return ends, places, found


@njit(nogil=True, forceinline=True)
def _scattered(key: Any) -> Any:
    return uint64(key) * _SCATTER


@kept
def count_by_heap(keys: Any, shift: int, counts: Any) -> None:
    """Count the keys of each heap."""
    for key in keys:
        if key >= 0:
            counts[key >> shift] += 1


@kept
def deal(keys: Any, shift: int, ends: Any, places: Any, found: Any) -> None:
    """Deal out the keys; `ends` holds how many each heap has, and is told where it ends."""
    begin = 0
    for heap in range(len(ends)):
        ends[heap], begin = begin, begin + ends[heap]
    for place in range(len(keys)):
        key = keys[place]
        if key >= 0:
            heap = key >> shift
            to = ends[heap]
            ends[heap] = to + 1
            places[to] = place
            found[to] = key


@kept
def lay_out(
    ends: Any, places: Any, keys: Any, largest: int, order: Any, last: Any, crowded: Any
) -> tuple[int, int]:
    """Turn the keys of two records or more into blocks, and these into slots.

    What is done with a record does not depend on whether it stands alone, which no processor could
    foresee: such a record is written behind all slots.

    Parameters
    ----------
    ends, places, keys
        From `dealt`.
    largest
        Records in a block, beyond which it is crowded and makes no pairs.
    order, last
        To be filled; see `block.Slots`. There is room for one more than there are keys.
    crowded
        To be filled where a record is in a crowded block.

    Returns
    -------
    slots, largest_block : int
    """
    widest, begin = 0, 0
    for end in ends:
        widest, begin = max(widest, end - begin), end
    held = np.empty(1 << _bits_for(widest), np.int32)
    key_of, size_of = np.empty(widest, np.int64), np.empty(widest, np.int32)
    next_of, end_of = np.empty(widest, np.int32), np.empty(widest, np.int32)
    number_of = np.empty(widest, np.int32)
    nowhere = len(places)
    slots, most, begin = 0, 0, 0
    for end in ends:
        bits = _bits_for(end - begin)
        for place in range(1 << bits):
            held[place] = _NO_KEY
        for number in range(end - begin):
            size_of[number] = 0
        numbers = 0
        for at in range(begin, end):
            key = keys[at]
            place = _place(key, bits)
            number = held[place]
            while (number >= 0) & (key_of[max(number, 0)] != key):
                place = (place + 1) & ((1 << bits) - 1)
                number = held[place]
            is_new = number < 0
            number = numbers if is_new else number
            held[place], key_of[number] = number, key
            numbers += is_new
            size_of[number] += 1
            number_of[at - begin] = number
        is_crowded = False
        for number in range(numbers):
            size = size_of[number] if 1 < size_of[number] <= largest else 0
            next_of[number] = slots if size else nowhere
            slots += size
            end_of[number] = slots
            most = max(most, size)
            is_crowded |= size_of[number] > largest
        for at in range(begin, end):
            number = number_of[at - begin]
            to = next_of[number]
            order[to], last[to] = places[at], end_of[number]
            next_of[number] = min(to + 1, nowhere)
        if is_crowded:
            for at in range(begin, end):
                crowded[places[at]] = size_of[number_of[at - begin]] > largest
        begin = end
    return slots, most


@kept
def pass_over(order: Any, source: Any, free: Any, first: Any, last: Any) -> None:
    """Let two records of one source skip each other where it is free of duplicates.

    Parameters
    ----------
    order, first, last
        Of slots, of which `first` is changed.
    source, free
        Source of every record; which sources are free of duplicates.
    """
    for slot in range(len(order) - 2, -1, -1):
        own = source[order[slot]]
        if last[slot] == last[slot + 1] and free[own] and source[order[slot + 1]] == own:
            first[slot] = first[slot + 1]


@njit(nogil=True, forceinline=True)
def _bits_for(number: int) -> int:
    """Return how many bits tell the places of a table of which half stays free."""
    bits = 1
    while (1 << bits) < 2 * number:
        bits += 1
    return bits


@njit(nogil=True, forceinline=True)
def _place(key: Any, bits: int) -> Any:
    """Return where a key is looked for first."""
    scattered = _scattered(key)
    return np.int64(_scattered(scattered ^ (scattered >> uint64(29))) >> uint64(64 - bits))
