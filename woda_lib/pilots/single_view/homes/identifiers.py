"""A household's identifier: made from who founded it and where, so that the next build finds it."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from woda_lib.linkage.as_arrow import texts_of
from woda_lib.linkage.fast.compiled import kept
from woda_lib.pilots.single_view.homes.coding import in_one
from woda_lib.pilots.single_view.homes.days import Days

_MADE = """
select household, 'H' || left(md5(founder || '|' || uprn || '|' || again), 15) as id from first
"""


def household_ids(
    stays: pd.DataFrame, names: pd.Index, uprns: pd.Index, born: npt.NDArray
) -> npt.NDArray[np.object_]:
    """Return the identifier of each household.

    The founder is the eldest of those who were there first. The same founder at the same property
    a second time, after years elsewhere, founds another household with a number after it. Nothing
    of the identifier tells who or where it is.

    Parameters
    ----------
    stays
        From `moving.carried_on`.
    names, uprns
        What the numbers `e` and `u` stand for.
    born
        Birth dates in whole days, by `e`; a great number where it is not known.

    Returns
    -------
    ndarray of object, shape (households,)
        By household number; missing where a number stands for none.
    """
    household, e, u = (stays[name].to_numpy(np.int32) for name in ("household", "e", "u"))
    starts = stays["starts"].to_numpy(np.int32)
    size = int(household.max(initial=-1)) + 1
    first = _founding(household, starts, born[e], e, size)
    known = np.flatnonzero(first >= 0)
    e, u, starts = e[first[known]], u[first[known]], starts[first[known]]
    texts = {"founder": _texts(names, e), "uprn": _texts(uprns, u)}
    told = {"household": pa.array(known), **texts, "again": pa.array(_times(e, u, starts))}
    with duckdb.connect() as con:
        con.register("first", pa.table(told))
        made = con.sql(_MADE).to_arrow_table()
    ids = np.full(size, np.nan, dtype=object)
    ids[made["household"].to_numpy()] = made["id"].to_numpy()
    return ids


def _texts(values: pd.Index, at: npt.NDArray[np.int32]) -> pa.StringArray:
    whole = texts_of(pd.Series(values, dtype=object))  # in the order in which they lie in memory
    if whole is not None:
        return whole.take(pa.array(at))
    some = pd.Series(np.asarray(values, dtype=object)[at], dtype=object)
    texts = texts_of(some)
    if texts is None:  # numbers are no texts yet
        return pa.array(some.astype(str).to_numpy(dtype=object), type=pa.string())
    return texts


def _times(
    e: npt.NDArray[np.int32], u: npt.NDArray[np.int32], starts: Days
) -> npt.NDArray[np.int64]:
    """Number the households that one person founded at one property, by their first days."""
    table = pd.DataFrame({"home": in_one(e, u), "starts": starts})
    times = np.ones(len(table), dtype=np.int64)
    several = table[table["home"].duplicated(keep=False)].sort_values("starts", kind="stable")
    times[several.index] += several.groupby("home").cumcount().to_numpy()
    return times


@kept
def _founding(household: Any, starts: Any, born: Any, e: Any, size: int) -> Any:
    """Return the stay of the founder of each household; −1 where a number stands for none."""
    first = np.full(size, -1, dtype=np.int64)
    for stay in range(len(household)):
        of = household[stay]
        best = first[of]
        if best < 0 or (starts[stay], born[stay], e[stay]) < (starts[best], born[best], e[best]):
            first[of] = stay
    return first
