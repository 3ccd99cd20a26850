"""Who is harmed again within a year: from each victim's first incident of a period to the next one.

A victim counts once a period, from the first incident in it. The watching ends with the period (of
those before go-live, so that nothing that came after it is counted to them) or with the data;
whoever was not harmed again by then is censored, and not free of harm. An event that was entered
twice is one event.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from woda_lib.evaluation import Interval, KaplanMeier, kaplan_meier
from woda_lib.pilots.domestic_abuse.errors import require_columns

DAY = pd.Timedelta(days=1)
YEAR_DAYS = 365
_COLUMNS = ("incident_id", "occurred_at", "victim", "duplicate_of")


def events_of_victims(cases: pd.DataFrame) -> pd.DataFrame:
    """Return the cases with a known victim, each event once, in the order of time.

    Where the perpetrator is known too they have a `couple`: the same two people, whoever harmed
    whom.
    """
    require_columns(cases, _COLUMNS, table="cases")
    events = cases[cases["duplicate_of"].isna() & cases["victim"].notna()]
    events = events.sort_values(["occurred_at", "incident_id"], ignore_index=True)
    if "perpetrator" not in events:
        return events
    pair = events[["victim", "perpetrator"]].astype("string")
    first = pair["victim"].where(pair["victim"] < pair["perpetrator"], pair["perpetrator"])
    second = pair["perpetrator"].where(first == pair["victim"], pair["victim"])
    return events.assign(couple=(first + " " + second).where(pair["perpetrator"].notna()))


def days_between(first: pd.Series, then: pd.Series) -> pd.Series:
    """Return days with their fraction from one moment to another."""
    return (then - first).dt.total_seconds() / 86_400


def gaps(cases: pd.DataFrame, *, as_of: date, who: str = "victim") -> pd.DataFrame:
    """Return the time from each incident to the next of the same victim (or couple).

    Parameters
    ----------
    cases
        `incident_id, occurred_at, victim, duplicate_of`, and what else is to be kept.
    as_of
        The last day of the data, on which the watching ends.
    who
        Column of whose incidents follow each other.

    Returns
    -------
    DataFrame
        A row an incident, the columns of `cases` and `order` (1 for the first in these data),
        `days` (to the next, or to the end of the watching) and `again` (whether there was one).
    """
    events = events_of_victims(cases).dropna(subset=[who])
    following = events.groupby(who, sort=False)["occurred_at"].shift(-1)
    end = pd.Timestamp(as_of) + DAY
    until = following.where(following.notna(), end)
    return events.assign(
        order=events.groupby(who, sort=False).cumcount() + 1,
        days=days_between(events["occurred_at"], until),
        again=following.notna(),
    )


def first_of_period(cases: pd.DataFrame, *, begins: Any, go_live: Any, as_of: date) -> pd.DataFrame:
    """Return each victim's first incident before and since go-live, and the time to the next.

    Parameters
    ----------
    cases
        `incident_id, occurred_at, victim, duplicate_of`, and what else is to be kept.
    begins
        The first day of the period before.
    go_live
        The first day of the period since.
    as_of
        The last day of the data.

    Returns
    -------
    DataFrame
        A row a victim and period, with `period, days, again`.
    """
    start, change = pd.Timestamp(begins), pd.Timestamp(go_live)
    end = pd.Timestamp(as_of) + DAY
    events = events_of_victims(cases)
    found = []
    for name, first, last in (("before", start, change), ("since", change, end)):
        inside = events[events["occurred_at"].ge(first) & events["occurred_at"].lt(last)]
        following = inside.groupby("victim", sort=False)["occurred_at"].shift(-1)
        until = following.where(following.notna(), last)
        rows = inside.assign(
            period=name,
            days=days_between(inside["occurred_at"], until),
            again=following.notna(),
        )
        found.append(rows.drop_duplicates("victim"))
    return pd.concat(found, ignore_index=True)


def harmed_again(firsts: pd.DataFrame, *, group: str | None = None) -> KaplanMeier:
    """Estimate the curves of not yet being harmed again, by group.

    Parameters
    ----------
    firsts
        `days, again`, a row a victim.
    group
        Column of groups.
    """
    return kaplan_meier(
        firsts, duration="days", event="again", group=group, quantiles=(0.25,), scale="log-log"
    )


def within_a_year(curves: KaplanMeier, *, days: float = YEAR_DAYS) -> pd.DataFrame:
    """Read off the curves how many in a hundred were harmed again within a year, or other days.

    Returns
    -------
    DataFrame
        `group, victims, again_percent, low, high`, a row a group.
    """
    rows = []
    for name, curve in curves.table.groupby("group", sort=False):
        victims = int(curve["at_risk"].iloc[0])
        upto = curve[curve["time"] <= days]
        if upto.empty:
            rows.append((name, victims, 0.0, 0.0, 0.0))
            continue
        last = upto.iloc[-1]
        shares = [100 * (1 - last[column]) for column in ("waiting", "high", "low")]
        rows.append((name, victims, *shares))
    return pd.DataFrame(rows, columns=["group", "victims", "again_percent", "low", "high"])


def interval_of(table: pd.DataFrame, group: str) -> Interval:
    """Return one row of `within_a_year` as an estimate with its interval, in per cent."""
    row = table.set_index("group").loc[group]
    return Interval(float(row["again_percent"]), float(row["low"]), float(row["high"]), "%")


def repeats_by_month(cases: pd.DataFrame, *, begins: Any, as_of: date, days: int) -> pd.DataFrame:
    """Return the share of each month's victims who were harmed again soon.

    A victim counts once a month, from the first incident in it: of incidents, a few people who are
    harmed every week would be most. Months that were not watched for so long are left out.

    Parameters
    ----------
    cases
        As `gaps` takes them.
    begins
        First day of the data: some incidents were reported long after they happened.
    as_of
        The last day of the data.
    days
        How soon.

    Returns
    -------
    DataFrame
        `month, victims, repeat_rate` (per cent).
    """
    table = gaps(cases, as_of=as_of)
    table = table[table["occurred_at"] >= pd.Timestamp(begins)]
    month = table["occurred_at"].dt.to_period("M")
    first = ~table.assign(month=month).duplicated(["victim", "month"])
    watched = month.dt.end_time.dt.normalize() + days * DAY <= pd.Timestamp(as_of)
    kept = first & watched
    soon = 100.0 * (table["again"] & (table["days"] <= days))
    counted = soon[kept].groupby(month[kept].rename("month")).agg(["size", "mean"])
    counted.columns = ["victims", "repeat_rate"]
    return counted.reset_index().assign(month=lambda rows: rows["month"].dt.to_timestamp())
