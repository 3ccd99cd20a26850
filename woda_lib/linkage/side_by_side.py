"""The records of a linkage beside those of the store before it, as whole numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from woda_lib.linkage.as_arrow import as_held
from woda_lib.linkage.entities import Entities
from woda_lib.linkage.errors import SourceError
from woda_lib.linkage.identities import Hashes, IdentityStore
from woda_lib.linkage.plain_forms import numbered_in_order
from woda_lib.linkage.record_keys import Keys, at_places, record_keys

KEY = ["source", "id"]

Codes = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
Times = npt.NDArray[np.datetime64]


@dataclass(frozen=True)
class SideBySide:
    """Every record of either, ordered by source and identifier as texts.

    Attributes
    ----------
    source, id
        Shape (records,), texts.
    place
        The place of each among the records of the clusters; −1 where it is withdrawn.
    cluster
        The number of its cluster, clusters being numbered as they come; −1 where there is none.
    proposed
        Shape (clusters,): the name of each cluster that has no earlier entity, among `names`.
    before
        The entity of each record in the store, among `names`; −1 where it is new.
    content, content_before
        Hashes of what each says now and said before; 0 where it is not there.
    since, withdrawn
        As the store has them, missing where it has not the record.
    names
        Of entities, in the order of their code points.
    """

    source: npt.NDArray[np.object_]
    id: npt.NDArray[np.object_]
    place: npt.NDArray[np.int64]
    cluster: Codes
    proposed: Codes
    before: Codes
    content: Hashes
    content_before: Hashes
    since: Times
    withdrawn: Times
    names: npt.NDArray[np.object_]

    @property
    def clusters(self) -> int:
        """How many there are."""
        return len(self.proposed)

    @property
    def present(self) -> Flags:
        """Which records their sources hold now."""
        return self.place >= 0

    @property
    def current(self) -> Flags:
        """Which they held when the store was made."""
        return (self.before >= 0) & np.isnat(self.withdrawn)


def side_by_side(records: pd.DataFrame, entities: Entities, previous: IdentityStore) -> SideBySide:
    """Put them side by side.

    Parameters
    ----------
    records
        ``source``, ``id`` and, if known, ``content`` of every record that the sources hold.
    entities
        Whose each is; an entity's name counts where it has no earlier one.
    previous
        See `assign.assign`.

    Raises
    ------
    SourceError
        `records` holds one twice.
    """
    now = pd.DataFrame({name: _texts(records[name]) for name in KEY}, copy=False)
    before = previous.records
    at, at_before = _placed(now, before)
    present = at >= 0
    codes, earlier, names = _numbered_alike(entities, before["entity_id"])
    cluster = np.full(len(at), -1, dtype=np.int32)
    cluster[present], proposed = pd.factorize(codes[at[present]])
    content = records.get("content", pd.Series(0, index=records.index, dtype="uint64"))
    return SideBySide(
        source=_of_either(now["source"], at, before["source"], at_before),
        id=_of_either(now["id"], at, before["id"], at_before),
        place=at,
        cluster=cluster,
        proposed=proposed,
        before=np.append(earlier, np.int32(-1))[at_before],
        content=at_places(content, at, np.uint64(0)),
        content_before=at_places(before["content"], at_before, np.uint64(0)),
        since=at_places(before["since"], at_before, np.datetime64("NaT", "ns")),
        withdrawn=at_places(before["withdrawn"], at_before, np.datetime64("NaT", "ns")),
        names=names,
    )


def _texts(column: pd.Series) -> npt.NDArray[np.object_]:
    """Return sources or identifiers as texts; most are, and need not be written anew."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        values = np.asarray(column.cat.categories.astype(str), dtype=object)
        return values[column.cat.codes.to_numpy()]
    held = np.asarray(as_held(column), dtype=object)
    if pd.api.types.infer_dtype(held, skipna=False) == "string":
        return held
    return column.astype(str).to_numpy(dtype=object)


def _numbered_alike(
    entities: Entities, earlier: pd.Series
) -> tuple[Codes, Codes, npt.NDArray[np.object_]]:
    """Number entities and those of earlier records alike; return both, and the names in order."""
    if not len(earlier):
        return entities.codes, np.empty(0, dtype=np.int32), entities.names
    both = np.concatenate([entities.names, earlier.to_numpy(dtype=object)])
    codes, names = numbered_in_order(both)
    known = len(entities.names)
    return codes[:known][entities.codes], codes[known:], names


def _of_either(
    now: pd.Series, at: Keys, before: pd.Series, at_before: Keys
) -> npt.NDArray[np.object_]:
    """Return what records say now, and of those that are gone what they said before."""
    told = at_places(now, at, None)
    gone = np.flatnonzero(at < 0)
    told[gone] = before.to_numpy(dtype=object)[at_before[gone]]
    return told


def _placed(now: pd.DataFrame, before: pd.DataFrame) -> tuple[Keys, Keys]:
    """Return the place of every record, in order, among those here and those there; −1 if not."""
    if not len(before):
        order = _in_order(now)
        return order, np.full(len(order), -1, dtype=np.int64)
    here, there = record_keys(now, before, in_order=True)
    keys = np.concatenate([here, there])
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    place = np.cumsum(np.append([True], keys[1:] != keys[:-1])) - 1
    found = np.full((2, int(place[-1]) + 1), -1, dtype=np.int64)
    of_here = order < len(here)
    found[0, place[of_here]] = order[of_here]
    found[1, place[~of_here]] = order[~of_here] - len(here)
    _refuse(len(here) - int((found[0] >= 0).sum()))
    return found[0], found[1]


def _in_order(now: pd.DataFrame) -> Keys:
    """Return the places that sort records by source and identifier; most stand so already."""
    codes, sources = numbered_in_order(now["source"].to_numpy(dtype=object))
    identifiers = now["id"].to_numpy(dtype=object)

    def one(source: int) -> Keys:
        at = np.flatnonzero(codes == source)
        texts = pa.array(identifiers[at], type=pa.large_string())
        if not pc.all(pc.less(texts[:-1], texts[1:])).as_py():
            order = pc.array_sort_indices(texts).to_numpy()
            at, texts = at[order], texts.take(order)
            _refuse(pc.sum(pc.equal(texts[:-1], texts[1:])).as_py() or 0)
        return at

    return np.concatenate(
        [one(source) for source in range(len(sources))] or [np.empty(0, np.int64)]
    )


def _refuse(repeated: int) -> None:
    """Refuse records that are named more than once."""
    if repeated:
        raise SourceError(
            f"The clusters name {repeated} records more than once. Identifiers must differ as "
            f"text within a source."
        )
