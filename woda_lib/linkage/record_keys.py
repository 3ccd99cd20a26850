"""Records as whole numbers, so that those of two tables are found and ordered without their texts.

Sorting and comparing a million pairs of texts takes seconds each time; a number takes a hundredth
of it, and says the same: two records have one number when both texts are the same, and numbers
stand in the order of the texts.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Keys = npt.NDArray[np.int64]

KEY = ("source", "id")


def record_keys(*tables: pd.DataFrame, columns: Sequence[str] = KEY) -> list[Keys]:
    """Number the records of several tables alike.

    Parameters
    ----------
    *tables
        Each with the columns, texts or categories of texts. What is missing is a value of its own.
    columns
        What names a record; the first decides the order, then the next.

    Returns
    -------
    list of numpy.ndarray of int64
        One a table, shape (records,). Numbers of one call alone can be compared.
    """
    sizes = [len(table) for table in tables]
    keys = np.zeros(sum(sizes), dtype=np.int64)
    for name in columns:
        ranks, number = _ranks([table[name] for table in tables])
        keys = keys * number + ranks
    return np.split(keys, np.cumsum(sizes)[:-1])


def places_among(wanted: Keys, held: Keys) -> npt.NDArray[np.int64]:
    """Return the place of each key among the held ones, each of which is there once; −1 for none.

    Parameters
    ----------
    wanted, held
        Of one call of `record_keys`.
    """
    return np.asarray(pd.Index(held).get_indexer(pd.Index(wanted)), dtype=np.int64)


def text_order(texts: pd.Series) -> npt.NDArray[np.int64]:
    """Return the places that sort texts by their code points; equal ones stay as they stand."""
    array = _texts(texts)
    order = pc.sort_indices(array)
    return np.asarray(order.to_numpy(), dtype=np.int64)


def _ranks(parts: Sequence[pd.Series]) -> tuple[Keys, int]:
    """Return the place of each text among all that occur, in order, and how many there are."""
    encoded = pa.chunked_array([_encoded(part) for part in parts]).unify_dictionaries()
    texts = encoded.chunk(0).dictionary
    rank = np.empty(len(texts) + 1, dtype=np.int64)
    rank[pc.sort_indices(texts).to_numpy()] = np.arange(len(texts))
    rank[-1] = len(texts)  # of what is missing
    codes = [pc.fill_null(chunk.indices, -1).to_numpy() for chunk in encoded.chunks]
    return rank[np.concatenate(codes)], len(rank)


def _encoded(texts: pd.Series) -> pa.DictionaryArray:
    if isinstance(texts.dtype, pd.CategoricalDtype):
        numbers = np.asarray(texts.cat.codes, dtype=np.int32)
        codes = pa.array(numbers, mask=numbers < 0)
        return pa.DictionaryArray.from_arrays(codes, _texts(pd.Series(texts.cat.categories)))
    return _texts(texts).dictionary_encode()


def _texts(texts: pd.Series) -> pa.Array:
    return pa.array(texts.to_numpy(dtype=object), type=pa.string(), from_pandas=True)
