"""Households that move: when most of one home go on to another together, the household goes on.

Partners hear of a family's move one member at a time. The members who are found at the new home
within half a year are taken to have moved together, on the day that is known earliest.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

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
    day = pd.Series(NEVER, index=np.arange(size))
    day[links["one"].to_numpy()] = links["day"].to_numpy()
    ends = np.minimum(stays["ends"], day.to_numpy()[stays["group"]])
    joined = moves.drop(columns="day").merge(links, on=["one", "other"])
    starts = stays["starts"].to_numpy(copy=True)
    starts[joined["to"].to_numpy()] = joined["day"].to_numpy()
    stays = stays.assign(
        household=household[stays["group"]].astype(np.int32),
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
    asked = np.zeros(int(stays["group"].max()) + 1 if len(stays) else 0, dtype=bool)
    asked[moves["one"]] = asked[moves["other"]] = True
    stays = stays[asked[stays["group"].to_numpy()]]
    ends = stays.groupby("group")["ends"].transform("max")
    starts = stays.groupby("group")["starts"].transform("min")
    last = stays.loc[stays["ends"] >= ends - _AT_ONCE].groupby("group")["e"].nunique()
    first = stays.loc[stays["starts"] <= starts + _AT_ONCE].groupby("group")["e"].nunique()
    over = stays.groupby("group")["ends"].max()
    steps = moves.groupby(["one", "other"], as_index=False).agg(
        number=("to", "size"), latest=("day", "max")
    )
    # One of the new home who was there before them has only been heard of sooner.
    steps["day"] = steps["other"].map(stays.groupby("group")["starts"].min())
    kept = (
        (2 * steps["number"] > steps["one"].map(last))
        & (2 * steps["number"] >= steps["other"].map(first))
        & (steps["latest"] - steps["day"] <= TOGETHER_WITHIN)
        & (steps["one"].map(over) <= steps["latest"] + _AT_ONCE)
    )
    steps = steps[kept].sort_values(["number", "one", "other"], ascending=[False, True, True])
    return steps.drop_duplicates("one").drop_duplicates("other")
