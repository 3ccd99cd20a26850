"""What the Family Front Door heard and decided, and when exploitation was suspected."""

from __future__ import annotations

import pandas as pd

BEFORE = "before the first episode"
SOON = "in the days after"
LATER = "later"
NEVER = "no referral"
WHEN = (BEFORE, SOON, LATER, NEVER)
UNDECIDED = "no decision recorded"
MISSING = "missing"


def exploitation(episodes: pd.DataFrame, referrals: pd.DataFrame, *, days: int) -> pd.DataFrame:
    """Say of each child who went missing when exploitation was first suspected.

    Parameters
    ----------
    episodes
        `person, entity_id, reported_at, child, repeatedly`.
    referrals
        `entity_id, referred_on`.
    days
        So many after the first episode count as soon.

    Returns
    -------
    DataFrame
        A row a child: `person, repeatedly` (ever) and `referral`, one of `WHEN`. A referral on the
        day of the report counts as after it: what led to which cannot be told.
    """
    children = episodes[episodes["child"]]
    table = (
        children.groupby("person")
        .agg(
            entity_id=("entity_id", "first"),
            first=("reported_at", "min"),
            repeatedly=("repeatedly", "max"),
        )
        .reset_index()
    )
    referred = table["entity_id"].map(
        referrals.dropna(subset=["entity_id"]).groupby("entity_id")["referred_on"].min()
    )
    gap = (referred - table["first"].dt.normalize()).dt.days
    when = pd.Series(NEVER, index=table.index, dtype="string")
    for holds, name in ((gap < 0, BEFORE), (gap >= 0, SOON), (gap > days, LATER)):
        when = when.mask(holds.fillna(False), name)
    return table.assign(referral=when)[["person", "repeatedly", "referral"]]


def contacts_after(episodes: pd.DataFrame, contacts: pd.DataFrame, *, days: int) -> pd.DataFrame:
    """Return the front door's contacts about children who went missing, by episode.

    Parameters
    ----------
    episodes
        `missing_id, entity_id, reported_at, child`.
    contacts
        `front_door_contact_id, entity_id, received_on, reason, decision`.
    days
        A contact belongs to the last episode before it, if that was no longer ago.

    Returns
    -------
    DataFrame
        A row a contact: `front_door_contact_id, missing_id, reason, decision` (`UNDECIDED` where
        there is none), and `about_missing`, whether that was what it was about.
    """
    children = episodes[episodes["child"]].dropna(subset=["entity_id"])
    children = children.assign(day=children["reported_at"].dt.normalize())
    columns = ["front_door_contact_id", "entity_id", "received_on", "reason", "decision"]
    near = contacts.dropna(subset=["entity_id"])[columns].merge(
        children[["missing_id", "entity_id", "day"]], on="entity_id"
    )
    gap = (near["received_on"] - near["day"]).dt.days
    near = near[gap.between(0, days)].sort_values("day", kind="stable")
    last = near.drop_duplicates("front_door_contact_id", keep="last")
    return last.assign(
        decision=last["decision"].astype("string").fillna(UNDECIDED),
        about_missing=last["reason"].eq(MISSING),
    )[["front_door_contact_id", "missing_id", "reason", "decision", "about_missing"]].reset_index(
        drop=True
    )
