"""The names that entities ever had, which no other entity gets."""

from __future__ import annotations

from typing import Self

import numpy as np
import numpy.typing as npt

from woda_lib.linkage.holders import may_be_among
from woda_lib.linkage.identities import Hashes, IdentityStore, hashes


class TakenNames:
    """Names by their hashes: few are asked for, and a million need not be held as texts.

    Parameters
    ----------
    *held
        Hashes of names, as `identities.hashes` makes them.
    """

    def __init__(self, *held: Hashes) -> None:
        self._held = [np.empty(0, dtype=np.uint64), *held]

    @classmethod
    def of(cls, store: IdentityStore) -> Self:
        """Return all names that a store ever gave."""
        tables = (store.records, store.events)
        return cls(*(hashes(table["entity_id"].to_numpy(dtype=object)) for table in tables))

    def add(self, names: npt.NDArray[np.object_]) -> None:
        """Count in further names."""
        self._held.append(hashes(names))

    def among(self, names: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
        """Say which names are taken."""
        taken = np.zeros(len(names), dtype=bool)
        if not any(map(len, self._held)):
            return taken
        wanted = hashes(names)
        for held in self._held:
            taken |= np.isin(wanted, held[may_be_among(held, wanted)])
        return taken
