"""A field of records as numbers among its texts: written, lengthened and read in part."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from woda_lib.linkage.blocking import Positions
from woda_lib.linkage.standard_texts import Texts

_MISSING = -1


class TextColumn:
    """One field, by position.

    A text stands once for all records that were written together, so that a million of them cost a
    number each. Texts are put in order when some are read, which are few. What a record held before
    it changed stays behind.

    Parameters
    ----------
    number
        Of records, whose texts are missing until they are written.
    """

    def __init__(self, number: int) -> None:
        self._texts = Texts(np.full(number, _MISSING, dtype=np.int32), pa.array([], pa.string()))

    def lengthen(self, number: int) -> None:
        """Add so many records at the end."""
        added = np.full(number, _MISSING, dtype=np.int32)
        self._texts = Texts(np.append(self._texts.codes, added), self._texts.held)

    def write(self, positions: Positions, column: Texts) -> None:
        """Put a standardised column at some positions."""
        if not len(positions):
            return
        codes, held = self._texts.codes, self._texts.held
        first = np.int32(len(held))
        own = column.codes  # as they are, where no text was held before
        codes[positions] = np.where(own < 0, np.int32(_MISSING), own + first) if first else own
        self._texts = Texts(codes, pa.concat_arrays([held, column.held]))

    def at(self, positions: Positions) -> pd.Categorical:
        """Return the texts at some positions, as `sources.gather` writes a field."""
        return self._texts.at(positions).that_occur().in_order()
