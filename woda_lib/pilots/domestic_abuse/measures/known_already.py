"""People entered afresh whom police knew already: new numbers that linkage gives to old people.

A nominal is *new* on the day on which it first turns up: in an incident, or in the register, if
that is sooner (the register's own day moves when a record is written again). It is a *duplicate*
where linkage says that an earlier nominal is the same person.

Two shares are given. Of new nominals, how many are somebody who had one? That share grows by itself
as a register fills, because more and more of those who come were there before. So: of the times
that somebody known came again, how often was a new number given?
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from woda_lib.evaluation import Interval
from woda_lib.pilots.domestic_abuse.errors import require_columns
from woda_lib.pilots.domestic_abuse.measures.shares import periods, share

POLICE_PEOPLE = "police_persons"
FEWEST = 10
AMONG_NEW = "New numbers that went to people who had one"
AMONG_KNOWN = "Returns of people already known, under a new number"


def new_nominals(
    persons: pd.DataFrame,
    people: pd.DataFrame,
    incident_people: pd.DataFrame,
    incidents: pd.DataFrame,
) -> pd.DataFrame:
    """Return every nominal with the day on which it was new, and whether the person was known.

    Parameters
    ----------
    persons
        `nominal_id, recorded_on`, a row a nominal.
    people
        From `1_link`: `dataset, local_id, entity_id`. A nominal that is not in it (too poor to be
        linked) counts as nobody known.
    incident_people
        `incident_id, nominal_id`, a row a person in an incident.
    incidents
        `incident_id, reported_at`.

    Returns
    -------
    DataFrame
        `nominal_id, entity_id, first_at, known` in the order of `first_at`. Of two that turn up at
        once, the one whose number comes first is the earlier.
    """
    require_columns(persons, ["nominal_id", "recorded_on"], table="police persons")
    require_columns(people, ["dataset", "local_id", "entity_id"], table="linked people")
    met = incident_people[["incident_id", "nominal_id"]].merge(
        incidents[["incident_id", "reported_at"]], on="incident_id"
    )
    met_at = met.groupby("nominal_id")["reported_at"].min().rename("met_at")
    police = people.loc[people["dataset"] == POLICE_PEOPLE, ["local_id", "entity_id"]]
    table = (
        persons[["nominal_id", "recorded_on"]]
        .merge(met_at, left_on="nominal_id", right_index=True, how="left")
        .merge(
            police.drop_duplicates("local_id"),
            left_on="nominal_id",
            right_on="local_id",
            how="left",
        )
    )
    # A record written later on the day of an incident is not older than it: compare days.
    later = table["recorded_on"] >= table["met_at"].dt.normalize()
    first_at = table["met_at"].where(later, table["recorded_on"])
    table = table.assign(first_at=first_at).sort_values(
        ["first_at", "nominal_id"], ignore_index=True
    )
    known = table["entity_id"].notna() & table.duplicated("entity_id", keep="first")
    return table.assign(known=known)[["nominal_id", "entity_id", "first_at", "known"]]


def known_by_time(nominals: pd.DataFrame) -> pd.DataFrame:
    """Return the share of new nominals that are duplicates, over time, for a process chart.

    Returns
    -------
    DataFrame
        `time, nominals, known, known_percent`, a row a month; or a row a quarter, where a month
        has fewer than ten duplicates, so that no point stands for a handful of people.
    """
    for every in ("M", "Q"):
        time = nominals["first_at"].dt.to_period(every).dt.to_timestamp().rename("time")
        counted = nominals["known"].groupby(time).agg(nominals="size", known="sum").reset_index()
        if (counted["known"] >= FEWEST).all():
            break
    return counted.astype({"known": int}).assign(
        known_percent=100 * counted["known"] / counted["nominals"]
    )


def duplicate_shares(
    nominals: pd.DataFrame,
    incident_people: pd.DataFrame,
    incidents: pd.DataFrame,
    *,
    go_live: Any,
) -> pd.DataFrame:
    """Return the rows from which both shares are counted: `what, period, hit`.

    Parameters
    ----------
    nominals
        From `new_nominals`.
    incident_people, incidents
        As `new_nominals` takes them.
    """
    fresh = pd.DataFrame(
        {
            "what": AMONG_NEW,
            "period": periods(nominals["first_at"], go_live),
            "hit": nominals["known"],
        }
    )
    came = (
        incident_people[["incident_id", "nominal_id"]]
        .merge(nominals.dropna(subset=["entity_id"]), on="nominal_id")
        .merge(incidents[["incident_id", "reported_at"]], on="incident_id")
        .sort_values(["reported_at", "incident_id", "nominal_id"])
        .drop_duplicates(["entity_id", "incident_id"])
    )
    again = came[came.duplicated("entity_id", keep="first")]
    returns = pd.DataFrame(
        {
            "what": AMONG_KNOWN,
            "period": periods(again["reported_at"], go_live),
            "hit": ~came.duplicated("nominal_id", keep="first").loc[again.index],
        }
    )
    return pd.concat([fresh, returns], ignore_index=True)


def duplicate_rate(shares: pd.DataFrame, period: str) -> Interval:
    """Return the share of new nominals that are duplicates in a period, in per cent (Wilson)."""
    mine = shares[(shares["what"] == AMONG_NEW) & (shares["period"] == period)]
    return Interval(*share(int(mine["hit"].sum()), len(mine)), "%")
