"""The names that a store holds, as hashes: worked out by another process while records are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.beside import MANY_ROWS, Beside
from woda_lib.linkage.decisions import PAIR
from woda_lib.linkage.identities import Hashes, IdentityStore, hashes, record_names
from woda_lib.linkage.record_keys import KEY

NO_ENTITY = np.uint64(0)
Ends = tuple[Hashes, Hashes]


@dataclass(frozen=True)
class StoreNames:
    """Hashes of names, row by row of a store's tables.

    Attributes
    ----------
    records
        `identities.record_names` of its records.
    entities
        Of their entities; see `entity_hashes`.
    given
        Of the entities of its events.
    links, doubts
        `identities.record_names` of the left and of the right record of each pair.
    """

    records: Hashes
    entities: Hashes
    given: Hashes
    links: Ends
    doubts: Ends

    @classmethod
    def of(cls, store: IdentityStore) -> Self:
        """Hash what a store holds."""
        return cls(
            record_names(store.records),
            entity_hashes(store.records["entity_id"].to_numpy(dtype=object)),
            hashes(store.events["entity_id"].to_numpy(dtype=object)),
            _ends(store.links),
            _ends(store.doubts),
        )


def names_beside(store: IdentityStore) -> Beside[StoreNames]:
    """Let another process hash what a store holds, if that is much."""
    return Beside(lambda: StoreNames.of(store), worth_it=len(store.records) >= MANY_ROWS)


def entity_hashes(entities: npt.NDArray[np.object_]) -> Hashes:
    """Return the hash of the name of each record's entity; `NO_ENTITY` where it has none."""
    named = pd.notna(entities)
    if named.all():
        return hashes(entities)
    hashed = np.full(len(entities), NO_ENTITY)
    hashed[named] = hashes(entities[named])
    return hashed


def _ends(pairs: pd.DataFrame) -> Ends:
    left, right = (
        record_names(pairs[list(side)].set_axis(list(KEY), axis=1)) for side in (PAIR[:2], PAIR[2:])
    )
    return left, right
