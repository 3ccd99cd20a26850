"""The properties of a gazetteer as whole numbers, to compare those of millions of lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.addresses import columns as c
from woda_lib.linkage.addresses.index import AddressIndex
from woda_lib.linkage.addresses.tokens import Ints
from woda_lib.linkage.as_arrow import as_held
from woda_lib.linkage.plain_forms import numbered
from woda_lib.linkage.record_keys import first_places


@dataclass(frozen=True)
class Properties:
    """Each property once, in the order in which the gazetteer names them.

    Attributes
    ----------
    uprns
        Their numbers, as the gazetteer writes them.
    parents
        The place of the building that each is in; −2 where it is in none, which is no place.
    of_row
        The place of the property of each row of the index, and last, of no row, −1.
    """

    uprns: npt.NDArray[np.object_]
    parents: Ints
    of_row: Ints

    @classmethod
    def of(cls, index: AddressIndex) -> Properties:
        """Take them from a gazetteer; the first row of a property tells of it."""
        of_row = index.held.rows[:, c.G_PROPERTY]
        first = first_places(of_row)
        own, parents = (index.ways.rows[name].to_numpy()[first] for name in ("uprn", "parent_uprn"))
        places = pd.Index(own).get_indexer(pd.Index(parents))
        return cls(
            index.ways.texts["uprn"][own],
            np.where(places < 0, -2, places).astype(np.int32),
            np.append(of_row, np.int32(-1)),
        )

    def places_of(self, uprns: pd.Series) -> Ints:
        """Return the place of each property number; −1 where it is not held, or missing."""
        codes, distinct = numbered(np.asarray(as_held(uprns), dtype=object))
        places = pd.Index(self.uprns, dtype=object).get_indexer(pd.Index(distinct, dtype=object))
        return np.append(places, -1)[codes].astype(np.int32)
