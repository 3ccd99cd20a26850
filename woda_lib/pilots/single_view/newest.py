"""The newest that is said of each record: its rows in their order, and what they say as numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.extensions import ExtensionArray

from woda_lib.linkage.as_arrow import as_held
from woda_lib.linkage.fast.compiled import kept
from woda_lib.linkage.fast.radix import in_order
from woda_lib.linkage.plain_forms import numbered
from woda_lib.pilots.single_view.homes.coding import named
from woda_lib.pilots.single_view.registrations import Registrations

Places = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

NOWHERE = -1
_GAP = " "


@dataclass(frozen=True)
class Newest:
    """The rows by whose record they are, each record's newest last.

    Attributes
    ----------
    rows
        The rows in this order.
    record
        Which record each of these is of.
    number
        How many records there are.
    """

    rows: Places
    record: npt.NDArray[np.int32]
    number: int

    @classmethod
    def of(cls, when: Sequence[npt.NDArray], known: Registrations, ends: Sequence[int]) -> Self:
        """Put the rows in order.

        Parameters
        ----------
        when
            Dates that put rows in order, the last key first; a missing one comes last.
        known
            By which number each row knows its person.
        ends
            Where each dataset's records begin, and the last's end.
        """
        record = np.full(len(when[0]), NOWHERE, dtype=np.int32)
        for at, codes, first in zip(known.at, known.codes, ends, strict=False):
            record[at] = np.where(codes < 0, NOWHERE, codes + first)
        rows = _in_time(when, record >= 0)
        return cls(rows, record[rows], ends[-1])

    def last(self, told: Flags) -> Places:
        """Return the last row of each record among those that tell something; −1 for none."""
        last = np.full(self.number, NOWHERE, dtype=np.int64)
        _last(self.rows, self.record, told, last)
        return last

    def last_told_apart(self, codes: npt.NDArray[np.integer], most: int) -> Codes:
        """Return the last different numbers of each record, the newest first.

        Parameters
        ----------
        codes
            A number for each row; negative ones count for nothing.
        most
            How many are asked for.

        Returns
        -------
        numpy.ndarray of int32, shape (most, records)
            −1 where a record has no more.
        """
        found = np.full((most, self.number), NOWHERE, dtype=np.int32)
        _told_apart(self.rows, self.record, np.asarray(codes, dtype=np.int32), found)
        return found

    def of_all(self, column: pd.Series) -> ExtensionArray:
        """Return what the last row of each record says, if anything."""
        return _taken(column, self.last(np.ones(len(column), dtype=bool)))

    def told(self, column: pd.Series) -> ExtensionArray:
        """Return what was last said by a row of each record."""
        return _taken(column, self.last(column.notna().to_numpy()))


def _in_time(when: Sequence[npt.NDArray], asked: Flags) -> Places:
    """Return the places of some rows in the order of their dates; equal ones as they stand."""
    rows = np.flatnonzero(asked)
    for dates in when:
        own = dates[rows]
        missing = np.isnat(own)
        since = own.view(np.int64)
        since -= since.min(where=~missing, initial=0)
        since[missing] = since.max(where=~missing, initial=0) + 1
        rows = rows[in_order(since)[0]]
    return rows


@kept
def _last(rows: Any, record: Any, told: Any, last: Any) -> None:
    """Fill `last`, of shape (records,), with the last row of each record that tells something."""
    for at in range(len(rows)):
        if told[rows[at]]:
            last[record[at]] = rows[at]


@kept
def _told_apart(rows: Any, record: Any, codes: Any, found: Any) -> None:
    """Fill `found`, of shape (most, records), with the last different numbers of each record."""
    for at in range(len(rows) - 1, -1, -1):
        code, of = codes[rows[at]], record[at]
        if code < 0:
            continue
        for turn in range(len(found)):
            if found[turn, of] < 0:
                found[turn, of] = code
            if found[turn, of] == code:
                break


@dataclass(frozen=True)
class Numbered:
    """The number of each row's text, −1 where it has none, and the texts."""

    codes: npt.NDArray[np.signedinteger]
    texts: npt.NDArray[np.object_]

    @classmethod
    def of(cls, column: pd.Series) -> Self:
        if isinstance(column.dtype, pd.CategoricalDtype):
            known = np.asarray(column.cat.categories, dtype=object)
            return cls(np.asarray(column.cat.codes, dtype=np.int32), known)
        return cls(*numbered(np.asarray(as_held(column), dtype=object)))

    def altered(self, alter: Callable[[npt.NDArray[np.object_]], Iterable[str]]) -> Self:
        """Alter the texts; those that are alike now are numbered alike."""
        own, texts = pd.factorize(np.array([*alter(self.texts)], dtype=object))
        return type(self)(np.append(own, NOWHERE)[self.codes], texts)

    def after(self, others: Self, rows: Places) -> Self:
        """Put others' numbers in some rows of which none has a number yet."""
        shared, texts = pd.factorize(np.concatenate([self.texts, others.texts]))
        shared = np.append(shared, NOWHERE)
        codes = np.where(self.codes < 0, NOWHERE, shared[self.codes])
        later = np.where(others.codes < 0, NOWHERE, others.codes + len(self.texts))
        codes[rows] = shared[later]
        return type(self)(codes, texts)


def _taken(column: pd.Series, rows: Places) -> ExtensionArray:
    """Return the values of some rows; missing at −1."""
    return column.array.take(rows, allow_fill=True)


def one_after_another(
    texts: npt.NDArray[np.object_], turns: Sequence[npt.NDArray[np.integer]]
) -> pd.Categorical:
    """Write the texts of each record one after another, those of all that have several once.

    Parameters
    ----------
    texts
        Each different.
    turns
        Which text comes first, which next: numbers, each of shape (records,); −1 for none, and
        none comes after that.
    """
    codes = turns[0].astype(np.int64)
    held = [texts]
    for turn in turns[1:]:
        more = np.flatnonzero(turn >= 0)
        together, pairs = pd.factorize(codes[more] * len(texts) + turn[more])
        known = np.concatenate(held)
        held.append(known[pairs // len(texts)] + _GAP + texts[pairs % len(texts)])
        codes[more] = len(known) + together
    written = np.concatenate(held)
    if _GAP not in "".join(map(str, texts)):  # then no two of them come to the same
        return named(codes, pd.Index(written, dtype=object))
    same, distinct = pd.factorize(written)
    return named(np.append(same, NOWHERE)[codes], pd.Index(distinct, dtype=object))
