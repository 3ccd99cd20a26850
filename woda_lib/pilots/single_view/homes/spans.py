"""Spans of time in which nothing of a household changed, and who belonged to it in each, compiled.

A household's time at a property is cut at every day on which somebody came or left.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from woda_lib.linkage.fast.compiled import kept_with
from woda_lib.linkage.fast.radix import in_order
from woda_lib.pilots.single_view.homes import few
from woda_lib.pilots.single_view.homes.days import with_days
from woda_lib.pilots.single_view.homes.few import distinct


def spans_of(stays: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the spans of each household, and who belonged to it in each.

    Parameters
    ----------
    stays
        `household, u, e, starts, ends` (whole days, the end exclusive), `holder`, `care_home`, by
        person.

    Returns
    -------
    spans : DataFrame
        `household, u, starts, ends` (exclusive) and `people` (number of), by household and day.
    people : DataFrame
        `span` (its place among them), `e` who belonged to it, and whether as a `holder`; by person
        within a span. Of care homes nobody is told.
    """
    household, u = stays["household"].to_numpy(np.int64), stays["u"].to_numpy(np.int64)
    order, home = in_order(household * (u.max(initial=0) + 1) + u)
    of = np.flatnonzero(np.append(True, home[1:] != home[:-1])[: len(home)])
    given = (
        np.append(of, len(home)),
        stays["starts"].to_numpy(np.int32)[order],
        stays["ends"].to_numpy(np.int32)[order],
        stays["care_home"].to_numpy(bool)[order],
    )
    nothing = np.empty(0, dtype=np.int32)
    size, members = _cut(*given, nothing, nothing, nothing, nothing, nothing, nothing)
    place, starts, ends, people = (np.empty(size, dtype=np.int32) for _ in range(4))
    span, who = (np.empty(members, dtype=np.int32) for _ in range(2))
    _cut(*given, place, starts, ends, people, span, who)
    at, by = order[place], order[who]
    moved = np.argsort(with_days(household[at], starts), kind="stable")
    rank = np.empty(size, dtype=np.int32)
    rank[moved] = np.arange(size, dtype=np.int32)
    told = {
        "household": stays["household"].to_numpy()[at],
        "u": stays["u"].to_numpy()[at],
        "starts": starts,
        "ends": ends,
        "people": people,
    }
    e, holder = stays["e"].to_numpy()[by], stays["holder"].to_numpy(bool)[by]
    return (
        pd.DataFrame({name: column[moved] for name, column in told.items()}, copy=False),
        pd.DataFrame({"span": rank[span], "e": e, "holder": holder}, copy=False),
    )


@kept_with(few)
def _cut(
    of: Any,
    starts: Any,
    ends: Any,
    care_home: Any,
    place: Any,
    begins: Any,
    until: Any,
    number: Any,
    span: Any,
    who: Any,
) -> Any:
    """Fill the columns and return how many spans and people there are; count alone if empty.

    The stays of a household at a property lie between two numbers of `of`.
    """
    row, member = 0, 0
    for home in range(len(of) - 1):
        first, end = of[home], of[home + 1]
        days = distinct(starts[first:end], ends[first:end])
        came = np.zeros(len(days), dtype=np.int64)  # less those who left
        for stay in range(first, end):
            came[np.searchsorted(days, starts[stay])] += 1
            came[np.searchsorted(days, ends[stay])] -= 1
        people = 0
        for day in range(len(days) - 1):
            people += came[day]
            if not people:
                continue
            if len(place):
                place[row], begins[row], until[row] = first, days[day], days[day + 1]
                number[row] = people
            if not care_home[first]:
                if len(who):
                    told = member
                    for stay in range(first, end):
                        if starts[stay] <= days[day] and ends[stay] > days[day]:
                            span[told], who[told] = row, stay
                            told += 1
                member += people
            row += 1
    return row, member
