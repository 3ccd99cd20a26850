"""Does each incident bring the next one sooner? Time to the next by how many there were before.

Gap times: after every incident the clock starts anew (Prentice, Williams and Peterson 1981,
Biometrika 68: 373-379). A victim gives a gap for each incident, and these belong together, so that
errors are robust to clusters of victims (Lin and Wei 1989). That later gaps are shorter does not
show that an incident brings the next: people who are harmed often are also those who reach a
fourth, and nobody else does.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from woda_lib.evaluation import CoxRegression, KaplanMeier, cox, kaplan_meier
from woda_lib.figures import Picture
from woda_lib.phrases import say_p
from woda_lib.pilots.domestic_abuse.measures.repeat_victimisation import DAY, gaps, within_a_year

ORDERS = ("first", "second", "third", "fourth or later")
_RELATIONSHIPS = ("partner", "former partner", "parent", "child", "sibling", "other family", "none")
_AGES = (
    "25 to 34", "under 16", "16 to 17", "18 to 24", "35 to 44", "45 to 54", "55 to 64",
    "65 and over",
)  # fmt: skip
_OTHER = "other or not known"
_ORDERED = {
    "relationship": (*_RELATIONSHIPS, _OTHER),
    "age": (*_AGES, _OTHER),
    "sex": ("female", "male", _OTHER),
    "deprivation": ("1", "2", "3", "4", "5", _OTHER),
}
FEWEST_ENDS = 10
"""Incidents that were followed by another, which a group needs to have a term of its own."""

_SEXES = {"F": "female", "M": "male"}


def gaps_by_order(
    cases: pd.DataFrame, *, as_of: date, begins: Any, look_back_days: int
) -> pd.DataFrame:
    """Return gap times with the order of the incident, after a stretch in which to see the past.

    Parameters
    ----------
    cases
        As `gaps` takes them.
    as_of
        The last day of the data.
    begins
        The first day of the data.
    look_back_days
        Incidents of the first so many days count as somebody's past and give no gap: without it, a
        fifth incident that is the first in the data would pass for a first.

    Returns
    -------
    DataFrame
        The columns of `gaps` with `order_name`, one of `ORDERS`.
    """
    table = gaps(cases, as_of=as_of)
    late = table["occurred_at"] >= pd.Timestamp(begins) + look_back_days * DAY
    names = table["order"].clip(upper=len(ORDERS)).map(dict(enumerate(ORDERS, start=1)))
    ordered = pd.Categorical(names, categories=list(ORDERS), ordered=True)
    return table.assign(order_name=ordered)[late].reset_index(drop=True)


def curves_by_order(table: pd.DataFrame) -> KaplanMeier:
    """Estimate the curve of not yet being harmed again, after the first, second … incident."""
    return kaplan_meier(
        table, duration="days", event="again", group="order_name", reference=ORDERS[0],
        quantiles=(0.25,), scale="log-log",
    )  # fmt: skip


def _is_often(table: pd.DataFrame, column: str) -> pd.Series:
    """Whether each row is in a group that was harmed again often enough for a term."""
    ends = table["again"].astype(int).groupby(table[column].astype("string")).transform("sum")
    return ends >= FEWEST_ENDS


def again_by_order(curves: KaplanMeier) -> pd.DataFrame:
    """Return who was harmed again within 28 and 91 days and 12 months, by order of the incident.

    Returns
    -------
    DataFrame
        `after_the, incidents, within_28_days, within_91_days, within_12_months, low, high`: in per
        cent, with the limits of the last.
    """
    year = within_a_year(curves)
    soon, later = (within_a_year(curves, days=days)["again_percent"] for days in (28, 91))
    return pd.DataFrame(
        {
            "after_the": year["group"],
            "incidents": year["victims"],
            "within_28_days": soon,
            "within_91_days": later,
            "within_12_months": year["again_percent"],
            "low": year["low"],
            "high": year["high"],
        }
    )


def hazards(table: pd.DataFrame) -> CoxRegression:
    """Compare how fast the next incident comes, with age, sex, place and relationship held alike.

    Parameters
    ----------
    table
        From `gaps_by_order`, with `victim_age_band, victim_sex, relationship,
        deprivation_quintile`.

    Returns
    -------
    CoxRegression
        Terms against a first incident of a woman of 25 to 34, by a partner, in the most deprived
        fifth; its errors are robust to clusters of victims. Groups in which hardly anybody was
        harmed again are one with those of whom it is not known, and left out if that is still so.
    """
    known = table.assign(
        incident=table["order_name"].cat.set_categories(list(ORDERS)),
        age=_said(table["victim_age_band"]),
        sex=_said(table["victim_sex"].map(_SEXES)),
        relationship=_said(table["relationship"]),
        deprivation=_said(table["deprivation_quintile"]),
    )
    for column, order in _ORDERED.items():
        known[column] = known[column].where(_is_often(known, column), _OTHER)
        known = known[_is_often(known, column)].copy()
        levels = [level for level in order if level in set(known[column])]
        known[column] = pd.Categorical(known[column], levels)
    return cox(
        known,
        duration="days",
        event="again",
        adjust=["incident", "relationship", "age", "sex", "deprivation"],
        cluster="victim",
    )


def hazards_picture(found: CoxRegression) -> Picture:
    """Draw the terms of the order and of the relationship; the others stand in the table."""
    told = found.table["term"].str.match("incident|relationship")
    few = replace(found, table=found.table[told].reset_index(drop=True))
    return few.plot(measure="How many times as fast the next incident comes")


def ratios(found: CoxRegression) -> pd.DataFrame:
    """Return the terms with p values in words: `term, times_as_fast, low, high, p_value,
    p_same_throughout` (of the ratio being the same early and late)."""
    table = found.table
    return pd.DataFrame(
        {
            "term": table["term"],
            "times_as_fast": table["estimate"],
            "low": table["low"],
            "high": table["high"],
            "p_value": table["p_value"].map(say_p),
            "p_same_throughout": table["proportional_p"].map(say_p),
        }
    )


def _said(values: pd.Series) -> pd.Series:
    return values.astype("string").str.replace("_", " ").fillna(_OTHER)
