"""Where the records that a linkage was given stand among its clusters, as whole numbers.

Whoever has the tables alone finds a record by its name, among a million others. The linkage has
found each of them already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.as_arrow import as_held
from woda_lib.linkage.assign import Assigned
from woda_lib.linkage.record_keys import at_places
from woda_lib.linkage.spec import LinkageSpec

Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Whereabouts:
    """Places and persons of the records of each source.

    Attributes
    ----------
    places
        By source, the row of the clusters that is each of its records, in the order in which they
        were given; −1 where none is.
    entity
        A number for each row of the clusters, the same for those of one entity.
    """

    places: Mapping[str, Places]
    entity: npt.NDArray[Any]

    @classmethod
    def of(
        cls,
        rows: Mapping[str, Places],
        positions: Places,
        here: npt.NDArray[np.bool_],
        entity: npt.NDArray[Any],
    ) -> Self:
        """Put together what is known by position.

        Parameters
        ----------
        rows
            From `rows_as_given`.
        positions
            Of gathered records, in a store; −1 where one waits for the next update.
        here
            By position, which records of the store the clusters hold, in its order.
        entity
            As above.
        """
        at = at_places(np.where(here, np.cumsum(here) - 1, -1), positions, -1)
        return cls({source: at[own] for source, own in rows.items()}, entity)

    @classmethod
    def settled(cls, settled: Assigned, rows: Mapping[str, Places]) -> Self:
        """Return those of a linkage that has just been settled; see `clusters_settled`."""
        here = np.zeros(len(settled.store.records), dtype=bool)
        here[settled.places] = True
        entity = np.empty(len(here), dtype=settled.entity.dtype)
        entity[settled.places] = settled.entity
        return cls.of(rows, settled.places, here, entity[here])


def rows_as_given(
    frames: Mapping[str, pd.DataFrame], spec: LinkageSpec, records: pd.DataFrame
) -> dict[str, Places]:
    """Return the places among gathered records at which those of each source stand, as given.

    Parameters
    ----------
    frames, spec
        What was gathered.
    records
        From `sources.gather`: sources one after another. Most stand as they were given. Of their
        columns, ``id`` is looked at.
    """
    held = np.asarray(as_held(records["id"]), dtype=object)
    found, first = {}, 0
    for source in spec.sources:
        if source.name not in frames:
            continue
        given = np.asarray(as_held(frames[source.name][source.id]), dtype=object)
        stand = held[first : first + len(given)]
        at = np.arange(len(given))
        if not np.array_equal(stand, given):
            at = pd.Index(stand, dtype=object).get_indexer(pd.Index(given, dtype=object))
        found[source.name] = first + at
        first += len(given)
    return found
