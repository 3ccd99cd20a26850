"""What a step need not work out again: tables that its last complete run kept, and by what rules.

From one day to the next a few rows in a hundred change. So a step that builds may take over what
its last run made of all others, if it says by what it was made (the code, what was learned, other
files): a text that `save_each` keeps with a table, and that is asked for when it is read back. What
was made by other rules, under another key of pseudonyms, of other extracts or later deliveries is
not taken over, and the reason is said. That there is another earlier run to begin from changes no
result, and so never makes a step stale.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from woda_lib.notebook.beginnings import (
    begun_from,
    called,
    footing,
    is_past_its_date,
    what_differs,
)
from woda_lib.notebook.names import Names
from woda_lib.notebook.tables import Tables
from woda_lib.partners import Door, RestrictedTableError
from woda_lib.records import Pilot, RunFolder, Step, TableNotFound
from woda_lib.settings import Settings

_UNLIKE = {
    "extracts": "is of other extracts",
    "pseudonyms": "goes by other pseudonyms",
    "as_of": "knows later deliveries",
}
"""By `what_differs`, why nothing is taken over."""


@dataclass(frozen=True)
class Kept:
    """What an earlier run of a step made.

    Attributes
    ----------
    says : str
        Of which run these are, or why there are none: a sentence for readers.
    tables : mapping of str to DataFrame
        By name; empty where there is nothing to take over.
    as_of : date, optional
        The clock of that run.
    """

    says: str
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    as_of: date | None = None


class KeptVerbs:
    """The verbs of `Run` by which a step hands tables on to its own next run."""

    pilot: Pilot
    step: Step
    as_of: date
    _settings: Settings
    _door: Door
    _names: Names
    _tables: Tables

    def save_each(
        self,
        tables: Mapping[str, pd.DataFrame],
        *,
        fields: Callable[[str, pd.DataFrame], Mapping[str, Collection[str]]] | None = None,
        rules: Mapping[str, str] | None = None,
    ) -> None:
        """Keep several tables by name, each as `save` does.

        While some are written the next is looked at; what comes of it is the same.

        Parameters
        ----------
        tables : mapping of str to DataFrame
            Names in snake_case.
        fields : callable, optional
            Returns, for a name and its table, what `save` is told of the table's fields.
        rules : mapping of str to str, optional
            By table that the step's next run may take over, all that it follows from besides the
            rows: `kept_tables` returns it to whoever names the same. Nothing else reads such a
            table, for any purpose: its rows need not tell whose they are.
        """
        for name in tables:
            self._names.require(name, self._tables.saved)
        now = footing(self.as_of, self._door, self._settings)
        noted = {name: json.dumps(now | {"rules": by}) for name, by in (rules or {}).items()}
        self._tables.save_each(tables, fields, noted)

    def kept_tables(self, names: Sequence[str], *, rules: str) -> Kept:
        """Return tables that the last complete run of this step, or this draft, kept.

        All of them are of one execution, or there are none. They are recorded as inputs, which
        alone never make a step stale. Ask before the same names are saved.

        Parameters
        ----------
        names : sequence of str
            As `save_each` was given them, with their rules.
        rules : str
            What the tables must have been kept with.
        """
        for folder in begun_from(self.pilot.pilot, self._settings):
            paths = {name: folder.table(self.step.name, name) for name in names}
            there = [path.is_file() for path in paths.values()]
            if any(there) and not all(there):
                return Kept(_nothing(f"What {called(folder)} kept is not whole"))
            if any(there):
                try:
                    return self._taken_over(folder, paths, rules)
                except (TableNotFound, RestrictedTableError):
                    return Kept(_nothing(f"What {called(folder)} kept cannot be opened"))
        return Kept(_nothing("No earlier run has kept any of it"))

    def _taken_over(self, folder: RunFolder, paths: Mapping[str, Path], rules: str) -> Kept:
        if any(is_past_its_date(path, self._door, self._settings) for path in paths.values()):
            return Kept(_nothing(f"What {called(folder)} kept is past its date"))
        references = {name: self._tables.reference(name) for name in paths}
        noted = {self._door.rules_of(path, references[name]) for name, path in paths.items()}
        if why := self._why_not(noted, rules):
            return Kept(_nothing(f"What {called(folder)} kept {why}"))
        hidden = len(self._door.hidden)
        tables = {name: self._tables.load_previous(name, path) for name, path in paths.items()}
        if len(self._door.hidden) > hidden:
            why = "holds what the agreement no longer shows this step"
            return Kept(_nothing(f"What {called(folder)} kept {why}"))
        if len({self._door.made[reference] for reference in references.values()}) > 1:
            return Kept(_nothing(f"What {called(folder)} kept is not of one execution"))
        as_of = date.fromisoformat(json.loads(noted.pop())["as_of"])
        says = f"Taken over from {called(folder)}, which had read up to {as_of:%-d %B %Y}."
        return Kept(says, tables, as_of)

    def _why_not(self, noted: Collection[str], rules: str) -> str:
        """Say why tables with such notes are not taken over; nothing where they are."""
        now = footing(self.as_of, self._door, self._settings)
        for note in noted:
            found = json.loads(note or "{}")
            if found.get("rules") != rules:
                return "was made by other rules"
            if unlike := what_differs(found, now):
                return _UNLIKE[unlike]
        return ""


def _nothing(why: str) -> str:
    return f"Nothing was taken over. {why}."
