"""What a worker rings with: partners' numbers of somebody, the lead worker, and the school."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from woda_lib.notebook import Run
from woda_lib.pilots.single_view.registers import NUMBERS

BESIDE = {
    "care_services": ("care_spell_id", "lead_worker"),
    "school_census": ("census_row_id", "school"),
}
"""By dataset, the key of a row and what else of it is shown beside the number."""


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
        self._beside: dict[str, pd.Series] = {}

    def load(self, datasets: Iterable[str]) -> None:
        """Load the numbers of some datasets, and what is shown beside them."""
        for dataset in dict.fromkeys(datasets):
            if dataset in self._loaded:
                continue
            row, shown = BESIDE.get(dataset, ("", ""))
            fields = [NUMBERS[dataset], *filter(None, (row, shown))]
            frame = self._run.load(dataset, fields=fields)
            if row:
                self._beside[dataset] = frame.dropna(subset=[shown]).set_index(row)[shown]
            self._loaded.add(dataset)

    def beside(self, rows: pd.DataFrame) -> dict[tuple[str, str], str]:
        """Return lead workers and schools by dataset and row.

        Parameters
        ----------
        rows
            One person's: ``dataset, row_id``.
        """
        self.load(rows["dataset"].astype(str))
        found: dict[tuple[str, str], str] = {}
        for dataset, known in self._beside.items():
            wanted = rows.loc[rows["dataset"].astype(str) == dataset, "row_id"]
            told = known[known.index.isin(wanted)]
            found |= {(dataset, str(row)): str(shown) for row, shown in told.items()}
        return found

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
