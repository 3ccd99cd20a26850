"""Sort numbers by their digits, compiled: in time that grows with their number alone.

Method
    Knuth, D. E. (1998), *The Art of Computer Programming*, volume 3, section 5.2.5: radix sort,
    least significant digit first. Each pass is stable.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from woda_lib.linkage.fast.compiled import kept

BITS = 11
DIGITS = 1 << BITS


def in_order(
    keys: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.int32], npt.NDArray[Any]]:
    """Sort keys that are not negative, leaving out those that are.

    Parameters
    ----------
    keys
        Shape (records,), at most 2³¹ − 1 of them.

    Returns
    -------
    places : numpy.ndarray of int32
        Where the sorted keys stood, equal ones in the order in which they stood.
    sorted_keys : numpy.ndarray of uint32 or int64
    """
    kept_keys = int((keys >= 0).sum())
    highest = int(keys.max(initial=0))
    passes = max(1, -(-highest.bit_length() // BITS))
    places = np.empty((2, kept_keys), dtype=np.int32)
    # Half the width is half the memory that every pass goes through.
    width = np.uint32 if highest <= np.iinfo(np.uint32).max else np.int64
    ordered: npt.NDArray[Any] = np.empty((2, kept_keys), dtype=width)
    last = sort_by_digits(keys, passes, places, ordered)
    return places[last].copy(), ordered[last]  # not to hold both halves


@kept
def sort_by_digits(keys: Any, passes: int, places: Any, ordered: Any) -> int:
    """Fill one half of `places` and `ordered` with what `in_order` returns; say which."""
    counts = np.zeros((passes, DIGITS), np.int64)
    at = 0
    for place in range(len(keys)):
        key = keys[place]
        if key >= 0:
            places[0, at] = place
            ordered[0, at] = key
            at += 1
            for digit in range(passes):
                counts[digit, (key >> (digit * BITS)) & (DIGITS - 1)] += 1
    source = 0
    for digit in range(passes):
        begin = 0
        for value in range(DIGITS):
            counts[digit, value], begin = begin, begin + counts[digit, value]
        target = 1 - source
        for here in range(at):
            key = ordered[source, here]
            value = (key >> (digit * BITS)) & (DIGITS - 1)
            to = counts[digit, value]
            counts[digit, value] = to + 1
            ordered[target, to] = key
            places[target, to] = places[source, here]
        source = target
    return source
