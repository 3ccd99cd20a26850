"""What is new since yesterday, told on the cards that it touches, old cards too."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from woda_lib.pilots.domestic_abuse.card import EarlierCard
from woda_lib.pilots.domestic_abuse.card_lines import Change
from woda_lib.pilots.domestic_abuse.change_lines import (
    agency_lines,
    incident_lines,
    on_cards,
    order_lines,
)
from woda_lib.pilots.domestic_abuse.facts import Facts, Settings
from woda_lib.pilots.domestic_abuse.people_lines import People
from woda_lib.pilots.domestic_abuse.words import CARE, HEALTH

NOT_RECORDED = "not recorded"
_AGENCIES: tuple[tuple[str, str, Mapping[str, str] | str, str, str | None], ...] = (
    ("social_care_involvements", "Social care", CARE, "started_on", "ended_on"),
    ("refuge_referrals", "Refuge", "referral", "referred_on", "ended_on"),
    ("health_flags", "Health", HEALTH, "occurred_on", None),
    ("marac_cases", "Conference", "case heard", "heard_on", None),
)


def changes_by_card(
    facts: Facts,
    incidents: pd.DataFrame,
    people: People,
    number: Callable[[str], str],
    settings: Settings,
) -> tuple[dict[str, list[Change]], list[EarlierCard]]:
    """Tell what changed since yesterday, on tonight's cards and on those of the last weeks.

    Parameters
    ----------
    facts
        Of the night.
    incidents
        Police incidents as known today: `incident_id, crime_type, occurred_at, reported_at`.
    people, number
        Look up names, and the force's number of an incident.
    settings
        Of the pack.

    Returns
    -------
    changes : dict
        To each of tonight's incidents what changed about it and its people. That an incident is
        tonight's own is left out, unless it arrived late.
    earlier : list of EarlierCard
        Incidents of the last weeks of which anything but a new incident is told; the latest first.
    """
    lines = incident_lines(
        facts.changed, facts.roles, incidents, number=number, called=people.called
    )
    spoken = facts.touched[facts.touched["incident_id"].isin(list(lines))]
    named = {str(name): set(group) for name, group in spoken.groupby("incident_id")["person"]}
    personal = _personal(facts, people)
    tonight = _members(facts.tonight)
    children = facts.children.groupby("incident_id")["child"]
    households = {str(name): set(group) for name, group in children}
    told = on_cards(tonight, lines, named, personal, households)
    own = {name: number(name) for name in tonight}
    mine = {
        name: [line for line in found if line.incident != own[name] or line.kind != "new"]
        for name, found in told.items()
    }
    arrived = facts.changed.loc[facts.changed["kind"].isin(["new", "late"]), "incident_id"]
    old = incidents[
        (incidents["reported_at"] >= settings.look_back) & ~incidents["incident_id"].isin(arrived)
    ].sort_values("occurred_at", ascending=False)
    members = facts.touched[facts.touched["incident_id"].isin(old["incident_id"])]
    cards: dict[str, set[str]] = {str(name): set() for name in old["incident_id"]}
    cards |= {str(name): set(group) for name, group in members.groupby("incident_id")["person"]}
    told_before = on_cards(cards, lines, named, personal)
    sides = _sides(facts)
    earlier = [
        EarlierCard(
            incident=number(name),
            occurred_at=row["occurred_at"].to_pydatetime(),
            victim=_named(sides.get((name, "victim")), people),
            perpetrator=_named(sides.get((name, "perpetrator")), people),
            changes=tuple(kept),
        )
        for row in old.to_dict("records")
        for name in [str(row["incident_id"])]
        if (kept := [line for line in told_before[name] if line.kind != "new"])
    ]
    return mine, earlier


def _members(tonight: pd.DataFrame) -> dict[str, set[str]]:
    sides = tonight[["incident_id", "victim", "perpetrator"]].to_dict("records")
    return {
        str(row["incident_id"]): {
            str(row[role]) for role in ("victim", "perpetrator") if pd.notna(row[role])
        }
        for row in sides
    }


def _sides(facts: Facts) -> dict[tuple[str, str], str]:
    """Who is the victim and who the perpetrator of each incident, as recorded last."""
    rows = facts.sides
    keys = zip(rows["incident_id"].astype(str), rows["role"].astype(str), strict=True)
    return dict(zip(keys, rows["person"].astype(str), strict=True))


def _named(entity: str | None, people: People) -> str:
    return (people.whole_name(entity) if entity else None) or NOT_RECORDED


def _personal(facts: Facts, people: People) -> list[tuple[str, Change]]:
    orders = facts.told["probation_orders"]
    found = order_lines(orders, orders["entity_id"], people.called)
    for dataset, agency, what, start, end in _AGENCIES:
        rows = facts.told[dataset]
        found += agency_lines(
            rows, rows["entity_id"], people.called, agency=agency, what=what, start=start, end=end
        )
    return found
