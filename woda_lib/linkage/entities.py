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
    def after_first(cls, entity: str, records: pd.DataFrame, labels: npt.NDArray[np.int64]) -> Self:
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
        from woda_lib.linkage.fast.threads import stretches  # here: numba takes a while to start

        first = labels == np.arange(len(labels))
        leads = np.flatnonzero(first)
        hashed = np.empty(len(leads), dtype=np.uint64)
        # What is written on the way to a hash, or to a name, takes more memory than these.
        for low, high in stretches(len(leads), NAMES_AT_ONCE):
            hashed[low:high] = record_names(records[["source", "id"]].iloc[leads[low:high]])
        distinct, which = np.unique(hashed, return_inverse=True)
        names = np.empty(len(distinct), dtype=object)
        for low, high in stretches(len(distinct), NAMES_AT_ONCE):
            names[low:high] = _written(entity, distinct[low:high])
        place = np.cumsum(first, dtype=np.int32) - np.int32(1)
        return cls(which.astype(np.int32)[place[labels]], names)

    def of_each(self) -> npt.NDArray[np.object_]:
        """Return the name of each record's entity."""
        each: npt.NDArray[np.object_] = self.names[self.codes]
        return each


def entity_names(
    entity: str, records: pd.DataFrame, labels: npt.NDArray[np.int64]
) -> npt.NDArray[np.object_]:
    """Return the names that `Entities.after_first` gives."""
    return Entities.after_first(entity, records, labels).of_each()


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
