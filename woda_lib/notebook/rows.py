"""The verbs by which rows come to a notebook and go to disk."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.disclosure import Loaded
from woda_lib.notebook.look_ups import reason_of
from woda_lib.notebook.names import Names
from woda_lib.notebook.tables import Tables
from woda_lib.partners import OPTED_OUT, Door


class RowVerbs:
    """What a run loads and keeps, row by row; each verb goes through the door."""

    _door: Door
    _loaded: Loaded
    _names: Names
    _tables: Tables

    def load(
        self,
        name: str,
        *,
        fields: Sequence[str] | None = None,
        delivered_by: date | None = None,
    ) -> pd.DataFrame:
        """Return the permitted columns of an accepted extract, or a table that a step saved.

        Parameters
        ----------
        name : str
            A dataset (``hospital_spells``), or ``<pilot>/<step>:<table>``.
        fields : sequence of str, optional
            Of a dataset: the fields that are wanted. Left out, those that the pilot's file gives
            to the step. ``delivered_on``, the day on which a row came as it stands, is one of any,
            and so is ``last_delivered_on``, the day of the last delivery that held it.
        delivered_by : date, optional
            Of a dataset: what was known on an earlier day, from the files delivered by then alone.
            What is new since yesterday is a comparison of the two.

        Raises
        ------
        AgreementError
            If the agreement does not permit the dataset, or one of the fields, for this step's
            purpose today, or an extract is past its retention.
        OptOutError
            If it cannot be told who opted out.
        ExtractError
            If a file is not the dataset at all; it is named.
        KeyStoreError
            If the agreement has no key, or it cannot be unlocked.
        TableNotFound, RestrictedTableError
            If no step has saved the table, or it was saved under another agreement.
        """
        return self._tables.load(name, fields, delivered_by)

    def load_each(self, names: Sequence[str]) -> dict[str, pd.DataFrame]:
        """Return several datasets by name, each as `load` does.

        Files that were never read before and are large are held to their contracts by two
        processes, and so are datasets to which something came; what comes out is the same.

        Parameters
        ----------
        names : sequence of str
            Datasets. Their fields are those that the pilot's file gives to the step.

        Raises
        ------
        As `load`; for the first dataset with which something is wrong.
        """
        return self._tables.load_each(names)

    def save(
        self,
        name: str,
        frame: pd.DataFrame,
        *,
        reidentified: bool = False,
        fields: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        """Keep a row-level table for later steps, encrypted in the run's restricted folder.

        It is read back as ``<pilot>/<step>:<name>``. Reviewers never see it.

        Parameters
        ----------
        name : str
            In snake_case.
        frame : DataFrame
        reidentified : bool
            Whether the file holds partners' own numbers where `frame` holds pseudonyms: only for a
            purpose whose agreement says why, and recorded.
        fields : mapping of str to collection of str, optional
            For each column the fields whose values stand in it, as ``<dataset>.<field>``. A step
            whose purpose is not shown one of them is handed the table with its values blanked; row
            by row where the table has a column ``dataset``. A column that is not spoken of is taken
            for every field of its name that this step has loaded.
        """
        self._names.require(name, self._tables.saved)
        self._tables.save(name, frame, reidentified=reidentified, fields=fields)

    def require_identifying(self, what: str) -> None:
        """Refuse, on the record, unless people may be named for this step's purpose today.

        Parameters
        ----------
        what : str
            What is wanted, in snake_case, such as ``search``.

        Raises
        ------
        AgreementError
        """
        self._door.identifying(self._tables.reference(what))

    def look_up(self, records: pd.DataFrame, *, reason: str, what: str = "person") -> None:
        """Put on the record that somebody's records are about to be looked at, and why.

        Call it before they are shown. ``woda audit who-saw`` then finds the look-up by any of the
        person's numbers, with who looked, when, for which purpose and for what reason.

        Parameters
        ----------
        records : DataFrame
            The rows that are about to be shown, out of tables that this step has loaded, with the
            columns of partners' numbers (``local_id``).
        reason : str
            What for, in a sentence that names nobody.
        what : str
            What is looked at, in snake_case, such as ``search`` or ``person``.

        Raises
        ------
        NotebookError
            If the reason is no sentence, or holds what identifies somebody.
        AgreementError
            If the agreement does not let people be looked up for this step's purpose today; that
            is recorded too.
        """
        self.require_identifying(what)
        said = reason_of(reason, records, self._loaded)
        self._door.look_up(records, self._tables.reference(what), reason=said)

    def require_one_execution(self, references: Sequence[str]) -> None:
        """Refuse tables, once loaded, that were not saved by one execution of a step.

        Parameters
        ----------
        references : sequence of str
            ``<pilot>/<step>:<table>``, all of one step.

        Raises
        ------
        NotebookError
            If the step is being run in this draft, or broke off half-way.
        """
        self._tables.require_one_execution(references)

    @property
    def hidden_fields(self) -> pd.DataFrame:
        """What this step's purpose is not shown; a row a field.

        ``partner, dataset, field, description, use, clause, why`` as
        `woda_lib.partners.hidden_fields` gives them, and ``values``: how many were blanked in the
        tables that the step has loaded so far, the most in any one column.
        """
        return self._tables.hidden_fields

    def spread_opt_outs(
        self, people: pd.DataFrame, *, alike: npt.NDArray[np.integer] | None = None
    ) -> pd.DataFrame:
        """Let opt-outs reach every record of a person, once linkage has found who is whom.

        A council record without an NHS number may turn out to be of somebody who opted out. Later
        steps that need this one leave those records out too.

        Parameters
        ----------
        people : DataFrame
            ``partner, local_id, entity_id``.
        alike : ndarray, optional
            A number for each row, the same for those of one entity and for no others: many people
            are found sooner by it than by their names. Hand over what was held against the names,
            as `OfWhom.people` was: numbers that take one entity for two would miss records.

        Returns
        -------
        DataFrame
            The records of people who opted out, likewise, so that what this step makes for later
            ones can be made without them. In a purpose that is not exempt it is empty.
        """
        found = self._door.spread_opt_outs(people, alike)
        self.save(OPTED_OUT, found)
        return found

    def pseudonymise(self, values: pd.Series, *, field: str, partners: pd.Series) -> pd.Series:
        """Return partners' numbers as this step is handed them in what it loads.

        Parameters
        ----------
        values, partners : Series of str
        field : str
            What they number, such as ``spell_id``.
        """
        return self._door.pseudonymise(values, field=field, partners=partners)

    def reidentify(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return a table with partners' own numbers in place of pseudonyms, on the record.

        For the page of `save_document` alone: what it returns is saved and shown nowhere else. Only
        numbers of rows that this step has loaded are known, wherever their pseudonyms stand.

        Raises
        ------
        AgreementError
            If the agreement does not say why people may be re-identified for this step's purpose.
        """
        turned = self._door.reidentify(frame, self._tables.reference("reidentified"))
        self._tables.remember(turned, frame)
        return turned

    def save_document(self, name: str, html: str) -> None:
        """Keep a page that names people, encrypted in the run's restricted folder.

        Reviewers never see it. Whoever may see it types `woda restricted open PILOT STEP:NAME
        --purpose … --reason …` and is given a copy of their own that expires, with a banner at its
        head: who opened it and when, until when, the agreement, and the audit log's record.

        Parameters
        ----------
        name : str
            In snake_case.
        html : str
            A whole page that asks no network for anything. In its body, where the banner shall
            stand, it holds ``<!--woda:opened-->`` exactly once; the banner is a
            ``<section class="woda-opened" role="note">`` that brings its own look.

        Raises
        ------
        DocumentError
            If the banner has no place, or several.
        AgreementError
            If the agreement does not say why people may be re-identified, or named on pages, for
            this step's purpose.
        """
        self._names.require(name, self._tables.saved)
        self._tables.save_document(name, html)

    @property
    def loaded(self) -> pd.DataFrame:
        """What became of the rows of each dataset loaded so far; a row a dataset."""
        return self._tables.counted

    def record_input(self, path: Path, name: str, *, public: Iterable[str] = ()) -> None:
        """Note a file as an input of this step, so that the manifest lists it with its SHA-256.

        Parameters
        ----------
        path : Path
        name : str
            How the manifest names it.
        public : iterable of str
            What the file says that a report may say too, such as the titles of rules: their words
            are nobody's names, even where a text that was loaded writes one of them with a capital.
        """
        self._tables.record_input(path, name)
        self._loaded.know(public)
