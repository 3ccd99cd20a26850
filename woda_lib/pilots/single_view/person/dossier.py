"""All that a page says of one person, put together from what the store holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pandas as pd

from woda_lib.phrases import say_count
from woda_lib.pilots.single_view.person.fields import field_lines, spaced
from woda_lib.pilots.single_view.person.hidden import hidden_lines
from woda_lib.pilots.single_view.person.history import events_of
from woda_lib.pilots.single_view.person.home import household_of, name_of, property_of
from woda_lib.pilots.single_view.person.lines import Dossier, Source
from woda_lib.pilots.single_view.person.reasons import Evidence, belongings_of
from woda_lib.pilots.single_view.person.services import Beside, involvements_of, marks_of
from woda_lib.pilots.single_view.person.words import (
    SEXES,
    age_on,
    as_day,
    say_dataset,
    say_partner,
    say_probability,
    text_of,
)
from woda_lib.pilots.single_view.store import Person

SURE, LIKELY = 0.99, 0.9
"""Match probabilities from which a page says that records are surely, or likely, one person's."""


def dossier_of(
    now: Person,
    then: Person,
    properties: pd.DataFrame,
    *,
    numbers: Mapping[tuple[str, str], str] | None = None,
    beside: Beside | None = None,
    evidence: Evidence | None = None,
) -> Dossier:
    """Put together what a page says of one person.

    Parameters
    ----------
    now, then
        The same person as of the newest delivery, and as of a chosen day.
    properties
        From `Store.properties`, as of the newest delivery.
    numbers
        By dataset and pseudonym the number under which the partner knows the person; the pseudonym
        stands where none is given.
    beside
        Lead workers and schools, by dataset and row.
    evidence
        What compares records again; without it no weights are told.
    """
    sources = _sources(now.records, numbers or {})
    best = now.summary
    confidences = now.records["confidence"].dropna()
    least = None if confidences.empty else float(confidences.min())
    as_of, born, died = now.on.date(), as_day(best["date_of_birth"]), as_day(best["died_on"])
    households = household_of(now), household_of(then)
    dossier = Dossier(
        identifier=now.entity_id,
        since=_since(now),
        name=name_of(best.to_dict()),
        born=born,
        age=age_on(died or as_of, born),
        sex=SEXES.get(str(best["sex"]), ""),
        nhs_number=spaced(best["nhs_number"]),
        address=", ".join(filter(None, (text_of(best["address"]), text_of(best["postcode"])))),
        died_on=died,
        sure=_sure(least, len(now.records)),
        least=least,
        records=len(now.records),
        partners=now.records["partner"].nunique(),
        as_of=as_of,
        involvements=involvements_of(now, sources, beside or {}),
        marks=marks_of(now, households),
        now=households[0],
        then=households[1],
        home=property_of(now, properties),
        fields=field_lines(now, sources),
        belongings=belongings_of(now, sources, evidence),
        events=events_of(now.events, now.entity_id),
        hidden=hidden_lines(now.hidden),
    )
    return replace(dossier, tags=_tags(dossier))


def _sources(records: pd.DataFrame, numbers: Mapping[tuple[str, str], str]) -> dict[tuple, Source]:
    return {
        (row["dataset"], row["local_id"]): Source(
            say_partner(row["partner"]),
            say_dataset(row["dataset"]),
            numbers.get((row["dataset"], row["local_id"]), row["local_id"]),
            as_day(row["since"]),
        )
        for row in records.to_dict("records")
    }


def _since(person: Person) -> date | None:
    """Since when the identifier has been this person's: its making, or its oldest record."""
    made = person.events[
        person.events["event"].isin(["created", "split", "unmerged"])
        & person.events["entity_id"].eq(person.entity_id)
    ]
    return as_day(made["on"].min()) if len(made) else as_day(person.records["since"].min())


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
    if dossier.home and dossier.home.elsewhere:
        tags.append("In two places at once")
    elif dossier.home and not dossier.home.sure:
        tags.append("Address not sure")
    if count := len(dossier.conflicts):
        tags.append(f"Sources disagree on {say_count(count)} field{'s' * (count != 1)}")
    if any(event.by_a_person for event in dossier.events):
        tags.append("People decided about these records")
    return tuple(tags)
