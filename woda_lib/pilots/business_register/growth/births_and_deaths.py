"""How many enterprises begin and end in a year, and what registers of the living leave out.

The definitions are those of the Eurostat-OECD *Manual on Business Demography Statistics* (2007),
which the Office for National Statistics follows: the enterprises *active* in a year are those that
lived at any time in it; the birth and the death rate are births and deaths as a percentage of them.

What these sources cannot tell: whether a new company carries on an older business (which the manual
does not count as a birth), and whether one that ended begins again within two years (which it does
not count as a death). Whoever trades without a company is seen only where rates are paid.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.pilots.business_register.growth.shares import with_share
from woda_lib.pilots.business_register.growth.survival import YEAR, Survival
from woda_lib.pilots.business_register.growth.years import first_day, last_day, year_of

_Z = 1.96  # a standard normal's 97.5th percentile
_A_MONTH = pd.Timedelta(days=31)  # between two snapshots


def rates_of_a_year(lives: pd.DataFrame, year: int, *, by: str | None = None) -> pd.DataFrame:
    """Count births, deaths and active enterprises of a year that lies wholly in sight.

    Parameters
    ----------
    lives
        From `lives.lives`, and the column `by`.
    year
        To March.
    by
        Column of groups, whose missing values stand under *Not known*; everyone without it.

    Returns
    -------
    DataFrame
        A row a group: `group, active, births, deaths, birth_percent, birth_low, birth_high,
        death_percent, death_low, death_high`; rates per hundred active, Wilson's interval (95%).
    """
    start, end = first_day(year), last_day(year)
    begun = lives["born_on"].fillna(start)
    since = begun.where(begun > start + _A_MONTH, start + _A_MONTH)
    in_sight = lives["in_sight_from"] <= since
    active = in_sight & ~(lives["born_on"] > end) & ~(lives["ended_on"] < start)
    counted = pd.DataFrame(
        {
            "group": "All" if by is None else lives[by].astype(object).fillna("Not known"),
            "active": active,
            "births": active & year_of(lives["born_on"]).eq(year).fillna(False),
            "deaths": active & year_of(lives["ended_on"]).eq(year).fillna(False),
        },
        index=lives.index,
    )
    table = counted.groupby("group", sort=True)[["active", "births", "deaths"]].sum()
    table = table.astype(int).reset_index()
    for what in ("birth", "death"):
        table = with_share(table, f"{what}s", "active", into=f"{what}_percent")
        table = table.rename(columns={"low": f"{what}_low", "high": f"{what}_high"})
    return table


def births_by_year(
    lives: pd.DataFrame, curve: Survival, years: range, *, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Estimate the births of each year from those that lived long enough to be in sight.

    Each enterprise that is in sight from some age on stands for one over the share that lives to
    that age (Horvitz and Thompson 1952, JASA 47: 663-685).

    Parameters
    ----------
    lives
        From `lives.lives`.
    curve
        Their survival, from `survival.survival`.
    years
        To March.
    as_of
        The day on which the register is read.

    Returns
    -------
    DataFrame
        A row a year: `year, seen, births, low, high`. Seen are those born in the year and in the
        register; births are the estimate, missing where the curve does not reach far enough.
    """
    born = lives["born_on"].notna() & lives["in_sight_from"].notna()
    born &= lives["in_sight_from"] <= lives["ended_on"].fillna(as_of)
    table = lives[born]
    age = (table["in_sight_from"] - table["born_on"]).dt.days.to_numpy(float) / YEAR
    share, low, high = curve.at(age)
    # Who is in sight from birth stands for itself, though the curve may reach nowhere.
    share, low, high = (np.where(age <= 0, 1.0, each) for each in (share, low, high))
    per = pd.DataFrame(
        {
            "year": year_of(table["born_on"]).to_numpy(),
            "seen": 1,
            "births": 1 / share,
            "chance": (1 - share) / share**2,
            "curve": (high - low) / (2 * _Z) / share**2,
        }
    )
    known = per.groupby("year").agg(
        seen=("seen", "sum"),
        births=("births", lambda each: each.sum(skipna=False)),
        chance=("chance", "sum"),
        curve=("curve", "sum"),
    )
    found = known.reindex(list(years)).rename_axis("year").reset_index()
    # The survivors are a draw of those born, and the curve's own error moves all of them at once.
    spread = _Z * np.sqrt(found["chance"] + found["curve"] ** 2)
    return pd.DataFrame(
        {
            "year": found["year"].astype(int),
            "seen": found["seen"].fillna(0).astype(int),
            "births": found["births"],
            "low": np.maximum(found["births"] - spread, found["seen"]),
            "high": found["births"] + spread,
        }
    )
