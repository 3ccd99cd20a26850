"""All that a page says of one person, put together from what the build saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from woda_lib.phrases import say_count
from woda_lib.pilots.single_view.person.facts import Facts
from woda_lib.pilots.single_view.person.fields import field_lines
from woda_lib.pilots.single_view.person.hidden import hidden_lines, hidden_services
from woda_lib.pilots.single_view.person.history import events_of
from woda_lib.pilots.single_view.person.home import household_on, name_of, property_of
from woda_lib.pilots.single_view.person.lines import Dossier, Property, Source
from woda_lib.pilots.single_view.person.reasons import Evidence, belongings_of
from woda_lib.pilots.single_view.person.services import involvements_of, marks_of
from woda_lib.pilots.single_view.person.words import (
    SEXES,
    age_on,
    as_day,
    say_dataset,
    say_partner,
    say_probability,
    text_of,
)

SURE, LIKELY = 0.99, 0.9
"""Match probabilities from which a page says that records are surely, or likely, one person's."""


def dossier_of(
    facts: Facts,
    *,
    as_of: date,
    then: date,
    hidden: pd.DataFrame,
    numbers: Mapping[tuple[str, str], str] | None = None,
    evidence: Evidence | None = None,
) -> Dossier:
    """Put together what a page says of one person.

    Parameters
    ----------
    facts
        From `facts.facts_of`.
    as_of
        The day of the newest delivery.
    then
        The day of the second household.
    hidden
        From `woda_lib.partners.hidden_fields`, for the purpose.
    numbers
        By dataset and pseudonym the number under which the partner knows the person; the pseudonym
        stands where none is given.
    evidence
        What compares records again; without it no weights are told.
    """
    sources = _sources(facts.records, numbers or {})
    person: dict[str, Any] = facts.person.to_dict()
    datasets = facts.records["dataset"].astype(str)
    confidences = facts.records["confidence"].dropna()
    least = None if confidences.empty else float(confidences.min())
    born = as_day(person["date_of_birth"])
    died = as_day(person["died_on"])
    events = events_of(facts.events, facts.entity_id)
    dossier = Dossier(
        identifier=facts.entity_id,
        since=_since(facts),
        name=name_of(person),
        born=born,
        age=age_on(died or as_of, born),
        sex=SEXES.get(str(person["sex"]), ""),
        nhs_number=_spaced(text_of(person["nhs_number"])),
        address=", ".join(filter(None, (text_of(person["address"]), text_of(person["postcode"])))),
        died_on=died,
        sure=_sure(least, len(facts.records)),
        least=least,
        records=len(facts.records),
        partners=facts.records["partner"].nunique(),
        as_of=as_of,
        involvements=involvements_of(facts.involvements, sources, hidden_services(hidden)),
        marks=marks_of(facts, as_of),
        now=household_on(facts, as_of),
        then=household_on(facts, then),
        home=property_of(facts, as_of),
        fields=field_lines(facts.details, person, sources),
        belongings=belongings_of(facts, sources, evidence),
        events=events,
        hidden=hidden_lines(hidden, datasets),
    )
    return replace(dossier, tags=_tags(dossier))


def _sources(records: pd.DataFrame, numbers: Mapping[tuple[str, str], str]) -> dict[tuple, Source]:
    return {
        (str(row["partner"]), str(row["dataset"]), str(row["local_id"])): Source(
            say_partner(row["partner"]),
            say_dataset(row["dataset"]),
            numbers.get((str(row["dataset"]), str(row["local_id"])), str(row["local_id"])),
            as_day(row["since"]),
        )
        for row in records.to_dict("records")
    }


def _since(facts: Facts) -> date | None:
    """Since when the identifier has been this person's: its creation, or its oldest record."""
    born = facts.events[
        facts.events["event"].isin(["created", "split", "unmerged"])
        & facts.events["entity_id"].eq(facts.entity_id)
    ]
    return as_day(born["on"].min()) if len(born) else as_day(facts.records["since"].min())


def _sure(least: float | None, records: int) -> str:
    if records == 1:
        return "One record only: nothing was matched, and other records may be missed"
    if least is None:
        return "Put together by people: no record was matched by the model"
    how = "Sure" if least >= SURE else "Likely" if least >= LIKELY else "In doubt"
    return (
        f"{how}: {say_count(records)} records, of which the least sure matches at "
        f"{say_probability(least)}"
    )


def _tags(dossier: Dossier) -> tuple[str, ...]:
    """Say what a reader must not miss."""
    tags = []
    if dossier.died_on:
        tags.append("Has died")
    if dossier.least is not None and dossier.least < LIKELY:
        tags.append("A record may be somebody else’s")
    home: Property | None = dossier.home
    if home and home.elsewhere:
        tags.append("In two places at once")
    elif home and not home.sure:
        tags.append("Address not sure")
    if count := len(dossier.conflicts):
        tags.append(f"Sources disagree on {say_count(count)} field{'s' * (count != 1)}")
    if any(event.by_a_person for event in dossier.events):
        tags.append("People decided about these records")
    return tuple(tags)


def _spaced(number: str) -> str:
    return f"{number[:3]} {number[3:6]} {number[6:]}" if len(number) == 10 else number
