"""What is written down of a release: what was frozen, who signed it, and why it was withdrawn.

::

    outputs/releases/<pilot>/<version>/release.json      the record, with every file's SHA-256
    outputs/releases/<pilot>/<version>/files/            the frozen run, never its restricted/
    outputs/releases/<pilot>/<version>/signatures/*.sig  a reviewer's SSH signature of the record
    outputs/releases/<pilot>/<version>/withdrawn.json    only where it was withdrawn: the reason
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from woda_lib.records.runs import Value


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Release(_Record):
    """One version of a pilot's answer, frozen; what reviewers sign is this record's bytes."""

    pilot: str
    version: str
    run_id: str
    author: str
    released: datetime
    question: str
    answer: str
    values: tuple[Value, ...]
    parameters: dict[str, Any]
    synthetic: bool
    previous: str | None = None
    changes: tuple[str, ...] = ()
    files: dict[str, str]


class Withdrawal(_Record):
    """That a release no longer stands, by whom and why."""

    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Signer:
    """A reviewer whose signature holds."""

    name: str
    role: str
    at: datetime | None = None


@dataclass(frozen=True)
class ReleaseStanding:
    """A release as it stands now, proved from its files.

    `state`: *signed* (two good signatures or more, neither the author's), *awaiting* (fewer),
    *void* (a byte differs from what was frozen; `why` says where), or *withdrawn* (`why` is the
    reason).
    """

    release: Release
    folder: Path
    state: Literal["awaiting", "signed", "void", "withdrawn"]
    signers: tuple[Signer, ...] = ()
    why: str = ""
