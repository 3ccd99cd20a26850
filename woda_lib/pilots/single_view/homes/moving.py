"""Households that move: when most of one home go on to another together, the household goes on.

Partners hear of a family's move one member at a time. The members who are found at the new home
within half a year are taken to have moved together, on the day that is known earliest.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from woda_lib.linkage.fast.compiled import kept
from woda_lib.linkage.fast.radix import in_order
from woda_lib.pilots.single_view.homes.days import NEVER, with_days

TOGETHER_WITHIN = 183
"""Days within which members who go to the same home have moved together."""
_AT_ONCE = 60  # days around the beginning or the end of a group that count as it


def carried_on(stays: pd.DataFrame) -> pd.DataFrame:
    """Say which groups at a property are one household that moved, and let it move on one day.

    Parameters
    ----------
    stays
        `e`, `group` (from `together.together`), `starts`, `ends`, `care_home`.

    Returns
    -------
    DataFrame
        As given, less stays that the common move leaves no day; `household`, a number that a
        group keeps through its moves, and `starts`, `ends` of those who moved set to the move.
    """
    began = with_days(stays["e"].to_numpy(), stays["starts"].to_numpy())
    stays = stays.take(np.argsort(began, kind="stable"))  # they stand nearly so
    stays.index = pd.RangeIndex(len(stays))
    moves = _moves(stays)
    links = _links(stays, moves)
    size = int(stays["group"].max()) + 1 if len(stays) else 0
    edges = (np.ones(len(links), dtype=np.int8), (links["one"], links["other"]))
    household = connected_components(coo_array(edges, shape=(size, size)), directed=False)[1]
    leads, day = np.full(size, -1), np.full(size, NEVER)
    leads[links["one"]], day[links["one"]] = links["other"], links["day"]
    group = stays["group"].to_numpy()
    ends = np.minimum(stays["ends"].to_numpy(), day[group])
    one, other, to = (moves[name].to_numpy() for name in ("one", "other", "to"))
    along = leads[one] == other
    starts = stays["starts"].to_numpy(copy=True)
    starts[to[along]] = day[one[along]]
    stays = stays.assign(
        household=household[group].astype(np.int32),
        starts=starts.astype(np.int32),
        ends=ends.astype(np.int32),
    )
    return stays[stays["starts"] < stays["ends"]].reset_index(drop=True)


def _moves(stays: pd.DataFrame) -> pd.DataFrame:
    """Each person's steps from one group to the next."""
    after = stays["e"].eq(stays["e"].shift()) & stays["group"].ne(stays["group"].shift())
    soon = stays["starts"] - stays["ends"].shift() <= TOGETHER_WITHIN
    private = ~stays["care_home"] & ~stays["care_home"].shift(fill_value=False)
    to = np.flatnonzero((after & soon & private).to_numpy())
    group, starts = stays["group"].to_numpy(), stays["starts"].to_numpy()
    return pd.DataFrame({"one": group[to - 1], "other": group[to], "to": to, "day": starts[to]})


def _links(stays: pd.DataFrame, moves: pd.DataFrame) -> pd.DataFrame:
    """Pairs of groups of which the second is the first after a move."""
    e, group, starts, ends = (stays[name].to_numpy() for name in ("e", "group", "starts", "ends"))
    size = int(group.max(initial=-1)) + 1
    begun, over = (np.full(size, day, dtype=starts.dtype) for day in (NEVER, -NEVER))
    np.minimum.at(begun, group, starts)
    np.maximum.at(over, group, ends)
    last = _people(group, e, ends >= over[group] - _AT_ONCE, size)
    first = _people(group, e, starts <= begun[group] + _AT_ONCE, size)
    one, other = (moves[name].to_numpy(np.int64) for name in ("one", "other"))
    order, steps = in_order(one * size + other)  # pairs of groups, each once a person
    at = np.flatnonzero(np.append(True, steps[1:] != steps[:-1])[: len(steps)])
    one, other = one[order][at], other[order][at]
    number = np.diff(np.append(at, len(steps)))
    latest = np.maximum.reduceat(moves["day"].to_numpy()[order], at) if len(at) else at
    day = begun[other]  # who was there before them has only been heard of sooner
    some = np.flatnonzero(
        (2 * number > last[one])
        & (2 * number >= first[other])
        & (latest - day <= TOGETHER_WITHIN)
        & (over[one] <= latest + _AT_ONCE)
    )
    some = some[np.argsort(-number[some], kind="stable")]
    found = pd.DataFrame({"one": one[some], "other": other[some], "day": day[some]})
    return found.drop_duplicates("one").drop_duplicates("other")


@kept
def _people(group: Any, e: Any, counted: Any, size: int) -> Any:
    """Count the people of each group who have a stay that is counted; stays are by person."""
    number, last = np.zeros(size, dtype=np.int64), np.full(size, -1, dtype=np.int64)
    for stay in range(len(e)):
        if counted[stay]:
            number[group[stay]] += last[group[stay]] != e[stay]
            last[group[stay]] = e[stay]
    return number
