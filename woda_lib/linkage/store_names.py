"""The names that a store holds, as numbers: told by another thread while records are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from woda_lib.beside import MANY_ROWS
from woda_lib.linkage.coding import categorical
from woda_lib.linkage.decisions import PAIR
from woda_lib.linkage.held_once import told_alike
from woda_lib.linkage.identities import Ends, Hashes, IdentityStore, hashes, record_names
from woda_lib.linkage.plain_forms import numbered
from woda_lib.linkage.record_keys import KEY

if TYPE_CHECKING:
    from woda_lib.linkage.fast.lookup import Lookup

NO_ENTITY = np.uint64(0)


@dataclass(frozen=True)
class StoreNames:
    """Numbers that stand for names, row by row of a store's tables.

    Attributes
    ----------
    records
        `identities.record_names` of its records.
    source, sources
        The number of each record's source, and the sources in the order in which they come.
    entities
        Hashes of their entities; see `entity_hashes`.
    given
        Hashes of the entities of its events.
    links, doubts
        Shape (2, pairs): where the left and the right record of each pair stand among the records.
    """

    records: Hashes
    source: npt.NDArray[np.int16]
    sources: list[str]
    entities: Hashes
    given: Hashes
    links: Ends
    doubts: Ends

    @classmethod
    def of(cls, store: IdentityStore) -> Self:
        """Read what a store holds."""
        from woda_lib.linkage.fast.lookup import Lookup  # here: numba takes a while to start

        source, sources = numbered(store.records["source"].to_numpy(dtype=object))
        columns = {"source": categorical(source, sources), "id": store.records["id"]}
        names = record_names(pd.DataFrame(columns, copy=False))

        @cache
        def lookup() -> Lookup:
            made = Lookup()
            made.add(names)
            return made

        return cls(
            names,
            source.astype(np.int16),  # nobody has 32,000 sources
            [str(name) for name in sources],
            entity_hashes(store.records["entity_id"].to_numpy(dtype=object)),
            hashes(store.events["entity_id"].to_numpy(dtype=object)),
            _ends(store.links, store.ends.get("links"), store.records, lookup),
            _ends(store.doubts, store.ends.get("doubts"), store.records, lookup),
        )

    def require(self, store: IdentityStore) -> Self:
        """Return these names if they are those of a store.

        Raises
        ------
        ValueError
            They are of another one.
        """
        held = (store.records, store.events, store.links, store.doubts)
        named = (self.records, self.given, self.links[0], self.doubts[0])
        ends = store.records.iloc[[0, -1] if len(store.records) else []]
        if list(map(len, held)) != list(map(len, named)) or not np.array_equal(
            record_names(ends), self.records[[0, -1] if len(ends) else []]
        ):
            raise ValueError(
                "The names are those of another store. Begin them with the identities that are "
                "brought up to date."
            )
        return self


def names_meanwhile(store: IdentityStore) -> Callable[[], StoreNames]:
    """Let another thread hash what a store holds, if that is much; return what waits for it."""
    from woda_lib.linkage.fast.threads import meanwhile  # here for the reason above

    return meanwhile(lambda: StoreNames.of(store), worth_it=len(store.records) >= MANY_ROWS)


def entity_hashes(entities: npt.NDArray[np.object_]) -> Hashes:
    """Return the hash of the name of each record's entity; `NO_ENTITY` where it has none."""
    from woda_lib.linkage.fast.siphash import hashes_of  # here for the reason above

    written = pa.array(entities, type=pa.large_string(), from_pandas=True)
    if not written.null_count:
        return hashes_of(written)
    hashed = np.full(len(entities), NO_ENTITY)
    hashed[np.asarray(written.is_valid())] = hashes_of(written.drop_null())
    return hashed


def _ends(
    pairs: pd.DataFrame, told: Ends | None, records: pd.DataFrame, lookup: Callable[[], Lookup]
) -> Ends:
    """Return where the ends of pairs stand: as is told, if it is so, else looked up by name."""
    if told is not None and _are_of(told, pairs, records):
        return told
    ends = (
        record_names(pd.DataFrame({"source": pairs[source], "id": pairs[name]}, copy=False))
        for source, name in (PAIR[:2], PAIR[2:])
    )
    return np.array([lookup().find(each) for each in ends], dtype=np.int32)


def _are_of(told: Ends, pairs: pd.DataFrame, records: pd.DataFrame) -> bool:
    """Say whether the records at these places bear the names of the ends of pairs."""
    if told.shape != (2, len(pairs)) or not len(pairs):
        return False
    if told.min() < 0 or told.max() >= len(records):
        return False
    sides = zip((PAIR[:2], PAIR[2:]), told, strict=True)
    return all(
        told_alike(pairs[name].to_numpy(dtype=object), records[key].to_numpy(dtype=object), places)
        for side, places in sides
        for name, key in zip(side, KEY, strict=True)
    )
