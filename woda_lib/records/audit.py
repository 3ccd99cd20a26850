"""A line of the audit log, and the head of its chain as other files remember it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

AuditKind = Literal[
    "load",
    "denial",
    "opt_out",
    "save",
    "show",
    "look_up",
    "release",
    "sign",
    "withdraw",
    "key",
    "break_glass",
    "retention",
    "decision",
    "repair",
]
"""What can happen to people's data.

``break_glass`` is whatever needs a stated reason: an earlier day asked of an agreement, a
restricted table opened, pseudonyms turned back into numbers. ``look_up`` is a person found or shown
to whoever asked for that person, with the reason that was given. ``decision`` is a person's, about
who is who. ``repair`` is the log's own.
"""


class AuditEvent(BaseModel):
    """What happened. It never holds anything about a person: names of things and counts only.

    Attributes
    ----------
    agreement, purpose, dataset, fields
        Under what, for what, and which data; a restricted table goes by its reference.
    rows
        How many.
    run
        ``<pilot>/<run>/<step>``.
    extracts
        The folder of extracts, and the day of the newest delivery in it.
    release, sha256
        Of what people release, sign and withdraw: the release as it is cited
        (``patient_flow@1.3``), and the SHA-256 of the record, signature or withdrawal written.
    people
        SHA-256 of the index of those whose rows these were; see `woda_lib.partners.people_index`.
    detail
        A sentence: the reason that was given, the clause that denied, what was repaired.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: AuditKind
    agreement: str | None = None
    agreement_sha256: str | None = None
    purpose: str | None = None
    dataset: str | None = None
    fields: tuple[str, ...] = ()
    rows: int | None = None
    run: str | None = None
    extracts: str | None = None
    people: str | None = None
    release: str | None = None
    sha256: str | None = None
    detail: str | None = None


class AuditRecord(AuditEvent):
    """An event as the log holds it.

    Attributes
    ----------
    number
        1, 2, 3 …
    previous
        SHA-256 of the line before, without its line end; 64 noughts for the first.
    at, who
        When, and the account of the operating system under which it happened.
    """

    number: int
    previous: str
    at: datetime
    who: str


class AuditHead(BaseModel):
    """The last record of the log at some moment: its number, and the SHA-256 of its line."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: int
    sha256: str
