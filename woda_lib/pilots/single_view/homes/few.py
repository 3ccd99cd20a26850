"""A few numbers in order, each once, for compiled code that asks for them of everybody."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

FEW = 64
"""Numbers up to which they are put in order one by one, which is soonest."""


@njit(nogil=True)
def distinct(some: Any, others: Any) -> Any:
    """Return the numbers of two arrays in order, each once."""
    if len(some) + len(others) > FEW:
        return np.unique(np.concatenate((some, others)))
    found = np.empty(len(some) + len(others), dtype=some.dtype)
    number = 0
    for place in range(len(found)):
        new = some[place] if place < len(some) else others[place - len(some)]
        at = number
        while at and found[at - 1] > new:
            at -= 1
        if at and found[at - 1] == new:
            continue
        for later in range(number, at, -1):
            found[later] = found[later - 1]
        found[at], number = new, number + 1
    return found[:number]
