"""One row an enterprise: when it began and ended, from when an end would be seen, and its seat.

A register of companies is a list of those that live on the day of the snapshot. Whichever was
dissolved before the first snapshot is in none, so that a company is *in sight* only from then on;
one that stops being in a later snapshot has ended. Rates accounts are delivered with those that
have ended, so that who pays rates and is in no register is in sight from when its account began.
A company's account from before the first snapshot adds no time in sight: whether it is held among
companies or by its account alone tells whether it lived until then.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

SEEN_BY = ("companies", "business_rates")
"""Sources that show when an enterprise ends, the first of those that hold it counting."""


def lives(
    enterprises: pd.DataFrame,
    sites: pd.DataFrame,
    members: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    first_snapshot: pd.Timestamp,
    history_from: pd.Timestamp,
    mass_registration: int,
) -> pd.DataFrame:
    """Return each enterprise's life as the register sees it.

    Parameters
    ----------
    enterprises
        `enterprise_id, legal_form, born_on, died_on, died_before, section`.
    sites
        `site_id, enterprise_id, kind, uprn, district, rateable_value, started_on`.
    members
        `source, enterprise_id`.
    as_of
        The day on which the register is read.
    first_snapshot
        Of the register of companies.
    history_from
        The first day of which rates accounts that have ended are held.
    mass_registration
        Where so many enterprises have their registered office, and nothing else of them is there,
        the address says nothing of where they are.

    Returns
    -------
    DataFrame
        `enterprise_id, legal_form, section, district` (missing where it is not known), `seen_by`
        (one of `SEEN_BY`; missing where no source would show its end, and `in_sight_from` with it),
        `born_on, ended_on` (missing while it lives), `in_sight_from`, `sites`. One that ended
        before it could be in sight is kept, and counts in nothing.
    """
    ids = enterprises["enterprise_id"]
    born = pd.to_datetime(enterprises["born_on"])
    ended = ended_on(enterprises)
    held = [ids.isin(members.loc[members["source"] == name, "enterprise_id"]) for name in SEEN_BY]
    seen_by = pd.Series(np.select(held, SEEN_BY, ""), index=ids.index).replace("", None)
    history = seen_by.map(dict(zip(SEEN_BY, (first_snapshot, history_from), strict=True)))
    # A company that is in no snapshot, by the name on its account: had it lived, it would be in
    # one, so that only its end kept it here.
    history = history.mask(enterprises["legal_form"].eq("company"), first_snapshot)
    since = ids.map(_first_premises(sites)).where(seen_by == "business_rates")
    in_sight = pd.concat([pd.to_datetime(history), since, born], axis=1).max(axis=1)
    return pd.DataFrame(
        {
            "enterprise_id": ids.astype("string"),
            "legal_form": enterprises["legal_form"],
            "section": enterprises["section"],
            "district": ids.map(seats(sites, mass_registration=mass_registration)),
            "seen_by": seen_by,
            "born_on": born,
            "ended_on": ended.mask(ended > as_of),
            "in_sight_from": in_sight.where(seen_by.notna()),
            "sites": ids.map(sites.groupby("enterprise_id")["site_id"].nunique())
            .fillna(0)
            .astype(int),
        }
    )


def ended_on(enterprises: pd.DataFrame) -> pd.Series:
    """Return when each ended; of those that vanished, the middle of the month before it was seen.

    A company that is in one monthly snapshot and not in the next ended in between: its `died_on` is
    not known, and `died_before` is the day of the snapshot that lacks it.
    """
    vanished = pd.to_datetime(enterprises["died_before"]) - pd.Timedelta(days=15)
    return pd.to_datetime(enterprises["died_on"]).fillna(vanished)


def seats(sites: pd.DataFrame, *, mass_registration: int) -> pd.Series:
    """Return the district of each enterprise's largest premises, else of its registered office.

    Parameters
    ----------
    sites
        As `lives` takes them.
    mass_registration
        Registered offices of so many enterprises at one property, with nothing of theirs there but
        the registration, count for nothing.

    Returns
    -------
    Series
        District, by `enterprise_id`; those whose seat is not known are absent.
    """
    places = sites[sites["district"].notna()]
    office_alone = places["kind"].eq("registered_office")
    offices = places[office_alone].groupby("uprn")["enterprise_id"].nunique()
    crowded = places["uprn"].map(offices).fillna(0) >= mass_registration
    places = places[~(office_alone & crowded)]
    worth = places["rateable_value"].astype("Float64").fillna(0)
    order = places.assign(_office=places["kind"].eq("registered_office"), _worth=-worth)
    order = order.sort_values(["enterprise_id", "_office", "_worth", "site_id"])
    return order.groupby("enterprise_id")["district"].first()


def alive(table: pd.DataFrame, on: pd.Timestamp) -> pd.Series:
    """Whether each enterprise of `lives` had begun and not ended on a day, and was in sight."""
    begun = ~(table["born_on"] > on)
    return begun & ~(table["ended_on"] < on) & (table["in_sight_from"] <= on)


def held(table: pd.DataFrame, on: pd.Timestamp) -> pd.DataFrame:
    """Count the enterprises by what would show their end.

    Parameters
    ----------
    table
        From `lives`.
    on
        The day on which they are counted as living.

    Returns
    -------
    DataFrame
        `seen_by, enterprises, living, without_birth`.
    """
    names = {"companies": "Register of companies", "business_rates": "Rates accounts alone"}
    rows = pd.DataFrame(
        {
            "seen_by": table["seen_by"].map(names).fillna("Neither"),
            "enterprises": 1,
            "living": alive(table, on).astype(int),
            "without_birth": table["born_on"].isna().astype(int),
        }
    )
    return rows.groupby("seen_by", sort=False).sum().reset_index()


def _first_premises(sites: pd.DataFrame) -> pd.Series:
    premises = sites[sites["kind"].ne("registered_office")]
    return pd.to_datetime(premises["started_on"]).groupby(premises["enterprise_id"]).min()
