"""Which agencies know whom, since when, and whether their work goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from woda_lib.pilots.domestic_abuse.words import CARE, HEALTH, ORDERS, plain


@dataclass(frozen=True)
class Contact:
    """How a dataset records that an agency knows somebody.

    `start` and `end` are columns of days. Without an `end` there is nothing that could go on, as
    with an attendance; an `end` that has passed counts as ended, and none as going on.
    """

    agency: str
    start: str
    end: str | None = None
    kind: str | None = None
    words: Mapping[str, str] | str = ""


CONTACTS: Mapping[str, Contact] = {
    "police_involvements": Contact("Police", "occurred_at", None, "role", "incidents"),
    "social_care_involvements": Contact("Social care", "started_on", "ended_on", "kind", CARE),
    "housing_tenancies": Contact("Housing", "started_on", "ended_on", None, "tenancy"),
    "health_flags": Contact("Health", "occurred_on", None, "kind", HEALTH),
    "school_roll": Contact("School", "joined_on", "left_on", None, "on roll"),
    "probation_orders": Contact("Probation", "starts_on", "ends_on", "kind", ORDERS),
    "refuge_referrals": Contact("Refuge", "referred_on", "ended_on", None, "referral"),
    "marac_cases": Contact("Conference", "heard_on", None, None, "case heard"),
}
"""In the order in which a card lists agencies."""

AGENCIES = tuple(contact.agency for contact in CONTACTS.values())


def knows(rows: Mapping[str, pd.DataFrame], *, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return which agencies know whom.

    Parameters
    ----------
    rows
        To each dataset of `CONTACTS` its rows with `entity_id` and the columns that it names.
    as_of
        The day of the pack.

    Returns
    -------
    DataFrame
        A row a person and agency that knows the person: `entity_id, agency, contacts` (distinct
        days on which something began), `first, last` (its first and latest day), `since` (the day
        on which what goes on began, or else the first), `state` (open, closed, or known where
        nothing could go on) and `words` (what goes on is, or else the latest was).
    """
    frames = [_of_one(frame, CONTACTS[name], as_of) for name, frame in rows.items()]
    contacts = pd.concat([frame for frame in frames if len(frame)] or frames, ignore_index=True)
    contacts = contacts.sort_values(["entity_id", "agency", "goes_on", "start"])
    grouped = contacts.groupby(["entity_id", "agency"], sort=False)
    table = grouped.agg(
        contacts=("start", "nunique"),
        first=("start", "min"),
        newest=("start", "last"),
        last=("last", "max"),
        goes_on=("goes_on", "max"),
        has_end=("has_end", "max"),
        words=("words", "last"),
    ).reset_index()
    table["since"] = table["newest"].where(table["goes_on"], table["first"])
    table["state"] = "known"
    table.loc[table["has_end"], "state"] = "closed"
    table.loc[table["goes_on"], "state"] = "open"
    rank = {agency: place for place, agency in enumerate(AGENCIES)}
    table = table.sort_values(["entity_id", "agency"], key=lambda each: each.map(rank).fillna(each))
    columns = ["entity_id", "agency", "contacts", "first", "since", "last", "state", "words"]
    return table[columns].reset_index(drop=True)


def _of_one(frame: pd.DataFrame, contact: Contact, as_of: pd.Timestamp) -> pd.DataFrame:
    known = frame[frame["entity_id"].notna() & (frame[contact.start].dt.normalize() <= as_of)]
    start = known[contact.start].dt.normalize()
    end = known[contact.end].dt.normalize() if contact.end else start
    goes_on = (end.isna() | (end >= as_of)) if contact.end else False
    words: pd.Series | str = contact.words if isinstance(contact.words, str) else ""
    if contact.kind and isinstance(contact.words, Mapping):
        said = known[contact.kind].map(contact.words)
        words = said.fillna(known[contact.kind].map(plain))
    return pd.DataFrame(
        {
            "entity_id": known["entity_id"],
            "agency": contact.agency,
            "start": start,
            "last": end.fillna(start).clip(upper=as_of),
            "goes_on": goes_on,
            "has_end": contact.end is not None,
            "words": words,
        }
    )
