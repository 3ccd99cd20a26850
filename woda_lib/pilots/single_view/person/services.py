"""Which services had or have to do with a person, and what happened in the life beside them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from woda_lib.pilots.single_view.person.facts import Facts
from woda_lib.pilots.single_view.person.home import address_of, name_of
from woda_lib.pilots.single_view.person.lines import Involvement, Mark, Source, Standing
from woda_lib.pilots.single_view.person.words import as_day, plain, say_dataset, text_of

ONCE = frozenset({"police_contacts", "safe_and_well_visits"})
"""Datasets whose rows are things that happened on a day, and no work that goes on."""


def involvements_of(
    rows: pd.DataFrame, sources: Mapping[tuple, Source], hidden: Mapping[str, str]
) -> tuple[Involvement, ...]:
    """Return services: open ones first, each group by its beginning, the newest first.

    Parameters
    ----------
    rows
        One person's, of ``involvements``.
    sources
        Who the sources are, by partner, dataset and number.
    hidden
        By dataset, the clause that hides which service it is.
    """
    found = [_involvement(row, sources, hidden) for row in rows.to_dict("records")]
    found.sort(key=lambda each: (each.standing != "open", -each.starts.toordinal(), each.service))
    return tuple(found)


def marks_of(facts: Facts, until: date) -> tuple[Mark, ...]:
    """Return moves, births in the household and a death, in the order of their days."""
    marks = []
    moves = facts.residences.dropna(subset=["starts"])
    for row in moves.iloc[1:].to_dict("records"):  # where they first were is no move
        day = as_day(row["starts"])
        if row["elsewhere"]:
            marks.append(Mark(day, "move", f"Also at {address_of(facts, row['uprn'])}"))
        else:
            marks.append(Mark(day, "move", f"Moved to {address_of(facts, row['uprn'])}"))
    members = facts.members.drop_duplicates("entity_id")
    people = facts.people.merge(members[["entity_id"]], on="entity_id")
    for row in people.to_dict("records"):
        day = as_day(row["date_of_birth"])
        if day is not None:
            own = row["entity_id"] == facts.entity_id
            marks.append(Mark(day, "birth", "Born" if own else f"{name_of(row)} born"))
    died = as_day(facts.person["died_on"])
    if died is not None:
        marks.append(Mark(died, "death", "Died"))
    return tuple(sorted((m for m in marks if m.on <= until), key=lambda m: (m.on, m.words)))


def _involvement(
    row: Mapping[str, Any], sources: Mapping[tuple, Source], hidden: Mapping[str, str]
) -> Involvement:
    dataset = str(row["dataset"])
    source = sources.get((str(row["partner"]), dataset, str(row["local_id"])))
    clause = hidden.get(dataset, "")
    service = "" if clause else plain(row["service"])
    ends = as_day(row["ended_on"])
    standing: Standing = "open" if row["status"] == "open" else "closed"
    if dataset in ONCE:
        standing = "once"
    what = say_dataset(dataset)
    if service and service != dataset.replace("_", " ") and service != what.lower():
        what = f"{what}: {service}"
    return Involvement(
        partner=source.partner if source else plain(row["partner"]),
        service=what,
        standing=standing,
        starts=as_day(row["started_on"]) or date.min,
        ends=ends,
        team=text_of(row["team"]),
        number=source.number if source else "",
        hidden=clause,
    )
