"""The names that entities ever had, which no other entity gets."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from woda_lib.linkage.holders import may_be_among
from woda_lib.linkage.identities import Hashes, hashes


class TakenNames:
    """Names by their hashes: few are asked for, and a million need not be held as texts.

    Parameters
    ----------
    *held
        Hashes of names, as `identities.hashes` makes them.
    """

    def __init__(self, *held: Hashes) -> None:
        self._held = [np.empty(0, dtype=np.uint64), *held]

    def add(self, names: npt.NDArray[np.object_]) -> None:
        """Count in further names."""
        self._held.append(hashes(names))

    def among(self, names: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
        """Say which names are taken."""
        wanted = hashes(names)
        taken = np.zeros(len(names), dtype=bool)
        for held in self._held:
            taken |= np.isin(wanted, held[may_be_among(held, wanted)])
        return taken
