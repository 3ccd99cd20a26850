"""Whose each record is, by number: what a name says at length, and compared at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from woda_lib.linkage.errors import SourceError
from woda_lib.linkage.identities import Hashes, record_names
from woda_lib.linkage.plain_forms import numbered_in_order

NAMES_AT_ONCE = 1 << 17


@dataclass(frozen=True)
class Entities:
    """The entities of records.

    Attributes
    ----------
    codes
        Shape (records,): the place of each record's entity among the names.
    names
        Texts in the order of their code points.
    """

    codes: npt.NDArray[np.int32]
    names: npt.NDArray[np.object_]

    @classmethod
    def of(cls, names: pd.Series) -> Self:
        """Number the entities of records by their names.

        Raises
        ------
        SourceError
            A record has no name of an entity.
        """
        if missing := int(names.isna().sum()):
            raise SourceError(
                f"{missing} records are of no entity. Give each record that stands alone the name "
                "of an entity of its own."
            )
        return cls(*numbered_in_order(names.to_numpy(dtype=object)))

    @classmethod
    def after_first(
        cls, entity: str, records: pd.DataFrame, labels: npt.NDArray[np.int64]
    ) -> Entities:
        """Name the entity of each record after the first record of its cluster.

        Parameters
        ----------
        entity
            The kind of entity.
        records
            ``source`` and ``id`` of each record.
        labels
            The smallest position of each record's cluster.
        """
        return Firsts.of(records, labels).entities(entity)

    def of_each(self) -> npt.NDArray[np.object_]:
        """Return the name of each record's entity."""
        each: npt.NDArray[np.object_] = self.names[self.codes]
        return each


@dataclass(frozen=True)
class Firsts:
    """The first record of each cluster.

    Attributes
    ----------
    hashed
        Its `identities.record_names`, shape (clusters,).
    place
        Shape (records,): the place of the first of each record's cluster among them.
    """

    hashed: Hashes
    place: npt.NDArray[np.int32]

    @classmethod
    def of(cls, records: pd.DataFrame, labels: npt.NDArray[np.int64]) -> Self:
        """Find the first records; see `Entities.after_first`."""
        from woda_lib.linkage.fast.threads import (  # here: numba takes a while to start
            share_out,
            stretches,
        )

        is_first = labels == np.arange(len(labels))
        firsts = np.flatnonzero(is_first)
        known_by = records[["source", "id"]]

        def hashed(low: int, high: int) -> Hashes:
            return record_names(known_by.iloc[firsts[low:high]])

        # What is written on the way to a hash, or to a name, takes more memory than these.
        parts = share_out(hashed, stretches(len(firsts), NAMES_AT_ONCE))
        place = np.cumsum(is_first, dtype=np.int32) - np.int32(1)
        return cls(np.concatenate([np.empty(0, dtype=np.uint64), *parts]), place[labels])

    def of_each(self, entity: str) -> npt.NDArray[np.object_]:
        """Return the name of each record's entity, which need not be sorted for that."""
        each: npt.NDArray[np.object_] = _names(entity, self.hashed)[self.place]
        return each

    def entities(self, entity: str) -> Entities:
        """Return the entities of records."""
        distinct, which = np.unique(self.hashed, return_inverse=True)
        return Entities(which.astype(np.int32)[self.place], _names(entity, distinct))


def entity_names(
    entity: str, records: pd.DataFrame, labels: npt.NDArray[np.int64]
) -> npt.NDArray[np.object_]:
    """Return the name that `Entities.after_first` gives to the entity of each record."""
    return Firsts.of(records, labels).of_each(entity)


def _names(entity: str, hashed: Hashes) -> npt.NDArray[np.object_]:
    """Return the names of entities by their hashes, which are written some at a time."""
    names = np.empty(len(hashed), dtype=object)
    for low in range(0, len(names), NAMES_AT_ONCE):
        these = slice(low, low + NAMES_AT_ONCE)
        names[these] = _written(entity, hashed[these])
    return names


def _written(entity: str, names: Hashes) -> npt.NDArray[np.object_]:
    """Write hashes as identifiers of entities, such as ``person-00c0ffee00c0ffee``.

    All are of one length, so that their order is that of the hashes.
    """
    digits = np.frombuffer(names.astype(">u8").tobytes().hex().encode(), dtype=np.uint8)
    front = np.frombuffer(f"{entity}-".encode(), dtype=np.uint8)
    letters = np.empty((len(names), len(front) + 16), dtype=np.uint8)
    letters[:, : len(front)], letters[:, len(front) :] = front, digits.reshape(-1, 16)
    ends = np.arange(len(names) + 1, dtype=np.int64) * letters.shape[1]
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(letters)]
    written = pa.Array.from_buffers(pa.large_string(), len(names), buffers)
    return np.asarray(written.to_numpy(zero_copy_only=False), dtype=object)
