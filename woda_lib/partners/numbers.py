"""Rows as whole numbers, which are the same where the texts of some columns are.

Whatever asks which rows are alike asks numbers: pandas would hash each text for each question.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

Numbers = npt.NDArray[np.int64]

_MOST = 1 << 62


def numbers_of(rows: pd.DataFrame, columns: Sequence[str]) -> Numbers:
    """Number rows by some columns of texts; what is missing is a value of its own.

    Parameters
    ----------
    rows
    columns

    Returns
    -------
    ndarray of int64, shape (rows,)
        Numbers of one call alone can be compared.
    """
    numbers, bound = np.zeros(len(rows), dtype=np.int64), 1
    for name in columns:
        own, size = _codes(rows[name])
        if bound * size > _MOST:
            numbers, distinct = pd.factorize(numbers)
            bound = len(distinct)
        numbers = numbers * size + own
        bound *= size
    return numbers


def _codes(column: pd.Series) -> tuple[Numbers, int]:
    """Number the texts of a column, what is missing last, and say how many numbers there are."""
    try:
        coded = arrow_texts(column).dictionary_encode()
    except (pa.ArrowException, UnicodeEncodeError):  # half a letter, torn by some export
        codes, distinct = pd.factorize(column)
        return np.where(codes < 0, len(distinct), codes).astype(np.int64), len(distinct) + 1
    size = len(coded.dictionary)
    return coded.indices.fill_null(size).to_numpy().astype(np.int64), size + 1


def arrow_texts(column: pd.Series) -> pa.LargeStringArray:
    """Return texts as Arrow's, missing where they are.

    Raises
    ------
    ArrowException or UnicodeEncodeError
        If one is no text, or is none that UTF-8 can hold.
    """
    return pa.array(np.asarray(column, dtype=object), type=pa.large_string(), from_pandas=True)
