"""The door: how rows come to a notebook and go to disk, with everything that is owed on the way.

::

    agreement × purpose × dataset × field × today     or it is denied, and the denial is recorded
      → retention                                     an extract that should be gone blocks the run
      → contract                                      rows accepted or quarantined
      → opt-outs                                      unless the purpose says why not
      → pseudonyms                                    under the agreement's key
      → the audit log                                 before the notebook sees a row

One door is opened for one step of a run. What it hands out are the fields that were asked for, and
nothing else of the row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Literal, TypeVar

import pandas as pd

from woda_lib.partners.agreements import Agreement
from woda_lib.partners.audit import AuditLog
from woda_lib.partners.clauses import Purpose
from woda_lib.partners.contracts import Contract
from woda_lib.partners.disguise import Disguise
from woda_lib.partners.errors import AgreementError, OptOutError
from woda_lib.partners.folder import as_of, synthetic_marker
from woda_lib.partners.keys import AgreementKey, key_for_made_up, key_of
from woda_lib.partners.loading import Loaded, accept, contract_of, delivered, write_quarantine
from woda_lib.partners.objectors import Objectors
from woda_lib.partners.people_index import Marks, PeopleIndex, marks_of_rows, marks_of_table
from woda_lib.partners.restricted import read_restricted, read_with_notes, write_restricted
from woda_lib.partners.retention_dates import refuse_expired
from woda_lib.records import AuditEvent, AuditHead, AuditKind
from woda_lib.settings import Settings

T = TypeVar("T")

_REIDENTIFIED = "reidentified"

OPTED_OUT = "opted_out"
"""The restricted table of who, by linkage, turned out to have opted out: ``partner, local_id``."""


def audit_log(settings: Settings) -> AuditLog:
    """Return the audit log of a workbench."""
    return AuditLog(settings.audit_file, settings.anchors_file)


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


@dataclass
class Door:
    """What stands between the data and one step of a run.

    Parameters
    ----------
    agreement : Agreement
    purpose : str
        One of the agreement's.
    settings : Settings
        Where extracts, keys and the audit log lie, and which day it is.
    run : str
        ``<pilot>/<run>/<step>``, for the audit log.

    Attributes
    ----------
    fields : dict of str to tuple of str
        The fields of each dataset that were handed out.
    left_out : dict of str to int
        The rows of each dataset or table that opt-outs left out.
    """

    agreement: Agreement
    purpose: str
    settings: Settings
    run: str

    def __post_init__(self) -> None:
        self.fields: dict[str, tuple[str, ...]] = {}
        self.left_out: dict[str, int] = {}
        self._objectors = Objectors(
            self.settings.extracts_folder, self.agreement, self.pseudonymise
        )
        self._linked: set[str] = set()
        self._disguise = Disguise(self.agreement, lambda: self.key)
        self._reason_is_recorded = False

    @cached_property
    def key(self) -> AgreementKey:
        """The agreement's key; of a made-up county it is made when it is first needed.

        Raises
        ------
        KeyStoreError
            If there is none for real extracts, or it cannot be unlocked.
        """
        marker = synthetic_marker(self.settings.extracts_folder)
        if marker is not None and key_for_made_up(self.agreement.id, self.settings):
            self.note("key", detail="Made by itself, for made-up data only.")
        return key_of(self.agreement.id, marker, self.settings)

    def load(self, dataset: str, fields: Sequence[str] | None = None) -> Loaded:
        """Return the rows of a dataset that may be seen, and the fields that are wanted.

        Parameters
        ----------
        dataset : str
        fields : sequence of str, optional
            Every one that the agreement permits for the purpose, if left out.

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
        files = delivered(contract, self.settings.extracts_folder, self.agreement)
        dated = [(item.name, item.delivered_on) for item in files]
        self._refuse_expired(dated, "data_months", dataset)
        whole = accept(files, contract)
        self._objectors.keep_register(dataset, whole.frame)
        kept = self._without_opted_out(whole, contract, purpose)
        hashes = self._disguise.hashed(kept.frame, contract, fields)
        people = marks_of_rows(hashes[name] for name in contract.handles)
        remembered = bool(purpose.may_reidentify)
        frame = self._disguise.handed(kept.frame, fields, hashes, remembered=remembered)
        write_quarantine(kept, self.settings.quarantine_of_extracts)
        self.fields[dataset] = tuple(fields)
        digest = self._index(people)
        self.note("load", dataset=dataset, fields=fields, rows=len(frame), people=digest)
        return replace(kept, frame=frame)

    def load_table(self, path: Path, reference: str) -> pd.DataFrame:
        """Return a restricted table, without the rows of those who opted out.

        Raises
        ------
        AgreementError, OptOutError, TableNotFound, RestrictedTableError, KeyStoreError
        """
        purpose = self._ask(self._purpose, reference)
        frame, notes = read_with_notes(path, reference, self.key)
        if _REIDENTIFIED in notes and not purpose.may_reidentify:
            raise self._not_to_be_reidentified(reference)
        made = datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
        self._refuse_expired([(reference, made)], "results_months", reference)
        if not purpose.exempt_from_opt_outs:
            theirs = self._objectors.rows_of_table(frame, in_clear=_REIDENTIFIED in notes)
            self.left_out[reference] = int(theirs.sum())
            self.note("opt_out", dataset=reference, rows=self.left_out[reference])
            frame = frame[~theirs].reset_index(drop=True)
        people = notes.get(_REIDENTIFIED) or self._index(
            marks_of_table(frame, self.agreement.pseudonyms)
        )
        self.note("load", dataset=reference, fields=frame.columns, rows=len(frame), people=people)
        return frame

    def save(
        self, path: Path, name: str, frame: pd.DataFrame, *, reidentified: bool = False
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

        Raises
        ------
        AgreementError
            If the purpose is not, or no longer, agreed, or may not re-identify.
        KeyStoreError, AuditError
        """
        purpose = self._ask(self._purpose, name)
        people = self._index(marks_of_table(frame, self.agreement.pseudonyms))
        self.note("save", dataset=name, fields=frame.columns, rows=len(frame), people=people)
        notes = {}
        if reidentified:
            frame = self._reidentified(frame, name, purpose)
            # Whose rows they are can no longer be told from the numbers, which are in clear.
            notes = {_REIDENTIFIED: people or ""}
        write_restricted(path, frame, self.key, notes)

    def pseudonymise(
        self, values: pd.Series, *, field: str, partners: pd.Series | str
    ) -> pd.Series:
        """Return partners' numbers as this step is handed them: pseudonyms, if it is agreed."""
        return self._disguise.pseudonymise(values, field=field, partners=partners)

    def spread_opt_outs(self, people: pd.DataFrame) -> pd.DataFrame:
        """Find who, by linkage, is somebody who opted out.

        Parameters
        ----------
        people : DataFrame
            ``partner, local_id, entity_id``: who is whom.

        Returns
        -------
        DataFrame
            ``partner, local_id`` of every record of those people, also those that bear no number
            by which the choice could have been known.
        """
        found = self._objectors.found_by_linkage(people)
        self.note("opt_out", dataset=OPTED_OUT, rows=len(found), detail="Followed through linkage.")
        return found

    def add_linked(self, path: Path, reference: str) -> bool:
        """Honour, once, what an earlier step's `spread_opt_outs` saved; say if it was done now."""
        if reference in self._linked or not path.is_file():
            return False
        self._linked.add(reference)
        self._objectors.add_linked(read_restricted(path, reference, self.key))
        return True

    @property
    def opt_outs_in_words(self) -> str:
        """A sentence for the report: what opt-outs left out, or why they were not applied."""
        exempt = self.agreement.purposes[self.purpose].exempt_from_opt_outs
        if exempt:
            return f"Opt-outs were not applied. {exempt.strip()}"
        if not self.left_out:
            return "Nothing was loaded, so that there was no opt-out to apply."
        parts = [f"{rows:,} rows of {name}" for name, rows in self.left_out.items()]
        return f"Opt-outs left out {', '.join(parts)}."

    def note(
        self,
        kind: AuditKind,
        *,
        dataset: str | None = None,
        fields: Iterable[str] = (),
        rows: int | None = None,
        people: str | None = None,
        detail: str | None = None,
    ) -> AuditHead:
        """Write to the audit log what happens under this door's agreement, purpose and run."""
        return audit_log(self.settings).append(
            AuditEvent(
                kind=kind,
                agreement=self.agreement.id,
                agreement_sha256=self.agreement.digest if kind in ("load", "denial") else None,
                purpose=self.purpose,
                dataset=dataset,
                fields=tuple(fields),
                rows=rows,
                run=self.run,
                extracts=self._extracts if kind == "load" else None,
                people=people,
                detail=detail,
            )
        )

    def _permitted(
        self, contract: Contract, fields: Sequence[str] | None
    ) -> tuple[Purpose, list[str]]:
        def asked() -> tuple[Purpose, list[str]]:
            self.agreement.admits(self.settings.extracts_folder)
            today = self.settings.today
            permitted = self.agreement.permits(contract, purpose=self.purpose, today=today)
            if fields:
                self.agreement.require(contract, fields, purpose=self.purpose, today=today)
                permitted = list(fields)
            return self._purpose(), permitted

        return self._ask(asked, contract.dataset)

    def _purpose(self) -> Purpose:
        """Return the purpose, if it is agreed on a day for which a reason is known."""
        day = self.settings.today
        purpose = self.agreement.require_purpose(self.purpose, today=day)
        if day == date.today() or self.agreement.made_up_only or self._synthetic:
            return purpose
        if not self.settings.as_of_reason.strip():
            raise AgreementError(
                f"The agreement {self.agreement.id} is asked as of {day:%-d %B %Y}, which is not "
                "today, and no reason is given. Repeat a past run with `woda run --as-of DAY "
                "--reason TEXT`; the reason is recorded."
            )
        if not self._reason_is_recorded:
            self._reason_is_recorded = True
            why = f"As of {day:%-d %B %Y}: {self.settings.as_of_reason.strip()}"
            self.note("break_glass", detail=why)
        return purpose

    def _ask(self, question: Callable[[], T], subject: str) -> T:
        """Ask the agreement, and record a no."""
        try:
            return question()
        except AgreementError as error:
            raise self._denied(error, subject) from None

    def _denied(self, error: AgreementError, subject: str) -> AgreementError:
        self.note("denial", dataset=subject, detail=str(error))
        return error

    def _refuse_expired(
        self,
        kept: list[tuple[str, date]],
        clause: Literal["data_months", "results_months"],
        subject: str,
    ) -> None:
        today = self.settings.today
        self._ask(
            partial(refuse_expired, self.agreement, kept, clause=clause, today=today), subject
        )

    def _without_opted_out(self, whole: Loaded, contract: Contract, purpose: Purpose) -> Loaded:
        """Leave out who opted out, or remember them where the purpose is exempt."""
        if self.agreement.made_up_only:
            return whole
        try:
            theirs = self._objectors.rows_of(whole.frame, contract)
        except OptOutError:
            if not purpose.exempt_from_opt_outs:
                raise
            return whole
        if purpose.exempt_from_opt_outs:
            self._objectors.remember(whole.frame[theirs], contract)
            return whole
        count = int(theirs.sum())
        self.left_out[contract.dataset] = count
        self.note("opt_out", dataset=contract.dataset, rows=count)
        counts = whole.counts.model_copy(
            update={"kept": whole.counts.kept - count, "opted_out": count}
        )
        return replace(whole, frame=whole.frame[~theirs].reset_index(drop=True), counts=counts)

    def _reidentified(self, frame: pd.DataFrame, name: str, purpose: Purpose) -> pd.DataFrame:
        if not purpose.may_reidentify:
            raise self._not_to_be_reidentified(name)
        turned, columns = self._disguise.turned_back(frame)
        why = f"Pseudonyms turned back: {purpose.may_reidentify.strip()}"
        self.note("break_glass", dataset=name, fields=columns, rows=len(frame), detail=why)
        return turned

    def _not_to_be_reidentified(self, subject: str) -> AgreementError:
        return self._denied(
            self.agreement.denial(
                f"purposes.{self.purpose}.may_reidentify",
                f"does not let the purpose {self.purpose} turn pseudonyms back into numbers, nor "
                "read them so",
            ),
            subject,
        )

    def _index(self, people: Marks) -> str | None:
        """Keep whose rows they are, and return what the log calls that."""
        index = PeopleIndex(self.settings.people_folder)
        return index.add(people, self.key) if people.size else None

    @cached_property
    def _synthetic(self) -> bool:
        return synthetic_marker(self.settings.extracts_folder) is not None

    @cached_property
    def _extracts(self) -> str:
        folder = self.settings.extracts_folder
        return f"{folder.name}, up to {as_of(folder).isoformat()}"
