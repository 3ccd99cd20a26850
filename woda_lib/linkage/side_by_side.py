"""The records of a linkage beside those of the store before it, as whole numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

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


def side_by_side(clusters: pd.DataFrame, previous: IdentityStore) -> SideBySide:
    """Put them side by side.

    Parameters
    ----------
    clusters, previous
        See `assign.assign`.

    Raises
    ------
    SourceError
        `clusters` holds a record twice.
    """
    now = pd.DataFrame({name: _texts(clusters[name]) for name in KEY}, copy=False)
    before = previous.records
    at, at_before = _placed(*record_keys(now, before, in_order=True))
    present = at >= 0
    texts = {
        name: np.where(
            present, at_places(now[name], at, None), at_places(before[name], at_before, None)
        )
        for name in KEY
    }
    named = [table["entity_id"].to_numpy(dtype=object) for table in (clusters, before)]
    codes, names = numbered_in_order(np.concatenate(named))
    cluster = np.full(len(at), -1, dtype=np.int32)
    cluster[present], proposed = pd.factorize(codes[: len(clusters)][at[present]])
    content = clusters.get("content", pd.Series(0, index=clusters.index, dtype="uint64"))
    return SideBySide(
        source=texts["source"],
        id=texts["id"],
        place=at,
        cluster=cluster,
        proposed=proposed,
        before=np.append(codes[len(clusters) :], np.int32(-1))[at_before],
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
    held = column.to_numpy(dtype=object)
    if pd.api.types.infer_dtype(held, skipna=False) == "string":
        return held
    return column.astype(str).to_numpy(dtype=object)


def _placed(here: Keys, there: Keys) -> tuple[Keys, Keys]:
    """Return the place of every record, by its key, among those here and those there; −1 if not."""
    keys = np.concatenate([here, there])
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    place = np.cumsum(np.append([True], keys[1:] != keys[:-1])) - 1 if len(keys) else keys
    found = np.full((2, int(place[-1]) + 1 if len(keys) else 0), -1, dtype=np.int64)
    of_here = order < len(here)
    found[0, place[of_here]] = order[of_here]
    found[1, place[~of_here]] = order[~of_here] - len(here)
    if repeated := len(here) - int((found[0] >= 0).sum()):
        raise SourceError(
            f"The clusters name {repeated} records more than once. Identifiers must differ as "
            f"text within a source."
        )
    return found[0], found[1]
