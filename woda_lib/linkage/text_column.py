"""A field of records as numbers among its texts: written, lengthened and read in part."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.blocking import Positions
from woda_lib.linkage.coding import categorical, coded

_MISSING = -1


class TextColumn:
    """One field, by position.

    A text stands once for all records, so that a million of them cost a number each. Texts stand in
    order, so that none are sorted when they are read. What a record held before it changed stays
    behind.

    Parameters
    ----------
    number
        Of records, whose texts are missing until they are written.
    """

    def __init__(self, number: int) -> None:
        self._codes = np.full(number, _MISSING, dtype=np.int32)
        self._texts = np.empty(0, dtype=object)

    def lengthen(self, number: int) -> None:
        """Add so many records at the end."""
        self._codes = np.append(self._codes, np.full(number, _MISSING, dtype=np.int32))

    def write(self, positions: Positions, column: pd.Series) -> None:
        """Put a standardised column at some positions."""
        codes, texts = coded(column)
        self._codes[positions] = np.append(self._numbered(texts), _MISSING)[codes]

    def at(self, positions: Positions) -> pd.Categorical:
        """Return the texts at some positions, as `sources.gather` writes a field."""
        codes = self._codes[positions]
        place = np.full(len(self._texts) + 1, _MISSING, dtype=np.int32)  # the last is of none
        place[codes] = 0
        place[-1] = _MISSING
        occur = np.flatnonzero(place == 0)
        place[occur] = np.arange(len(occur), dtype=np.int32)
        return categorical(place[codes], self._texts[occur])

    def _numbered(self, texts: npt.NDArray[np.object_]) -> npt.NDArray[np.int32]:
        """Return the number of each of some texts, which stand in order; new ones are put in."""
        if not len(self._texts):
            self._texts = texts
            return np.arange(len(texts), dtype=np.int32)
        at = np.searchsorted(self._texts, texts)
        new = self._texts[np.minimum(at, len(self._texts) - 1)] != texts
        if not new.any():
            return at.astype(np.int32)
        shifted = np.cumsum(np.bincount(at[new], minlength=len(self._texts) + 1))
        shifted = np.arange(len(shifted)) + shifted
        shifted[-1] = _MISSING
        self._codes = shifted.astype(np.int32)[self._codes]
        self._texts = np.insert(self._texts, at[new], texts[new])
        return (at + np.cumsum(new) - new).astype(np.int32)
