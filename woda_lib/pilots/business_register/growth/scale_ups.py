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

Basis = Literal["employees", "turnover"]
OPEN = "not determinable"


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
        What must grow.
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
        can_be_near, can_be_not`. `shared` says whether any number of either year was.
    """
    start = year - rule.years
    new = year_of(lives["born_on"]).ge(start).fillna(False)
    there = lives[~new & ~(lives["ended_on"] <= last_day(year))].reset_index(drop=True)
    first, last = (_of_year(workforce, there["enterprise_id"], at) for at in (start, year))
    least = float(rule.fewest_employees)
    small = (first["employees_least"] < least).to_numpy()
    big = (first["employees_most"] >= least).to_numpy()
    # Where it is big enough at all, it began with no fewer than the rule asks for.
    began = _grown_from(first, rule.basis, least)
    over = {
        name: _can_exceed(began, _grown_to(last, rule.basis), times)
        for name, times in (("up", rule.times), ("near", rule.near_times))
    }
    can = pd.DataFrame(
        {
            "can_be_small": small,
            "can_be_up": big & over["up"][0],
            "can_be_near": big & over["near"][0] & over["up"][1],
            "can_be_not": big & over["near"][1],
        }
    )
    shared = np.isfinite(first[["employees_most", "turnover_most"]]).any(axis=1) | np.isfinite(
        last[["employees_most", "turnover_most"]]
    ).any(axis=1)
    return pd.concat([there, can], axis=1).assign(
        eligible=_answer(big & ~small, big),
        scale_up=_answer(can["can_be_up"] & (can.sum(axis=1) == 1), can["can_be_up"]),
        near=_answer(can["can_be_near"] & (can.sum(axis=1) == 1), can["can_be_near"]),
        shared=shared.to_numpy(),
    )


def _of_year(workforce: pd.DataFrame, ids: pd.Series, year: int) -> pd.DataFrame:
    rows = workforce[workforce["year"] == year].drop_duplicates("enterprise_id")
    rows = rows.set_index("enterprise_id").reindex(ids)
    ends = {
        f"{what}_{end}": ends_of(rows[what], rows[f"{what}_band"])[end].to_numpy()
        for what in ("employees", "turnover")
        for end in ("least", "most")
    }
    return pd.DataFrame(ends)


def _grown_from(first: pd.DataFrame, basis: Basis, fewest: float) -> tuple[np.ndarray, np.ndarray]:
    least, most = (first[f"{basis}_{end}"].to_numpy() for end in ("least", "most"))
    # Growth from nothing is no rate: a beginning of nought says no more than a missing one.
    if basis == "turnover":
        return least, np.where(most == 0, np.inf, most)
    return np.maximum(least, fewest), most


def _grown_to(last: pd.DataFrame, basis: Basis) -> tuple[np.ndarray, np.ndarray]:
    return last[f"{basis}_least"].to_numpy(), last[f"{basis}_most"].to_numpy()


def _can_exceed(
    began: tuple[np.ndarray, np.ndarray], ended: tuple[np.ndarray, np.ndarray], times: float
) -> tuple[np.ndarray, np.ndarray]:
    """Whether the end can be more than so many times the beginning, and whether it can be less."""
    slack = 1e-9  # 1.1 ** 3 is a hair above 1.331: 10 to 13.31 is not more than 10% a year
    above = ended[1] > times * began[0] * (1 + slack)
    below = ended[0] <= times * began[1] * (1 + slack)
    return above, below


def _answer(surely: pd.Series | np.ndarray, possibly: pd.Series | np.ndarray) -> np.ndarray:
    return np.select([np.asarray(surely), ~np.asarray(possibly)], ["yes", "no"], OPEN)
