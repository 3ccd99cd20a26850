"""Does it get worse? Gravity and time between incidents over the incidents of one couple.

Practice often takes it that abuse escalates. Published counts mostly say otherwise: of 36,000
call-outs in Suffolk, 76% of couples called once, and among the 727 who called five times or more
gravity did not rise beyond chance, though calls came somewhat sooner (Bland and Ariel 2015,
International Criminal Justice Review 25: 30-53).

Comparing tenth incidents with first ones compares other couples, since few reach a tenth. So each
couple is compared with itself: a straight line within couples who have at least so many incidents,
each with a level of its own, with errors robust to clusters of couples.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

from woda_lib.phrases import say_range
from woda_lib.pilots.domestic_abuse.measures.repeat_victimisation import (
    days_between,
    events_of_victims,
)

FEWEST = 5
"""Incidents of a couple that is followed, as Bland and Ariel count."""

GRAVE_DAYS = 365.0
"""From so many days of imprisonment on, an offence is called grave here."""


def incidents_of_couples(cases: pd.DataFrame, *, fewest: int = FEWEST) -> pd.DataFrame:
    """Return the incidents of couples who have at least so many, in order.

    Parameters
    ----------
    cases
        `incident_id, occurred_at, victim, perpetrator, duplicate_of, harm_days`; whoever is victim
        in one incident and perpetrator in the next is the same couple.

    Returns
    -------
    DataFrame
        `couple, order, harm_days, grave, gap_days` (since the one before; missing for the first).
    """
    events = events_of_victims(cases).dropna(subset=["couple"])
    couple = events["couple"]
    before = events.groupby(couple, sort=False)["occurred_at"].shift(1)
    table = pd.DataFrame(
        {
            "couple": pd.factorize(couple)[0],
            "order": events.groupby(couple, sort=False).cumcount() + 1,
            "harm_days": events["harm_days"],
            "grave": events["harm_days"] >= GRAVE_DAYS,
            "gap_days": days_between(before, events["occurred_at"]),
        }
    )
    size = table.groupby("couple")["order"].transform("size")
    return table[size >= fewest].reset_index(drop=True)


def escalation(incidents: pd.DataFrame) -> pd.DataFrame:
    """Estimate what each further incident of a couple adds, within couples.

    Parameters
    ----------
    incidents
        From `incidents_of_couples`.

    Returns
    -------
    DataFrame
        `measure, couples, incidents, estimate, low, high`: grave offences in percentage points an
        incident, gravity and time since the one before in per cent an incident. No row where fewer
        than two couples are followed.
    """
    rows = []
    measures: tuple[tuple[str, pd.Series, bool], ...] = (
        ("Grave offences, percentage points", 100.0 * incidents["grave"], False),
        ("Days of imprisonment, %", np.log1p(incidents["harm_days"]), True),
        ("Days since the one before, %", np.log1p(incidents["gap_days"]), True),
    )
    for name, values, logarithm in measures:
        known = values.notna()
        found = _slope(values[known], incidents.loc[known, "order"], incidents.loc[known, "couple"])
        if found is None:
            continue
        if logarithm:
            found = tuple(100 * np.expm1(each) for each in found)
        couples = incidents.loc[known, "couple"].nunique()
        rows.append((name, couples, int(known.sum()), *found))
    columns = ["measure", "couples", "incidents", "estimate", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def escalation_finding(slopes: pd.DataFrame) -> str:
    """Say in a clause whether gravity rises within couples, beyond chance."""
    rows = slopes[slopes["measure"].str.startswith("Days of imprisonment")]
    if rows.empty:
        return "too few are followed to say whether gravity rises"
    row = rows.iloc[0]
    interval = f"95% interval {say_range(row['low'], row['high'])}% an incident"
    if row["low"] > 0:
        return f"gravity rises beyond chance ({interval})"
    if row["high"] < 0:
        return f"gravity falls beyond chance ({interval})"
    return f"gravity does not rise or fall beyond chance ({interval})"


def by_order(incidents: pd.DataFrame, *, upto: int = 8) -> pd.DataFrame:
    """Return gravity and gap by the order of the incident, for a look at the shape.

    Returns
    -------
    DataFrame
        `incident, couples, grave_percent, mean_days, median_gap`; the last row holds all later.
    """
    order = incidents["order"].clip(upper=upto)
    counted = incidents.groupby(order.rename("incident")).agg(
        couples=("couple", "nunique"),
        grave_percent=("grave", lambda grave: 100 * grave.mean()),
        mean_days=("harm_days", "mean"),
        median_gap=("gap_days", "median"),
    )
    names = {number: f"{number}" for number in range(1, upto)} | {upto: f"{upto} and later"}
    return counted.reset_index().assign(incident=lambda rows: rows["incident"].map(names))


def _slope(values: pd.Series, order: pd.Series, couple: pd.Series) -> Any:
    """Return slope, low and high of a line within couples; None where it cannot be told."""
    within = pd.DataFrame({"y": values, "x": order.astype(float), "couple": couple})
    within[["y", "x"]] -= within.groupby("couple")[["y", "x"]].transform("mean")
    couples = within["couple"].nunique()
    if couples < 2 or not within["x"].any():
        return None
    fitted = sm.OLS(within["y"], within[["x"]]).fit(
        cov_type="cluster", cov_kwds={"groups": within["couple"]}
    )
    half = stats.t.ppf(0.975, couples - 1) * float(fitted.bse.iloc[0])
    slope = float(fitted.params.iloc[0])
    return slope, slope - half, slope + half
