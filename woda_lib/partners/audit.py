"""The audit log: append-only JSON lines, each holding the SHA-256 of the line before.

::

    data/audit/log.jsonl       the records
    keys/audit.anchors         number and SHA-256 of every record, in a file apart
    manifest.json of a run     number and SHA-256 of the last record when the run ended

Whoever changes, removes, adds or reorders a record breaks the chain at that record. Whoever then
makes the whole chain anew contradicts the anchors, and the manifests of runs that have been handed
on. What `verify` cannot know is what happened to records that were cut off after the last anchor,
anchor and all, or to a log whose every copy lies within reach of one person. So anchors can be put
on another machine (``WODA_AUDIT_ANCHORS``), and manifests leave with every release.

Two runs may write at once: a lock on the log makes them take turns. A record is on the disk before
`append` returns. If a machine stops in the middle of a line, the next `append` cuts the torn line
off and records that it did.
"""

from __future__ import annotations

import fcntl
import getpass
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from woda_lib.errors import WodaError
from woda_lib.records import AuditEvent, AuditHead, AuditRecord
from woda_lib.settings import Settings

FIRST = "0" * 64
_TAIL = 1 << 16


class AuditError(WodaError):
    """The audit log cannot be written or read, so that nothing may be done with people's data."""


@dataclass(frozen=True)
class Broken:
    """The first record of a log that is not as it was written: its number from 1, and why."""

    number: int
    why: str


@dataclass(frozen=True)
class Verification:
    """What `verify` found: how many records are whole, and the first that is not."""

    records: int
    broken: Broken | None
    repairs: int


@dataclass(frozen=True)
class AuditLog:
    """The log of one workbench.

    Attributes
    ----------
    path, anchors : Path
        Where records and anchors lie; made when first written.
    """

    path: Path
    anchors: Path

    def append(self, event: AuditEvent) -> AuditHead:
        """Write one event, and return the head of the chain with it.

        Raises
        ------
        AuditError
            If the log cannot be written; what was to be recorded must then not be done.
        """
        try:
            with self._locked() as log:
                head = self._mended(log)
                return self._write(log, event, head)
        except OSError as error:
            raise AuditError(
                f"The audit log {self.path} cannot be written ({error.strerror}), and nothing may "
                "be done with people's data unrecorded. Make room, or mend its permissions."
            ) from None

    def head(self) -> AuditHead | None:
        """Return the last record's number and hash, or nothing if the log is empty."""
        lines = self._lines()
        return AuditHead(number=len(lines), sha256=_sha256(lines[-1])) if lines else None

    def records(self) -> Iterator[AuditRecord]:
        """Give every record, the oldest first.

        Raises
        ------
        AuditError
            If a line is not a record: the log has been changed.
        """
        for number, line in enumerate(self._lines(), start=1):
            record = _parsed(line)
            if record is None:
                raise AuditError(
                    f"Record {number} of {self.path} cannot be read, so the log has been changed. "
                    "Use `woda audit verify`."
                )
            yield record

    def verify(self, manifests: Mapping[str, AuditHead] | None = None) -> Verification:
        """Prove the log whole, or name the first record that is not as it was written.

        Parameters
        ----------
        manifests : mapping of str to AuditHead, optional
            The heads that runs' manifests remember, by run.
        """
        lines = self._lines()
        anchored, unreadable = self._anchored()
        said_by = {head.number: (head.sha256, run) for run, head in (manifests or {}).items()}
        previous, repairs = FIRST, 0
        for number, line in enumerate(lines, start=1):
            record, digest = _parsed(line), _sha256(line)
            if record is None:
                return Verification(number - 1, Broken(number, "it is not a record"), repairs)
            why = None
            if record.number != number:
                why = f"it calls itself record {record.number}"
            elif anchored.get(number, digest) != digest:
                why = "it differs from its anchor"
            elif record.previous != previous:
                why = "it does not follow from the record before"
            elif number in said_by and said_by[number][0] != digest:
                why = f"it differs from what the manifest of {said_by[number][1]} remembers"
            if why:
                return Verification(number - 1, Broken(number, why), repairs)
            repairs += record.kind == "repair"
            previous = digest
        last = max([0, *anchored, *said_by])
        if last > len(lines):
            why = f"it is missing, though {last} records were written: the end was cut off"
            return Verification(len(lines), Broken(len(lines) + 1, why), repairs)
        if unreadable:
            why = f"line {unreadable} of {self.anchors.name} is not an anchor"
            return Verification(unreadable - 1, Broken(unreadable, why), repairs)
        for number in range(1, len(lines) + 1):
            if number not in anchored:
                why = (
                    "it has no anchor: somebody added it, or the machine stopped as it was written"
                )
                return Verification(number - 1, Broken(number, why), repairs)
        return Verification(len(lines), None, repairs)

    @contextmanager
    def _locked(self) -> Iterator[IO[bytes]]:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.anchors.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(self.path, "a+b", opener=_private) as log:
            fcntl.flock(log, fcntl.LOCK_EX)
            yield log

    def _mended(self, log: IO[bytes]) -> AuditHead:
        """Cut off a torn last line, anchor what a crash left without, and return the head."""
        size = log.seek(0, os.SEEK_END)
        tail = _last_lines(log, size)
        whole, _, torn = tail.rpartition(b"\n")
        if torn:
            log.truncate(size - len(torn))
        head = _head_of(whole)
        behind = head.number - self._last_anchor()
        if torn or behind == 1:
            if behind == 1:
                self._anchor(head)
            what = (
                f"A torn last line of {len(torn)} bytes was cut off after record {head.number} "
                f"(SHA-256 {_sha256(torn)})."
                if torn
                else f"Record {head.number} had no anchor, and was given one."
            )
            head = self._write(log, AuditEvent(kind="repair", detail=what), head)
        return head

    def _write(self, log: IO[bytes], event: AuditEvent, head: AuditHead) -> AuditHead:
        record = AuditRecord(
            number=head.number + 1,
            previous=head.sha256,
            at=datetime.now(UTC),
            who=account(),
            **event.model_dump(),
        )
        content = record.model_dump(mode="json", exclude_defaults=True)
        line = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        log.seek(0, os.SEEK_END)
        log.write(line + b"\n")
        log.flush()
        os.fsync(log.fileno())
        after = AuditHead(number=record.number, sha256=_sha256(line))
        self._anchor(after)
        return after

    def _anchor(self, head: AuditHead) -> None:
        with open(self.anchors, "ab", opener=_private) as file:
            file.write(f"{head.number} {head.sha256}\n".encode())
            file.flush()
            os.fsync(file.fileno())

    def _last_anchor(self) -> int:
        try:
            with self.anchors.open("rb") as file:
                last = _last_lines(file, file.seek(0, os.SEEK_END)).split(b"\n")[-2:-1]
            return int(last[0].split()[0]) if last else 0
        except (FileNotFoundError, ValueError, IndexError):
            return 0

    def _anchored(self) -> tuple[dict[int, str], int | None]:
        """Return the anchors by number, and the first line of their file that is none."""
        found: dict[int, str] = {}
        try:
            lines = self.anchors.read_bytes().split(b"\n")
        except FileNotFoundError:
            return found, None
        for at, line in enumerate(lines[:-1], start=1):
            number, _, digest = line.decode("ascii", "replace").partition(" ")
            if not number.isdecimal() or len(digest) != len(FIRST):
                return found, at
            if found.setdefault(int(number), digest) != digest:
                found[int(number)] = "two anchors that contradict each other"
        return found, None

    def _lines(self) -> list[bytes]:
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise AuditError(
                f"The audit log {self.path} cannot be read ({error.strerror})."
            ) from None
        # Each with its line end, so that a last line without one is seen to be torn.
        *whole, torn = (line + b"\n" for line in content.split(b"\n"))
        return whole if torn == b"\n" else [*whole, torn[:-1]]


def heads_of(manifests: Iterable[tuple[str, AuditHead | None]]) -> dict[str, AuditHead]:
    """Return the heads that some manifests hold, by run; a run without one is left out."""
    return {run: head for run, head in manifests if head is not None}


def _parsed(line: bytes) -> AuditRecord | None:
    if not line.endswith(b"\n"):
        return None
    try:
        return AuditRecord.model_validate_json(line)
    except (ValidationError, ValueError):
        return None


def _head_of(lines: bytes) -> AuditHead:
    last = lines.rpartition(b"\n")[2]
    if not lines:
        return AuditHead(number=0, sha256=FIRST)
    record = _parsed(last + b"\n")
    if record is None:
        raise AuditError(
            "The last record of the audit log cannot be read, so the log has been changed. Nothing "
            "is recorded on top of it: use `woda audit verify`, and put back what was there."
        )
    return AuditHead(number=record.number, sha256=_sha256(last))


def _last_lines(file: IO[bytes], size: int) -> bytes:
    """Return the end of a file from a line's beginning on, with its last whole line at least."""
    length = _TAIL
    while True:
        start = max(0, size - length)
        file.seek(start)
        tail = file.read(size - start)
        if not start or tail.count(b"\n") > 2:
            return tail if not start else tail.partition(b"\n")[2]
        length *= 4


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sha256(line: bytes) -> str:
    return hashlib.sha256(line.removesuffix(b"\n")).hexdigest()


def audit_log(settings: Settings) -> AuditLog:
    """Return the audit log of a workbench."""
    return AuditLog(settings.audit_file, settings.anchors_file)


def account() -> str:
    """Return the account of the operating system under which this process runs."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as containers have
        return f"uid {os.getuid()}"
