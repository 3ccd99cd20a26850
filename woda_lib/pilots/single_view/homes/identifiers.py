"""A household's identifier: made from who founded it and where, so that the next build finds it."""

from __future__ import annotations

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd


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
    order = stays.assign(born=born[stays["e"]])
    order = order.sort_values(["household", "starts", "born", "e"], kind="stable")
    first = order.drop_duplicates("household")
    table = pd.DataFrame(
        {
            "household": first["household"].to_numpy(),
            "starts": first["starts"].to_numpy(),
            "founder": pd.Series(names[first["e"]], dtype=object).astype(str).to_numpy(),
            "uprn": pd.Series(uprns[first["u"]], dtype=object).astype(str).to_numpy(),
        }
    )
    with duckdb.connect() as con:
        con.register("first", table)
        made = con.execute(
            """
            select household, 'H' || left(md5(founder || '|' || uprn || '|' || row_number() over (
                partition by founder, uprn order by starts)), 15) as id
            from first
            """
        ).df()
    size = int(table["household"].max()) + 1 if len(table) else 0
    return made.set_index("household")["id"].reindex(range(size)).to_numpy(dtype=object)
