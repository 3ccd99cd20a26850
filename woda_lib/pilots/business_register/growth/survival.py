"""How many enterprises live on after one to five years, where registers begin with the living.

Whichever ended before the register was first read is in no table. Counting everybody from birth
takes the years before that as survived by all, and makes survival too high. Here an enterprise is
at risk from the age at which its end would first have been seen (*left truncation*): what is
estimated is a period's survival, the chance of each age's ends in the time that is in sight.

Sources: Kaplan and Meier (1958), JASA 53: 457-481. For late entry: Klein and Moeschberger,
*Survival Analysis* (2nd edition 2003), section 4.6. lifelines draws the curve.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from lifelines import KaplanMeierFitter
from numpy.typing import NDArray

YEAR = 365.25  # days
Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False)
class Survival:
    """A curve of enterprises that live on, by age.

    Attributes
    ----------
    ages
        (t,) years at which any ended, ascending.
    living, low, high
        (t,) share that lives on after each, and the limits of its 95% interval (log-log).
    reach
        Age up to which enough were in sight at every end.
    deaths, enterprises
        How many ends, of how many, the curve rests on.
    """

    ages: Floats
    living: Floats
    low: Floats
    high: Floats
    reach: float
    deaths: int
    enterprises: int

    def at(self, ages: Floats) -> tuple[Floats, Floats, Floats]:
        """Return the share that lives on after some ages with its limits; beyond reach not known.

        Parameters
        ----------
        ages
            Years.
        """
        place = np.searchsorted(self.ages, ages, side="right")
        beyond = np.asarray(ages) > self.reach
        share, low, high = (
            np.where(beyond, np.nan, np.append(1.0, curve)[place])
            for curve in (self.living, self.low, self.high)
        )
        return share, low, high


def survival(
    lives: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    fewest: int = 10,
    late_entry: bool = True,
) -> Survival:
    """Estimate the curve.

    Parameters
    ----------
    lives
        `born_on, ended_on, in_sight_from`; those without a birth, or never in sight, do not count.
    as_of
        Up to when ends are seen.
    fewest
        The curve ends before the first end at which fewer were at risk; one end among three says
        nothing of all others.
    late_entry
        Whether enterprises are at risk from when they were in sight alone. False is the mistake,
        for a comparison: everybody is at risk from birth.

    Returns
    -------
    Survival
        Without any end, or with too few from the beginning, it reaches to no age.
    """
    begin, end, died = _spans(lives, as_of, late_entry=late_entry)
    nothing = np.array([])
    if not len(end):
        return Survival(nothing, nothing, nothing, nothing, -1.0, 0, 0)
    order = KaplanMeierFitter().fit(end, event_observed=died, entry=begin)
    limits = order.confidence_interval_survival_function_.to_numpy()
    happened = order.event_table["observed"].to_numpy() > 0
    ages = order.event_table.index.to_numpy(float)[happened]
    # Whoever comes into sight at an age is at risk of ends after it, not of those at it.
    at_risk = (begin[:, None] < ages).sum(axis=0) - (end[:, None] < ages).sum(axis=0)
    thin = ages[at_risk < fewest]
    reach = float(end.max()) if not len(thin) else float(thin[0]) - 1e-9
    reach = -1.0 if (begin <= 0).sum() < fewest else min(reach, float(end.max()))
    return Survival(
        ages,
        order.survival_function_.to_numpy()[:, 0][happened],
        limits[happened, 0],
        limits[happened, 1],
        reach,
        int(died.sum()),
        len(end),
    )


def survival_table(
    lives: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    by: str | None = None,
    years: Sequence[int] = (1, 2, 3, 4, 5),
    fewest: int = 10,
) -> pd.DataFrame:
    """Return survival after whole years, with intervals.

    Parameters
    ----------
    lives, as_of, fewest
        As `survival` takes them, and the column `by`.
    by
        Column of groups; everyone together without it.
    years
        Ages.

    Returns
    -------
    DataFrame
        A row a group and age: `group, years, percent, low, high, enterprises, deaths` (in sight, at
        any age). An age that a group's curve does not reach has no share: not determinable.
    """
    groups = [("All", lives)] if by is None else list(lives.groupby(by, observed=True))
    rows = []
    for name, part in groups:
        curve = survival(part, as_of=as_of, fewest=fewest)
        for age, share, low, high in zip(years, *curve.at(np.array(years, float)), strict=True):
            counts = (curve.enterprises, curve.deaths)
            rows.append((name, age, 100 * share, 100 * low, 100 * high, *counts))
    columns = ["group", "years", "percent", "low", "high", "enterprises", "deaths"]
    return pd.DataFrame(rows, columns=columns)


def survival_of_both(lives: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return `survival_table` of companies, and of who pays rates and is none.

    A company that only its rates account shows counts in neither: nobody knows when it was born.
    """
    names = {"companies": "Companies", "business_rates": "Not companies"}
    kind = lives["seen_by"].map(names)
    alone = kind.eq("Not companies") & lives["legal_form"].eq("company")
    return survival_table(lives.assign(kind=kind.mask(alone)), as_of=as_of, by="kind")


def naive_and_right(
    lives: pd.DataFrame, *, as_of: pd.Timestamp, years: Sequence[int] = (1, 2, 3, 4, 5)
) -> tuple[pd.DataFrame, Survival, Survival]:
    """Lay the curve of companies beside the mistake of taking everybody from birth.

    Parameters
    ----------
    lives, as_of, years
        As `survival_table` takes them.

    Returns
    -------
    table : DataFrame
        `years, percent, if_counted_from_birth`.
    right, naive : Survival
    """
    companies = lives[lives["seen_by"] == "companies"]
    right, naive = (survival(companies, as_of=as_of, late_entry=late) for late in (True, False))
    ages = np.array(years, float)
    table = pd.DataFrame(
        {
            "years": list(years),
            "percent": 100 * right.at(ages)[0],
            "if_counted_from_birth": 100 * naive.at(ages)[0],
        }
    )
    return table, right, naive


def _spans(
    lives: pd.DataFrame, as_of: pd.Timestamp, *, late_entry: bool
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    ended = lives["ended_on"].fillna(as_of)
    until = ended.where(ended < as_of, as_of)
    known = lives["born_on"].notna() & lives["in_sight_from"].notna()
    known &= until > lives["in_sight_from"]
    table = lives[known]
    born = table["born_on"]
    end = (until[known] - born).dt.days.to_numpy(float) / YEAR
    begin = (table["in_sight_from"] - born).dt.days.to_numpy(float) / YEAR
    died = (table["ended_on"].notna() & (table["ended_on"] <= as_of)).to_numpy(bool)
    return begin if late_entry else np.zeros_like(end), end, died
