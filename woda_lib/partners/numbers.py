"""Rows as whole numbers, which are the same where the texts of some columns are.

Whatever asks which rows are alike asks numbers: pandas would hash each text for each question.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from woda_lib.partners.texts import ARROW_TEXTS

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


def coded(column: pd.Series) -> tuple[Numbers, npt.NDArray[np.object_] | pa.Array]:
    """Return the different texts of a column, and which of them each row has: -1 where none.

    Parameters
    ----------
    column

    Returns
    -------
    codes : ndarray of int64, shape (rows,)
    distinct : array of texts
    """
    try:
        coded = arrow_texts(column).dictionary_encode()
    except (pa.ArrowException, UnicodeEncodeError):  # half a letter, torn by some export
        codes, distinct = pd.factorize(np.asarray(column, dtype=object))
        return codes.astype(np.int64), distinct
    return coded.indices.fill_null(-1).to_numpy().astype(np.int64), coded.dictionary


def _codes(column: pd.Series) -> tuple[Numbers, int]:
    """Number the texts of a column, what is missing last, and say how many numbers there are."""
    codes, distinct = coded(column)
    return np.where(codes < 0, len(distinct), codes), len(distinct) + 1


def arrow_texts(column: pd.Series) -> pa.LargeStringArray:
    """Return texts as Arrow's, missing where they are.

    Raises
    ------
    ArrowException or UnicodeEncodeError
        If one is no text, or is none that UTF-8 can hold.
    """
    if column.dtype == ARROW_TEXTS:
        texts = pa.chunked_array(column.array.__arrow_array__(), type=pa.large_string())
        return texts.combine_chunks()
    return pa.array(np.asarray(column, dtype=object), type=pa.large_string(), from_pandas=True)
