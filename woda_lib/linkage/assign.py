"""Give the clusters of a new linkage the identities that their records had before.

A cluster keeps the ``entity_id`` of the entity it shares most records with, and no two clusters
get the same: of all pairs of a cluster and an earlier entity, the one with most records in common
is settled first, then the next among those left. Ties go to the entity that has stood longest,
then to the smaller names, so that the same input always gives the same identities.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.entities import Entities
from woda_lib.linkage.identities import EVENTS, RECORDS, IdentityStore, hashes
from woda_lib.linkage.identity_events import events_of
from woda_lib.linkage.side_by_side import KEY, Codes, SideBySide, side_by_side
from woda_lib.linkage.taken_names import TakenNames

__all__ = ["KEY", "Assigned", "assign", "assigned", "following"]


def assign(
    clusters: pd.DataFrame,
    previous: IdentityStore,
    *,
    on: date | None,
    run: str,
    used: TakenNames | None = None,
) -> IdentityStore:
    """Name clusters after the entities of an earlier store, and record what changed.

    Parameters
    ----------
    clusters
        ``source``, ``id``, ``entity_id`` (the name of a cluster that has no earlier entity) and,
        if known, ``content`` (see `contents.contents`): every record that the sources hold.
    previous
        The store before; `IdentityStore.empty()` for the first linkage.
    on, run
        Date and name of the run that made the clusters.
    used
        Entity names that are taken; by default all that `previous` ever gave.

    Returns
    -------
    IdentityStore
        With these events added:

        created
            an entity of records that had none.
        joined
            a record, new or come back, entered ``entity_id``, which existed.
        merged
            all that is left of ``entity_id`` went elsewhere, most of it to ``other_entity_id``;
            the name ``entity_id`` is not used again, unless by a record that had been withdrawn
            from it and comes back.
        split
            ``entity_id`` is new; most of its records were of ``other_entity_id``, which goes on.
        reassigned
            a record went from ``other_entity_id`` to ``entity_id`` without a merger or split.
        withdrawn
            a record is no longer held by its source.

        ``reason`` names the most telling circumstance: "decision" of a person about the records
        of these entities, "changed record", "new record", "withdrawn record", or else "model".

    Raises
    ------
    SourceError
        `clusters` holds a record twice, or one of no entity.
    """
    entities = Entities.of(clusters["entity_id"])
    return assigned(clusters, entities, previous, on=on, run=run, used=used).store


@dataclass(frozen=True)
class Assigned:
    """Clusters that have their names, and a store that knows of it.

    Attributes
    ----------
    store
        See `assign`.
    places
        Shape (records,): where each record of the clusters stands in the store.
    entity
        The number of its entity: equal for those of one.
    """

    store: IdentityStore
    places: npt.NDArray[np.int64]
    entity: Codes

    def of_each(self) -> npt.NDArray[np.object_]:
        """Return the name of each record's entity, as they stand among the clusters."""
        return self.store.records["entity_id"].to_numpy(dtype=object)[self.places]


def assigned(
    records: pd.DataFrame,
    entities: Entities,
    previous: IdentityStore,
    *,
    on: date | None,
    run: str,
    used: TakenNames | None = None,
) -> Assigned:
    """Do what `assign` does with records whose entities are numbered; see there."""
    moment: Any = np.datetime64(pd.Timestamp(on) if on is not None else "NaT", "ns")
    both = side_by_side(records, entities, previous)
    kept = _greatest_overlap(both)
    used = TakenNames.of(previous) if used is None else used
    entity, names = _named(both, kept, used, f"{run} {on}")
    events = events_of(both, entity, names, kept[kept >= 0], previous.decisions)
    events["on"], events["run"] = moment, run
    withdrawn = np.where(both.present, np.datetime64("NaT", "ns"), both.withdrawn)
    told = pd.DataFrame(
        {
            "source": both.source,
            "id": both.id,
            "entity_id": names[entity],
            "content": np.where(both.present, both.content, both.content_before),
            "since": np.where(both.present & (entity != both.before), moment, both.since),
            "withdrawn": np.where(~both.present & both.current, moment, withdrawn),
        },
        copy=False,
    )
    assert told.dtypes.astype(str).to_dict() == RECORDS, told.dtypes
    store = replace(previous, records=told, events=following(previous.events, events))
    places = np.empty(len(records), dtype=np.int64)
    places[both.place[both.present]] = np.flatnonzero(both.present)
    return Assigned(store, places, entity[places])


def following(earlier: pd.DataFrame, later: pd.DataFrame) -> pd.DataFrame:
    """Put one table of events after another."""
    columns = {
        name: np.concatenate([part[name].to_numpy(dtype=kind) for part in (earlier, later)])
        for name, kind in EVENTS.items()
    }
    return pd.DataFrame(columns, copy=False)


def _greatest_overlap(both: SideBySide) -> Codes:
    """Pair clusters with entities one to one; return the entity of each cluster, −1 for none."""
    shared = np.flatnonzero((both.cluster >= 0) & (both.before >= 0))
    cluster, entity = both.cluster[shared].astype(np.int64), both.before[shared].astype(np.int64)
    pair = pd.factorize(cluster * len(both.names) + entity)[0]
    by_pair = pd.DataFrame({"since": both.since[shared], "first": shared}).groupby(pair)
    table = by_pair.agg(size=("first", "size"), since=("since", "min"), first=("first", "min"))
    overlap = table.assign(
        cluster=both.cluster[table["first"]], entity=both.before[table["first"]]
    ).reset_index(drop=True)
    kept = np.full(both.clusters, -1, dtype=np.int32)
    # Nearly all clusters are one entity's and nobody else's: these need no contest.
    rivals = overlap["cluster"].duplicated(keep=False) | overlap["entity"].duplicated(keep=False)
    kept[overlap.loc[~rivals, "cluster"]] = overlap.loc[~rivals, "entity"]
    overlap = overlap[rivals].sort_values(
        ["size", "since", "entity", "first"], ascending=[False, True, True, True]
    )
    while len(overlap):  # a pair that is the best of both its sides cannot be bettered later
        best = overlap[~overlap.duplicated("cluster") & ~overlap.duplicated("entity")]
        kept[best["cluster"]] = best["entity"]
        overlap = overlap[
            ~overlap["cluster"].isin(best["cluster"]) & ~overlap["entity"].isin(best["entity"])
        ]
    return kept


def _named(
    both: SideBySide,
    kept: Codes,
    used: TakenNames,
    salt: str,
) -> tuple[Codes, npt.NDArray[np.object_]]:
    """Return the entity of each record, kept, or new, or for a withdrawn one as it was; and names.

    Entities are places among the names, to which those given anew are added.
    """
    given = np.where(kept >= 0, kept, both.proposed)
    fresh = np.flatnonzero(kept < 0)
    own = both.names[both.proposed[fresh]]
    names = own.copy()
    attempt, left = 0, np.flatnonzero(used.among(names))
    while len(left):
        attempt += 1  # the name was given to others who have it still, or is retired
        again = names[left] + f"\x1f{salt}\x1f{attempt}"
        written = [f"{number:016x}" for number in hashes(again)]
        stems = [name.rpartition("-")[0] for name in own[left]]
        names[left] = [f"{stem}-{new}" for stem, new in zip(stems, written, strict=True)]
        left = left[used.among(names[left])]
    renamed = np.flatnonzero(names != own)
    given[fresh[renamed]] = len(both.names) + np.arange(len(renamed), dtype=np.int32)
    entity = np.append(given, np.int32(-1))[both.cluster]
    entity = np.where(both.present, entity, both.before)
    return entity, np.concatenate([both.names, names[renamed]])
