"""What a step saved the last time, so that it can say what changed since.

It is recorded as an input of an earlier run, which alone never makes a step stale: a list does not
come out otherwise because another was made before it.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from woda_lib.notebook.tables import Tables
from woda_lib.partners import Door, RestrictedTableError
from woda_lib.partners.retention_dates import keep_until, made_on
from woda_lib.records import (
    DRAFT,
    Pilot,
    RunFolder,
    Step,
    TableNotFound,
    complete_runs,
    read_step_record,
)
from woda_lib.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator


class EarlierVerb:
    """The verb of `Run` that an earlier run's table comes by."""

    pilot: Pilot
    step: Step
    as_of: date
    _settings: Settings
    _door: Door
    _tables: Tables

    def earlier(self, name: str) -> pd.DataFrame | None:
        """Return what this step saved under a name in the last run of an earlier day.

        Parameters
        ----------
        name : str
            Under which `save` keeps it.

        Returns
        -------
        DataFrame or None
            Nothing, if no run of an earlier day has saved it on these extracts, it is past the date
            until which it may be kept, or it cannot be opened.
        """
        months = self._door.agreement.retention.results_months
        for folder in self._folders():
            path = folder.table(self.step.name, name)
            if not path.is_file() or not self._is_of_an_earlier_day(folder):
                continue
            if keep_until(made_on(path), months) < self._settings.today:
                return None
            reference = f"{self.pilot.pilot}/{self.step.name}:{name}"
            try:
                frame = self._door.load_table(path, reference)
            except (TableNotFound, RestrictedTableError):
                return None
            self._tables.record_input(path, reference, previous=True)
            return frame
        return None

    def _folders(self) -> Iterator[RunFolder]:
        outputs, pilot = self._settings.outputs_folder, self.pilot.pilot
        if not self._settings.step_folder:
            yield RunFolder(outputs / pilot / DRAFT)
        yield from reversed(complete_runs(outputs, pilot))

    def _is_of_an_earlier_day(self, folder: RunFolder) -> bool:
        record = read_step_record(folder, self.step.name)
        if record is None:
            return False
        return record.as_of < self.as_of and record.extracts == self._settings.extracts_name
