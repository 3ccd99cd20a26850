"""Write out the pairs that weigh enough, compiled: from their codes alone, whatever was compared.

What a specification compares is in the codes already, so that one loop serves all specifications
and is compiled once, not with each kernel. `weights` and `agreeing` are by pattern code: its weight
before term frequencies, and a bit for each comparison with term frequencies that agrees. `rarity`
is by record and such comparison. Without `weights` every pair weighs enough.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from woda_lib.linkage.fast.compiled import kept

# `weights`, `agreeing` and `rarity`.
Weighed = tuple[npt.NDArray[np.float32], npt.NDArray[np.uint32], npt.NDArray[np.float32]]
EVERY_PAIR: Weighed = (
    np.empty(0, np.float32),
    np.empty(0, np.uint32),
    np.empty((0, 0), np.float32),
)


@njit(nogil=True, forceinline=True)
def _weight(code: Any, left: int, weights: Any, agreeing: Any, rarity: Any) -> Any:
    weight = weights[code]
    bits = agreeing[code]
    place = 0
    while bits:
        if bits & 1:
            weight += rarity[left, place]
        bits >>= 1
        place += 1
    return weight


@kept
def emit(
    low: int,
    high: int,
    order: Any,
    first: Any,
    last: Any,
    known: int,
    tape: Any,
    weights: Any,
    agreeing: Any,
    rarity: Any,
    least: float,
    lefts: Any,
    rights: Any,
    codes: Any,
) -> int:
    """Write out pairs of slots low to high, whose codes are on the tape; return how many."""
    number, at = 0, 0
    every = len(weights) == 0
    for slot in range(low, high):
        left = order[slot]
        for other in range(first[slot], last[slot]):
            code = tape[at]
            at += 1
            if code == known:
                continue
            if every or _weight(code, left, weights, agreeing, rarity) >= least:
                lefts[number] = left
                rights[number] = order[other]
                codes[number] = code
                number += 1
    return number


@kept
def choose(
    lefts: Any,
    rights: Any,
    codes: Any,
    weights: Any,
    agreeing: Any,
    rarity: Any,
    least: float,
    chosen_lefts: Any,
    chosen_rights: Any,
    chosen_codes: Any,
) -> int:
    """Write out some of the pairs that were written out before; return how many."""
    number = 0
    every = len(weights) == 0
    for pair in range(len(lefts)):
        if every or _weight(codes[pair], lefts[pair], weights, agreeing, rarity) >= least:
            chosen_lefts[number] = lefts[pair]
            chosen_rights[number] = rights[pair]
            chosen_codes[number] = codes[pair]
            number += 1
    return number
