"""How long until somebody who was harmed is reached, counting those who never were.

The clock starts when police hear of the incident and stops at the first attempt by which the
advocacy service reached the victim. Nobody is left out for never being reached: such a clock runs
on to the last day of the data, and is censored there. The mean over those who were reached would
look the better, the more people are given up on.

The service is not asked about every incident, and no record says of which it was. An incident is
taken as passed on where the service tried at all; those reported in the last weeks are left out,
because of them only the quickest attempts are in the data yet.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from woda_lib.evaluation import Interval, KaplanMeier, kaplan_meier
from woda_lib.pilots.domestic_abuse.errors import require_columns
from woda_lib.pilots.domestic_abuse.measures.shares import periods, share

RIPE_DAYS = 28
"""Incidents reported later than this before the end of the data are left out."""


def contact_clocks(
    cases: pd.DataFrame, contacts: pd.DataFrame, *, go_live: Any, as_of: date
) -> pd.DataFrame:
    """Return a clock an incident with a victim, from the report to the first contact.

    Parameters
    ----------
    cases
        `incident_id, reported_at, victim, duplicate_of`; an event that was entered twice counts
        once, under its first number, with the attempts of both.
    contacts
        `incident_id, attempted_at, reached`.
    go_live
        First day with the pack.
    as_of
        The last day of the data.

    Returns
    -------
    DataFrame
        `incident_id, reported_at, period, attempts, reached, hours`; with no attempt the incident
        was not passed on.
    """
    require_columns(cases, ["incident_id", "reported_at", "victim", "duplicate_of"], table="cases")
    require_columns(contacts, ["incident_id", "attempted_at", "reached"], table="victim contacts")
    first_number = cases.set_index("incident_id")["duplicate_of"].dropna()
    tried = contacts.assign(
        incident_id=contacts["incident_id"].map(first_number).fillna(contacts["incident_id"])
    )
    end = pd.Timestamp(as_of) + pd.Timedelta(days=1)
    events = cases[
        cases["duplicate_of"].isna()
        & cases["victim"].notna()
        & (cases["reported_at"] < end - pd.Timedelta(days=RIPE_DAYS))
    ]
    tries = tried.groupby("incident_id").size().rename("attempts")
    found = tried[tried["reached"] == "yes"].groupby("incident_id")["attempted_at"].min()
    table = (
        events[["incident_id", "reported_at"]]
        .merge(tries, on="incident_id", how="left")
        .merge(found.rename("reached_at"), on="incident_id", how="left")
    )
    reached = table["reached_at"].notna()
    stopped = table["reached_at"].where(reached, end)
    return pd.DataFrame(
        {
            "incident_id": table["incident_id"],
            "reported_at": table["reported_at"],
            "period": periods(table["reported_at"], go_live),
            "attempts": table["attempts"].fillna(0).astype(int),
            "reached": reached,
            "hours": ((stopped - table["reported_at"]).dt.total_seconds() / 3_600).clip(lower=0.0),
        }
    )


def hours_to_contact(clocks: pd.DataFrame) -> KaplanMeier:
    """Estimate the curves of not yet being reached, of the incidents that were passed on.

    Parameters
    ----------
    clocks
        From `contact_clocks`.
    """
    passed_on = clocks[clocks["attempts"] > 0]
    return kaplan_meier(
        passed_on, duration="hours", event="reached", group="period", reference="before",
        unit="hours",
    )  # fmt: skip


def contact_by_period(clocks: pd.DataFrame, curves: KaplanMeier) -> pd.DataFrame:
    """Return how many incidents were passed on, and how soon and how often victims were reached.

    Returns
    -------
    DataFrame
        `period, incidents, passed_on, passed_on_percent, reached_percent, median_hours, low, high`.
    """
    rows = []
    for period, mine in clocks.groupby("period", sort=True):
        passed_on = mine[mine["attempts"] > 0]
        some, reached = len(passed_on), int(passed_on["reached"].sum())
        median = median_hours(curves, str(period))
        rows.append(
            (
                period,
                len(mine),
                some,
                share(some, len(mine))[0],
                share(reached, some)[0],
                median.estimate,
                median.low,
                median.high,
            )
        )
    columns = [
        "period", "incidents", "passed_on", "passed_on_percent", "reached_percent",
        "median_hours", "low", "high",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def median_hours(curves: KaplanMeier, period: str) -> Interval:
    """Return the hours by which half of those passed on in a period were reached."""
    table = curves.summary().set_index("measure")
    row = table.loc[f"Median, {period}"]
    return Interval(float(row["estimate"]), float(row["low"]), float(row["high"]), "hours")


def median_of_reached(clocks: pd.DataFrame, period: str) -> Interval:
    """Return the median hours of those who were reached, to be held against a planted one.

    It leaves out who never was, and is no answer to how long people wait.
    """
    mine = clocks[(clocks["period"] == period) & clocks["reached"]]
    curve = kaplan_meier(mine, duration="hours", event="reached", unit="hours")
    return Interval(curve.estimate, curve.low, curve.high, "hours")
