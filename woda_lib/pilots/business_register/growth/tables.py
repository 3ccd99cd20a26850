"""The growth tables of the notebook: who grows by sector and district, and how rules change it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from woda_lib.pilots.business_register.growth.differing import against_the_rest
from woda_lib.pilots.business_register.growth.scale_up_shares import (
    bounds,
    growing_enterprises,
    scale_up_shares,
)
from woda_lib.pilots.business_register.growth.scale_ups import Rule, over_spans
from woda_lib.pilots.business_register.sections import named

WORKING_AGES = ("16-24", "25-44", "45-64")
"""Bands of the population estimates that are counted as of working age."""

_WAYS = {"Sector": "sector", "District": "district"}


def growing(found: pd.DataFrame) -> pd.DataFrame:
    """Return scale-ups and near ones of everybody, and by sector and district.

    Parameters
    ----------
    found
        From `scale_ups.over_spans`, with `section` and `district`.

    Returns
    -------
    DataFrame
        `by, group`, what `scale_up_shares` returns, and `least, most`: what the share can be,
        counting every enterprise of the group that shared any number of either year.
    """
    table = found.assign(sector=named(found["section"]))
    shared = table[table["shared"]]
    parts = []
    for by, column in {"Everyone": None, **_WAYS}.items():
        shares = scale_up_shares(table, by=column)
        limits = bounds(shared, by=column)[["group", "least", "most"]]
        parts.append(shares.merge(limits, on="group", how="left").assign(by=by))
    joined = pd.concat(parts, ignore_index=True)
    joined["group"] = joined["group"].replace("All", "All that can be told")
    return joined[["by", "group", *[c for c in joined.columns if c not in ("by", "group")]]]


def where_more_grow(found: pd.DataFrame) -> pd.DataFrame:
    """Hold each sector's and each district's share of growing enterprises against the rest.

    Parameters
    ----------
    found
        As `growing` takes it.

    Returns
    -------
    DataFrame
        `by, group, can_be_told, growing` (a scale-up or near in any span), `adjusted_p`.
    """
    table = found.assign(sector=named(found["section"]))
    parts = [growing_enterprises(table, by=of).assign(by=by) for by, of in _WAYS.items()]
    counted = pd.concat(parts, ignore_index=True)[["by", "group", "can_be_told", "growing"]]
    return against_the_rest(counted, part="growing", whole="can_be_told")


def by_other_rules(
    workforce: pd.DataFrame, lives: pd.DataFrame, rule: Rule, *, last: int
) -> pd.DataFrame:
    """Return what the share would be by other boundaries, one changed at a time.

    Parameters
    ----------
    workforce, lives, rule, last
        As `scale_ups.over_spans` takes them.

    Returns
    -------
    DataFrame
        A row a rule: `rule`, then `can_be_told, scale_ups, percent, low, high, least, most`, the
        last two of those that shared any number.
    """
    rules = {
        "As the parameters say": rule,
        "Growth of employees": replace(rule, basis="employees"),
        "Growth of turnover": replace(rule, basis="turnover"),
        "Growth of either": replace(rule, basis="either"),
        "More than 10% a year (European Union 2014)": replace(
            rule, growth_percent=10.0, near_percent=10.0
        ),
        "Five or more employees at the beginning": replace(rule, fewest_employees=5),
        "Over two years": replace(rule, years=2),
    }
    parts = []
    for name, each in rules.items():
        found = over_spans(workforce, lives, each, last=last)
        shares = scale_up_shares(found)
        limits = bounds(found[found["shared"]])
        if len(shares) and len(limits):
            parts.append(shares.merge(limits[["group", "least", "most"]]).assign(rule=name))
    columns = ["rule", "can_be_told", "scale_ups", "percent", "low", "high", "least", "most"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def per_resident(
    rates: pd.DataFrame, population: pd.DataFrame, *, ages: Iterable[str] = WORKING_AGES
) -> pd.DataFrame:
    """Add how many enterprises and births there are for 10,000 residents of working age.

    Parameters
    ----------
    rates
        From `births_and_deaths.rates_of_a_year` by district.
    population
        `year, district, age_band, residents`; the newest year counts.
    ages
        Bands that are counted.

    Returns
    -------
    DataFrame
        With `active_per_10000, births_per_10000`; missing where the district is not known.
    """
    newest = population[population["year"] == population["year"].max()]
    grown = newest[newest["age_band"].isin(list(ages))]
    residents = grown.groupby("district", observed=True)["residents"].sum()
    residents.index = residents.index.astype(object)
    of_group = rates["group"].map(residents).astype(float)
    return rates.assign(
        active_per_10000=1e4 * rates["active"] / of_group,
        births_per_10000=1e4 * rates["births"] / of_group,
    )
