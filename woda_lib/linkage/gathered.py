"""The records of all sources in their order, before a table is made of them.

A table's fields are categories that stand in order, for which each text is sorted and made an
object. An update compares some records in a hundred with those that they could be: of the others it
needs no more than hashes, and Arrow tells these from numbers and letters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.blocking import Positions
from woda_lib.linkage.identities import Hashes
from woda_lib.linkage.standard_texts import Texts


@dataclass(frozen=True)
class Gathered:
    """Standardised records, numbered from 0.

    Attributes
    ----------
    source
        As `sources.gather` returns it.
    identifiers
        ``id`` likewise, in parts that follow one another: most records are not asked for theirs.
    names
        `identities.record_names` of the records.
    rows
        By source, where each of its records stands, in the order in which they were given.
    fields
        The standard forms of each field.
    """

    source: pd.Categorical
    identifiers: list[pd.Series]
    names: Hashes
    rows: dict[str, Positions]
    fields: dict[str, Texts]

    def __len__(self) -> int:
        return len(self.names)

    def fields_of(self, chosen: npt.NDArray[np.bool_]) -> dict[str, Texts]:
        """Return the fields of some records."""
        from woda_lib.linkage.fast.threads import share_out  # here: numba takes a while to start

        taken = share_out(Texts.at, [(texts, chosen) for texts in self.fields.values()])
        return dict(zip(self.fields, taken, strict=True))

    def table(self, chosen: npt.NDArray[np.bool_]) -> pd.DataFrame:
        """Return some records as `sources.gather` does, of their own values alone."""
        from woda_lib.linkage.fast.threads import share_out  # here for the reason above

        made = share_out(
            lambda texts: texts.that_occur().in_order(),
            [(texts,) for texts in self.fields_of(chosen).values()],
        )
        known_by = {"source": self.source[chosen], "id": self._identifiers_of(chosen)}
        return pd.DataFrame(known_by | dict(zip(self.fields, made, strict=True)), copy=False)

    def _identifiers_of(self, chosen: npt.NDArray[np.bool_]) -> pd.Series:
        ends = np.cumsum([len(part) for part in self.identifiers])[:-1]
        each = zip(self.identifiers, np.split(chosen, ends), strict=True)
        parts = [part.iloc[np.flatnonzero(which)] for part, which in each]
        return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
