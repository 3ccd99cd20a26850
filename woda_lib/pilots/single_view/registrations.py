"""By which number each row knows its person: found once, for whatever goes by it.

A registration is one number of one dataset. Linkage has a record for each, `people.records` writes
it, and `of_whom` says of a row what was found of its record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.fast.threads import share_out
from woda_lib.linkage.plain_forms import as_held, numbered_in_order

Places = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Registrations:
    """The numbers of each dataset, in the order in which the datasets come.

    Attributes
    ----------
    rows
        How many rows there are in all.
    datasets
        Their names.
    at
        The places of each dataset's rows.
    codes
        The number of each of these rows, as a place among `ids`; −1 where it has none.
    ids
        The distinct numbers of each dataset, in the order of their code points.
    """

    rows: int
    datasets: Sequence[str]
    at: Sequence[Places]
    codes: Sequence[Numbers]
    ids: Sequence[npt.NDArray[np.object_]]

    @classmethod
    def of(cls, details: pd.DataFrame) -> Registrations:
        """Number the rows of a table with `dataset` and `local_id`."""
        which, names = pd.factorize(details["dataset"])
        at = [np.flatnonzero(which == number) for number in range(len(names))]
        held = np.asarray(as_held(details["local_id"]), dtype=object)
        told = share_out(lambda rows: numbered_in_order(held[rows]), [(rows,) for rows in at])
        codes, ids = ([each[part] for each in told] for part in (0, 1))
        return cls(len(details), [str(name) for name in names], at, codes, ids)

    def places_in(self, records: pd.DataFrame) -> Numbers | None:
        """Return the place of each row's record in a table; −1 where a row has no number.

        Parameters
        ----------
        records
            `dataset, local_id`. None comes back unless it holds the numbers of each dataset one
            after another, as `ids` does.
        """
        dataset = pd.Categorical(records["dataset"])
        ids = records["local_id"].to_numpy(dtype=object)
        found = np.full(self.rows, -1, dtype=np.int32)
        for name, at, codes, known in zip(
            self.datasets, self.at, self.codes, self.ids, strict=True
        ):
            code = dataset.categories.get_indexer(pd.Index([name]))[0]
            here = np.flatnonzero(dataset.codes == code) if code >= 0 else np.empty(0, dtype=int)
            if not np.array_equal(ids[here], known):
                return None
            found[at] = np.append(here, -1)[codes]
        return found
