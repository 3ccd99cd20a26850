"""Sentences for what changed since yesterday, and on which cards they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

import pandas as pd

from woda_lib.pilots.domestic_abuse.card_lines import Change, ChangeKind
from woda_lib.pilots.domestic_abuse.words import ORDERS, as_day, plain, say_day, say_list

_FIELDS = {
    "occurred_at": "when it happened",
    "reported_at": "when it was reported",
    "reported_by": "who reported it",
    "crime_type": "the offence",
    "address": "where it happened",
    "postcode": "where it happened",
    "district": "the district",
    "children_present": "how many children were there",
    "dash_answers": "the answers to DASH",
    "dash_risk": "the officer’s grade",
    "professional_judgement": "the officer’s judgement",
    "outcome": "what police did",
    "log_text": "the log",
    "referral_text": "the referral",
}
_CODED = {"reported_by", "crime_type", "dash_risk", "professional_judgement", "outcome"}
_TEXTS = {"log_text", "referral_text"}


def incident_lines(
    changes: pd.DataFrame,
    roles: pd.DataFrame,
    now: pd.DataFrame,
    *,
    number: Callable[[str], str],
    called: Callable[[str], str],
) -> dict[str, tuple[Change, ...]]:
    """Say what changed of each incident.

    Parameters
    ----------
    changes
        From `incident_changes`.
    roles
        From `role_changes`.
    now
        `incident_id, crime_type, occurred_at` as known today.
    number, called
        The force's number of an incident, and how a sentence names a person.

    Returns
    -------
    dict
        To each incident its changes.
    """
    offences = now.set_index("incident_id")["crime_type"]
    days = now.set_index("incident_id")["occurred_at"]
    by_role = {str(name): rows for name, rows in roles.groupby("incident_id")}
    lines: dict[str, tuple[Change, ...]] = {}
    for row in changes.to_dict("records"):
        name = str(row["incident_id"])
        rows = by_role.pop(name, None)
        people = say_roles(rows, called) if row["kind"] == "corrected" and rows is not None else ""
        lines[name] = (_incident_line(row, number(name), offences.get(name), people),)
    for name, rows in by_role.items():
        day = as_day(days.get(name))
        about = _about(number(name), day)
        words = f"Corrected by police: {about}. {say_roles(rows, called)}"
        lines[name] = (*lines.get(name, ()), Change("corrected", words, day, number(name)))
    return lines


def say_roles(rows: pd.DataFrame, called: Callable[[str], str]) -> str:
    """Say who is now in which role: "The roles were swapped: Amber is the victim, ..."."""
    was, now = (
        {
            role: row
            for role, row in zip(rows[column], rows["person"], strict=True)
            if pd.notna(role)
        }
        for column in ("was", "is")
    )
    if {"victim", "perpetrator"} <= set(was) & set(now) and (
        was["victim"] == now["perpetrator"] and was["perpetrator"] == now["victim"]
    ):
        return (
            f"The roles were swapped: {called(now['victim'])} is the victim, "
            f"{called(now['perpetrator'])} the perpetrator."
        )
    said = [_say_role(row, called) for row in rows.to_dict("records")]
    words = say_list(said)
    return f"{words[:1].upper()}{words[1:]}."


def order_lines(
    changes: pd.DataFrame, binds: pd.Series, called: Callable[[str], str]
) -> list[tuple[str, Change]]:
    """Say what changed of orders.

    Parameters
    ----------
    changes
        From `order_changes`.
    binds
        The person whom each order binds, aligned with `changes`.
    called
        How a sentence names a person.

    Returns
    -------
    list of tuple
        The person and the change.
    """
    lines = []
    for row, person in zip(changes.to_dict("records"), binds, strict=True):
        if pd.isna(person):
            continue
        order = f"The {ORDERS.get(row['kind'], plain(row['kind']))} that binds {called(person)}"
        starts, ends, breached = (
            as_day(row[f"{name}_on"]) for name in ("starts", "ends", "breached")
        )
        if row["change"] == "order_ended" and ends:
            change = Change("order_ended", f"Ended. {order} ran out on {say_day(ends)}.", ends)
        elif row["change"] == "order_breached" and breached:
            words = f"Breached. {order} was breached on {say_day(breached)}."
            change = Change("order_breached", words, breached)
        elif starts:
            change = Change("order_began", f"Began. {order} runs from {say_day(starts)}.", starts)
        lines.append((str(person), change))
    return lines


def agency_lines(
    changes: pd.DataFrame,
    people: pd.Series,
    called: Callable[[str], str],
    *,
    agency: str,
    what: Mapping[str, str] | str,
    start: str,
    end: str | None = None,
) -> list[tuple[str, Change]]:
    """Say what an agency began or ended, or is heard of only now.

    Parameters
    ----------
    changes
        From `involvement_changes`.
    people
        The person of each row, aligned with `changes`.
    agency
        In words.
    what
        What the rows are, in words: to each code of `kind`, or of all.
    start, end
        The columns of the first and last day.
    """
    lines = []
    for row, person in zip(changes.to_dict("records"), people, strict=True):
        ended = row["change"] == "ended"
        day = as_day(row[end] if ended and end else row[start])
        if pd.isna(person) or day is None:
            continue
        kind = what if isinstance(what, str) else what.get(row["kind"], plain(row["kind"]))
        when = f"ended on {say_day(day)}" if ended else f"{say_day(day)}"
        words = f"{agency}, {called(person)}: {kind}, {when}."
        lines.append((str(person), Change("involvement", words, day)))
    return lines


def on_cards(
    cards: Mapping[str, set[str]],
    incidents: Mapping[str, tuple[Change, ...]],
    people: Mapping[str, set[str]],
    personal: Iterable[tuple[str, Change]],
    households: Mapping[str, set[str]] = MappingProxyType({}),
) -> dict[str, list[Change]]:
    """Give each card the changes that touch its victim or its perpetrator.

    Parameters
    ----------
    cards
        The victim and perpetrator of each card.
    incidents
        From `incident_lines`.
    people
        Whoever was recorded as victim or perpetrator of each changed incident, before or now.
    personal
        Changes that are about one person: from `order_lines` and `agency_lines`.
    households
        Children of each card, who are told of in what is personal.

    Returns
    -------
    dict
        To each card its changes; its own incident's first, then by day.
    """
    by_person = _cards_of(cards)
    at_home = _cards_of(
        {card: members | households.get(card, set()) for card, members in cards.items()}
    )
    found: dict[str, dict[Change, bool]] = {card: {} for card in cards}
    for incident, lines in incidents.items():
        touched = {
            card for member in people.get(incident, ()) for card in by_person.get(member, ())
        }
        for card in touched | ({incident} & set(cards)):
            found[card] |= dict.fromkeys(lines, card == incident)
    for person, line in personal:
        for card in at_home.get(person, ()):
            found[card].setdefault(line, False)
    return {card: sorted(lines, key=_first_own(lines)) for card, lines in found.items()}


def _cards_of(cards: Mapping[str, set[str]]) -> dict[str, list[str]]:
    by_person: dict[str, list[str]] = {}
    for card, members in cards.items():
        for member in members:
            by_person.setdefault(member, []).append(card)
    return by_person


def _first_own(lines: Mapping[Change, bool]) -> Callable[[Change], tuple[Any, ...]]:
    return lambda line: (
        not lines[line],
        -(line.on.toordinal() if line.on else 0),
        line.kind,
        line.words,
    )


def _incident_line(row: Mapping[Any, Any], number: str, offence: object, people: str) -> Change:
    day = as_day(row["on"])
    about = _about(number, day)
    kind: ChangeKind = "corrected" if row["kind"] == "stands_again" else row["kind"]
    if row["kind"] == "corrected":
        said = [
            _say_field(name, *values)
            for name, values in zip(row["fields"], row["values"], strict=True)
        ]
        parts = list(dict.fromkeys(said))
        words = f"Corrected by police: {about}. " + " ".join(
            part for part in (*(f"{part[:1].upper()}{part[1:]}." for part in parts), people) if part
        )
    else:
        words = {
            "new": f"New: {about}, {plain(offence)}.",
            "late": f"Arrived late: {about}, {plain(offence)}. It was not known yesterday.",
            "withdrawn": f"Withdrawn by police: {about}. It no longer counts.",
            "stands_again": f"Stands again: {about}, which police had withdrawn.",
        }[row["kind"]]
    return Change(kind, words, day, number)


def _about(number: str, day: Any) -> str:
    return f"incident {number} of {say_day(day)}" if day else f"incident {number}"


def _say_field(name: str, was: Any, now: Any) -> str:
    said = _FIELDS.get(name, plain(name))
    if name in _TEXTS:
        if pd.isna(was):
            return f"{said} was added"
        longer = pd.notna(now) and str(now).startswith(str(was))
        return f"{said} was added to" if longer else f"{said} was rewritten"
    if name in _CODED and pd.notna(was) and pd.notna(now):
        return f"{said} was {plain(was)} and is {plain(now)}"
    if pd.isna(was):
        return f"{said} was not recorded and now is"
    return f"{said} was corrected"


def _say_role(row: Mapping[Any, Any], called: Callable[[str], str]) -> str:
    name = called(row["person"])
    if pd.isna(row["was"]):
        return f"{name} was added as {row['is']}"
    if pd.isna(row["is"]):
        return f"{name} is no longer recorded as {row['was']}"
    return f"{name} was recorded as {row['was']} and is {row['is']}"
