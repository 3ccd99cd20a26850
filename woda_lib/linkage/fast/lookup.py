"""Places of 64-bit names, found in a step or two however many there are, compiled.

Sorted names are found by bisection, of which at a million each of twenty steps waits for memory.

Method
    Knuth, D. E. (1998), *The Art of Computer Programming*, volume 3, section 6.4: open addressing
    with linear probing. The names are hashes already, so that a name begins at its own last bits.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from woda_lib.linkage.fast.compiled import kept
from woda_lib.linkage.fast.threads import VALUES_A_STRETCH, share_out, stretches

NOWHERE = -1
_FEWEST_SLOTS = 1 << 10
_SLOTS_A_NAME = 2


class Lookup:
    """Names by the order in which they were added, each of which is added once."""

    def __init__(self) -> None:
        self._names = np.empty(0, dtype=np.uint64)
        self._slots = np.full(_FEWEST_SLOTS, NOWHERE, dtype=np.int32)

    def __len__(self) -> int:
        return len(self._names)

    def add(self, names: npt.NDArray[np.uint64]) -> None:
        """Add names, the first of which has the place that is next."""
        first = len(self)
        self._names = np.concatenate([self._names, names])
        needed = _SLOTS_A_NAME * len(self)
        if needed > len(self._slots):
            self._slots = np.full(1 << needed.bit_length(), NOWHERE, dtype=np.int32)
            first = 0
        enter(self._slots, self._names, first)

    def find(self, names: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
        """Return the place of each name, shape (names,); −1 for one that was not added."""
        found = np.empty(len(names), dtype=np.int64)
        share_out(
            lambda low, high: seek(self._slots, self._names, names[low:high], found[low:high]),
            stretches(len(names), VALUES_A_STRETCH),
        )
        return found

    def find_alone(self, names: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
        """Do what `find` does in a thread that is one of several, and shares nothing out."""
        found = np.empty(len(names), dtype=np.int64)
        seek(self._slots, self._names, names, found)
        return found


@kept
def enter(slots: Any, names: Any, first: int) -> None:
    """Write the places of names from the first on into slots, more than names and a power of 2."""
    last = len(slots) - 1
    for place in range(first, len(names)):
        at = np.int64(names[place]) & last
        while slots[at] >= 0:
            at = (at + 1) & last
        slots[at] = place


@kept
def seek(slots: Any, names: Any, wanted: Any, found: Any) -> None:
    """Look up each wanted name, and write its place; see `Lookup.find`."""
    last = len(slots) - 1
    for place in range(len(wanted)):
        at = np.int64(wanted[place]) & last
        while slots[at] >= 0 and names[slots[at]] != wanted[place]:
            at = (at + 1) & last
        found[place] = slots[at]
