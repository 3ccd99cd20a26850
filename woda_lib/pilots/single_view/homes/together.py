"""Who lives together at one property: stays that overlap, split where a property has several homes.

At a house or a flat everybody who lives there at one time is one household; a building that holds
flats, and whose flat nobody wrote down, holds as many households as its people have ties: a shared
tenancy, claim or account, or a surname. A care home is one communal establishment.
"""

from __future__ import annotations

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

TOGETHER = 31
"""Days for which two stays overlap from which on it was no mere handing-over of keys."""

_TOGETHER = """
select a.i, b.i as j from stays a join stays b
on a.u = b.u and a.i < b.i and a.e != b.e and a.starts < b.ends and b.starts < a.ends
where not a.care_home
and least(a.ends, b.ends) - greatest(a.starts, b.starts)
    >= least($days, a.ends - a.starts, b.ends - b.starts)
and (not a.several or coalesce(a.family = b.family, false) or exists (
    select 1 from ties s join ties t on s.g = t.g where s.e = a.e and t.e = b.e))
"""


def together(stays: pd.DataFrame, tied: pd.DataFrame) -> npt.NDArray[np.int32]:
    """Number the groups of stays at one property whose people lived together.

    Parameters
    ----------
    stays
        `e` (person), `u` (property), `starts`, `ends` (whole days, the end exclusive), `family`
        (number of the surname, missing where unknown), `several` and `care_home` (of the
        property: it holds several homes; it is a care home).
    tied
        `e` (person), `g` (number of a tenancy, claim or account).

    Returns
    -------
    ndarray of int32, shape (stays,)
    """
    table = stays.reset_index(drop=True).assign(i=np.arange(len(stays), dtype=np.int64))
    with duckdb.connect() as con:
        con.register("stays", table)
        con.register("ties", tied)
        edges = con.execute(_TOGETHER, {"days": TOGETHER}).fetchnumpy()
    left, right = np.asarray(edges["i"]), np.asarray(edges["j"])
    # The people of a care home, and the stays of one person at one place, are joined in a row.
    for keys in (["u"], ["e", "u"]):
        own = table[table["care_home"]] if keys == ["u"] else table[~table["care_home"]]
        own = own.sort_values([*keys, "starts"], kind="stable")
        same = (own[keys] == own[keys].shift()).all(axis=1).to_numpy()
        places = own["i"].to_numpy()
        left = np.concatenate([left, places[:-1][same[1:]]])
        right = np.concatenate([right, places[1:][same[1:]]])
    n = len(table)
    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(n, n))
    return connected_components(graph, directed=False)[1].astype(np.int32)
