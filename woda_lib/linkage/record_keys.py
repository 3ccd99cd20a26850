"""Records as whole numbers, so that those of two tables are found and ordered without their texts.

Sorting and comparing a million pairs of texts takes seconds each time; a number takes a hundredth
of it, and says the same: two records have one number when both texts are the same, and numbers can
stand in the order of the texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Keys = npt.NDArray[np.int64]

KEY = ("source", "id")


def record_keys(
    *tables: pd.DataFrame, columns: Sequence[str] = KEY, in_order: bool = False
) -> list[Keys]:
    """Number the records of several tables alike.

    Parameters
    ----------
    *tables
        Each with the columns, texts or categories of texts. What is missing is a value of its own.
    columns
        What names a record.
    in_order
        Whether the numbers stand in the order of the texts, of the first column and then of the
        next. Finding records needs none.

    Returns
    -------
    list of numpy.ndarray of int64
        One a table, shape (records,). Numbers of one call alone can be compared.
    """
    sizes = [len(table) for table in tables]
    keys = np.zeros(sum(sizes), dtype=np.int64)
    for name in columns:
        ranks, number = _ranks([table[name] for table in tables], in_order)
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


def at_places(
    values: npt.ArrayLike, places: npt.NDArray[np.integer], missing: Any
) -> npt.NDArray[Any]:
    """Return the values at some places, and at −1 what stands for none."""
    held = np.asarray(values)
    return np.append(held, np.array([missing], dtype=held.dtype))[places]


def first_places(numbers: npt.NDArray[np.integer], size: int | None = None) -> Keys:
    """Return the first place at which each number stands, whole numbers from 0 to the greatest.

    Parameters
    ----------
    numbers
        Negative ones stand for nothing.
    size
        How many numbers there are, where the greatest need not occur; 0 is told of what does not.
    """
    first = np.zeros(int(numbers.max(initial=-1)) + 1 if size is None else size, dtype=np.int64)
    told = np.flatnonzero(numbers >= 0)[::-1]
    first[numbers[told]] = told  # of several, the last that is written stays
    return first


def ordered_by(table: pd.DataFrame, columns: Sequence[str]) -> npt.NDArray[np.int64]:
    """Return the places that sort a table by columns of texts, the first before the next.

    Equal rows stay as they stand; what is missing comes last.
    """
    [keys] = record_keys(table, columns=columns, in_order=True)
    return np.argsort(keys, kind="stable")


def text_order(texts: pd.Series) -> npt.NDArray[np.int64]:
    """Return the places that sort texts by their code points; equal ones stay as they stand."""
    order = pc.sort_indices(pa.array(texts.to_numpy(dtype=object), type=pa.string()))
    return np.asarray(order.to_numpy(), dtype=np.int64)


def _ranks(parts: Sequence[pd.Series], in_order: bool) -> tuple[Keys, int]:
    """Return the place of each text among all that occur, and how many places there are."""
    held = [part.cat.categories if _is_coded(part) else part for part in parts]
    texts = [values.to_numpy(dtype=object) for values in held]
    numbers, distinct = pd.factorize(np.concatenate(texts))
    rank = np.arange(len(distinct) + 1)  # the last is of what is missing
    if in_order:
        rank[text_order(pd.Series(distinct, dtype=object))] = np.arange(len(distinct))
    ranks = np.split(rank[numbers], np.cumsum([len(values) for values in texts])[:-1])
    each = [
        np.append(own, len(distinct))[part.cat.codes] if _is_coded(part) else own
        for own, part in zip(ranks, parts, strict=True)
    ]
    return np.concatenate(each), len(rank)


def _is_coded(texts: pd.Series) -> bool:
    return isinstance(texts.dtype, pd.CategoricalDtype)
