"""What stays when something is deleted: a tombstone where it lay, and a certificate."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Tombstone(BaseModel):
    """One thing that was deleted: what it was, without what was in it.

    Attributes
    ----------
    kind
        An extract as delivered, rows in quarantine, a restricted table of a run, or a key.
    path
        From the checkout; of a key its name.
    agreement, clause
        Under which clause of which agreement it was due.
    due
        The last day on which it could be kept.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["extract", "quarantine", "table", "key"]
    path: str
    agreement: str
    clause: str
    due: date
    sha256: str | None = None
    bytes: int | None = None


class Certificate(BaseModel):
    """That some things were deleted: by whom, when, and which."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    at: datetime
    by: str
    deleted: tuple[Tombstone, ...]
