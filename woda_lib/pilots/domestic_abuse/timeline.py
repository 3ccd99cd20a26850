"""The last 24 months of a card, as dots and bars on lines: what a reader sees at a glance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pandas as pd

from woda_lib.pilots.domestic_abuse.card_lines import Lane, TimelineEvent
from woda_lib.pilots.domestic_abuse.words import (
    CARE,
    HEALTH,
    ORDERS,
    as_day,
    plain,
    say_day,
    say_span,
)

_LANES: Mapping[str, Lane] = {
    "couple": "couple",
    "victim_as_victim": "victim_with_others",
    "victim_as_perpetrator": "victim_with_others",
    "perpetrator_as_perpetrator": "perpetrator_with_others",
    "perpetrator_as_victim": "perpetrator_with_others",
}


def incidents(case: Mapping[Any, Any], pairs: pd.DataFrame, days: float) -> Iterator[TimelineEvent]:
    """Yield the earlier incidents of a card, and its own.

    Parameters
    ----------
    case
        The card's row of `cases`.
    pairs
        Its rows of `earlier_events`.
    days
        Of harm, of its own offence.
    """
    for row in pairs.to_dict("records"):
        day = as_day(row["occurred_at"])
        if day:
            label = f"{plain(row['crime_type'])}, {say_day(day)}"
            yield TimelineEvent(_LANES[row["kind"]], day, day, label, harm_days=row["days"])
    day = as_day(case["occurred_at"])
    if day:
        label = f"this incident: {plain(case['crime_type'])}, {say_day(day)}"
        yield TimelineEvent("couple", day, day, label, harm_days=days, this_one=True)


def agencies(
    rows: Mapping[str, pd.DataFrame],
    called: Callable[[str], str],
    *,
    since: pd.Timestamp,
    as_of: pd.Timestamp,
) -> Iterator[TimelineEvent]:
    """Yield what health, social care, courts, conference and refuge did about the card's people.

    Parameters
    ----------
    rows
        To each dataset its rows about these people, with `entity_id`.
    called
        How a label names a person.
    since
        What ended before is left out.
    """
    none = pd.DataFrame()
    for row in rows.get("health_flags", none).to_dict("records"):
        if row["occurred_on"] >= since:
            what = HEALTH.get(row["kind"], plain(row["kind"]))
            what += ", spoke of abuse" if row.get("abuse_disclosed") == "yes" else ""
            yield _dot("health", row["occurred_on"], f"{called(row['entity_id'])}: {what}")
    for row in rows.get("marac_cases", none).to_dict("records"):
        if row["heard_on"] >= since:
            yield _dot("conference", row["heard_on"], f"{called(row['entity_id'])}: case heard")
    spans: tuple[tuple[str, Lane, str, str, Mapping[str, str] | None], ...] = (
        ("social_care_involvements", "social_care", "started_on", "ended_on", CARE),
        ("probation_orders", "orders", "starts_on", "ends_on", ORDERS),
        ("refuge_referrals", "refuge", "referred_on", "ended_on", None),
    )
    for dataset, lane, start, end, words in spans:
        for row in rows.get(dataset, none).to_dict("records"):
            if row[start] > as_of or (pd.notna(row[end]) and row[end] < since):
                continue
            what = words.get(row["kind"], plain(row["kind"])) if words else "referral"
            begun, ended = as_day(row[start]), as_day(row[end])
            if begun:
                label = f"{called(row['entity_id'])}: {what}, {say_span(begun, ended)}"
                yield TimelineEvent(lane, begun, ended, label, bar=True)


def _dot(lane: Lane, day: pd.Timestamp, label: str) -> TimelineEvent:
    return TimelineEvent(lane, day.date(), day.date(), f"{label}, {say_day(day)}")
