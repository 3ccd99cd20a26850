"""Rows whose numbers are asked for again and again: read once, by Arrow, whatever is asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Set

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from woda_lib.partners.numbers import arrow_texts

Mask = npt.NDArray[np.bool_]

Handle = tuple[str, str]
"""What a number is called and whose it is: ``("patient_id", "worcestershire_acute")``. An NHS
number is nobody's in particular: ``("nhs_number", "")``."""


class AskedRows:
    """Rows of a dataset, each column of which is turned into Arrow's text when it is asked for.

    To ask pandas which of a column's texts are among a few has it hash every one, each time.

    Parameters
    ----------
    frame : DataFrame
        With ``partner``, where `among` is asked.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame
        self._texts: dict[str, pa.LargeStringArray | None] = {}

    def bearing(self, column: str, wanted: Collection[str]) -> Mask:
        """Say which rows bear one of some texts in a column.

        Raises
        ------
        TypeError
            If a column of texts is asked for something else, which no row can bear.
        """
        if not len(wanted):  # then no text need be read
            return np.zeros(len(self.frame), dtype=bool)
        texts, told = self._text(column), _written(pd.Series([*wanted], dtype=object))
        if texts is not None and not all(isinstance(each, str) for each in wanted):
            raise TypeError(
                f"{column} holds texts, and is asked for something else. Ask for texts."
            )
        if texts is None or told is None:
            return self.frame[column].astype(object).isin(wanted).to_numpy(dtype=bool)
        found = pc.is_in(texts, told, skip_nulls=True)
        return np.array(found.to_numpy(zero_copy_only=False), dtype=bool)

    def among(self, column: str, wanted: Mapping[str, Collection[str]]) -> Mask:
        """Say which rows bear a text that is wanted of their own partner.

        Parameters
        ----------
        column : str
        wanted : mapping of str to collection of str
            By partner.
        """
        theirs = self.bearing(column, set().union(*wanted.values()))
        at = np.flatnonzero(theirs)
        numbers, senders = (
            self.frame[column].take(at).astype(object),
            self.frame["partner"].take(at),
        )
        own = np.zeros(len(at), dtype=bool)
        for partner, values in wanted.items():
            own |= numbers_among(numbers, senders, partner, values)
        theirs[at] = own
        return theirs

    def _text(self, column: str) -> pa.LargeStringArray | None:
        if column not in self._texts:
            self._texts[column] = _written(self.frame[column])
        return self._texts[column]


class Bearers:
    """Rows that bear one of the numbers asked for so far, of which more and more become known.

    A number leads to the rows that bear it, whatever else is asked for. So rows that were looked
    through for some numbers are later looked through for those alone that came since (semi-naive
    evaluation: Abiteboul, Hull and Vianu 1995, *Foundations of databases*, section 13.1).

    Parameters
    ----------
    rows : AskedRows
    columns : iterable of str
        Those in which a number counts.
    """

    def __init__(self, rows: AskedRows, columns: Iterable[str]) -> None:
        self.rows = rows
        self._columns = tuple(columns)
        self._asked: dict[Handle, set[str]] = {}
        self._found = np.zeros(len(rows.frame), dtype=bool)

    def of(self, numbers: Mapping[Handle, Set[str]]) -> Mask:
        """Return which rows bear one of these numbers, or of those that were asked for before."""
        for column in self._columns:
            new = {
                partner: self._not_asked((name, partner), values)
                for (name, partner), values in numbers.items()
                if name == column
            }
            new = {partner: values for partner, values in new.items() if values}
            self._found |= self.rows.bearing(column, new.pop("", set()))
            if new:
                self._found |= self.rows.among(column, new)
        return self._found.copy()

    def _not_asked(self, handle: Handle, values: Set[str]) -> Set[str]:
        asked = self._asked.setdefault(handle, set())
        new = values - asked
        asked |= new
        return new


def numbers_among(
    numbers: pd.Series, partners: pd.Series, partner: str, wanted: Collection[str] | pd.Series
) -> Mask:
    """Return which numbers are one partner's and among those wanted; others' are not looked at."""
    told = np.asarray(partners == partner, dtype=bool)
    if told.any():
        told[told] = numbers[told].isin(wanted).to_numpy(dtype=bool)
    return told


def _written(values: pd.Series) -> pa.LargeStringArray | None:
    """Return a column as Arrow's text; None if it is no text throughout."""
    try:
        return arrow_texts(values)
    except (pa.ArrowException, UnicodeEncodeError):
        return None
