"""How codes, days and lists are said on a card, the same in every sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd

RELATIONSHIPS = {
    "partner": "partner",
    "former_partner": "former partner",
    "parent": "parent",
    "child": "son or daughter",
    "sibling": "brother or sister",
    "other_family": "family",
    "none": "no relation recorded",
}
"""What somebody is to the victim."""

REPORTERS = {
    "victim": "the victim",
    "child": "a child",
    "family": "family",
    "neighbour": "a neighbour",
    "professional": "a professional",
    "officer": "an officer",
}
CARE = {
    "early_help": "early help",
    "assessment": "assessment",
    "child_in_need": "child in need",
    "child_protection_plan": "child protection plan",
    "looked_after": "looked after",
    "adult_safeguarding": "adult safeguarding",
    "care_and_support": "care and support",
}
HEALTH = {
    "ed_assault": "emergency department, assault",
    "ed_injury": "emergency department, injury",
    "ed_overdose": "emergency department, overdose",
    "ed_mental_health": "emergency department, mental health",
    "midwifery_booking": "midwifery booking",
}
ORDERS = {
    "restraining_order": "restraining order",
    "non_molestation_order": "non-molestation order",
    "protection_order": "protection order",
    "community_order": "community order",
    "suspended_sentence": "suspended sentence",
    "licence": "licence",
}


def plain(code: Any) -> str:
    """Return a code as words: grievous_bodily_harm reads grievous bodily harm."""
    return "" if pd.isna(code) else str(code).replace("_", " ")


def say_day(day: date | datetime) -> str:
    """Return a day as the house writes it: 3 November 2025."""
    return f"{day.day} {day:%B %Y}"


def say_span(start: date, end: date | None) -> str:
    """Return from when to when something ran: since 3 May 2024, or 3 May 2024 to 2 June 2024."""
    return f"since {say_day(start)}" if end is None else f"{say_day(start)} to {say_day(end)}"


def say_list(things: Sequence[str] | Iterable[str]) -> str:
    """Return things as a sentence lists them: one, two and three."""
    listed = list(things)
    if len(listed) < 2:
        return "".join(listed)
    return f"{', '.join(listed[:-1])} and {listed[-1]}"


def as_day(moment: Any) -> date | None:
    """Return the day of a moment of a table; None where there is none."""
    return None if pd.isna(moment) else pd.Timestamp(moment).date()
