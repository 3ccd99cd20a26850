"""Planted beside found: what the made-up county truly holds, by the same definitions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from woda_lib.pilots.business_register.growth.births_and_deaths import rates_of_a_year
from woda_lib.pilots.business_register.growth.scale_up_shares import near_share, scale_up_shares
from woda_lib.pilots.business_register.growth.scale_ups import Rule, over_spans
from woda_lib.pilots.business_register.growth.survival import Survival, survival
from woda_lib.pilots.business_register.growth.years import year_of

_ENDS = ["percent", "low", "high"]


class Measures(NamedTuple):
    """What the notebook found.

    Attributes
    ----------
    growing
        From `tables.growing`.
    near
        From `scale_up_shares.near_share`.
    rates
        From `births_and_deaths.rates_of_a_year`, of everyone.
    survived
        From `survival.survival_of_both`.
    naive
        The curve of companies counted from birth.
    births
        Of companies, from `births_and_deaths.births_by_year`.
    """

    growing: pd.DataFrame
    near: tuple[float, float, float]
    rates: pd.DataFrame
    survived: pd.DataFrame
    naive: Survival
    births: pd.DataFrame


class Found(NamedTuple):
    """A measure as it was found, and as it truly is.

    Attributes
    ----------
    what
        The measure, with its unit.
    planted
        As it truly is.
    found, low, high
        As it was found, with its interval or bounds.
    """

    what: str
    planted: float
    found: float
    low: float
    high: float


def true_lives(enterprises: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return the true lives in the form of `lives.lives`: everybody in sight from birth.

    Parameters
    ----------
    enterprises
        The truth's: `enterprise_id, company_number, born_on, died_on`.
    as_of
        The day on which the register is read; later ends are not known then.
    """
    born = pd.to_datetime(enterprises["born_on"])
    ended = pd.to_datetime(enterprises["died_on"])
    return enterprises[["enterprise_id"]].assign(
        is_company=enterprises["company_number"].notna(),
        born_on=born,
        ended_on=ended.mask(ended > as_of),
        in_sight_from=born,
    )


def true_survival(
    enterprises: pd.DataFrame, *, as_of: pd.Timestamp, history_from: pd.Timestamp
) -> Survival:
    """Return the survival of those born since the history began, all of whose ends are known.

    Parameters
    ----------
    enterprises
        From `true_lives`.
    as_of, history_from
        The window's ends.
    """
    born = enterprises[enterprises["born_on"] >= history_from]
    return survival(born, as_of=as_of)


def true_scale_ups(
    workforce: pd.DataFrame, enterprises: pd.DataFrame, rule: Rule, *, last: int
) -> pd.DataFrame:
    """Return what every enterprise truly is, from its true numbers of every year.

    Parameters
    ----------
    workforce
        The truth's: `enterprise_id, year, employees, turnover`.
    enterprises
        From `true_lives`.
    rule, last
        As `scale_ups.over_spans` takes them.
    """
    nothing = pd.Series(pd.NA, index=workforce.index, dtype="string")
    exact = workforce.assign(employees_band=nothing, turnover_band=nothing)
    return over_spans(exact, enterprises, rule, last=last)


def marked(
    enterprises: pd.DataFrame,
    workforce: pd.DataFrame,
    rule: Rule,
    found: Measures,
    *,
    as_of: pd.Timestamp,
    history_from: pd.Timestamp,
    last: int,
    rates_of: int,
) -> pd.DataFrame:
    """Lay every measure of the notebook beside what was planted.

    Parameters
    ----------
    enterprises
        From `true_lives`.
    workforce
        The truth's.
    rule, last
        As `scale_ups.over_spans` takes them.
    found
        What the notebook found.
    as_of, history_from
        The window's ends.
    rates_of
        The year of the births and deaths.

    Returns
    -------
    DataFrame
        As `planted_beside_found` lays it out.
    """
    truly = true_scale_ups(workforce, enterprises, rule, last=last)
    ups = scale_up_shares(truly)
    planted_share = float(ups["percent"].iloc[0]) if len(ups) else np.nan
    planted_near = near_share(truly)[0]
    rows = []
    if len(found.growing):
        row = found.growing.iloc[0]
        share = float(row["percent"])
        rows += [
            Found("Scale-ups, %, with its interval", planted_share, share, row["low"], row["high"]),
            Found("Scale-ups, %, with bounds", planted_share, share, row["least"], row["most"]),
            Found("Near, %", planted_near, *found.near),
        ]
    companies = enterprises[enterprises["is_company"]]
    curve = true_survival(companies, as_of=as_of, history_from=history_from)
    living = found.survived[found.survived["group"] == "Companies"].set_index("years")
    for age in (1, 3, 5):
        true = 100 * float(curve.at(np.array([float(age)]))[0][0])
        limits = _limits(living.loc[[age]], _ENDS)
        rows.append(Found(f"Companies still there after {age} years, %", true, *limits))
    share, low, high = (100 * float(end[0]) for end in found.naive.at(np.array([5.0])))
    rows.append(Found("The same after 5 years, counted from birth", true, share, low, high))
    others = true_survival(
        enterprises[~enterprises["is_company"]], as_of=as_of, history_from=history_from
    )
    true = 100 * float(others.at(np.array([5.0]))[0][0])
    limits = five_years(found.survived, "Not companies")
    rows.append(Found("Not companies: still there after 5 years, %", true, *limits))
    born = year_of(companies["born_on"]).value_counts()
    for year_of_birth, births in found.births.groupby("year"):
        limits = _limits(births, ["births", "low", "high"])
        what = f"Companies born in the year to March {year_of_birth}"
        rows.append(Found(what, float(born.get(year_of_birth, 0)), *limits))
    rates = rates_of_a_year(enterprises, rates_of)
    for what in ("birth", "death"):
        names = [f"{what}_{end}" for end in _ENDS]
        planted = float(rates[names[0]].iloc[0])
        limits = _limits(found.rates, names)
        rows.append(Found(f"{what.capitalize()}s of the last year, %", planted, *limits))
    return planted_beside_found(rows)


def five_years(survived: pd.DataFrame, group: str = "Companies") -> tuple[float, float, float]:
    """Return the share of a group that lives five years, with its interval.

    Parameters
    ----------
    survived
        From `survival.survival_of_both`.
    group
        One of its groups.
    """
    rows = survived[survived["group"].eq(group) & survived["years"].eq(5)]
    if rows.empty:
        return np.nan, np.nan, np.nan
    return _limits(rows, _ENDS)


def planted_beside_found(measures: Iterable[Found]) -> pd.DataFrame:
    """Lay out planted beside found.

    Parameters
    ----------
    measures
        One after another.

    Returns
    -------
    DataFrame
        `measure, planted, found, low, high, recovered`: whether the planted value lies between
        `low` and `high`; *not determinable* where nothing was found.
    """
    table = pd.DataFrame(list(measures), columns=list(Found._fields))
    inside = table["planted"].between(table["low"], table["high"])
    said = inside.map({True: "yes", False: "no"})
    table["recovered"] = said.where(table["found"].notna(), "not determinable")
    return table.rename(columns={"what": "measure"})


def _limits(rows: pd.DataFrame, names: Iterable[str]) -> tuple[float, float, float]:
    """The value and its limits in the first row."""
    value, low, high = (float(rows[name].iloc[0]) for name in names)
    return value, low, high
