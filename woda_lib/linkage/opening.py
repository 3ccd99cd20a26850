"""What a store held when it was opened, so that an update can say what is new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from woda_lib.linkage.holdings import Holdings
from woda_lib.linkage.identities import Hashes


@dataclass(frozen=True)
class Opening:
    """The records of a store as it was opened, by position.

    Attributes
    ----------
    here
        Which records their sources held.
    content
        Hash of what each held.
    """

    here: npt.NDArray[np.bool_]
    content: Hashes

    @classmethod
    def of(cls, holdings: Holdings) -> Self:
        """Remember how holdings stand."""
        return cls(holdings.here.copy(), holdings.identity["content"].copy())

    def news(self, holdings: Holdings) -> dict[str, int]:
        """Count the records that are here now, those that are new, and those that have changed."""
        stayed = np.flatnonzero(holdings.here[: len(self.here)] & self.here)
        changed = holdings.identity["content"][stayed] != self.content[stayed]
        here = int(holdings.here.sum())
        return {"here": here, "new": here - len(stayed), "changed": int(changed.sum())}
