"""A field of records as numbers among its texts: written, lengthened and read in part."""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.linkage.blocking import Positions
from woda_lib.linkage.coding import categorical, coded
from woda_lib.linkage.plain_forms import numbered_in_order

_MISSING = -1


class TextColumn:
    """One field, by position.

    A text stands once for all records that were written together, so that a million records cost a
    number each. What a record held before it changed stays behind.

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
        known = len(self._texts)
        self._codes[positions] = np.where(codes >= 0, codes + np.int32(known), codes)
        self._texts = np.concatenate([self._texts, texts]) if known else texts

    def at(self, positions: Positions) -> pd.Categorical:
        """Return the texts at some positions, as `sources.gather` writes a field."""
        codes = self._codes[positions]
        place = np.full(len(self._texts) + 1, _MISSING, dtype=np.int32)  # the last is of none
        place[codes] = 0
        place[-1] = _MISSING
        occur = np.flatnonzero(place == 0)
        place[occur], texts = numbered_in_order(self._texts[occur])
        return categorical(place[codes], texts)
