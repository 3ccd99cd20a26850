"""Minutes a case at the daily triage meeting, month by month, here and where nothing changed.

The measure is all minutes of a month over all incidents discussed in it, so that a long meeting
counts for as long as it was. Only whole months count.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from woda_lib.pilots.domestic_abuse.errors import require_columns
from woda_lib.pilots.domestic_abuse.measures.shares import periods

COUNCILS = {"county_council": "worcestershire", "severnside_council": "severnside"}
"""The council that got the triage pack, and the one whose meeting stayed as it was."""

MEASURES = ("minutes_per_case", "minutes_per_meeting", "cases_per_meeting", "attendees_per_meeting")


def meetings_by_month(meetings: pd.DataFrame, *, as_of: date) -> pd.DataFrame:
    """Sum up the meetings of each council and month.

    Parameters
    ----------
    meetings
        `partner, held_on, minutes, cases, attendees`, a row a meeting.
    as_of
        The day up to which data reach; a month that was not over then is left out.

    Returns
    -------
    DataFrame
        `council, month, meetings, cases, minutes, minutes_per_case, minutes_per_meeting,
        cases_per_meeting, attendees_per_meeting`. A month without an incident has no minutes a
        case.
    """
    require_columns(
        meetings, ["partner", "held_on", "minutes", "cases", "attendees"], table="triage meetings"
    )
    held = meetings["held_on"].dt.to_period("M")
    whole = held.dt.end_time.dt.normalize() <= pd.Timestamp(as_of)
    keys = [meetings["partner"].map(COUNCILS).rename("council"), held.rename("month")]
    found = (
        meetings[whole]
        .groupby([key[whole] for key in keys], observed=True)
        .agg(
            meetings=("minutes", "size"),
            cases=("cases", "sum"),
            minutes=("minutes", "sum"),
            attendees=("attendees", "sum"),
        )
        .astype(float)
    )
    found["minutes_per_case"] = found["minutes"] / found["cases"].where(found["cases"] > 0)
    for what in ("minutes", "cases", "attendees"):
        found[f"{what}_per_meeting"] = found[what] / found["meetings"]
    table = found.reset_index().assign(month=lambda rows: rows["month"].dt.to_timestamp())
    order = ["council", "month", "meetings", "cases", "minutes", *MEASURES]
    return table[order].astype({"meetings": int, "cases": int, "minutes": int})


def paired(monthly: pd.DataFrame, measure: str = "minutes_per_case") -> pd.DataFrame:
    """Set a measure of the two councils side by side.

    Parameters
    ----------
    monthly
        From `meetings_by_month`.
    measure
        One of `MEASURES`.

    Returns
    -------
    DataFrame
        `month, worcestershire, severnside`, a row a month in which both met.
    """
    wide = monthly.pivot(index="month", columns="council", values=measure)
    table = wide[list(COUNCILS.values())].dropna().reset_index()
    return table.rename_axis(columns="").astype(dict.fromkeys(COUNCILS.values(), float))


def before_and_after(monthly: pd.DataFrame, *, go_live: Any) -> pd.DataFrame:
    """Return the sums of each council before and since go-live, a first look.

    Returns
    -------
    DataFrame
        `council, period, months, meetings, cases, minutes_per_case, attendees_per_meeting`.
    """
    period = periods(monthly["month"], go_live)
    attended = monthly["attendees_per_meeting"] * monthly["meetings"]
    sums = (
        monthly.assign(period=period, attended=attended)
        .groupby(["council", "period"], sort=False)
        .agg(
            months=("month", "size"),
            meetings=("meetings", "sum"),
            cases=("cases", "sum"),
            minutes=("minutes", "sum"),
            attended=("attended", "sum"),
        )
        .reset_index()
    )
    table = sums.assign(
        council=sums["council"].str.capitalize(),
        minutes_per_case=sums["minutes"] / sums["cases"],
        attendees_per_meeting=sums["attended"] / sums["meetings"],
    ).drop(columns=["minutes", "attended"])
    return table.sort_values(["council", "period"], ascending=[False, True], ignore_index=True)
