"""What was recorded of somebody before going missing: domestic abuse, and who knew them.

Everything looks back so many months from the report, and sees nothing of the day itself: what an
agency wrote because somebody went missing is no sign that it knew them before.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from woda_lib.pilots.domestic_abuse.agencies import CONTACTS, Contact
from woda_lib.pilots.domestic_abuse.errors import require_columns

KNOWERS: Mapping[str, Contact] = {
    **CONTACTS,
    "front_door_contacts": Contact("Family Front Door", "received_on", None, "reason"),
    "exploitation_referrals": Contact("Exploitation", "referred_on", None, "kind"),
}
"""By dataset, how an agency comes to know somebody."""

UNIVERSAL = ("School", "Housing")
"""Whoever has a school or a home is known there, which is no sign that anybody was worried."""

ABUSE_ROLES = {"child": "as_child", "victim": "as_victim", "perpetrator": "as_perpetrator"}
_LINKS = (*ABUSE_ROLES.values(), "at_home")


def domestic_abuse(
    episodes: pd.DataFrame,
    incident_people: pd.DataFrame,
    cases: pd.DataFrame,
    homes: pd.DataFrame,
    *,
    months: int,
) -> pd.DataFrame:
    """Say of each episode whether domestic abuse was recorded about the person before.

    Parameters
    ----------
    episodes
        `missing_id, entity_id, reported_at`.
    incident_people
        `incident_id, entity_id, role`: who was in the incidents that stand.
    cases
        `incident_id, occurred_at, address_id`.
    homes
        `entity_id, address_id`: where agencies have somebody live.
    months
        How far to look back.

    Returns
    -------
    DataFrame
        `episodes` in their order, with `as_child, as_victim, as_perpetrator` (in that role in an
        incident), `at_home` (an incident where the person lives, whoever was in it), and
        `abuse_household`, any of them.
    """
    require_columns(cases, ["incident_id", "occurred_at", "address_id"], table="cases")
    happened = cases[["incident_id", "occurred_at"]]
    there = incident_people[["incident_id", "entity_id", "role"]].dropna(subset=["entity_id"])
    there = there[there["role"].isin(list(ABUSE_ROLES))].merge(happened, on="incident_id")
    there["link"] = there["role"].map(ABUSE_ROLES)
    lived = homes.dropna().drop_duplicates().merge(cases.dropna(subset=["address_id"]))
    both = pd.concat([there, lived.assign(link="at_home")], ignore_index=True)
    known = episodes[["missing_id", "entity_id", "reported_at"]].dropna(subset=["entity_id"])
    near = known.merge(both[["entity_id", "occurred_at", "link"]], on="entity_id")
    since = near["reported_at"] - pd.DateOffset(months=months)
    near = near[near["occurred_at"].between(since, near["reported_at"], inclusive="left")]
    table = episodes.assign(
        **{
            link: episodes["missing_id"].isin(near.loc[near["link"] == link, "missing_id"])
            for link in _LINKS
        }
    )
    return table.assign(abuse_household=table[list(_LINKS)].any(axis=1))


def known_before(
    episodes: pd.DataFrame, rows: Mapping[str, pd.DataFrame], *, months: int
) -> pd.DataFrame:
    """Return which agencies knew whom in the months before each episode.

    Parameters
    ----------
    episodes
        `missing_id, entity_id, reported_at`.
    rows
        To each dataset of `KNOWERS` its rows with `entity_id` and the columns that it names. Of
        police, the people in incidents with `occurred_at`.
    months
        A contact counts that began before the day of the report, and was not over longer ago.

    Returns
    -------
    DataFrame
        A row an episode and agency: `missing_id, agency, since` (the day of the first contact that
        counts), `last` (of the latest to begin) and `goes_on` (still so on the day of the report).
    """
    known = episodes[["missing_id", "entity_id", "reported_at"]].dropna(subset=["entity_id"])
    known = known.assign(day=known["reported_at"].dt.normalize())
    parts = []
    for name, frame in rows.items():
        contact = KNOWERS[name]
        theirs = frame.dropna(subset=["entity_id", contact.start])
        start = theirs[contact.start].dt.normalize()
        end = theirs[contact.end].dt.normalize() if contact.end else start
        spans = pd.DataFrame({"entity_id": theirs["entity_id"], "start": start, "end": end})
        near = known.merge(spans, on="entity_id")
        over = near["end"] < near["day"] - pd.DateOffset(months=months)
        near = near[(near["start"] < near["day"]) & ~over]
        goes_on = ~(near["end"] < near["day"]) if contact.end else False
        parts.append(near.assign(agency=contact.agency, goes_on=goes_on))
    together = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    grouped = together.groupby(["missing_id", "agency"])
    return grouped.agg(
        since=("start", "min"), last=("start", "max"), goes_on=("goes_on", "max")
    ).reset_index()


def who_knew(episodes: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Sum up for each episode who knew the person.

    Parameters
    ----------
    episodes
        `missing_id` and `before` (the person's earlier episodes).
    known
        From `known_before`.

    Returns
    -------
    DataFrame
        `episodes` in their order, with `knew` (so many agencies beside those of `UNIVERSAL`),
        `known_before` (at least one) and `nobody_knew`: none, not even a school or landlord, and
        never missing before.
    """
    worried = known[~known["agency"].isin(UNIVERSAL)]
    counted = worried.groupby("missing_id")["agency"].nunique()
    knew = episodes["missing_id"].map(counted).fillna(0).astype("int64")
    anybody = episodes["missing_id"].isin(known["missing_id"]) | (episodes["before"] > 0)
    return episodes.assign(knew=knew, known_before=knew > 0, nobody_knew=~anybody)
