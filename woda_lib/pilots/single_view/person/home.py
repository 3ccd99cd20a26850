"""Where somebody lives, and with whom: as of any day."""

from __future__ import annotations

from datetime import date

import pandas as pd

from woda_lib.pilots.single_view.person.facts import Facts
from woda_lib.pilots.single_view.person.lines import Household, Member, Property
from woda_lib.pilots.single_view.person.words import (
    KINDS,
    age_on,
    as_day,
    plain,
    sentence,
    text_of,
)


def household_on(facts: Facts, day: date) -> Household:
    """Return who lived with a person on a day; without members where nobody can tell.

    Parameters
    ----------
    facts
        From `facts.facts_of`.
    day
        Any day; ages are of that day.
    """
    there = during(facts.members, day)
    mine = there.loc[there["entity_id"] == facts.entity_id, "household_id"]
    if mine.empty:
        return Household(day)
    this = facts.households[facts.households["household_id"] == mine.iloc[-1]].iloc[0]
    together = there[there["household_id"] == this["household_id"]]
    who = together.merge(facts.people, on="entity_id", how="left", validate="many_to_one")
    members = [_member(row, day, facts.entity_id) for row in who.to_dict("records")]
    members.sort(key=lambda each: (-(each.age if each.age is not None else -1), each.name))
    return Household(
        on=day,
        kind=sentence(plain(this["kind"])),
        address=address_of(facts, this["uprn"]),
        since=as_day(this["starts"]),
        members=tuple(members),
    )


def property_of(facts: Facts, day: date) -> Property | None:
    """Return the property at which a person lives on a day, or nothing where it is not known."""
    here = during(facts.residences, day)
    if here.empty:
        return None
    main = here[~here["elsewhere"].fillna(False).astype(bool)]
    home = (main if len(main) else here).iloc[-1]
    found = facts.properties[facts.properties["uprn"] == home["uprn"]]
    if found.empty:
        return None
    row = found.iloc[0]
    others = during(facts.neighbours, day)
    at_home = others.loc[others["uprn"] == home["uprn"], "household_id"].nunique()
    building = "" if pd.isna(row["parent_uprn"]) else address_of(facts, row["parent_uprn"])
    elsewhere = here.loc[here["uprn"] != home["uprn"], "uprn"].unique()
    return Property(
        address=text_of(row["address"]),
        postcode=text_of(row["postcode"]),
        uprn=text_of(row["uprn"]),
        kind=KINDS.get(str(row["kind"]), sentence(plain(row["kind"]))),
        building=building,
        since=as_day(home["starts"]),
        sources=int(home["sources"]),
        sure=bool(home["sure"]),
        elsewhere=tuple(address_of(facts, uprn) for uprn in elsewhere),
        others=max(int(at_home) - 1, 0),
    )


def during(table: pd.DataFrame, day: date) -> pd.DataFrame:
    """Return the rows of a table with ``starts`` and ``ends`` that held on a day, ends included."""
    at = pd.Timestamp(day)
    begun = table["starts"].isna() | (table["starts"] <= at)
    return table[begun & ~(table["ends"] < at)]


def address_of(facts: Facts, uprn: object) -> str:
    """Return a property's address as the gazetteer writes it."""
    found = facts.properties[facts.properties["uprn"] == uprn]
    if found.empty:
        return "an address that the gazetteer does not have"
    row = found.iloc[0]
    return ", ".join(filter(None, (text_of(row["address"]), text_of(row["postcode"]))))


def name_of(row: dict) -> str:
    """Return the name of a best view."""
    name = f"{text_of(row.get('forename'))} {text_of(row.get('surname'))}".strip()
    return name or "Name not recorded"


def _member(row: dict, day: date, entity_id: str) -> Member:
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
