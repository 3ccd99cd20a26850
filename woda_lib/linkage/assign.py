"""Give the clusters of a new linkage the identities that their records had before.

A cluster keeps the ``entity_id`` of the entity it shares most records with, and no two clusters
get the same: of all pairs of a cluster and an earlier entity, the one with most records in common
is settled first, then the next among those left. Ties go to the entity that has stood longest,
then to the smaller names, so that the same input always gives the same identities.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.decisions import PAIR
from woda_lib.linkage.errors import SourceError
from woda_lib.linkage.identities import EVENTS, RECORDS, IdentityStore, hashes
from woda_lib.linkage.record_keys import places_among, record_keys, text_order
from woda_lib.linkage.taken_names import TakenNames

KEY = ["source", "id"]


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
        if known, ``content`` (see `identities.contents`): every record that the sources hold.
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
        `clusters` holds a record twice.
    """
    return assigned(clusters, previous, on=on, run=run, used=used)[0]


def assigned(
    clusters: pd.DataFrame,
    previous: IdentityStore,
    *,
    on: date | None,
    run: str,
    used: TakenNames | None = None,
) -> tuple[IdentityStore, npt.NDArray[np.int64]]:
    """Return what `assign` does, and the place of each record of the clusters in the store."""
    moment: Any = pd.Timestamp(on) if on is not None else pd.NaT
    records = _side_by_side(clusters, previous)
    if used is None:
        used = TakenNames.of(previous)
    matched = _greatest_overlap(records)
    records["entity_id"] = _named(records, matched, used, f"{run} {on}")
    events = _events(records, matched, previous.decisions)
    events["on"], events["run"] = moment, run
    present = records["cluster"] >= 0
    moved = present & (records["entity_id"] != records["before"])
    kept = pd.DataFrame(
        {
            "source": records["source"],
            "id": records["id"],
            "entity_id": records["entity_id"],
            "content": records["content"].where(present, records["content_before"]),
            "since": records["since"].mask(moved, moment),
            "withdrawn": records["withdrawn"].where(~present),
        }
    )
    kept["withdrawn"] = kept["withdrawn"].mask(~present & records["current"], moment)
    store = replace(
        previous, records=kept.astype(RECORDS), events=following(previous.events, events)
    )
    places = np.empty(len(clusters), dtype=np.int64)
    places[records.loc[present, "at"]] = np.flatnonzero(present)
    return store, places


def following(earlier: pd.DataFrame, later: pd.DataFrame) -> pd.DataFrame:
    """Put one table of events after another."""
    columns = {
        name: np.concatenate([part[name].to_numpy(dtype=kind) for part in (earlier, later)])
        for name, kind in EVENTS.items()
    }
    return pd.DataFrame(columns)


def _side_by_side(clusters: pd.DataFrame, previous: IdentityStore) -> pd.DataFrame:
    """One row a record, ordered by source and identifier: its cluster now, its entity before."""
    now = pd.DataFrame({name: clusters[name].astype(str).astype(object) for name in KEY})
    content = clusters.get("content", pd.Series(0, index=clusters.index, dtype="uint64"))
    before = previous.records
    here, there = record_keys(now, before, in_order=True)
    if repeated := int(pd.Series(here).duplicated().sum()):
        raise SourceError(
            f"The clusters name {repeated} records more than once. Identifiers must differ as "
            f"text within a source."
        )
    keys = np.union1d(here, there)
    at_now, at_before = places_among(keys, here), places_among(keys, there)
    table = {
        name: np.where(
            at_now >= 0, _at(now[name], at_now, None), _at(before[name], at_before, None)
        )
        for name in KEY
    }
    both = pd.DataFrame(
        {
            **table,
            "at": at_now,
            "proposed": _at(clusters["entity_id"].astype(object), at_now, np.nan),
            "content": _at(content, at_now, np.uint64(0)),
            "before": _at(before["entity_id"].astype(object), at_before, np.nan),
            "content_before": _at(before["content"], at_before, np.uint64(0)),
            "since": _at(before["since"], at_before, np.datetime64("NaT", "ns")),
            "withdrawn": _at(before["withdrawn"], at_before, np.datetime64("NaT", "ns")),
        }
    )
    both["cluster"] = pd.factorize(both["proposed"])[0]
    both["entity"] = pd.factorize(both["before"])[0]
    both["current"] = (both["entity"] >= 0) & both["withdrawn"].isna()
    return both


def _at(values: pd.Series, places: npt.NDArray[np.int64], otherwise: Any) -> npt.NDArray[Any]:
    """Return the values at some places; what is to be there otherwise at −1."""
    held = values.to_numpy()
    taken: npt.NDArray[Any] = np.append(held, np.array([otherwise], dtype=held.dtype))[places]
    return taken


def _greatest_overlap(records: pd.DataFrame) -> pd.DataFrame:
    """Pair clusters with entities one to one; columns ``cluster``, ``entity``, ``before``."""
    shared = records[(records["cluster"] >= 0) & (records["entity"] >= 0)]
    overlap = (
        shared.assign(first=shared.index)
        .groupby(["cluster", "entity", "before"], sort=False)
        .agg(size=("first", "size"), since=("since", "min"), first=("first", "min"))
        .reset_index()
        .sort_values(
            ["size", "since", "before", "first"],
            ascending=[False, True, True, True],
            ignore_index=True,
        )
    )
    settled = [overlap.iloc[:0]]
    while len(overlap):  # a pair that is the best of both its sides cannot be bettered later
        best = overlap[~overlap.duplicated("cluster") & ~overlap.duplicated("entity")]
        settled.append(best)
        overlap = overlap[
            ~overlap["cluster"].isin(best["cluster"]) & ~overlap["entity"].isin(best["entity"])
        ]
    return pd.concat(settled)[["cluster", "entity", "before"]]


def _named(records: pd.DataFrame, matched: pd.DataFrame, used: TakenNames, salt: str) -> pd.Series:
    """Return the entity of each record: kept, or new, or for a withdrawn one as it was."""
    proposed = records.loc[records["cluster"] >= 0].drop_duplicates("cluster")
    names = proposed.set_index("cluster")["proposed"]
    kept = matched.set_index("cluster")["before"]
    fresh = names[~names.index.isin(kept.index)]
    attempt = 0
    while (taken := used.among(fresh.to_numpy(dtype=object))).any():
        attempt += 1  # the name was given to others who have it still, or is retired
        again = fresh[taken] + f"\x1f{salt}\x1f{attempt}"
        written = [f"{number:016x}" for number in hashes(again.to_numpy(dtype=object))]
        stem = names.loc[fresh.index[taken]].str.rpartition("-")[0]
        fresh = fresh.copy()
        fresh[taken] = stem.to_numpy(dtype=object) + "-" + np.array(written, dtype=object)
    given = pd.concat([part for part in (kept, fresh) if len(part)] or [kept])
    return records["cluster"].map(given).where(records["cluster"] >= 0, records["before"])


def _events(records: pd.DataFrame, matched: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    present = records["cluster"] >= 0
    known = records["before"].notna()
    went_on = set(matched["before"])
    existed = records["entity_id"].isin(went_on)
    moves = records[present & known & (records["before"] != records["entity_id"])]
    split = _most(moves[~moves["entity_id"].isin(went_on)], "entity_id", "before")
    merged = _most(moves[~moves["before"].isin(went_on)], "before", "entity_id")
    explained = pd.concat(
        [
            split.rename(columns={"name": "entity_id", "other": "before"}),
            merged.rename(columns={"name": "before", "other": "entity_id"}),
        ]
    )
    by_pair = pd.MultiIndex.from_frame(moves[["entity_id", "before"]])
    alone = moves[~by_pair.isin(pd.MultiIndex.from_frame(explained[["entity_id", "before"]]))]
    came = present & ~records["current"] & existed
    made = records[present & ~existed & ~records["entity_id"].isin(split["name"])]
    created = made.drop_duplicates("entity_id")
    gone = records[~present & records["current"]]
    kinds = [
        _rows("created", created["entity_id"]),
        _rows("merged", merged["name"], merged["other"]),
        _rows("split", split["name"], split["other"]),
        _rows("reassigned", alone["entity_id"], alone["before"], alone),
        _rows("joined", records.loc[came, "entity_id"], record=records[came]),
        _rows("withdrawn", gone["entity_id"], record=gone),
    ]
    # The first linkage knows of one kind alone, and pandas would look at every value of the others.
    events = pd.concat([kind for kind in kinds if len(kind)] or kinds[:1], ignore_index=True)
    events["reason"] = _reasons(events, records, decisions)
    return events


def _rows(
    event: str,
    names: pd.Series,
    others: pd.Series | None = None,
    record: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Write events of one kind, ordered by entity."""
    if others is None and record is None:  # one event an entity: its name alone is the order
        names = names.iloc[text_order(names)]
    rows = pd.DataFrame({"entity_id": names.to_numpy(dtype=object)})
    rows["event"] = event
    rows["other_entity_id"] = None if others is None else others.to_numpy(dtype=object)
    rows["source"] = None if record is None else record["source"].to_numpy(dtype=object)
    rows["id"] = None if record is None else record["id"].to_numpy(dtype=object)
    if others is None and record is None:
        return rows.astype(object)
    return rows.sort_values(["entity_id", "source", "id"], kind="stable").astype(object)


def _most(moves: pd.DataFrame, name: str, other: str) -> pd.DataFrame:
    """For each `name`, the `other` that most of its records went to or came from."""
    counts = moves.groupby([name, other]).size().rename("size").reset_index()
    counts = counts.sort_values(["size", other], ascending=[False, True])
    first = counts.drop_duplicates(name).sort_values(name)
    return pd.DataFrame({"name": first[name], "other": first[other]}, dtype=object)


def _reasons(events: pd.DataFrame, records: pd.DataFrame, decisions: pd.DataFrame) -> pd.Series:
    """Name the most telling circumstance of each event; see `assign`."""
    present = records["cluster"] >= 0
    differs = (
        present & records["before"].notna() & (records["content"] != records["content_before"])
    )
    circumstances = {
        "changed record": differs,
        "new record": present & ~records["current"],
        "withdrawn record": ~present & records["current"],
    }
    own = events["event"].map(
        {"created": "new record", "joined": "new record", "withdrawn": "withdrawn record"}
    )
    conditions = [_decided(events, records, decisions), own.notna()]
    asked = events[own.isna()]  # the others say by their name why they came about
    for holds in circumstances.values():
        concerned = pd.concat([records.loc[holds, "entity_id"], records.loc[holds, "before"]])
        concerned = concerned.dropna().unique() if len(asked) else concerned.iloc[:0]
        told = asked["entity_id"].isin(concerned) | asked["other_entity_id"].isin(concerned)
        conditions.append(told.reindex(events.index, fill_value=False))
    chosen = np.select(
        [condition.to_numpy(dtype=bool) for condition in conditions],
        ["decision", own.fillna(""), *circumstances],
        "model",
    )
    return pd.Series(chosen, index=events.index, dtype=object)


def _decided(events: pd.DataFrame, records: pd.DataFrame, decisions: pd.DataFrame) -> pd.Series:
    """Say which events join, or part, two entities as a person decided about their records."""
    if decisions.empty or events.empty:
        return pd.Series(False, index=events.index)
    names = records.set_index(KEY)[["before", "entity_id"]]
    left, right = (
        names.reindex(pd.MultiIndex.from_frame(decisions[side], names=KEY)).reset_index(drop=True)
        for side in (PAIR[:2], PAIR[2:])
    )
    must = (decisions["decision"] == "must_link").reset_index(drop=True)
    joins = events["event"].isin(["merged", "reassigned", "joined"])
    parts = events["event"].isin(["split", "reassigned"])
    whose = _unordered(events["entity_id"], events["other_entity_id"])
    result = pd.Series(False, index=events.index)
    for one in names:
        for other in names:
            about = _unordered(left[one], right[other])
            result |= joins & whose.isin(about[must]) | parts & whose.isin(about[~must])
    named = pd.MultiIndex.from_frame(
        pd.concat([decisions[side].set_axis(KEY, axis=1) for side in (PAIR[:2], PAIR[2:])])[
            np.tile(must.to_numpy(), 2)
        ]
    )
    return result | joins & pd.MultiIndex.from_frame(events[KEY]).isin(named)


def _unordered(one: pd.Series, other: pd.Series) -> pd.Series:
    """Write two names as one key, the same whichever stands first; missing if either is."""
    smaller, larger = one.where(one < other, other), other.where(one < other, one)
    return (smaller + "\x1f" + larger).where(one.notna() & other.notna())
