"""The tables that the build saves, none of them with a row of somebody who opted out."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from woda_lib.linkage.identities import IdentityStore
from woda_lib.partners.texts import written_out
from woda_lib.pilots.linking import Linked
from woda_lib.pilots.single_view.build import Homes, Shown
from woda_lib.pilots.single_view.details import IDENTITY, TOLD_APART

DETAILS = [
    *("partner", "dataset", "local_id", "row_id", "entity_id"),
    *("started_on", "ended_on", "delivered_on"),
    *IDENTITY,
]


def tables(
    shown: Shown,
    linked: Linked,
    homes: Homes,
    properties: pd.DataFrame,
    services: pd.DataFrame,
    opted_out: pd.DataFrame,
) -> dict[str, pd.DataFrame]:
    """Return the tables that the build saves, by name, without whoever opted out.

    `fields.FIELDS` says what is in them.
    """
    numbers, people = (set(opted_out[name]) for name in ("local_id", "entity_id"))
    return {
        "records": shown.records,
        "links": _without_ends(links(linked.store), numbers),
        "doubts": _without_ends(doubts(linked.store), numbers),
        "details": saved_details(shown.rows),
        "persons": _written_out(homes.persons),
        "properties": properties,
        # Whose row it is, so that a choice that comes later is honoured in it.
        "places": _of_whom(shown),
        "residences": homes.residences,
        "households": homes.households,
        "members": homes.members,
        "involvements": services,
        "identity_events": events(linked.store, people),
    }


def saved_details(details: pd.DataFrame) -> pd.DataFrame:
    """Return the rows as they are kept: `DETAILS`; a death is told by `persons`."""
    return _written_out(pd.DataFrame({name: details[name] for name in DETAILS}, copy=False))


def _written_out(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose texts of `TOLD_APART` are no categories.

    Those hold what other rows say as well, of people who opted out among them.
    """
    coded = [
        name
        for name in TOLD_APART
        if name in table and isinstance(table[name].dtype, pd.CategoricalDtype)
    ]
    return table.assign(**{name: written_out(table[name]) for name in coded})


def _of_whom(shown: Shown) -> pd.DataFrame:
    places = shown.places.copy(deep=False)  # so many rows need not be held twice
    places["entity_id"] = shown.rows["entity_id"]
    return places


def events(store: IdentityStore, opted_out: Collection[str] = ()) -> pd.DataFrame:
    """Return what happened to identities, `event` and `source` as categories.

    Parameters
    ----------
    store
    opted_out
        People who are left out, with every identifier that was merged into theirs.
    """
    told = store.events
    theirs, found = set(opted_out), 0
    while len(theirs) > found:
        found = len(theirs)
        merged = told["event"].eq("merged") & told["other_entity_id"].isin(theirs)
        theirs |= set(told.loc[merged, "entity_id"])
    gone = told["entity_id"].isin(theirs) | told["other_entity_id"].isin(theirs)
    kept = told[~gone].reset_index(drop=True)
    return kept.astype({"event": "category", "source": "category"})


def links(store: IdentityStore) -> pd.DataFrame:
    """Return the linked pairs of a store, sources as categories."""
    return _pairs(store.links)


def doubts(store: IdentityStore) -> pd.DataFrame:
    """Return the pairs of a store that were not linked and may be one person, likewise."""
    return _pairs(store.doubts)


def _pairs(pairs: pd.DataFrame) -> pd.DataFrame:
    kinds = dict.fromkeys(("left_source", "right_source"), "category")
    return pairs.astype(kinds, copy=False).reset_index(drop=True)


def _without_ends(pairs: pd.DataFrame, numbers: Collection[str]) -> pd.DataFrame:
    """Leave out pairs of which an end is somebody's; of pseudonyms one is one partner's alone."""
    if not numbers:
        return pairs
    theirs = pairs["left_id"].isin(numbers) | pairs["right_id"].isin(numbers)
    return pairs[~theirs].reset_index(drop=True)
