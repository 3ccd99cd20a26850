"""The numbers under which partners know somebody, so that a worker can ring them."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from woda_lib.notebook import Run
from woda_lib.pilots.single_view.registers import NUMBERS


class PartnersNumbers:
    """Turns pseudonyms back, as far as the agreement says why; each time on the record.

    A dataset is loaded when one of its numbers is first asked for, and once in a session.

    Parameters
    ----------
    run : Run
        Of a step whose purpose may re-identify, and whose file lists the datasets' numbers.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._loaded: set[str] = set()

    def load(self, datasets: Iterable[str]) -> None:
        """Load the numbers of some datasets."""
        for dataset in dict.fromkeys(datasets):
            if dataset not in self._loaded:
                self._run.load(dataset, fields=[NUMBERS[dataset]])
                self._loaded.add(dataset)

    def of(self, records: pd.DataFrame) -> dict[tuple[str, str], str]:
        """Return partners' numbers by dataset and pseudonym.

        Parameters
        ----------
        records
            One person's: ``dataset, local_id``.
        """
        self.load(records["dataset"].astype(str))
        asked = records[["dataset", "local_id"]].astype(str).reset_index(drop=True)
        turned = self._run.reidentify(asked)
        keys = asked.itertuples(index=False, name=None)
        return dict(zip(keys, turned["local_id"].astype(str), strict=True))
