"""The values of one field as numbers: who said what, when, and which writings are the same."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.standardise import DEFAULT_DATES, standardise
from woda_lib.pilots.single_view.homes.coding import categorical, coded, registrations, several_of
from woda_lib.pilots.single_view.homes.days import NEVER, to_dates, to_days

NAMES = ("forename", "surname")
NOT_SAID = {"sex": ("U",), "ethnic_group": ("Z",)}
"""Codes that say that nothing is known."""


@dataclass(frozen=True)
class Said:
    """One field of all rows that hold it.

    Attributes
    ----------
    rows
        `e` (person), `k` (what is said, whatever its case and marks), `d` (dataset), `source`
        (registration), `day` (since 1970), `i` (row of the details).
    keys
        What the numbers `k` stand for: names without case and marks, dates as eight digits.
    """

    rows: pd.DataFrame
    keys: pd.Index

    @cached_property
    def contested(self) -> npt.NDArray[np.bool_]:
        """Which rows are of people of whom more than one value is told."""
        return several_of(self.rows["e"].to_numpy(), self.rows["k"].to_numpy())


@dataclass(frozen=True)
class Speakers:
    """Who says what: the person, the dataset, the registration and the day of each row."""

    e: np.ndarray
    d: np.ndarray
    source: np.ndarray
    day: np.ndarray
    names: pd.Index
    datasets: pd.Index


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
        k = np.append(place, -1)[codes].astype(np.int32)
    else:  # each is another as it stands
        k, keys = codes.astype(np.int32), pd.Index(texts)
    i = np.flatnonzero((k >= 0) & (who.e >= 0))
    rows = pd.DataFrame(
        {
            "e": who.e[i],
            "k": k[i],
            "d": who.d[i],
            "source": who.source[i],
            "day": who.day[i],
            "i": i.astype(np.int32),
        },
        copy=False,  # pandas would put the columns together into one table of numbers
    )
    return Said(rows, pd.Index(keys, dtype=object))


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
