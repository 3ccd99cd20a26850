"""Scale-ups by the OECD's rule, in three values: one, not one, and not determinable.

The rule (Eurostat-OECD, *Manual on Business Demography Statistics*, 2007, chapter 8): average
annualised growth greater than 20% a year over three years, in employees or in turnover, with ten or
more employees at the beginning; what was born in the first year, or did not live to the last, is
not counted. Commission Implementing Regulation (EU) No 439/2014 asks for more than 10% in
employees; who lies between the two is called *near* here.

A firm of which a year is missing, or only a band is known, is not left out and not guessed: the
least and the most that its numbers can be decide it where they do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from woda_lib.pilots.business_register.growth.bands import ends_of
from woda_lib.pilots.business_register.growth.years import last_day, year_of

Basis = Literal["employees", "turnover", "either"]
OPEN = "not determinable"
_HAIR = 1e-9


@dataclass(frozen=True)
class Rule:
    """When an enterprise counts as a scale-up.

    Attributes
    ----------
    growth_percent
        Average annualised growth that must be exceeded, per cent a year.
    near_percent
        Growth that must be exceeded to be near.
    years
        Over how many.
    fewest_employees
        At the beginning.
    basis
        What must grow; either counts whoever grew by one of the two.
    """

    growth_percent: float = 20.0
    near_percent: float = 10.0
    years: int = 3
    fewest_employees: int = 10
    basis: Basis = "employees"

    @property
    def times(self) -> float:
        """How many times the beginning the end must exceed: 1.728 for 20% over three years."""
        return float((1 + self.growth_percent / 100) ** self.years)

    @property
    def near_times(self) -> float:
        """The same for near: 1.331 for 10%."""
        return float((1 + self.near_percent / 100) ** self.years)


def scale_ups(
    workforce: pd.DataFrame, lives: pd.DataFrame, rule: Rule, *, year: int
) -> pd.DataFrame:
    """Say of every enterprise that lived through the years what it is, as far as can be told.

    Parameters
    ----------
    workforce
        `enterprise_id, year, employees, employees_band, turnover, turnover_band`, a row an
        enterprise and year.
    lives
        From `lives.lives`: `enterprise_id, born_on, ended_on`.
    rule
        What counts.
    year
        To March, at whose end growth is looked back on.

    Returns
    -------
    DataFrame
        The rows of `lives` that can have lived from before the first year until the last day, with
        three answers, each `yes`, `no` or `not determinable`: `eligible` (enough employees at the
        beginning), `scale_up` and `near`; and what each can be: `can_be_small, can_be_up,
        can_be_near, can_be_not`. `shared` says whether any number of either year was, `exact`
        whether every number that the rule asks for is known as a number.
    """
    start = year - rule.years
    new = year_of(lives["born_on"]).ge(start).fillna(False)
    there = lives[~new & ~(lives["ended_on"] <= last_day(year))].reset_index(drop=True)
    first, last = (_of_year(workforce, there["enterprise_id"], at) for at in (start, year))
    least = float(rule.fewest_employees)
    small = first["employees_least"].to_numpy() < least
    big = first["employees_most"].to_numpy() >= least
    least_times, most_times = _ratios(first, last, rule)
    # 1.1 ** 3 is a hair above 1.331: from 1,000 to 1,331 is not more than 10% a year.
    over, near = rule.times * (1 + _HAIR), rule.near_times * (1 + _HAIR)
    can = pd.DataFrame(
        {
            "can_be_small": small,
            "can_be_up": big & (most_times > over),
            "can_be_near": big & (most_times > near) & (least_times <= over),
            "can_be_not": big & (least_times <= near),
        }
    )
    told = [each[f"{what}_told"] for each in (first, last) for what in ("employees", "turnover")]
    shared = np.logical_or.reduce(told)
    return pd.concat([there, can], axis=1).assign(
        eligible=_answer(big & ~small, big),
        scale_up=_answer(can["can_be_up"] & (can.sum(axis=1) == 1), can["can_be_up"]),
        near=_answer(can["can_be_near"] & (can.sum(axis=1) == 1), can["can_be_near"]),
        shared=shared,
        exact=_exact(first, last, rule),
    )


def over_spans(
    workforce: pd.DataFrame, lives: pd.DataFrame, rule: Rule, *, last: int
) -> pd.DataFrame:
    """Say the same of every span of years of which anybody shared both ends.

    Parameters
    ----------
    workforce, lives, rule
        As `scale_ups` takes them.
    last
        The year to March with which the last span ends.

    Returns
    -------
    DataFrame
        The rows of `scale_ups`, one span under another, with `year`, in which the span ends.
    """
    first = min(int(workforce["year"].min()) + rule.years, last)
    parts = [
        scale_ups(workforce, lives, rule, year=year).assign(year=year)
        for year in range(first, last + 1)
    ]
    return pd.concat(parts, ignore_index=True)


def _of_year(workforce: pd.DataFrame, ids: pd.Series, year: int) -> pd.DataFrame:
    rows = workforce[workforce["year"] == year].drop_duplicates("enterprise_id")
    rows = rows.set_index("enterprise_id")
    columns: dict[str, np.ndarray] = {}
    for what in ("employees", "turnover"):
        ends = ends_of(rows[what], rows[f"{what}_band"])
        told = rows[[what, f"{what}_band"]].notna().any(axis=1)
        columns[f"{what}_least"] = ends["least"].reindex(ids, fill_value=0.0).to_numpy()
        columns[f"{what}_most"] = ends["most"].reindex(ids, fill_value=np.inf).to_numpy()
        columns[f"{what}_told"] = told.reindex(ids, fill_value=False).to_numpy(bool)
    return pd.DataFrame(columns)


def _ratios(first: pd.DataFrame, last: pd.DataFrame, rule: Rule) -> tuple[np.ndarray, np.ndarray]:
    """The least and the most times that each can have grown, if it was big enough at all."""
    wanted = ("employees", "turnover") if rule.basis == "either" else (rule.basis,)
    ranges = []
    for what in wanted:
        from_least, from_most = (first[f"{what}_{end}"].to_numpy() for end in ("least", "most"))
        to_least, to_most = (last[f"{what}_{end}"].to_numpy() for end in ("least", "most"))
        if what == "employees":
            from_least = np.maximum(from_least, rule.fewest_employees)
        # Growth from nothing is no rate: a beginning of nought says no more than a missing one.
        from_most = np.where(from_most == 0, np.inf, from_most)
        with np.errstate(divide="ignore", invalid="ignore"):
            ranges.append((to_least / from_most, np.where(to_most == 0, 0.0, to_most / from_least)))
    least, most = (np.maximum.reduce([each[end] for each in ranges]) for end in (0, 1))
    return least, most


def _exact(first: pd.DataFrame, last: pd.DataFrame, rule: Rule) -> np.ndarray:
    grown = ("employees", "turnover") if rule.basis == "either" else (rule.basis,)
    wanted = [(first, "employees"), *((each, what) for each in (first, last) for what in grown)]
    known = [each[f"{what}_least"] == each[f"{what}_most"] for each, what in wanted]
    return np.logical_and.reduce([np.asarray(one) for one in known])


def _answer(surely: pd.Series | np.ndarray, possibly: pd.Series | np.ndarray) -> np.ndarray:
    return np.select([np.asarray(surely), ~np.asarray(possibly)], ["yes", "no"], OPEN)
