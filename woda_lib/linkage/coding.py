"""A standardised column as numbers: the place of each record's value among the distinct values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd


def categorical(codes: npt.NDArray, values: Sequence[str] | npt.NDArray) -> pd.Categorical:
    """Return the column that holds, for each record, the value of its number (−1 is missing).

    Values that stand in order are seen to be distinct by that, and need not be hashed for it.
    """
    texts: Any = pd.Index(values, dtype=object)
    _ = texts.is_monotonic_increasing  # pandas keeps with it whether any is repeated
    numbers: Any = codes  # pandas' stubs know lists alone
    return pd.Categorical.from_codes(numbers, categories=texts)


def coded(column: pd.Series) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.object_]]:
    """Return the number of each record's value, and the values.

    Parameters
    ----------
    column
        Of standardised records: categories as `sources.gather` makes them, or plain texts.

    Returns
    -------
    codes : numpy.ndarray of int32, shape (records,)
        −1 is missing.
    values : numpy.ndarray of object, shape (values,)
        In the order of their code points. Not every one need occur.
    """
    if not isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype("category")  # which sorts the values
    codes: npt.NDArray[np.int32] = np.asarray(column.cat.codes, dtype=np.int32)
    return codes, np.asarray(column.cat.categories, dtype=object)
