"""The door: how rows come to a notebook and go to disk, with everything that is owed on the way.

::

    agreement × purpose × dataset × field × today     or it is denied, and the denial is recorded
      → retention                                     an extract that should be gone blocks the run
      → contract                                      rows accepted or quarantined
      → opt-outs                                      unless the purpose says why not
      → lineage                                       of a saved table: what is hidden is blanked
      → pseudonyms                                    under the agreement's key
      → the audit log                                 before the notebook sees a row

One door is opened for one step of a run. What it hands out are the fields that were asked for, and
nothing else of the row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Literal

import pandas as pd

from woda_lib.partners.agreements import DAYS, Agreement
from woda_lib.partners.clauses import Purpose
from woda_lib.partners.contracts import Contract
from woda_lib.partners.folder import deliveries
from woda_lib.partners.holding import Loaded
from woda_lib.partners.left_out import say_left_out
from woda_lib.partners.lineage import (
    Blanked,
    Lineage,
    as_text,
    blanked,
    handles,
    inferred,
    of_text,
    require_lineage,
)
from woda_lib.partners.loading import (
    contract_of,
    delivered,
    refuse_future,
    write_quarantine,
)
from woda_lib.partners.measuring import keep_measured, measure
from woda_lib.partners.objectors import Objectors
from woda_lib.partners.packing import LINEAGE, MADE, RULES
from woda_lib.partners.people_index import Marks, marks_of_rows, marks_of_table
from woda_lib.partners.reidentifying import REIDENTIFIED
from woda_lib.partners.restricted import read_restricted, read_with_notes
from woda_lib.partners.retention_dates import made_on, refuse_expired
from woda_lib.partners.settled import Settled
from woda_lib.partners.spreading import Alike
from woda_lib.partners.writing import Writing
from woda_lib.records import AuditHead, quality_file
from woda_lib.settings import Settings

OPTED_OUT = "opted_out"
"""The restricted table of who, by linkage, turned out to have opted out:
``partner, local_id, entity_id``."""


def refuse_expired_extracts(
    agreement: Agreement, datasets: Iterable[str], settings: Settings
) -> None:
    """Refuse, before any work, extracts that the agreement no longer lets be kept.

    Raises
    ------
    Denied
        Naming the first that should be gone.
    """
    for dataset in datasets:
        files = delivered(contract_of(dataset), settings.extracts_folder, agreement)
        dated = [(item.name, item.delivered_on) for item in files]
        refuse_expired(agreement, dated, clause="data_months", today=settings.today)


def as_known(dataset: str, delivered_by: date | None) -> str:
    """Return how records call a dataset, or what was known of it on an earlier day."""
    return f"{dataset} as known on {delivered_by.isoformat()}" if delivered_by else dataset


class Door(Writing):
    """What stands between the data and one step of a run.

    Attributes
    ----------
    fields : dict of str to tuple of str
        The fields of each dataset that were handed out.
    left_out : dict of str to int
        The rows of each dataset or table that opt-outs left out.
    hidden : list of Blanked
        What was blanked in saved tables that were loaded, because the purpose is not shown it.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        self.fields: dict[str, tuple[str, ...]] = {}
        self.left_out: dict[str, int] = {}
        self.hidden: list[Blanked] = []
        self._objectors = Objectors(
            self.settings.extracts_folder, self.agreement, self.pseudonymise, self._register
        )
        self._linked: set[str] = set()

    def load(
        self,
        dataset: str,
        fields: Sequence[str] | None = None,
        *,
        delivered_by: date | None = None,
    ) -> Loaded:
        """Return the rows of a dataset that may be seen, and the fields that are wanted.

        Parameters
        ----------
        dataset : str
        fields : sequence of str, optional
            Every one that the agreement permits for the purpose, if left out. ``delivered_on``,
            the day on which the row came as it stands, and ``last_delivered_on``, the day of the
            last delivery that held it, may be asked for with any.
        delivered_by : date, optional
            For what was known on an earlier day. People's choices are honoured as they are now.

        Raises
        ------
        AgreementError
            If the agreement does not permit it, or an extract is past its retention.
        OptOutError
            If it cannot be told who opted out.
        ExtractError, KeyStoreError, AuditError
            If a file is not the dataset, the key cannot be had, or the load cannot be recorded.
        """
        contract = contract_of(dataset)
        purpose, fields = self._permitted(contract, fields)
        extracts = self.settings.extracts_folder
        refuse_future(extracts, self.agreement, self.settings.today)
        files = delivered(contract, extracts, self.agreement, by=delivered_by)
        dated = [(item.name, item.delivered_on) for item in files]
        self._refuse_expired(dated, "data_months", dataset)
        whole = self._settled(files, contract, fields, delivered_by)
        if delivered_by is None:  # of an earlier day there are fewer files
            self._objectors.keep_register(dataset, whole.loaded.frame)
            there = deliveries(extracts, dataset)
            found = measure(whole.loaded, contract, files, there, filled=whole.filled)
            keep_measured(quality_file(self._accepted_folder, dataset), found)
        called = as_known(dataset, delivered_by)
        kept = self._without_opted_out(whole, contract, purpose, called)
        people = marks_of_rows(kept.hashes[name] for name in contract.handles)
        remembered = bool(purpose.may_reidentify)
        rows = kept.loaded.frame
        frame = self._disguise.handed(rows, fields, kept.hashes, remembered=remembered)
        if delivered_by is None:  # what was refused since would be missing from it
            self._objectors.remember_marks(people, contract)
            write_quarantine(kept.loaded, self.settings.quarantine_of_extracts)
        self.fields[dataset] = tuple(dict.fromkeys((*self.fields.get(dataset, ()), *fields)))
        self._hand_out({name: {f"{dataset}.{name}"} for name in fields if name not in DAYS})
        digest = self._index(people)
        self.note("load", dataset=called, fields=fields, rows=len(frame), people=digest)
        return replace(kept.loaded, frame=frame)

    def load_table(self, path: Path, reference: str, *, handed_on: bool = False) -> pd.DataFrame:
        """Return a restricted table, without who opted out and what the purpose is not shown.

        Values of fields that the purpose does not cover are blanked, and counted in `hidden`; see
        `lineage`.

        Parameters
        ----------
        path, reference
        handed_on
            Whether the step that saved it asks, which alone reads what it handed on to its own next
            run: a table with `rules_of`, whose rows need not tell whose they are.

        Raises
        ------
        AgreementError, OptOutError, TableNotFound, RestrictedTableError, KeyStoreError
        """
        purpose = self._ask(self._purpose, reference)
        frame, notes = read_with_notes(path, reference, self.key)
        if notes.get(RULES) and not handed_on:
            raise self._for_its_step_alone(reference)
        if REIDENTIFIED in notes and not purpose.may_reidentify:
            raise self._not_to_be_reidentified(reference)
        self._refuse_expired([(reference, made_on(path))], "results_months", reference)
        lineage = of_text(notes.get(LINEAGE, ""))
        if not purpose.exempt_from_opt_outs:
            theirs = self._objectors.rows_of_table(
                frame, in_clear=REIDENTIFIED in notes, numbered=handles(lineage)
            )
            self.left_out[reference] = int(theirs.sum())
            self.note("opt_out", dataset=reference, rows=self.left_out[reference])
            frame = frame[~theirs].reset_index(drop=True)
        people = notes.get(REIDENTIFIED) or self._index(self._marks(frame, lineage))
        frame, found = blanked(frame, lineage, self.agreement, self.purpose, table=reference)
        self.hidden += found
        self._hand_out(lineage)
        self.made[reference] = notes.get(MADE, "")
        self.note(
            "load",
            dataset=reference,
            fields=frame.columns,
            rows=len(frame),
            people=people,
            detail=_said(found),
        )
        return frame

    def save(
        self,
        path: Path,
        name: str,
        frame: pd.DataFrame,
        *,
        reidentified: bool = False,
        fields: Lineage | None = None,
        rules: str = "",
    ) -> None:
        """Keep a row-level table, encrypted, and record that it is kept.

        Parameters
        ----------
        path : Path
        name : str
            How records name it.
        frame : DataFrame
        reidentified : bool
            Whether pseudonyms are turned back into partners' numbers, in the file alone. Only
            numbers of rows that this door has loaded are known.
        fields : mapping of str to collection of str, optional
            For each column the ``<dataset>.<field>`` whose values stand in it; see `lineage`. A
            column that is not spoken of is taken for every field of its name that this door has
            handed out.
        rules : str
            By what it was made, for `rules_of`; no rows are told by it.

        Raises
        ------
        AgreementError
            If the purpose is not, or no longer, agreed, or may not re-identify.
        LineageError
            If `fields` names a column or a field that is not there.
        KeyStoreError, AuditError
        """
        purpose = self._ask(self._purpose, name)
        require_lineage(frame, fields or {}, self.agreement, name=name)
        lineage = {**inferred(frame.columns, self._handed_out), **(fields or {})}
        people = self._index(self._marks(frame, lineage))
        self.note("save", dataset=name, fields=frame.columns, rows=len(frame), people=people)
        notes = {LINEAGE: as_text(lineage), MADE: self._mark, RULES: rules}
        if reidentified:
            if not purpose.may_reidentify:
                raise self._not_to_be_reidentified(name)
            frame = self._turned_back(frame, name, purpose)
            # Whose rows they are can no longer be told from the numbers, which are in clear.
            notes[REIDENTIFIED] = people or ""
        self._write(path, frame, notes)

    def rules_of(self, path: Path, reference: str) -> str:
        """Return the rules that a table was saved with, of which no row is read.

        Raises
        ------
        TableNotFound, RestrictedTableError, KeyStoreError
        """
        return read_with_notes(path, reference, self.key, columns=())[1].get(RULES, "")

    def look_up(
        self,
        records: pd.DataFrame,
        name: str,
        *,
        reason: str,
        kind: Literal["look_up", "break_glass"] = "look_up",
    ) -> AuditHead:
        """Record that somebody's records are about to be looked at, and why.

        Parameters
        ----------
        records : DataFrame
            The rows, out of tables that this door has loaded. Whose they are goes to the people
            index, and no value of theirs to the log.
        name : str
            How records name what is looked at.
        reason : str
            A sentence that names nobody.
        kind : {"look_up", "break_glass"}
            What the log calls it: the second where it takes more than a purpose, such as somebody
            who authorised it.

        Raises
        ------
        AgreementError
            If the purpose is not agreed today, or does not cover identifiers.
        AuditError
        """
        self.identifying(name)
        people = self._index(self._marks(records, self._handed_out))
        return self.note(kind, dataset=name, rows=len(records), people=people, detail=reason)

    def note_decision(self, name: str, numbers: pd.DataFrame, detail: str) -> AuditHead:
        """Record that somebody decided who is who.

        Parameters
        ----------
        name : str
            How records name what it was decided about.
        numbers : DataFrame
            A row a record, its number under the number's own name, such as ``contact_number``.
        detail : str
            What was decided, by whom and why.
        """
        people = self._index(marks_of_table(numbers, self.agreement.pseudonyms))
        return self.note("decision", dataset=name, rows=len(numbers), people=people, detail=detail)

    def pseudonymise(
        self, values: pd.Series, *, field: str, partners: pd.Series | str
    ) -> pd.Series:
        """Return partners' numbers as this step is handed them: pseudonyms, if it is agreed."""
        return self._disguise.pseudonymise(values, field=field, partners=partners)

    def spread_opt_outs(self, people: pd.DataFrame, alike: Alike | None = None) -> pd.DataFrame:
        """Find who, by linkage, is somebody who opted out.

        Parameters
        ----------
        people, alike
            Who is whom: as for `Objectors.spread`.

        Returns
        -------
        DataFrame
            ``partner, local_id, entity_id`` of every record of those people, also those that bear
            no number by which the choice could have been known.
        """
        found = self._objectors.spread(people, alike)
        self.note("opt_out", dataset=OPTED_OUT, rows=len(found), detail="Followed through linkage.")
        return found

    def add_linked(self, path: Path, reference: str) -> bool:
        """Honour, once, what an earlier step's `spread_opt_outs` saved; say if it was done now."""
        if reference in self._linked or not path.is_file():
            return False
        self._linked.add(reference)
        self._objectors.add_linked(read_restricted(path, reference, self.key))
        return True

    def tell_in_order(self, datasets: Iterable[str]) -> None:
        """Tell of datasets in an order, whichever of them was loaded first."""
        order = list(datasets)
        self.fields |= {name: self.fields.pop(name) for name in order if name in self.fields}
        self.left_out |= {name: self.left_out.pop(name) for name in order if name in self.left_out}

    @property
    def opt_outs_in_words(self) -> str:
        """A sentence for the report: what opt-outs left out, or why they were not applied."""
        exempt = self.agreement.purposes[self.purpose].exempt_from_opt_outs
        # A study's purpose is exempt because made-up records are of nobody; it may have read none.
        if exempt and (self.fields or not self.agreement.made_up_only):
            return f"Opt-outs were not applied. {exempt.strip()}"
        if not self.left_out:
            return "Nothing was loaded, so that there was no opt-out to apply."
        return say_left_out(self.left_out)

    def _hand_out(self, lineage: Lineage) -> None:
        for column, stems in lineage.items():
            self._handed_out.setdefault(column, set()).update(stems)

    def _marks(self, frame: pd.DataFrame, lineage: Lineage) -> Marks:
        return marks_of_table(frame, self.agreement.pseudonyms, also=handles(lineage))

    def _without_opted_out(
        self, whole: Settled, contract: Contract, purpose: Purpose, called: str
    ) -> Settled:
        """Leave out who opted out, or remember them where the purpose is exempt."""
        if self.agreement.made_up_only:
            return whole
        if purpose.exempt_from_opt_outs:
            if called == contract.dataset:
                self._objectors.remember(whole.loaded.frame, contract)
            return whole
        theirs = self._objectors.rows_of(whole.loaded.frame, contract)
        count = int(theirs.sum())
        self.left_out[called] = count
        self.note("opt_out", dataset=called, rows=count)
        before = whole.loaded.counts
        counts = before.model_copy(update={"kept": before.kept - count, "opted_out": count})
        kept = whole.without(theirs)
        return replace(kept, loaded=replace(kept.loaded, counts=counts))


def _said(found: Sequence[Blanked]) -> str | None:
    names = dict.fromkeys(f"{blank.dataset}.{blank.field}" for blank in found)
    return f"Hidden from this purpose: {', '.join(names)}." if names else None
