"""Turning pseudonyms back, and the pages that name people: on the record, where it is agreed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from woda_lib.partners.clauses import Purpose
from woda_lib.partners.disguise import Disguise
from woda_lib.partners.documents import read_document, require_place, write_document
from woda_lib.partners.gatekeeper import Gatekeeper
from woda_lib.partners.pseudonyms import marks_of_pseudonyms
from woda_lib.partners.retention_dates import made_on

REIDENTIFIED = "reidentified"
"""The note of a table whose numbers are partners' own: what the log calls the people in it."""

_PURPOSE = "purpose"


class Reidentifying(Gatekeeper):
    """The part of a door that hands out who somebody is."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._disguise = Disguise(self.agreement, lambda: self.key)
        self._named: list[np.ndarray] = []

    def reidentify(self, frame: pd.DataFrame, name: str) -> pd.DataFrame:
        """Return a table with partners' own numbers in place of pseudonyms, and record it.

        Only numbers of rows that this door has loaded are known; other pseudonyms stay.

        Raises
        ------
        AgreementError
            If the purpose is not, or no longer, agreed, or may not re-identify.
        """
        return self._turned_back(frame, name, self.reidentifying(name))

    def save_document(self, path: Path, name: str, html: str) -> None:
        """Keep a page that names people, encrypted, and record that it is kept.

        Whoever was turned back through this door is taken to be on it, so that the audit log can
        tell a person that it was made and opened. A purpose that says why (`keeps_pages`) keeps
        a page of what it is handed, without turning anybody back: of such a page nobody is told
        whom nobody's number names, and the clause must be worth that.

        Raises
        ------
        DocumentError
            If the banner of whoever opens it has no place in it.
        AgreementError
            If the purpose is not, or no longer, agreed, or may neither re-identify nor keep
            pages.
        KeyStoreError, AuditError
        """
        self._naming(name)
        require_place(html, name)
        named = np.concatenate([*self._named, np.zeros(0, dtype=np.uint64)])
        people = self._index(named.reshape(-1, 1))
        self.note("save", dataset=name, people=people, detail="A page that names people.")
        notes = {_PURPOSE: self.purpose, REIDENTIFIED: people or ""}
        write_document(path, html, self.key, notes)

    def open_document(self, path: Path, reference: str) -> tuple[str, str | None]:
        """Return a page that `save_document` kept, and what the log calls the people on it.

        It is opened for the purpose for which it was made alone. Nobody's opt-out can be applied to
        a page; a purpose that may re-identify and is not exempt makes it of permitted rows only.

        Raises
        ------
        AgreementError, TableNotFound, RestrictedTableError, KeyStoreError
        """
        self._naming(reference)
        html, notes = read_document(path, reference, self.key)
        if notes[_PURPOSE] != self.purpose:
            raise self._denied(
                self.agreement.denial(
                    f"purposes.{self.purpose}",
                    f"lets a page that was made for the purpose {notes[_PURPOSE]} be opened for "
                    f"that alone, and not for {self.purpose}",
                ),
                reference,
            )
        self._refuse_expired([(reference, made_on(path))], "results_months", reference)
        return html, notes[REIDENTIFIED] or None

    def _naming(self, subject: str) -> None:
        """Refuse, on the record, unless a page may name people for the purpose."""
        if not self._ask(self._purpose, subject).keeps_pages:
            self.reidentifying(subject)  # which says no

    def _turned_back(self, frame: pd.DataFrame, name: str, purpose: Purpose) -> pd.DataFrame:
        turned, pseudonyms = self._disguise.turned_back(frame)
        self._named += map(marks_of_pseudonyms, pseudonyms.values())
        why = f"Pseudonyms turned back: {(purpose.may_reidentify or '').strip()}"
        columns = list(pseudonyms)
        self.note("break_glass", dataset=name, fields=columns, rows=len(frame), detail=why)
        return turned
