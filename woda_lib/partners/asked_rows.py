"""Rows whose numbers are asked for again and again: read once, by Arrow, whatever is asked."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from woda_lib.partners.numbers import arrow_texts

Mask = npt.NDArray[np.bool_]


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
        self._senders: tuple[npt.NDArray[np.int64], list[object]] | None = None

    def bearing(self, column: str, wanted: Collection[str]) -> Mask:
        """Say which rows bear one of some texts in a column."""
        return self._bearing(column, wanted, None)

    def among(self, column: str, partner: str, wanted: Collection[str]) -> Mask:
        """Say which rows are one partner's and bear a wanted text; others' are not looked at."""
        theirs = self._of(partner)
        if theirs.all():
            return self._bearing(column, wanted, None)
        if theirs.any():
            theirs[theirs] = self._bearing(column, wanted, theirs)
        return theirs

    def _bearing(self, column: str, wanted: Collection[str], rows: Mask | None) -> Mask:
        if not len(wanted):  # then no text need be read
            return np.zeros(len(self.frame) if rows is None else int(rows.sum()), dtype=bool)
        texts = self._text(column)
        if texts is None:
            values = self.frame[column] if rows is None else self.frame[column][rows]
            return values.isin(wanted).to_numpy(dtype=bool)
        if rows is not None:
            texts = texts.filter(pa.array(rows))
        told = pc.is_in(texts, pa.array(list(wanted), type=texts.type), skip_nulls=True)
        return np.array(told.to_numpy(zero_copy_only=False), dtype=bool)

    def _text(self, column: str) -> pa.LargeStringArray | None:
        if column not in self._texts:
            self._texts[column] = _written(self.frame[column])
        return self._texts[column]

    def _of(self, partner: str) -> Mask:
        if self._senders is None:
            codes, names = pd.factorize(self.frame["partner"])
            self._senders = codes, list(names)
        codes, known = self._senders
        return codes == known.index(partner) if partner in known else np.zeros(len(codes), bool)


def _written(values: pd.Series) -> pa.LargeStringArray | None:
    """Return a column as Arrow's text; None if it is no text throughout."""
    try:
        return arrow_texts(values)
    except (pa.ArrowException, UnicodeEncodeError):
        return None
