"""What is written down of a release: what was frozen, who signed it, and why it was withdrawn.

::

    outputs/releases/<pilot>/<version>/release.json      the record, with every file's SHA-256
    outputs/releases/<pilot>/<version>/SHA256SUMS        the same for `sha256sum -c`
    outputs/releases/<pilot>/<version>/files/            the frozen run, never its restricted/
    outputs/releases/<pilot>/<version>/signatures/*.sig  a reviewer's SSH signature of the record
    outputs/releases/<pilot>/<version>/withdrawn.json    only where it was withdrawn: the reason
    outputs/releases/<pilot>/CHANGELOG.md                what changed from release to release

A version is two numbers, ``<major>.<minor>``. Names that begin with a dot are in the making.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from woda_lib.records.protocols import Registered
from woda_lib.records.runs import Value
from woda_lib.settings import Settings

State = Literal["awaiting", "signed", "void", "withdrawn"]

SIGNATURES_NEEDED = 2
_VERSION = re.compile(r"^[1-9][0-9]*\.(0|[1-9][0-9]*)\Z")


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Release(_Record):
    """One version of a pilot's answer, frozen; what reviewers sign is this record's bytes.

    Attributes
    ----------
    run_id, author
        The run that was frozen, and who ran it.
    authors
        Everybody who ran a step of it, for steps may be taken over from others' runs. None of them
        may sign.
    released, released_by
        When and by whom.
    question, answer, values, parameters
        As the run has them; `answer` is markup.
    synthetic
        Whether any step read made-up data.
    extracts, data_up_to
        What partners' data it rests on, and the day up to which that reaches.
    commit, dirty
        The code. A release from changed files is made of made-up data, and says so.
    publication
        What the agreement says of who may read it.
    reason
        Why it was released although a value stands outside its expected range.
    previous, changes
        The release that it is compared with, and what differs, a sentence each.
    protocols
        By step, the pre-registration that it was held to.
    files
        SHA-256 of every file by its path from ``files/``.
    """

    pilot: str
    version: str
    run_id: str
    author: str
    authors: tuple[str, ...] = ()
    released: datetime
    released_by: str = ""
    question: str
    answer: str
    values: tuple[Value, ...]
    parameters: dict[str, Any]
    synthetic: bool
    extracts: str = ""
    data_up_to: date | None = None
    commit: str | None = None
    dirty: bool | None = None
    publication: str = ""
    reason: str = ""
    previous: str | None = None
    changes: tuple[str, ...] = ()
    protocols: dict[str, Registered] = {}
    files: dict[str, str]

    @property
    def name(self) -> str:
        """How the release is cited, without a value: ``patient_flow@1.3``."""
        return release_name(self.pilot, self.version)


class Withdrawal(_Record):
    """That a release no longer stands, by whom and why; `record` is the SHA-256 of its record."""

    reason: str
    by: str
    at: datetime
    record: str = ""


@dataclass(frozen=True)
class Signer:
    """A reviewer whose signature holds; `at` is when, where the audit log here says so."""

    name: str
    role: str
    at: datetime | None = None


@dataclass(frozen=True)
class ReleaseStanding:
    """A release as it stands now, proved from its files.

    Attributes
    ----------
    release : Release
        With nothing in it but pilot and version where its record cannot be read.
    folder : Path
    state
        *signed* (two good signatures or more, none an author's), *awaiting* (fewer), *void* (a
        file or a signature is not as it must be; `why` says which), or *withdrawn* (`why` is the
        reason).
    signers : tuple of Signer
    why : str
    notes : tuple of str
        What could not be proved here, a sentence each.
    sha256 : str
        Of the record, as it was read.
    withdrawal : Withdrawal, optional
        Who withdrew it, and when.
    """

    release: Release
    folder: Path
    state: State
    signers: tuple[Signer, ...] = ()
    why: str = ""
    notes: tuple[str, ...] = ()
    sha256: str = ""
    withdrawal: Withdrawal | None = None


@dataclass(frozen=True)
class ReleaseFolder:
    """The layout of one release below its folder."""

    path: Path

    @property
    def record(self) -> Path:
        """What reviewers sign."""
        return self.path / "release.json"

    @property
    def sums(self) -> Path:
        """The SHA-256 of the record and of every file, as `sha256sum` reads it."""
        return self.path / "SHA256SUMS"

    @property
    def files(self) -> Path:
        """The frozen run."""
        return self.path / "files"

    @property
    def signatures(self) -> Path:
        """Reviewers' signatures, a file a reviewer."""
        return self.path / "signatures"

    def signature(self, reviewer: str) -> Path:
        """The signature of one reviewer."""
        return self.signatures / f"{reviewer}.sig"

    @property
    def withdrawal(self) -> Path:
        """Why the release was withdrawn; absent where it was not."""
        return self.path / "withdrawn.json"


def releases_of(settings: Settings, pilot: str) -> Path:
    """Return the folder of a pilot's releases."""
    return settings.outputs_folder / "releases" / pilot


def release_folder(settings: Settings, pilot: str, version: str) -> ReleaseFolder:
    """Return the folder of one release, whether it is there or not."""
    return ReleaseFolder(releases_of(settings, pilot) / version)


def released_pilots(settings: Settings) -> list[str]:
    """Return the pilots that have a release, by name."""
    folder = settings.outputs_folder / "releases"
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return [path.name for path in found if not path.name.startswith(".") and versions_in(path)]


def versions_in(folder: Path) -> list[str]:
    """Return the versions in a pilot's folder of releases, the lowest first."""
    if not folder.is_dir():
        return []
    return versions_in_order(path.name for path in folder.iterdir() if is_version(path.name))


def is_version(text: str) -> bool:
    """Whether a text is a version: two whole numbers with a point between, the first from 1."""
    return _VERSION.match(text) is not None


def numbers_of(version: str) -> tuple[int, int]:
    """Return a version's two numbers, by which versions are put in order."""
    major, _, minor = version.partition(".")
    return int(major), int(minor)


def versions_in_order(versions: Iterable[str]) -> list[str]:
    """Return versions, the lowest first: 1.9 before 1.10."""
    return sorted(set(versions), key=numbers_of)


def release_name(pilot: str, version: str) -> str:
    """Return how a release is cited: ``patient_flow@1.3``."""
    return f"{pilot}@{version}"


def sums_text(record_sha256: str, files: Mapping[str, str]) -> str:
    """Return the content of ``SHA256SUMS``."""
    sums = {"release.json": record_sha256} | {f"files/{path}": sha for path, sha in files.items()}
    return "".join(f"{sha}  {path}\n" for path, sha in sorted(sums.items()))
