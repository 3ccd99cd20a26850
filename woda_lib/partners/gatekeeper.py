"""Who stands at the door: asks the agreement before anything happens, and records the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import Literal, TypeVar

from woda_lib.partners.agreements import Agreement
from woda_lib.partners.audit import audit_log
from woda_lib.partners.clauses import Purpose
from woda_lib.partners.contracts import Contract
from woda_lib.partners.errors import AgreementError
from woda_lib.partners.folder import synthetic_marker
from woda_lib.partners.keys import AgreementKey, key_for_made_up, key_of
from woda_lib.partners.people_index import Marks, PeopleIndex
from woda_lib.partners.retention_dates import refuse_expired
from woda_lib.records import AuditEvent, AuditHead, AuditKind
from woda_lib.settings import Settings

T = TypeVar("T")


@dataclass
class Gatekeeper:
    """One agreement and purpose, asked for one step of a run.

    Parameters
    ----------
    agreement : Agreement
    purpose : str
        One of the agreement's.
    settings : Settings
        Where extracts, keys and the audit log lie, and which day it is.
    run : str
        ``<pilot>/<run>/<step>``, for the audit log.
    """

    agreement: Agreement
    purpose: str
    settings: Settings
    run: str

    def __post_init__(self) -> None:
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

    def reidentifying(self, subject: str) -> Purpose:
        """Return the purpose, if pseudonyms may be turned back for it; a no is recorded.

        Raises
        ------
        AgreementError
        """
        purpose = self._ask(self._purpose, subject)
        if not purpose.may_reidentify:
            raise self._not_to_be_reidentified(subject)
        return purpose

    def identifying(self, subject: str) -> None:
        """Refuse, on the record, unless people may be named for the purpose.

        Raises
        ------
        AgreementError
            If the purpose is not agreed today, or does not cover identifiers.
        """
        purpose = self._ask(self._purpose, subject)
        if "identifier" not in purpose.uses:
            raise self._denied(
                self.agreement.denial(
                    f"purposes.{self.purpose}.uses",
                    f"does not let anybody be searched for or looked up for the purpose "
                    f"{self.purpose}, which covers {', '.join(purpose.uses)} only",
                ),
                subject,
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

    def _not_to_be_reidentified(self, subject: str) -> AgreementError:
        return self._denied(
            self.agreement.denial(
                f"purposes.{self.purpose}.may_reidentify",
                f"does not let the purpose {self.purpose} turn pseudonyms back into numbers, nor "
                "read them so",
            ),
            subject,
        )

    def _for_its_step_alone(self, subject: str) -> AgreementError:
        return self._denied(
            self.agreement.denial(
                f"purposes.{self.purpose}",
                f"lets nobody read {subject} but the step that saved it, for its own next run: its "
                "rows need not tell whose they are, so that nobody who opts out could be left out",
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
        return f"{folder.name}, up to {self.agreement.clock(folder).isoformat()}"
