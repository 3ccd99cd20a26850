"""Which rules of the order a card meets, in words: see `urgency` for what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from woda_lib.phrases import say_count
from woda_lib.pilots.domestic_abuse.card_lines import Change, FlagLine, OrderLine, Route
from woda_lib.pilots.domestic_abuse.words import plain, say_day, say_list

SPAN_DAYS = 90
"""Days over which incidents are counted, and the days before with which they are compared."""

BREACH_DAYS = 28
"""A breach no longer before the incident counts as one of now."""

FEWEST = 3
"""Incidents in the span, last night's among them, from which a run of them is told."""

_OFFENCES = {
    "strangulation": ("strangulation", "attempted_murder"),
    "threat_to_kill": ("threats_to_kill",),
    "child_harmed": (),
    "sexual_violence_or_weapon": ("rape", "sexual_assault"),
}
_RAISED_BY = {
    "strangulation": ("strangulation",),
    "threat_to_kill": ("threats_to_kill",),
    "child_harmed": ("child_harm",),
    "sexual_violence_or_weapon": ("sexual_violence", "weapons"),
}


def rules_met(
    case: Mapping[Any, Any],
    *,
    flags: Sequence[FlagLine],
    orders: Sequence[OrderLine],
    routes: Sequence[Route],
    changes: Sequence[Change],
    couple: pd.DataFrame,
    days: float,
) -> dict[str, str]:
    """Return the rules that a card meets, each with its words.

    Parameters
    ----------
    case
        The card's row of `cases`.
    flags, orders, routes, changes
        As they stand on the card.
    couple
        The couple's earlier events: `occurred_at, days, days_before`.
    days
        Of harm, of last night's offence.
    """
    met = {
        rule: words
        for rule in _OFFENCES
        if (words := _now(case, rule, {line.flag: line for line in flags}))
    }
    if words := _breached(case, orders, changes):
        met["order_breached"] = words
    if reached := [route.title for route in routes if route.met == "yes"]:
        met["route_met"] = f"{say_list(reached)}."
    if words := _escalating(couple, days):
        met["escalating"] = words
    return met


def _now(case: Mapping[Any, Any], rule: str, flags: Mapping[str, FlagLine]) -> str:
    said = []
    if case["crime_type"] in _OFFENCES[rule]:
        said.append(f"Recorded as {plain(case['crime_type'])}.")
    for name in _RAISED_BY[rule]:
        line = flags.get(name)
        if line and line.raised_by:
            texts = say_list(dict.fromkeys(f"the {words.text}" for words in line.raised_by))
            contested = ", contested" if line.status == "contested" else ""
            said.append(f"{line.title}: raised by {texts}{contested}.")
    return " ".join(said)


def _breached(
    case: Mapping[Any, Any], orders: Sequence[OrderLine], changes: Sequence[Change]
) -> str:
    said = []
    if case["crime_type"] == "breach_of_order":
        said.append("Recorded as breach of an order.")
    told = {order.breached_on for order in orders}
    said += [
        change.words
        for change in changes
        if change.kind == "order_breached" and change.on not in told
    ]
    for order in orders:
        if order.breached_on and (_day(case) - order.breached_on).days <= BREACH_DAYS:
            said.append(f"A {order.kind} was breached on {say_day(order.breached_on)}.")
        if order.state == "in_force" and order.protects_victim != "no":
            sure = "" if order.protects_victim == "yes" else ", it is not sure whether this victim"
            since = say_day(order.starts_on)
            said.append(f"A {order.kind} was in force, since {since}{sure}.")
    return " ".join(said)


def _day(case: Mapping[Any, Any]) -> date:
    day: date = case["occurred_at"].date()
    return day


def _escalating(couple: pd.DataFrame, days: float) -> str:
    """Whether the couple's incidents come more often, or last night's was graver, than before."""
    said = []
    recent = int((couple["days_before"] <= SPAN_DAYS).sum()) + 1
    before = int(couple["days_before"].between(SPAN_DAYS + 1, 2 * SPAN_DAYS).sum())
    if recent >= FEWEST and recent > before:
        said.append(
            f"{say_count(recent).capitalize()} incidents of this couple in {SPAN_DAYS} days, "
            f"{say_count(before) if before else 'none'} in the {SPAN_DAYS} before."
        )
    if len(couple) and days > couple["days"].max():
        said.append("Graver, by the guidelines, than any incident of this couple in 24 months.")
    return " ".join(said)
