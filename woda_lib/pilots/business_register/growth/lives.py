"""One row an enterprise: when it began and ended, from when an end would be seen, and its seat.

A register of companies is a list of those that live on the day of the snapshot. Whichever was
dissolved before the first snapshot is in none, so that a company is *in sight* only from then on;
one that stops being in a later snapshot has ended. Rates accounts are delivered with those that
have ended, so that whoever pays rates is in sight from the day on which the first account began.
"""

from __future__ import annotations

from typing import cast

import pandas as pd

ALL_ALONG = ("business_rates",)
"""Sources that are delivered with what had ended: their enterprises are in sight from the start."""

SNAPSHOTS = ("companies",)
"""Sources that hold what lives on the day: their enterprises are in sight from the first one."""


def lives(
    enterprises: pd.DataFrame,
    sites: pd.DataFrame,
    members: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    first_snapshot: pd.Timestamp,
    history_from: pd.Timestamp,
    most_at_one_address: int,
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
    most_at_one_address
        Where more enterprises have their registered office, and nothing else of them is there, the
        address says nothing of where they are.

    Returns
    -------
    DataFrame
        `enterprise_id, legal_form, section, district` (missing where it is not known), `born_on,
        ended_on` (missing while it lives), `in_sight_from` (missing where no source would show its
        end), `sites`. One that ended before it could be in sight is kept, and counts in nothing.
    """
    ids = enterprises["enterprise_id"]
    by_source = {
        names: members.loc[members["source"].isin(names), "enterprise_id"]
        for names in (ALL_ALONG, SNAPSHOTS)
    }
    started = _first_premises(sites, by_source[ALL_ALONG])
    born = pd.to_datetime(enterprises["born_on"])
    ended = ended_on(enterprises).where(lambda days: ~(days > as_of))
    of_accounts = ids.map(started).clip(lower=history_from)
    of_snapshots = pd.Series(first_snapshot, index=ids.index).where(ids.isin(by_source[SNAPSHOTS]))
    sight = pd.concat([of_accounts, of_snapshots], axis=1).min(axis=1)
    return pd.DataFrame(
        {
            "enterprise_id": ids.astype("string"),
            "legal_form": enterprises["legal_form"],
            "section": enterprises["section"],
            "district": ids.map(seats(sites, most_at_one_address=most_at_one_address)),
            "born_on": born,
            "ended_on": ended,
            "in_sight_from": pd.concat([sight, born], axis=1).max(axis=1).where(sight.notna()),
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


def seats(sites: pd.DataFrame, *, most_at_one_address: int) -> pd.Series:
    """Return the district of each enterprise's largest premises, else of its registered office.

    Parameters
    ----------
    sites
        As `lives` takes them.
    most_at_one_address
        Registered offices of more enterprises than this at one property, with nothing of theirs
        there but the registration, count for nothing.

    Returns
    -------
    Series
        District, by `enterprise_id`; those whose seat is not known are absent.
    """
    places = sites[sites["district"].notna()]
    office_alone = places["kind"].eq("registered_office")
    offices = places[office_alone].groupby("uprn")["enterprise_id"].nunique()
    crowded = places["uprn"].map(offices).fillna(0) > most_at_one_address
    places = places[~(office_alone & crowded)]
    worth = places["rateable_value"].astype("Float64").fillna(0)
    order = places.assign(_office=places["kind"].eq("registered_office"), _worth=-worth)
    order = order.sort_values(["enterprise_id", "_office", "_worth", "site_id"])
    return cast("pd.Series", order.groupby("enterprise_id")["district"].first())


def alive(table: pd.DataFrame, on: pd.Timestamp) -> pd.Series:
    """Whether each enterprise of `lives` had begun and not ended on a day, and was in sight."""
    begun = ~(table["born_on"] > on)
    return begun & ~(table["ended_on"] < on) & (table["in_sight_from"] <= on)


def _first_premises(sites: pd.DataFrame, wanted: pd.Series) -> pd.Series:
    of_them = sites[sites["enterprise_id"].isin(wanted) & sites["kind"].ne("registered_office")]
    return pd.to_datetime(of_them["started_on"]).groupby(of_them["enterprise_id"]).min()
