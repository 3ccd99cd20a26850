"""Which of many records hold one of few keys: one look at each key that is held, and no sorting.

An index of a million records takes seconds to make, and an update asks of it once. To ask each key
whether it may be among those that are wanted takes a hundredth of it. The filter is Bloom's of one
hash (1970, CACM 13, 422–426): the keys are hashes already.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from woda_lib.linkage.blocking import Positions
from woda_lib.linkage.identities import Hashes

_FEWEST_PLACES = 1 << 10
_MOST_PLACES = 1 << 24
_PLACES_A_KEY = 16


@dataclass(frozen=True)
class Holders:
    """The records that hold wanted keys.

    Attributes
    ----------
    positions
        Where the keys stand among those that are held, key by key.
    starts, counts
        Of each wanted key, where its positions begin, and how many there are.
    """

    positions: Positions
    starts: Positions
    counts: Positions

    @classmethod
    def among(cls, held: Hashes, wanted: Hashes) -> Holders:
        """Find them; a key may be wanted, or held, more than once."""
        from woda_lib.linkage.fast.lookup import Lookup  # here: numba takes a second to start
        from woda_lib.linkage.fast.radix import in_order

        distinct, which = np.unique(wanted, return_inverse=True)
        if not len(distinct):
            nothing = np.empty(0, dtype=np.int64)
            return cls(nothing, nothing, nothing)
        positions = may_be_among(held, distinct)
        lookup = Lookup()
        lookup.add(distinct)
        at = lookup.find_alone(held[positions])
        really = at >= 0
        positions, at = positions[really], at[really]
        counts = np.bincount(at, minlength=len(distinct))
        starts = np.cumsum(counts) - counts
        return cls(positions[in_order(at)[0]], starts[which], counts[which])

    def pairs(self) -> tuple[Positions, Positions]:
        """Return, row by row, the place of a wanted key and the position of one that holds it."""
        wanted = np.repeat(np.arange(len(self.counts)), self.counts)
        before = np.cumsum(self.counts) - self.counts
        within = np.arange(int(self.counts.sum())) - np.repeat(before, self.counts)
        return wanted, self.positions[self.starts[wanted] + within]


def may_be_among(held: Hashes, wanted: Hashes) -> Positions:
    """Return where keys stand that may be wanted: all that are, and one in sixteen of the rest."""
    places = min(max(_PLACES_A_KEY * len(wanted), _FEWEST_PLACES), _MOST_PLACES)
    last = np.uint64((1 << (places - 1).bit_length()) - 1)
    asked = np.zeros(int(last) + 1, dtype=bool)
    asked[wanted & last] = True
    return np.flatnonzero(asked[held & last])
