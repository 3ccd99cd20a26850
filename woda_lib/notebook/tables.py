"""The tables and models that a step loads and saves, and the record of every file it read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from woda_lib.disclosure import Loaded
from woda_lib.notebook.errors import NotebookError
from woda_lib.notebook.inputs import lasting, saved_table
from woda_lib.notebook.memory import COUNTS
from woda_lib.partners import CONTRACTS, OPTED_OUT, Agreement, Door, as_known, hidden_fields
from woda_lib.records import Input, Pilot, RowCounts, RunFolder, Step, describe_input
from woda_lib.settings import Settings

if TYPE_CHECKING:
    from woda_lib.prediction.bundle import Bundle

FREE_TEXTS = frozenset(
    name
    for contract in CONTRACTS.values()
    for name, column in contract.columns.items()
    if column.kind == "free_text"
)
"""What people wrote identifies them, whatever an agreement calls it."""


class Tables:
    """What goes through the door for one step, both ways; see `Run.load` and `Run.save`.

    Parameters
    ----------
    pilot, step, settings
        Of the run.
    agreement : Agreement
        The pilot's.
    door : Door
        Open for the step's purpose.
    folder : RunFolder
        Where tables are saved.
    loaded : Loaded
        Takes note of what was loaded, so that none of it is shown as text.

    Attributes
    ----------
    rows : dict of str to RowCounts
        What became of the rows of each dataset loaded.
    inputs : dict of Path to Input
        The files that were read.
    saved : dict of str to Input
        The tables, pages and models that were saved, by name.
    """

    def __init__(
        self,
        pilot: Pilot,
        step: Step,
        settings: Settings,
        *,
        agreement: Agreement,
        door: Door,
        folder: RunFolder,
        loaded: Loaded,
    ) -> None:
        self.rows: dict[str, RowCounts] = {}
        self.inputs: dict[Path, Input] = {}
        self.saved: dict[str, Input] = {}
        self._pilot = pilot.pilot
        self._step = step
        self._settings = settings
        self._agreement = agreement
        self._door = door
        self._folder = folder
        self._loaded = loaded

    def load(
        self, name: str, fields: Sequence[str] | None, delivered_by: date | None = None
    ) -> pd.DataFrame:
        """Return a dataset, or a table that a step saved, without who opted out."""
        for step in self._step.needs:
            self._honour_linkage_of(f"{self._pilot}/{step}")
        if ":" in name:
            if delivered_by is not None:
                raise NotebookError(
                    f"{name} is a table that a step saved, and delivered_by asks what partners had "
                    "delivered by a day. Load the dataset that it was made of."
                )
            return self._load_saved(name)
        fields = fields or self._step.datasets.get(name)
        loaded = self._door.load(name, fields, delivered_by=delivered_by)
        self.rows[as_known(name, delivered_by)] = loaded.counts
        for path in loaded.files:
            self.record_input(path, name)
        self._loaded.note(loaded.frame, self._agreement.identifiers)
        return loaded.frame

    def load_each(self, names: Sequence[str]) -> dict[str, pd.DataFrame]:
        """Return datasets by name; of large ones the next is judged while the last is handed out.

        Those to which something came are settled by another process, and loaded after the others.
        While another judges, the smallest are loaded first: what is on the record of a load stands
        in that order, and what a run tells of its inputs in the order of the asking.

        Raises
        ------
        NotebookError
            If one of them is no dataset, but a table that a step saved.
        """
        from woda_lib.linkage.spent import (  # here: few steps load so much
            give_back,
            keep_for_use_again,
            keep_no_large_piece,
        )

        if saved := [name for name in names if ":" in name]:
            raise NotebookError(f"{saved[0]} is a table that a step saved. Load it by itself.")
        keep_no_large_piece()
        asked = {name: self._step.datasets.get(name) for name in names}
        ahead, beside = self._door.judging_ahead(asked), self._door.settling_ahead(asked)
        with ahead as order, beside as later:
            frames = {name: self.load(name, None) for name in sorted(order, key=later.__contains__)}
        give_back()
        keep_for_use_again()  # what is made of so many rows is made array by array
        self._tell_in_order(asked)
        return {name: frames[name] for name in asked}

    def _tell_in_order(self, asked: Collection[str]) -> None:
        """Record datasets in the order in which they were asked for, however they were loaded."""
        self._door.tell_in_order(asked)
        self.rows |= {name: self.rows.pop(name) for name in asked}
        read = [path for name in asked for path, each in self.inputs.items() if each.name == name]
        self.inputs |= {path: self.inputs.pop(path) for path in read}

    def save(
        self,
        name: str,
        frame: pd.DataFrame,
        *,
        reidentified: bool,
        fields: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        """Keep a table for later steps, unless it identifies people and does not say by what."""
        path = self._save(name, frame, reidentified=reidentified, fields=fields)
        self.saved[name] = describe_input(name, path, self._folder.path)

    def save_each(
        self,
        tables: Mapping[str, pd.DataFrame],
        fields: Callable[[str, pd.DataFrame], Mapping[str, Collection[str]]] | None = None,
        rules: Mapping[str, str] | None = None,
    ) -> None:
        """Keep several tables, of which some are written while the next is looked at."""
        from woda_lib.linkage.spent import (  # here: few steps save so much
            give_back,
            keep_for_use_again,
            keep_no_large_piece,
        )

        paths = {}
        keep_no_large_piece()
        with self._door.writing_beside([*tables.values()]):
            for name, frame in tables.items():
                give_back()  # what the tables before, and whatever made them, have let go of
                of = fields(name, frame) if fields else None
                by = (rules or {}).get(name, "")
                paths[name] = self._save(name, frame, reidentified=False, fields=of, rules=by)
        keep_for_use_again()
        for name, path in paths.items():
            self.saved[name] = describe_input(name, path, self._folder.path)

    def _save(
        self,
        name: str,
        frame: pd.DataFrame,
        *,
        reidentified: bool,
        fields: Mapping[str, Collection[str]] | None,
        rules: str = "",
    ) -> Path:
        """Let the door keep a table, and return its file."""
        if name == COUNTS:
            raise NotebookError(
                f"{name} is what the gate calls its own table. Choose another name."
            )
        purpose = self._agreement.purposes.get(self._step.purpose)
        keeps = purpose is not None and purpose.keeps_identifiers
        refused = FREE_TEXTS if keeps else self._agreement.identifiers | FREE_TEXTS
        if named := [column for column in frame.columns if column in refused]:
            raise NotebookError(
                f"The table {name} holds {', '.join(named)}, which the agreement shares as "
                "identifiers. Drop what identifies people, and what they said, once it is read."
            )
        path = self._folder.table(self._step.name, name)
        reference = self.reference(name)
        self._door.save(
            path, reference, frame, reidentified=reidentified, fields=fields, rules=rules
        )
        return path

    def load_previous(self, name: str, path: Path) -> pd.DataFrame:
        """Return what an earlier run of this step saved, recorded as such."""
        reference = self.reference(name)
        frame = self._door.load_table(path, reference, handed_on=True)
        self._loaded.note(frame, self._agreement.identifiers)
        self.record_input(path, reference, previous=True)
        return frame

    def save_document(self, name: str, html: str) -> None:
        """Keep a page that names people; see `Run.save_document`."""
        path = self._folder.document(self._step.name, name)
        self._door.save_document(path, self.reference(name), html)
        self.saved[name] = describe_input(name, path, self._folder.path)

    def save_model(self, name: str, bundle: Bundle) -> None:
        """Keep a model; see `Run.save_model`."""
        told = [feature["name"] for feature in bundle.features]
        if named := [feature for feature in told if feature in self._agreement.identifiers]:
            raise NotebookError(
                f"The model {name} is told {', '.join(named)}, which the agreement shares as "
                "identifiers. Train it without what identifies people."
            )
        path = self._folder.model(self._step.name, name)
        self._door.save_package(path, self.reference(name), bundle.files, features=told)
        self.saved[name] = describe_input(name, path, self._folder.path)

    def load_model(self, reference: str) -> Bundle:
        """Return a model that a step saved, not checked yet; see `Run.load_model`."""
        from woda_lib.prediction.bundle import Bundle  # here: few steps load a model

        owner = reference.partition("/")[0]
        self._agreement.admits_tables_of(owner, pilot=self._pilot)
        path = saved_table(
            reference, pilot=self._pilot, settings=self._settings, place=RunFolder.model
        )
        files = self._door.load_package(path, reference)
        self.record_input(path, reference)
        return Bundle(files, f"The model {reference}")

    def reference(self, name: str) -> str:
        """Return how records call something of this step: ``<pilot>/<step>:<name>``."""
        return f"{self._pilot}/{self._step.name}:{name}"

    def remember(self, turned: pd.DataFrame, before: pd.DataFrame) -> None:
        """Take note of the numbers that were turned back, so that none of them is shown."""
        columns = [c for c in turned.columns if not turned[c].equals(before[c])]
        self._loaded.note(turned[columns], columns)

    def record_input(self, path: Path, name: str, *, previous: bool = False) -> None:
        """Note a file that was read, once; `previous` as in `Input`."""
        if path not in self.inputs:
            found = describe_input(name, path, self._settings.root)
            named = {"path": lasting(path, self._settings), "previous": previous}
            self.inputs[path] = found.model_copy(update=named)

    @property
    def hidden_fields(self) -> pd.DataFrame:
        """What the purpose is not shown, and how many values of it were blanked; a row a field."""
        hidden = hidden_fields(self._agreement, self._step.purpose)
        blanked = pd.DataFrame(self._door.hidden, columns=["dataset", "field", "values"])
        most = blanked.groupby(["dataset", "field"])["values"].max()
        counted = hidden.merge(most.reset_index(), on=["dataset", "field"], how="left")
        return counted.assign(values=counted["values"].fillna(0).astype(int))

    def require_one_execution(self, references: Sequence[str]) -> None:
        """Refuse tables that were loaded of more than one execution of the step that saved them.

        Raises
        ------
        NotebookError
        """
        if len({self._door.made[reference] for reference in references}) > 1:
            step = references[0].partition(":")[0]
            raise NotebookError(
                f"The tables of {step} are not of one execution: it is being run in this draft, or "
                f"stopped half-way. Wait until it has finished, or run all cells of "
                f"notebooks/{step}.ipynb; then run this cell again."
            )

    @property
    def counted(self) -> pd.DataFrame:
        """What became of the rows of each dataset loaded; a row a dataset."""
        rows = [{"dataset": name, **counts.model_dump()} for name, counts in self.rows.items()]
        return pd.DataFrame(rows, columns=["dataset", *RowCounts.model_fields])

    def _load_saved(self, reference: str) -> pd.DataFrame:
        self._agreement.admits_tables_of(reference.partition("/")[0], pilot=self._pilot)
        path = saved_table(reference, pilot=self._pilot, settings=self._settings)
        self._honour_linkage_of(reference.partition(":")[0])
        frame = self._door.load_table(path, reference)
        self._loaded.note(frame, self._agreement.identifiers)
        self.record_input(path, reference)
        return frame

    def _honour_linkage_of(self, step: str) -> None:
        """Take up who turned out to have opted out in a step (``<pilot>/<step>``)."""
        reference = f"{step}:{OPTED_OUT}"
        path = saved_table(reference, pilot=self._pilot, settings=self._settings)
        if self._door.add_linked(path, reference):
            self.record_input(path, reference)
