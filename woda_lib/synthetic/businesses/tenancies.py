"""Who follows whom in which premises: a tenant, a gap, and the next, over six years."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.businesses.lives import alive_on, begins, lifetimes
from woda_lib.synthetic.businesses.sectors import USES
from woda_lib.synthetic.draws import add_days, as_days
from woda_lib.synthetic.profiles import Profile

VOID_DAYS = 160.0
_EMPTY_AT_FIRST = 0.09
_NEVER_ENDS = frozenset({"school"})
_FAR_OFF = np.datetime64("2100-01-01", "D")


def draw_tenancies(profile: Profile, premises: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Draw the tenants of all premises since the history began.

    Returns
    -------
    pandas.DataFrame
        ``premises`` (position), ``use, starts, ends`` (days; far off for whoever stays), ``gap``
        (days since the tenant before, -1 for the first), in the order of premises and days.
    """
    first = begins(profile.as_of)
    n = len(premises)
    built = as_days(premises["started_on"])
    starts, ends = alive_on(first, n, rng)
    late = (built > first) | (rng.random(n) < _EMPTY_AT_FIRST)
    starts[late] = np.maximum(built, first)[late]
    starts[late] = add_days(starts[late], np.floor(rng.exponential(VOID_DAYS, late.sum())))
    ends[late] = add_days(starts[late], lifetimes(int(late.sum()), rng))
    # Nobody rented what was not yet built.
    starts = np.maximum(starts, built)
    stays = premises["use"].isin(_NEVER_ENDS).to_numpy()
    ends[stays] = _FAR_OFF
    open_, gap = np.arange(n), np.full(n, -1)
    parts = []
    while len(open_):
        parts.append(pd.DataFrame({"premises": open_, "starts": starts, "ends": ends, "gap": gap}))
        gap = 1 + np.floor(rng.exponential(VOID_DAYS, len(open_))).astype(np.int64)
        starts = add_days(ends, gap)
        on = starts <= profile.as_of
        open_, starts, gap = open_[on], starts[on], gap[on]
        ends = add_days(starts, lifetimes(len(open_), rng))
    table = pd.concat(parts, ignore_index=True)
    table = table.loc[table["starts"] <= pd.Timestamp(profile.as_of)].copy()
    table["ends"] = np.minimum(as_days(table["ends"]), _FAR_OFF)
    table = table.sort_values(["premises", "starts"], ignore_index=True)
    table.insert(1, "use", premises["use"].to_numpy()[table["premises"]])
    return table


def kinds_of_tenants(tenancies: pd.DataFrame, rng: Generator) -> np.ndarray:
    """Draw whether each tenant is a company, a person who trades, or a branch of a firm."""
    by_use = {name: (use.traders, use.traders + use.branches) for name, use in USES.items()}
    bounds = np.array([by_use[use] for use in tenancies["use"]])
    at = (rng.random(len(tenancies))[:, None] >= bounds).sum(axis=1)
    kinds = np.array(["trader", "branch", "company"], dtype=object)[at]
    return np.where(tenancies["use"].eq("school"), "public", kinds)
