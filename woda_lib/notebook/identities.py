"""Who is who, kept from run to run: what the last complete run knew, and what this one hands on.

Records of people cannot all be compared with each other every night. So a step that links keeps
what it found, encrypted like any table that it saves, and the next run links only what is new. Its
results follow from the extracts and the rules; that there is another earlier run to begin from
changes none of them, and so never makes a step stale. What was kept under another key of
pseudonyms, from other extracts or from later deliveries is not begun from, and the reason is said.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
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
from woda_lib.records import DRAFT, Pilot, RunFolder, Step, TableNotFound
from woda_lib.settings import Settings

if TYPE_CHECKING:  # a step that links nothing shall not hang on every module of linkage
    from woda_lib.linkage import IdentityStore, LinkageModel

NOTE = "identities"
"""The part that says how the others came about; written last."""

PARTS = ("records", "events", "decisions", "links", "doubts", "frequencies")


@dataclass(frozen=True)
class Identities:
    """What an earlier run knew of who is who, and how this run is to name itself.

    Attributes
    ----------
    on : date
        This run's clock, by which it dates changes.
    run : str
        This run.
    says : str
        From which run this one begins, or why from none: a sentence for readers.
    tables : mapping of str to DataFrame
        For `IdentityStore.of_tables`; empty where there is nothing to begin from.
    settled_with : str
        For the same.
    model : str
        For `LinkageModel.of_text`.
    linked_on : date, optional
        The clock of the last run that compared everything.
    """

    on: date
    run: str
    says: str
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    settled_with: str = ""
    model: str = ""
    linked_on: date | None = None


class IdentityVerbs:
    """The two verbs of `Run` that identities go through."""

    pilot: Pilot
    step: Step
    as_of: date
    _settings: Settings
    _door: Door
    _names: Names
    _tables: Tables

    def identities(self, name: str) -> Identities:
        """Return what the last complete run, or this draft, knew of who is who.

        It is recorded as an input, which alone never makes a step stale.

        Parameters
        ----------
        name : str
            Under which `save_identities` kept it.
        """
        begin = partial(Identities, on=self.as_of, run=self._settings.run_id or DRAFT)
        why = "No earlier run has kept any"
        for folder in begun_from(self.pilot.pilot, self._settings):
            path = folder.table(self.step.name, f"{name}_{NOTE}")
            if not path.is_file():
                continue
            try:
                found, why = self._read(folder, name)
            except (TableNotFound, RestrictedTableError):
                found, why = {}, f"Those of {called(folder)} cannot be opened"
            if found:
                says = f"Began from {called(folder)}, which had read up to {_day(found['as_of'])}."
                return begin(
                    says=says,
                    tables=found["tables"],
                    settled_with=found["settled_with"],
                    model=found["model"],
                    linked_on=date.fromisoformat(found["linked_on"]),
                )
            break  # an older run than the last would bring back what has changed since
        return begin(says=f"Began from nothing. {why}.")

    def linked_in_full_on(self, name: str, *, relink_after_days: int) -> date | None:
        """Return when everything was last compared, if the step is to begin from that.

        None where everything is to be compared again, because there is nothing to begin from or the
        last time is too long ago: `identities` and `woda_lib.pilots.linking.link_from` say why. The
        latter may find out later that it must compare everything: the day that it keeps tells the
        next run so. No rows are read for it.

        Parameters
        ----------
        name : str
            Under which `save_identities` kept it.
        relink_after_days : int
            How old the last full linkage may be, in days.
        """
        for folder in begun_from(self.pilot.pilot, self._settings):
            if folder.table(self.step.name, f"{name}_{NOTE}").is_file():
                try:
                    found = self._noted(folder, name)[0]
                except (TableNotFound, RestrictedTableError):
                    return None
                linked_on = date.fromisoformat(found.get("linked_on", date.min.isoformat()))
                return linked_on if (self.as_of - linked_on).days <= relink_after_days else None
        return None

    def save_identities(
        self,
        name: str,
        store: IdentityStore,
        model: LinkageModel,
        *,
        linked_on: date,
        numbers: Mapping[str, str],
    ) -> None:
        """Keep who is who for the next run, encrypted in the run's restricted folder.

        Parameters
        ----------
        name : str
            In snake_case.
        store : IdentityStore
        model : LinkageModel
            By which pairs are weighed.
        linked_on : date
            The clock of the last run that compared everything.
        numbers : mapping of str to str
            By source, the field whose pseudonyms its records go by, so that the audit log can tell
            whose rows these are. What follows a stroke in an identifier is no part of the number.
        """
        tables = store.tables()
        tables["records"] = _under_their_names(tables["records"], numbers)
        note = footing(self.as_of, self._door, self._settings) | {
            "linked_on": linked_on.isoformat(),
            "model": model.to_text(),
            "numbers": sorted(set(numbers.values())),
            "rows": {part: len(table) for part, table in tables.items()},
            "settled_with": store.settled_with,
        }
        told = {**tables, NOTE: pd.DataFrame({NOTE: [json.dumps(note)]})}
        parts = {f"{name}_{part}": table for part, table in told.items()}
        for each in parts:
            self._names.require(each, self._tables.saved)
        self._tables.save_each(parts)

    def _read(self, folder: RunFolder, name: str) -> tuple[dict, str]:
        """Return what a run kept, if this one may begin from it; else nothing, and why."""
        found, why = self._noted(folder, name)
        if why:
            return {}, why
        paths = {part: folder.table(self.step.name, f"{name}_{part}") for part in PARTS}
        tables = {part: self._part(path, name, part) for part, path in paths.items()}
        if {part: len(table) for part, table in tables.items()} != found["rows"]:
            return {}, f"Those of {called(folder)} are not whole"
        tables["records"] = _as_they_were(tables["records"], found["numbers"])
        return {**found, "tables": tables}, ""

    def _noted(self, folder: RunFolder, name: str) -> tuple[dict, str]:
        """Return the note of what a run kept, likewise."""
        path = folder.table(self.step.name, f"{name}_{NOTE}")
        if is_past_its_date(path, self._door, self._settings):
            return {}, f"Those of {called(folder)} are past the date until which they may be kept"
        found = json.loads(str(self._part(path, name, NOTE).loc[0, NOTE]))
        why = {
            "extracts": f"Those of {called(folder)} are of other extracts",
            "pseudonyms": f"Those of {called(folder)} go by other pseudonyms",
            "as_of": f"{called(folder).capitalize()} had read later deliveries",
        }
        if unlike := what_differs(found, footing(self.as_of, self._door, self._settings)):
            return {}, why[unlike]
        return found, ""

    def _part(self, path: Path, name: str, part: str) -> pd.DataFrame:
        reference = f"{self.pilot.pilot}/{self.step.name}:{name}_{part}"
        frame = self._door.load_table(path, reference)
        self._tables.record_input(path, reference, previous=True)
        return frame


def _under_their_names(records: pd.DataFrame, numbers: Mapping[str, str]) -> pd.DataFrame:
    """Move identifiers under the names of their numbers; one with a stroke stays as well."""
    whole = records["id"].to_numpy(dtype=object)
    stroked = np.array(["/" in each for each in whole.tolist()], dtype=bool)
    bare = whole.copy()
    bare[stroked] = [each.partition("/")[0] for each in whole[stroked]]
    fields = sorted(set(numbers.values()))
    codes, sources = pd.factorize(records["source"])
    of = [fields.index(numbers[each]) if each in numbers else -1 for each in sources]
    field_of = np.array([*of, -1], dtype=np.int8)[codes]
    named = records.copy(deep=False)
    named["id"] = _only(whole, stroked | (field_of < 0))
    for place, name in enumerate(fields):
        named[name] = _only(bare, field_of == place)
    return named


def _only(texts: npt.NDArray[np.object_], at: npt.NDArray[np.bool_]) -> npt.NDArray[np.object_]:
    """Return texts at some places and None elsewhere: of NaN each would be an object of its own."""
    kept = np.full(len(texts), None, dtype=object)
    kept[at] = texts[at]
    return kept


def _as_they_were(records: pd.DataFrame, fields: list[str]) -> pd.DataFrame:
    whole = records["id"]
    for name in fields:
        whole = whole.fillna(records[name])
    return records.drop(columns=fields).assign(id=whole)


def _day(text: str) -> str:
    return f"{date.fromisoformat(text):%-d %B %Y}"
