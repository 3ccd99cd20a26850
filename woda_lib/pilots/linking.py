"""From the last run's identities to today's: in full the first time, then only what is new.

A full linkage learns the weights and compares every pair that could be one. Each later run takes
both over and compares only records that are new or have changed, with those that they could be;
`woda_lib.linkage.incremental` says why the outcome is the same, and how far it may stray as the
values of a growing county become more or less common. So everything is compared again once a month
or so, and whenever the rules change; names of entities are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import pandas as pd

from woda_lib.linkage import (
    IdentityStore,
    LinkageModel,
    LinkageSpec,
    ModelError,
    OpenStore,
    StoreError,
    link,
)
from woda_lib.linkage.assign import KEY, following
from woda_lib.linkage.decisions import PAIR, no_decisions
from woda_lib.linkage.identities import record_names
from woda_lib.linkage.record_keys import places_among, record_keys
from woda_lib.linkage.spent import give_back
from woda_lib.linkage.store_names import StoreNames, names_meanwhile
from woda_lib.linkage.whereabouts import Whereabouts
from woda_lib.notebook import Identities
from woda_lib.phrases import say_count
from woda_lib.pilots.decided_events import with_deciders

Engine = Literal["fast", "recordlinkage"]

EVENTS = {
    "created": "New entities of new records",
    "joined": "Records that joined an entity",
    "merged": "Entities that merged into another",
    "split": "Entities that split off another",
    "unmerged": "Entities that a person parted from another",
    "reassigned": "Records that went to another entity",
    "withdrawn": "Records that their partner no longer delivers",
}


@dataclass(frozen=True)
class Linked:
    """Who is who today.

    Attributes
    ----------
    clusters
        `source, id, entity_id, confidence`; see `woda_lib.linkage.clusters_of`.
    store, model
        To be kept for the next run.
    changes
        Events since the last run; see `woda_lib.linkage.assign`.
    news
        `what, records`: how many records there are, are new, have changed and are gone.
    compared
        Pairs of records that were compared.
    linked_on
        The clock of the last run that compared everything.
    waiting
        Decisions of people that name a record which no partner delivers (any more): they are kept,
        and count when it comes (back).
    says
        What was done and why, in words.
    whereabouts
        Where each record that was given stands among the clusters, if that is known.
    """

    clusters: pd.DataFrame
    store: IdentityStore
    model: LinkageModel
    changes: pd.DataFrame
    news: pd.DataFrame
    compared: int
    linked_on: date
    waiting: int
    says: str
    whereabouts: Whereabouts | None = None


def known_names(known: Identities, *, relink_after_days: int) -> Callable[[], StoreNames] | None:
    """Let another thread read what the last run knew, for `link_from`, while rows are prepared.

    None where everything is to be linked in full. Parameters as for `link_from`.
    """
    if not known.tables or (known.on - _linked_on(known)).days > relink_after_days:
        return None
    return names_meanwhile(_store(known))


def link_from(
    known: Identities,
    records: Mapping[str, pd.DataFrame],
    spec: LinkageSpec,
    *,
    relink_after_days: int,
    decisions: pd.DataFrame | None = None,
    engine: Engine = "fast",
    names: Callable[[], StoreNames] | None = None,
) -> Linked:
    """Bring the last run's identities up to date, or link in full where that cannot be.

    Parameters
    ----------
    known
        From `Run.identities`.
    records
        A table for each source of the specification, all of today's records; one that is empty is
        left out.
    spec
        How to link.
    relink_after_days
        How old the last full linkage may be, in days.
    decisions
        Those of people in force (`woda_lib.linkage.decisions.in_force`); they alone count, so that
        one that was taken out of its file is taken back.
    engine
        See `woda_lib.linkage.link`.
    names
        From `known_names`, where that was begun before.

    Returns
    -------
    Linked
    """
    from woda_lib.linkage.fast.threads import at_once  # here: numba takes a while to start

    records = {name: frame for name, frame in records.items() if len(frame)}
    kept = [source for source in spec.sources if source.name in records]
    spec = spec.model_copy(update={"sources": kept, "decisions": []})
    decided = no_decisions() if decisions is None else decisions
    if not known.tables:
        return _in_full(known, records, spec, IdentityStore.empty(), known.says, decided, engine)
    store, linked_on = _store(known), _linked_on(known)
    age = (known.on - linked_on).days
    if age > relink_after_days:
        why = f"The last full linkage was {age} days ago, so that everything was compared again."
        return _in_full(known, records, spec, store, f"{known.says} {why}", decided, engine)
    try:
        model = LinkageModel.of_text(known.model)
        opened = OpenStore(store, records, spec, model, engine=engine, names=names)
    except (ModelError, StoreError):
        why = "The rules of linkage have changed since, so that everything was compared again."
        return _in_full(known, records, spec, store, f"{known.says} {why}", decided, engine)
    outcome = opened.update(decisions=decided, on=known.on, run=known.run)
    brought, clusters, whereabouts = at_once(
        lambda: opened.store, opened.clusters, opened.whereabouts
    )
    after, changes = _told(brought, outcome.changes, decided)
    waiting = _waiting(decided, after)
    says = f"{known.says} Only what is new or has changed was compared."
    return Linked(
        clusters=clusters,
        store=after,
        model=model,
        changes=changes,
        news=_said_news(**opened.news()),
        compared=outcome.compared,
        linked_on=linked_on,
        waiting=waiting,
        says=_with_waiting(says, waiting),
        whereabouts=whereabouts,
    )


def what_changed(linked: Linked) -> pd.DataFrame:
    """Return what the linkage changed since the last run: `what, number`."""
    counted = linked.changes["event"].value_counts()
    events = pd.DataFrame(
        {"what": EVENTS.values(), "number": [int(counted.get(event, 0)) for event in EVENTS]}
    )
    compared = pd.DataFrame({"what": ["Pairs of records compared"], "number": [linked.compared]})
    news = linked.news.rename(columns={"records": "number"})
    return pd.concat([news, compared, events], ignore_index=True)


def _store(known: Identities) -> IdentityStore:
    return IdentityStore.of_tables(known.tables, settled_with=known.settled_with)


def _linked_on(known: Identities) -> date:
    assert known.linked_on is not None, "identities that were kept say when all was linked"
    return known.linked_on


def _in_full(
    known: Identities,
    records: Mapping[str, pd.DataFrame],
    spec: LinkageSpec,
    before: IdentityStore,
    says: str,
    decided: pd.DataFrame,
    engine: Engine,
) -> Linked:
    result = link(
        records, spec, engine=engine, previous=before.decide(decided), on=known.on, run=known.run
    )
    give_back()
    store, changes = _told(result.store, result.changes, decided)
    clusters, whereabouts = result.clusters_of_store(), result.whereabouts(records)
    model, compared = result.model, int(result.blocking["new"].sum())
    del result
    waiting = _waiting(decided, store)
    linked = Linked(
        clusters=clusters,
        store=store,
        model=model,
        changes=changes,
        news=_news(before, store),
        compared=compared,
        linked_on=known.on,
        waiting=waiting,
        says=_with_waiting(says, waiting),
        whereabouts=whereabouts,
    )
    give_back()
    return linked


def _told(
    store: IdentityStore, changes: pd.DataFrame, decided: pd.DataFrame
) -> tuple[IdentityStore, pd.DataFrame]:
    """Say in the newest events who decided them; return store and events."""
    told = with_deciders(changes, store.records, decided)
    if told is changes:
        return store, changes
    earlier = store.events.iloc[: len(store.events) - len(changes)]
    return replace(store, events=following(earlier, told)), told


def _waiting(decided: pd.DataFrame, store: IdentityStore) -> int:
    """Count the decisions of which a record is not there."""
    if decided.empty:
        return 0
    here = pd.Index(record_names(store.current))
    there = [
        pd.Index(record_names(decided[side].set_axis(KEY, axis=1))).isin(here)
        for side in (PAIR[:2], PAIR[2:])
    ]
    return int((~(there[0] & there[1])).sum())


def _with_waiting(says: str, waiting: int) -> str:
    if not waiting:
        return says
    many = f"{say_count(waiting).capitalize()} decision{'' if waiting == 1 else 's'} of people"
    return (
        f"{says} {many} named a record that no partner delivers now; nothing of it is lost, and it "
        "counts when the record comes back."
    )


def _news(before: IdentityStore, after: IdentityStore) -> pd.DataFrame:
    if not len(before.records):  # nothing is to be found, and all is new
        return _said_news(len(after.records), len(after.records), 0)
    old, new = (store.current for store in (before, after))
    place = places_among(*record_keys(new, old))
    stayed = place >= 0
    same = new["content"].to_numpy()[stayed] == old["content"].to_numpy()[place[stayed]]
    return _said_news(len(new), len(new) - int(stayed.sum()), int((~same).sum()))


def _said_news(here: int, new: int, changed: int) -> pd.DataFrame:
    numbers = {
        "Records": here,
        "Records that are new": new,
        "Records that have changed": changed,
    }
    return pd.DataFrame({"what": numbers.keys(), "records": numbers.values()})
