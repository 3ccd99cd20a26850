"""What was measured of partners' deliveries: read as a recorded input, so that a new file counts.

Every load measures what was delivered of the dataset and leaves counts beside what was accepted. A
step that asks for them follows from those counts: once a partner delivers anew and a pilot has
loaded it, the step is stale.
"""

from __future__ import annotations

import pandas as pd

from woda_lib.notebook.errors import NotebookError
from woda_lib.notebook.tables import Tables
from woda_lib.partners.quality import (
    Measured,
    deliveries_table,
    faults_table,
    filled_table,
    read_measured,
)
from woda_lib.records import DELIVERIES, quality_files
from woda_lib.settings import Settings


class DeliveryVerbs:
    """The verbs of `Run` that counts of deliveries come in by, and go on the record by.

    They may be called under any agreement, or under none: what they hand out are counts and shares
    of files that partners sent, and nothing about a person. The gate still decides what of them is
    shown. What nobody has loaded from these extracts is not measured and has no row.
    """

    _settings: Settings
    _tables: Tables

    def deliveries(self) -> pd.DataFrame:
        """Return what each partner delivered of each dataset, and how good it is.

        Returns
        -------
        DataFrame
            A row a partner and dataset: ``partner, dataset, files, first_delivered,
            last_delivered, rows, kept, quarantined, superseded, duplicates, blanked_values,
            completeness, validity, uniqueness, timeliness, consistency, late_days``, as
            `woda_lib.partners.quality` defines them; shares are from 0 to 1.

        Raises
        ------
        NotebookError
            If nothing was measured of these extracts yet.
        ExtractError
            If a file of counts is damaged.
        """
        return deliveries_table(self._measured())

    def delivery_faults(self) -> pd.DataFrame:
        """Return how many rows broke which rule, a row a partner, dataset, rule and column.

        Returns
        -------
        DataFrame
            ``partner, dataset, rule, column, outcome, rows``.

        Raises
        ------
        NotebookError, ExtractError
            As `deliveries`.
        """
        return faults_table(self._measured())

    def delivery_columns(self) -> pd.DataFrame:
        """Return how often each column has a value, a row a partner, dataset and column.

        Returns
        -------
        DataFrame
            ``partner, dataset, column, required, rows, filled, share``, of the rows that were kept.

        Raises
        ------
        NotebookError, ExtractError
            As `deliveries`.
        """
        return filled_table(self._measured())

    def _measured(self) -> Measured:
        paths = quality_files(self._settings.accepted_of_extracts)
        if not paths:
            raise NotebookError(
                f"Nothing has been measured yet of the deliveries in "
                f"{self._settings.extracts_folder.name}: that is done whenever a pilot loads them. "
                "Run one first, such as `woda run patient_flow`, then run this cell again."
            )
        for path in paths:
            self._tables.record_input(path, DELIVERIES)
        return read_measured(paths)
