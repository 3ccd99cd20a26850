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

from woda_lib.linkage.identities import Hashes
from woda_lib.linkage.standard_texts import Texts


@dataclass(frozen=True)
class Gathered:
    """Standardised records, numbered from 0.

    Attributes
    ----------
    known_by
        ``source`` and ``id``, as `sources.gather` returns them.
    names
        `identities.record_names` of the records.
    fields
        The standard forms of each field.
    """

    known_by: pd.DataFrame
    names: Hashes
    fields: dict[str, Texts]

    def __len__(self) -> int:
        return len(self.known_by)

    def fields_of(self, chosen: npt.NDArray[np.bool_]) -> dict[str, Texts]:
        """Return the fields of some records."""
        return {name: texts.at(chosen) for name, texts in self.fields.items()}

    def table(self, chosen: npt.NDArray[np.bool_]) -> pd.DataFrame:
        """Return some records as `sources.gather` does, of their own values alone."""
        from woda_lib.linkage.fast.threads import share_out  # here: numba takes a while to start

        made = share_out(
            lambda texts: texts.that_occur().in_order(),
            [(texts,) for texts in self.fields_of(chosen).values()],
        )
        columns = dict(self.known_by[chosen].items()) | dict(zip(self.fields, made, strict=True))
        return pd.DataFrame(columns, copy=False)
