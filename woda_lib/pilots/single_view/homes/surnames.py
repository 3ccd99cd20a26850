"""Surnames as families share them: without case and marks, and the last half of a double one."""

from __future__ import annotations

import pandas as pd

from woda_lib.linkage.standardise import standardise
from woda_lib.pilots.single_view.homes.coding import categorical, named


def families(surnames: pd.Series) -> pd.Series:
    """Return the name by which families are known; missing where nothing is known.

    Parameters
    ----------
    surnames
        As partners write them.
    """
    column = categorical(surnames)
    written = pd.Series(column.cat.categories, dtype=object)
    halves = written.str.replace(r"^.*[-‐–]\s*(?=\S)", "", regex=True)
    plain = standardise(halves, "name")
    codes, names = pd.factorize(plain)
    own = pd.Series(codes, dtype="int64")
    return pd.Series(
        named(own.reindex(column.cat.codes).fillna(-1).to_numpy(dtype="int64"), names),
        index=surnames.index,
    )
