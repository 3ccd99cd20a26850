"""Find the records that hold a key without looking at the others: sorted hashes, added in batches.

A batch is sorted once and searched by bisection; when batches become many, they are merged. Adding
and finding thus cost in proportion to what is added or sought, not to what is held (the idea of
log-structured merging: O'Neil and others 1996).
"""

from __future__ import annotations

import numpy as np

from woda_lib.linkage.blocking import Positions
from woda_lib.linkage.identities import Hashes

MOST_BATCHES = 8


class BlockIndex:
    """Positions of records by the hash of a key.

    An entry is never taken out. Whoever looks something up checks that the record still holds
    the key, as `incremental.OpenStore` does.
    """

    def __init__(self) -> None:
        self._batches: list[tuple[Hashes, Positions]] = []

    def add(self, keys: Hashes, positions: Positions) -> None:
        """Add records; one position may be there under several keys."""
        if not len(keys):
            return
        self._batches.append(_ordered(keys, positions))
        if len(self._batches) > MOST_BATCHES:
            every_key, every_position = zip(*self._batches, strict=True)
            self._batches = [_ordered(np.concatenate(every_key), np.concatenate(every_position))]

    def count(self, keys: Hashes) -> Positions:
        """Return how many entries each key has."""
        counts = np.zeros(len(keys), dtype=np.int64)
        for held, _ in self._batches:
            counts += np.searchsorted(held, keys, "right") - np.searchsorted(held, keys, "left")
        return counts

    def find(self, keys: Hashes) -> tuple[Positions, Positions]:
        """Return every entry of every key.

        Returns
        -------
        which, positions : numpy.ndarray of int64
            Row by row, the place of a key in `keys` and the position of a record that has it.
        """
        nothing = np.empty(0, dtype=np.int64)
        which, positions = [nothing], [nothing]
        for held, where in self._batches:
            start = np.searchsorted(held, keys, "left")
            number = np.searchsorted(held, keys, "right") - start
            place = np.repeat(np.arange(len(keys)), number)
            within = np.arange(number.sum()) - np.repeat(np.cumsum(number) - number, number)
            which.append(place)
            positions.append(where[start[place] + within])
        return np.concatenate(which), np.concatenate(positions)


def _ordered(keys: Hashes, positions: Positions) -> tuple[Hashes, Positions]:
    order = np.argsort(keys, kind="stable")
    return keys[order], positions[order]
