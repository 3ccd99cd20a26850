"""Which services had or have to do with a person, and what happened in the life beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from woda_lib.pilots.single_view.fields import SERVICES
from woda_lib.pilots.single_view.person.home import address_of
from woda_lib.pilots.single_view.person.lines import (
    Household,
    Involvement,
    Mark,
    Source,
    Standing,
)
from woda_lib.pilots.single_view.person.words import as_day, plain, say_dataset, text_of
from woda_lib.pilots.single_view.store import Person

Beside = Mapping[tuple[str, str], str]
"""What else is shown of a row, by dataset and row: a lead worker, a school."""

ONCE = frozenset({"police_contacts", "safe_and_well_visits"})
"""Datasets whose rows are things that happened on a day, and no work that goes on."""


def involvements_of(
    person: Person, sources: Mapping[tuple, Source], beside: Beside
) -> tuple[Involvement, ...]:
    """Return services: open ones first, each group by its beginning, the newest first.

    Parameters
    ----------
    person
        From the store.
    sources
        Who the sources are, by dataset and number.
    beside
        Lead workers and schools, by dataset and row.
    """
    rows = person.involvements.to_dict("records")
    found = [_involvement(row, sources, beside) for row in rows]
    found.sort(key=lambda each: (each.standing != "open", -each.starts.toordinal(), each.service))
    return tuple(found)


def marks_of(person: Person, households: Iterable[Household]) -> tuple[Mark, ...]:
    """Return moves, births in some households and a death, in the order of their days."""
    moves = person.residences.dropna(subset=["starts"]).sort_values("starts", kind="stable")
    marks = {
        Mark(
            as_day(row["starts"]) or date.min,
            "move",
            f"{'Also at' if row['elsewhere'] else 'Moved to'} {address_of(person, row['uprn'])}",
        )
        for row in moves.iloc[1:].to_dict("records")  # where they first were is no move
    }
    for household in households:
        for each in household.members:
            if each.born is not None:
                said = "Born" if each.this_one else f"{each.name} born"
                marks.add(Mark(each.born, "birth", said))
    died = as_day(person.summary["died_on"])
    if died is not None:
        marks.add(Mark(died, "death", "Died"))
    return tuple(sorted(marks, key=lambda mark: (mark.on, mark.words)))


def _involvement(
    row: Mapping[Any, Any], sources: Mapping[tuple, Source], beside: Beside
) -> Involvement:
    dataset = str(row["dataset"])
    source = sources.get((dataset, row["local_id"]))
    service = plain(row["service"])
    standing: Standing = "open" if row["status"] == "open" else "closed"
    if dataset in ONCE:
        standing = "once"
    what = say_dataset(dataset)
    if service and dataset in SERVICES:
        what = f"{what}: {service}"
    shown = beside.get((dataset, str(row["row_id"])), "")
    if shown and dataset == "school_census":
        what = f"{what}: {shown}"
    return Involvement(
        partner=source.partner if source else plain(row["partner"]),
        service=what,
        standing=standing,
        starts=as_day(row["started_on"]) or date.min,
        ends=as_day(row["ended_on"]),
        team=text_of(row["team"]),
        lead=shown if dataset == "care_services" else "",
        number=source.number if source else "",
        hidden=str(row["hidden"]),
    )
