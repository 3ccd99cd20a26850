"""A column of texts as numbers, in the order in which its values come: sorting takes longer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas.api.extensions import ExtensionArray

from woda_lib.linkage.coding import of_distinct
from woda_lib.linkage.fast.radix import in_order


def categorical(column: pd.Series) -> pd.Series:
    """Return a column as a categorical that is not sorted; one that is a categorical as it is."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column
    codes, values = coded(column)
    texts = pd.Index(values, dtype=object)
    return pd.Series(named(codes, texts), index=column.index, name=column.name)


def coded(column: pd.Series) -> tuple[npt.NDArray[np.integer], npt.NDArray[np.object_]]:
    """Return the number of each value of a column, −1 where it is missing, and the values.

    A categorical has its own, not all of which need occur.
    """
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.codes.to_numpy(), np.asarray(column.cat.categories, dtype=object)
    return pd.factorize(objects_of(column))


def objects_of(column: pd.Series | pd.Index | ExtensionArray) -> npt.NDArray[np.object_]:
    """Return a column's texts as they are held: `to_numpy` would first look which are missing."""
    return np.asarray(column, dtype=object)


def named(codes: npt.ArrayLike, values: pd.Index) -> pd.Categorical:
    """Return what numbers stand for; missing where one is −1. No value is missing or repeated."""
    return of_distinct(codes, values)


def one_after_another(columns: Sequence[pd.Series]) -> pd.Series:
    """Put columns one after another; of categories that are the same ones no text is looked at."""
    coded_alike = all(isinstance(each.dtype, pd.CategoricalDtype) for each in columns)
    if not coded_alike or any(
        each.cat.categories is not columns[0].cat.categories for each in columns
    ):
        return pd.concat(columns, ignore_index=True)
    codes = np.concatenate([each.cat.codes for each in columns])
    return pd.Series(named(codes, columns[0].cat.categories))


def codes_in(column: pd.Series, values: pd.Index) -> npt.NDArray[np.int32]:
    """Return the place of each value of a column among `values`; −1 where it is not there."""
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return places_of_texts(objects_of(column), objects_of(values)).astype(np.int32)
    own = column.cat
    if own.categories is values:
        return np.asarray(own.codes, dtype=np.int32)
    place = np.append(values.get_indexer(own.categories), -1).astype(np.int32)
    found: npt.NDArray[np.int32] = np.asarray(place[own.codes.to_numpy()], dtype=np.int32)
    return found


def places_of_texts(
    wanted: npt.NDArray[np.object_], held: npt.NDArray[np.object_]
) -> npt.NDArray[np.signedinteger]:
    """Return the place of each text among the held ones, −1 for none; other threads go on."""
    try:
        texts = [pa.array(each, pa.large_string(), from_pandas=True) for each in (wanted, held)]
    except (pa.ArrowException, UnicodeEncodeError):  # numbers that are no texts, or half a letter
        known = pd.Index(held, dtype=object)
        found = np.where(pd.isna(wanted), -1, known.get_indexer(pd.Index(wanted, dtype=object)))
        return np.asarray(found, dtype=np.intp)
    return np.asarray(pc.index_in(*texts, skip_nulls=True).fill_null(-1))


def as_they_come(
    numbers: npt.NDArray[np.integer], size: int
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Number whole numbers below `size` anew, as they first come; return also what each was."""
    first = np.full(size, -1, dtype=np.int64)
    first[numbers[::-1]] = np.arange(len(numbers))[::-1]  # of several, the last written stays
    was, _ = in_order(first)
    number = np.empty(size, dtype=np.int32)
    number[was] = np.arange(len(was), dtype=np.int32)
    return number[numbers], was


def those_that_occur(
    codes: npt.NDArray[np.integer], values: pd.Index
) -> tuple[npt.NDArray[np.integer], pd.Index]:
    """Number what occurs of some values alone, in their order; return also which these are."""
    occur = np.zeros(len(values) + 1, dtype=bool)  # the last is of what is missing
    occur[codes] = True
    number = (np.cumsum(occur) - 1).astype(codes.dtype)
    number[-1] = -1
    return number[codes], values[occur[:-1]]


def without_others(column: pd.Series) -> pd.Series:
    """Return a categorical without the values that no row has; pandas would sort what rows hold."""
    codes, values = those_that_occur(column.cat.codes.to_numpy(), column.cat.categories)
    if len(values) == len(column.cat.categories):
        return column
    return pd.Series(named(codes, values), index=column.index, name=column.name)


def in_one(first: npt.NDArray[np.integer], other: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    """Return each two numbers in one, which sorts by the first; neither is 2³¹ or more."""
    return (first.astype(np.int64) << 32) + other


def several_of(whose: npt.NDArray, what: npt.NDArray) -> npt.NDArray[np.bool_]:
    """Say which rows are of people, counted from 0, of whom there is more than one number."""
    size = int(whose.max()) + 1 if len(whose) else 0
    least = np.full(size, np.iinfo(np.int32).max, dtype=np.int32)
    most = np.full(size, -1, dtype=np.int32)
    np.minimum.at(least, whose, what)
    np.maximum.at(most, whose, what)
    several: npt.NDArray[np.bool_] = (least != most)[whose]
    return several


def stretches(whose: npt.NDArray[np.integer], size: int) -> npt.NDArray[np.int64]:
    """Return where the rows of each of so many people begin once they are sorted by person.

    Those of a person end where the next one's begin.
    """
    return np.append(0, np.cumsum(np.bincount(whose, minlength=size)[:size]))


def how_many(whose: npt.NDArray, what: npt.NDArray, size: int) -> npt.NDArray[np.int64]:
    """Count the different numbers `what`, of which there are few, of each of so many people.

    Negative ones count for nothing.
    """
    number = int(what.max(initial=0)) + 1
    known = np.zeros(number * size + 1, dtype=bool)  # the last is of what is missing
    known[np.where(what < 0, number * size, what.astype(np.int64) * size + whose)] = True
    return known[:-1].reshape(number, size).sum(axis=0)


def registrations(details: pd.DataFrame) -> npt.NDArray[np.int32]:
    """Number the registrations of the details, each of which is one `local_id` of a dataset.

    Where `registration` numbers them (see `build.with_entities`), that is taken.
    """
    if "registration" in details:
        return details["registration"].to_numpy(np.int32)
    (d, datasets), (local, _) = coded(details["dataset"]), coded(details["local_id"])
    return pd.factorize(local.astype(np.int64) * len(datasets) + d)[0].astype(np.int32)
