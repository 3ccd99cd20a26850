"""Spans of time in which nothing of a household changed, and who belonged to it in each."""

from __future__ import annotations

import duckdb
import pandas as pd

_SPANS = """
with events as (
    select household, u, starts as day, 1 as step from stays
    union all select household, u, ends, -1 from stays
),
days as (
    select household, u, day, sum(step) as step from events group by all
),
counted as (
    select household, u, day as starts,
        lead(day) over (partition by household, u order by day) as ends,
        sum(step) over (partition by household, u order by day) as people
    from days
)
select household, u, starts, ends, people from counted
where people > 0 order by household, starts, u
"""

_WITHIN = """
select s.span, m.e, m.holder from spans s join stays m
on m.household = s.household and m.u = s.u and m.starts <= s.starts and m.ends >= s.ends
order by s.span, m.e
"""


def spans_of(stays: pd.DataFrame) -> pd.DataFrame:
    """Return `household, u, starts, ends` (exclusive) and `people`, by household and day.

    Parameters
    ----------
    stays
        `household, u, e, starts, ends`, whole days, the end exclusive.
    """
    with duckdb.connect() as con:
        con.register("stays", stays[["household", "u", "e", "starts", "ends"]])
        return con.execute(_SPANS).df()


def people_of(spans: pd.DataFrame, stays: pd.DataFrame) -> pd.DataFrame:
    """Return `span` (the index of `spans`), `e` who belonged to it, and whether as a `holder`."""
    with duckdb.connect() as con:
        con.register("stays", stays[["household", "u", "e", "starts", "ends", "holder"]])
        con.register("spans", spans.assign(span=spans.index))
        return con.execute(_WITHIN).df()
