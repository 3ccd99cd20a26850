"""A standardised column as numbers: the place of each record's value among the distinct values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd


def categorical(codes: npt.NDArray, values: Sequence[str] | npt.NDArray) -> pd.Categorical:
    """Return the column that holds, for each record, the value of its number (−1 is missing).

    Values are texts, each different and none missing.
    """
    return of_distinct(codes, pd.Index(values, dtype=object))


def of_distinct(codes: npt.ArrayLike, values: pd.Index) -> pd.Categorical:
    """Return what numbers stand for (−1: nothing), values of which none is missing or repeated.

    Whoever calls knows that. pandas would look through all of them for it, and hash each text,
    which takes a fifth of a second for the identifiers of a county's people. It has no public way
    of being told, so that what it finds is put where it keeps it.
    """
    values._cache.update(hasnans=False, is_unique=True)  # type: ignore[attr-defined]
    numbers: Any = np.asarray(codes)  # pandas' stubs know lists alone
    return pd.Categorical.from_codes(numbers, categories=values)


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
