"""The values of one field as numbers: who said what, when, and which writings are the same."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.fast.compiled import kept
from woda_lib.linkage.standardise import DEFAULT_DATES, standardise
from woda_lib.pilots.single_view.homes.coding import categorical, coded, registrations
from woda_lib.pilots.single_view.homes.days import NEVER, to_dates, to_days

NAMES = ("forename", "surname")
NOT_SAID = {"sex": ("U",), "ethnic_group": ("Z",)}
"""Codes that say that nothing is known."""

Numbers = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Speakers:
    """Who says what: the person, the dataset, the registration and the day of each row."""

    e: np.ndarray
    d: np.ndarray
    source: np.ndarray
    day: np.ndarray
    names: pd.Index
    datasets: pd.Index


@dataclass(frozen=True)
class Said:
    """What is said of one field.

    Attributes
    ----------
    who
        Who says each row.
    k
        What each row of the details says, whatever its case and marks; −1 where it says nothing,
        or is of nobody.
    keys
        What the numbers `k` stand for: names without case and marks, dates as eight digits.
    """

    who: Speakers
    k: Numbers
    keys: pd.Index

    @cached_property
    def first(self) -> Numbers:
        """What is told of each person first; −1 of whom nothing is. The last is of nobody."""
        return self._by_person[0]

    @cached_property
    def several(self) -> npt.NDArray[np.bool_]:
        """Of which people more than one value is told. The last is of nobody."""
        return self._by_person[1]

    @cached_property
    def contested(self) -> pd.DataFrame:
        """The rows of people of whom more than one value is told, in their order.

        `e` (person), `k`, `d` (dataset), `source` (registration), `day` (since 1970), `i` (row of
        the details).
        """
        who = self.who
        i = np.flatnonzero(self.several[who.e] & (self.k >= 0))
        rows = {"e": who.e, "k": self.k, "d": who.d, "source": who.source, "day": who.day}
        told = {name: column[i] for name, column in rows.items()} | {"i": i.astype(np.int32)}
        return pd.DataFrame(told, copy=False)  # pandas would put them together into one table

    @cached_property
    def _by_person(self) -> tuple[Numbers, npt.NDArray[np.bool_]]:
        first, several = _told_of_each(self.who.e, self.k, len(self.who.names) + 1)
        return first, several


@kept
def _told_of_each(e: Any, k: Any, size: int) -> Any:
    """Return the first value of each person, and whether another is told as well."""
    first, several = np.full(size, -1, dtype=np.int32), np.zeros(size, dtype=np.bool_)
    for row in range(len(e)):
        if k[row] < 0:
            continue
        if first[e[row]] < 0:
            first[e[row]] = k[row]
        elif first[e[row]] != k[row]:
            several[e[row]] = True
    return first, several


def speakers(details: pd.DataFrame) -> Speakers:
    """Number the people, datasets and registrations of the details; see `registrations`."""
    entity, dataset = categorical(details["entity_id"]), categorical(details["dataset"])
    return Speakers(
        entity.cat.codes.to_numpy(np.int32),
        dataset.cat.codes.to_numpy(np.int32),
        registrations(details),
        to_days(details["started_on"], missing=0),
        entity.cat.categories,
        dataset.cat.categories,
    )


def said(details: pd.DataFrame, field: str, who: Speakers) -> Said:
    """Return what is said of one field."""
    codes, texts = _days(details[field]) if field == "date_of_birth" else _texts(details, field)
    if field in (*NAMES, *NOT_SAID, "date_of_birth"):
        place, keys = pd.factorize(texts)
        k = np.append(place, -1).astype(np.int32)[codes]
    else:  # each is another as it stands
        k, keys = codes.astype(np.int32), pd.Index(texts)
    k[who.e < 0] = -1
    return Said(who, k, pd.Index(keys, dtype=object))


def _days(column: pd.Series) -> tuple[npt.NDArray, pd.Series]:
    codes, days = pd.factorize(to_days(column))
    written = np.datetime_as_string(to_dates(days).to_numpy().astype("datetime64[D]"))
    texts = pd.Series(written, dtype=object).str.replace("-", "")
    return codes, texts.where((days < NEVER) & ~texts.isin(DEFAULT_DATES))


def _texts(details: pd.DataFrame, field: str) -> tuple[npt.NDArray, pd.Series]:
    codes, values = coded(details[field]) if field in NOT_SAID else _as_they_come(details[field])
    texts = pd.Series(values, dtype=object)
    if field in NAMES:
        texts = standardise(texts, "name")
    if field in NOT_SAID:
        texts = texts.where(~texts.isin(NOT_SAID[field]))
    return codes, texts


def _as_they_come(column: pd.Series) -> tuple[npt.NDArray, npt.NDArray[np.object_]]:
    """Number texts in the order of their rows, whatever holds them: it decides between equals."""
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return coded(column)
    codes, values = pd.factorize(column)
    return codes, np.asarray(values, dtype=object)
