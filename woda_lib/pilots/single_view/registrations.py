"""By which number each row knows its person: found once, for whatever goes by it.

A registration is one number of one dataset. Linkage has a record for each, `people.records` writes
it, and `of_whom` says of a row what was found of its record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.extensions import ExtensionArray

from woda_lib.linkage.as_arrow import as_held
from woda_lib.linkage.fast.threads import share_out
from woda_lib.linkage.plain_forms import places_in_order
from woda_lib.linkage.record_keys import first_places

Places = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]
Texts = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Registrations:
    """The numbers of each dataset, in the order in which the datasets come.

    Attributes
    ----------
    datasets
        Their names.
    at
        The places of each dataset's rows.
    codes
        The number of each of these rows: its place among the dataset's distinct numbers, which
        stand in the order of their code points; −1 where it has none.
    firsts
        The place of a row that bears each number.
    """

    datasets: Sequence[str]
    at: Sequence[Places]
    codes: Sequence[Numbers]
    firsts: Sequence[Places]

    @classmethod
    def of(cls, table: pd.DataFrame) -> Registrations:
        """Number the rows of a table with `dataset` and `local_id`."""
        which, names = pd.factorize(table["dataset"])
        at = [np.flatnonzero(which == number) for number in range(len(names))]
        held = _held(table)
        codes = share_out(lambda rows: places_in_order(held[rows]), [(rows,) for rows in at])
        firsts = [rows[first_places(own)] for own, rows in zip(codes, at, strict=True)]
        return cls([str(name) for name in names], at, codes, firsts)

    def ids(self, table: pd.DataFrame) -> list[ExtensionArray]:
        """Return the distinct numbers of each dataset, of the rows that were numbered."""
        held = table["local_id"].array
        return [held.take(first) for first in self.firsts]

    def places_in(self, records: pd.DataFrame, table: pd.DataFrame) -> Numbers | None:
        """Return the place of each row's record in a table; −1 where a row has no number.

        Parameters
        ----------
        records
            `dataset, local_id`. None comes back unless it holds the numbers of each dataset one
            after another, as `ids` does.
        table
            The rows that were numbered.
        """
        if records["local_id"].isna().any():
            return None
        dataset = pd.Categorical(records["dataset"])
        held = records["local_id"].to_numpy(dtype=object)
        found = np.full(len(table), -1, dtype=np.int32)
        each = zip(self.datasets, self.at, self.codes, self.ids(table), strict=True)
        for name, at, codes, known in each:
            code = dataset.categories.get_indexer(pd.Index([name]))[0]
            here = np.flatnonzero(dataset.codes == code) if code >= 0 else np.empty(0, dtype=int)
            if not np.array_equal(held[here], np.asarray(known, dtype=object)):
                return None
            found[at] = np.append(here, -1)[codes]
        return found

    def placed(
        self, places: Mapping[str, Places], records: pd.DataFrame, table: pd.DataFrame
    ) -> Numbers | None:
        """Return the place of each row's record, as `places_in` does.

        Parameters
        ----------
        places
            By dataset, where each number's record stands, in the order of `ids`. None comes back
            unless every number is found there.
        records, table
            As for `places_in`.
        """
        held = _held(records)
        found = np.full(len(table), -1, dtype=np.int32)
        nowhere = np.empty(0, dtype=np.int64)
        each = zip(self.datasets, self.at, self.codes, self.ids(table), strict=True)
        for name, at, codes, ids in each:
            known = places.get(name, nowhere)
            if (known < 0).any() or not np.array_equal(held[known], np.asarray(ids, dtype=object)):
                return None
            found[at] = np.append(known, -1)[codes]
        return found


def _held(table: pd.DataFrame) -> Texts:
    return np.asarray(as_held(table["local_id"]), dtype=object)
