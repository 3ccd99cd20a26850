"""One person's rows of every table that the build saved, and those of whoever lived with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from woda_lib.pilots.single_view.person.errors import PersonError

TABLES = (
    "records",
    "links",
    "details",
    "persons",
    "properties",
    "residences",
    "households",
    "members",
    "involvements",
    "identity_events",
)
"""What a page is made of."""


@dataclass(frozen=True)
class Facts:
    """What is known of one person.

    Attributes
    ----------
    entity_id
        Whom it is about.
    person
        The best view: the person's row of ``persons``.
    records, links, details, residences, involvements, events
        Rows of the person alone.
    households, members, people
        Households that the person was ever in, everybody in them, and their best view.
    properties
        Where the person and those households lived, and the buildings that flats are in.
    neighbours
        All households that were at those properties.
    """

    entity_id: str
    person: pd.Series
    records: pd.DataFrame
    links: pd.DataFrame
    details: pd.DataFrame
    residences: pd.DataFrame
    involvements: pd.DataFrame
    events: pd.DataFrame
    households: pd.DataFrame
    members: pd.DataFrame
    people: pd.DataFrame
    properties: pd.DataFrame
    neighbours: pd.DataFrame


def facts_of(tables: Mapping[str, pd.DataFrame], entity_id: str) -> Facts:
    """Return what is known of one person.

    Parameters
    ----------
    tables
        By the names of `TABLES`, with the columns that the build gives them; whole, or only what
        concerns the person.
    entity_id
        Whom.

    Raises
    ------
    PersonError
        If nobody has this identifier now. One that was merged into another says so.
    """
    found = _of(tables["persons"], "entity_id", [entity_id])
    events = tables["identity_events"]
    if found.empty:
        raise PersonError(_nobody(entity_id, events))
    records = _of(tables["records"], "entity_id", [entity_id])
    own = pd.MultiIndex.from_frame(records[["dataset", "local_id"]].astype(str))
    links = tables["links"]
    links = links[_ends(links, "left", own) & _ends(links, "right", own)].reset_index(drop=True)
    memberships = _of(tables["members"], "entity_id", [entity_id])
    members = _of(tables["members"], "household_id", memberships["household_id"])
    households = _of(tables["households"], "household_id", memberships["household_id"])
    residences = _of(tables["residences"], "entity_id", [entity_id])
    properties = _of(tables["properties"], "uprn", [*residences["uprn"], *households["uprn"]])
    buildings = _of(tables["properties"], "uprn", properties["parent_uprn"].dropna())
    known = pd.concat([properties, buildings]).drop_duplicates("uprn")
    mine = events["entity_id"].eq(entity_id) | events["other_entity_id"].eq(entity_id)
    return Facts(
        entity_id=entity_id,
        person=found.iloc[0],
        records=records,
        links=links,
        details=_of(tables["details"], "entity_id", [entity_id]),
        residences=residences.sort_values("starts", ignore_index=True),
        involvements=_of(tables["involvements"], "entity_id", [entity_id]),
        events=events[mine].sort_values("on", kind="stable", ignore_index=True),
        households=households,
        members=members,
        people=_of(tables["persons"], "entity_id", members["entity_id"]),
        properties=known.reset_index(drop=True),
        neighbours=_of(tables["households"], "uprn", properties["uprn"]),
    )


def _of(table: pd.DataFrame, column: str, wanted: list | pd.Series) -> pd.DataFrame:
    return table[table[column].isin(list(wanted))].reset_index(drop=True)


def _ends(links: pd.DataFrame, side: str, own: pd.MultiIndex) -> pd.Series:
    ends = links[[f"{side}_source", f"{side}_id"]].astype(str)
    return pd.Series(pd.MultiIndex.from_frame(ends).isin(own), index=links.index)


def _nobody(entity_id: str, events: pd.DataFrame) -> str:
    merged = events[events["event"].eq("merged") & events["entity_id"].eq(entity_id)]
    if len(merged):
        return (
            f"{entity_id} was merged into {merged['other_entity_id'].iloc[-1]}. Look that one up."
        )
    return (
        f"Nobody is called {entity_id} in the last build. Give the identifier as a page or the "
        "search says it (person- and sixteen digits or letters); a name is not looked up this way."
    )
