"""Of whom employment and turnover are known at all: by sector, by size, by kind of firm.

Whoever shares workforce by agreement is no sample. Those that do are held against all enterprises
that live, by what is known of both: sector, legal form, how many sites, what their premises are
worth. Where the shares differ, what is said of those that share is said of them alone.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.pilots.business_register.growth.shares import with_share
from woda_lib.pilots.business_register.sections import named

_WORTH = (-1, 0, 12_000, 15_000, 50_999, np.inf)
_WORTHS = (
    "No premises",
    "Up to £12,000",
    "£12,001 to £15,000",
    "£15,001 to £50,999",
    "£51,000 and more",
)


def rateable_bands(lives: pd.DataFrame, sites: pd.DataFrame) -> pd.Series:
    """Return the band of what each enterprise's premises are worth, pounds a year.

    The bands part where the law of England did from 2017 to 2025: up to £12,000 small business rate
    relief is whole, up to £15,000 it tapers, and below £51,000 the lower multiplier holds.
    """
    worth = sites.groupby("enterprise_id")["rateable_value"].sum(min_count=1)
    of_each = lives["enterprise_id"].map(worth.astype("Float64")).fillna(0)
    return pd.cut(of_each.astype(float), list(_WORTH), labels=list(_WORTHS)).astype("string")


def who_shares(
    lives: pd.DataFrame, sites: pd.DataFrame, workforce: pd.DataFrame, *, year: int
) -> pd.DataFrame:
    """Count the enterprises that live and those of them whose workforce of a year is known.

    Parameters
    ----------
    lives
        Those of `lives.lives` that live on the last day of the year.
    sites
        `enterprise_id, rateable_value`.
    workforce
        `enterprise_id, year` and what is shared.
    year
        To March.

    Returns
    -------
    DataFrame
        `by, group, enterprises, share_it, percent, low, high`; shares in per cent with Wilson's
        interval (95%).
    """
    numbers = ["employees", "employees_band", "turnover", "turnover_band"]
    rows = workforce[workforce["year"].eq(year) & workforce[numbers].notna().any(axis=1)]
    shares = lives["enterprise_id"].isin(rows["enterprise_id"])
    groups = {
        "everyone": pd.Series("All enterprises", index=lives.index),
        "sector": named(lives["section"]),
        "legal form": lives["legal_form"].astype(object).fillna("Not known"),
        "sites": lives["sites"].clip(upper=3).map({0: "None", 1: "One", 2: "Two", 3: "More"}),
        "rateable value": rateable_bands(lives, sites),
    }
    parts = []
    for by, group in groups.items():
        counted = pd.DataFrame({"group": group, "enterprises": 1, "share_it": shares.astype(int)})
        table = counted.groupby("group", sort=True).sum().reset_index()
        parts.append(table.assign(by=by))
    table = with_share(pd.concat(parts, ignore_index=True), "share_it", "enterprises")
    return table[["by", "group", "enterprises", "share_it", "percent", "low", "high"]]
