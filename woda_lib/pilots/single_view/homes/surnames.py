"""Surnames as families share them: without case and marks, and the last half of a double one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.linkage.standardise import standardise
from woda_lib.pilots.single_view.homes.coding import coded, named


def families(surnames: pd.Series) -> pd.Series:
    """Return the name by which families are known; missing where nothing is known.

    Parameters
    ----------
    surnames
        As partners write them.
    """
    own, values = coded(surnames)
    written = pd.Series(values, dtype=object)
    halves = written.str.replace(r"^.*[-‐–]\s*(?=\S)", "", regex=True)
    codes, names = pd.factorize(standardise(halves, "name"))
    # The last is of whoever has no surname.
    return pd.Series(named(np.append(codes, -1)[own], names), index=surnames.index)
