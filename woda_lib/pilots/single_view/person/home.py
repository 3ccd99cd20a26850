"""Where somebody lives, and with whom: as of any day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from woda_lib.pilots.single_view.person.lines import Household, Member, Property
from woda_lib.pilots.single_view.person.words import (
    KINDS,
    age_on,
    as_day,
    plain,
    sentence,
    text_of,
)
from woda_lib.pilots.single_view.store import Person

_UNKNOWN = "an address that the gazetteer does not have"


def household_of(person: Person) -> Household:
    """Return who lives with a person on the day of which the store was asked.

    Without members nobody can tell. Of two households at once it is the one of the best view's
    address.
    """
    day = person.on.date()
    there = person.household
    mine = there[there["entity_id"] == person.entity_id]
    if mine.empty:
        return Household(day)
    at_home = mine[mine["uprn"] == person.summary["uprn"]]
    this = (at_home if len(at_home) else mine).iloc[-1]
    together = there[there["household_id"] == this["household_id"]]
    members = [_member(row, day, person.entity_id) for row in together.to_dict("records")]
    members.sort(key=lambda each: (-(each.age if each.age is not None else -1), each.name))
    return Household(
        on=day,
        kind=sentence(plain(this["kind"])),
        address=address_of(person, this["uprn"]),
        since=as_day(this["starts"]),
        members=tuple(members),
    )


def residences_on(person: Person) -> pd.DataFrame:
    """Return where a person lives on the store's day, the main home first."""
    rows = person.residences
    begun = rows["starts"].isna() | (rows["starts"] <= person.on)
    here = rows[begun & ~(rows["ends"] < person.on)]
    away = here["elsewhere"].fillna(False).astype(bool)
    return here.assign(elsewhere=away).sort_values("elsewhere", kind="stable", ignore_index=True)


def property_of(person: Person, properties: pd.DataFrame) -> Property | None:
    """Return the property at which a person lives, or nothing where it is not known.

    Parameters
    ----------
    person
        From the store.
    properties
        From `Store.properties`, for the same day.
    """
    here = residences_on(person)
    if here.empty:
        return None
    home = here.iloc[0]
    found = properties[properties["uprn"] == home["uprn"]]
    if found.empty:
        return None
    row = found.iloc[0]
    building = properties[properties["uprn"] == row["parent_uprn"]]
    away = here.loc[here["uprn"] != home["uprn"], "uprn"].unique()
    return Property(
        address=text_of(row["address"]),
        postcode=text_of(row["postcode"]),
        uprn=text_of(row["uprn"]),
        kind=KINDS.get(str(row["kind"]), sentence(plain(row["kind"]))),
        building=text_of(building["address"].iloc[0]) if len(building) else "",
        since=as_day(home["starts"]),
        sources=int(home["sources"]),
        sure=bool(home["sure"]),
        elsewhere=tuple(address_of(person, uprn) for uprn in away),
        others=max(int(row["households"]) - 1, 0),
    )


def address_of(person: Person, uprn: object) -> str:
    """Return the address of a property at which a person lived, as the gazetteer writes it."""
    found = person.residences[person.residences["uprn"] == uprn]
    if found.empty or pd.isna(found["address"].iloc[0]):
        return _UNKNOWN
    row = found.iloc[0]
    return ", ".join(filter(None, (text_of(row["address"]), text_of(row["postcode"]))))


def name_of(row: Mapping[Any, Any]) -> str:
    """Return the name of a best view."""
    name = f"{text_of(row.get('forename'))} {text_of(row.get('surname'))}".strip()
    return name or "Name not recorded"


def _member(row: Mapping[Any, Any], day: date, entity_id: str) -> Member:
    born = as_day(row["date_of_birth"])
    return Member(
        name=name_of(row),
        born=born,
        age=age_on(day, born),
        kinship=plain(row.get("kinship")),
        since=as_day(row["starts"]),
        until=as_day(row["ends"]),
        this_one=row["entity_id"] == entity_id,
    )
