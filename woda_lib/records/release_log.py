"""What the audit log remembers of releases: what was written when, so that nothing goes unmissed.

A release's own files prove that nothing in it was changed or added. That a signature, a withdrawal
or a whole release was taken away only a record outside of it can tell, and so can when a signature
was made, since SSH signatures carry no date.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from woda_lib.records.audit import AuditRecord
from woda_lib.records.proving import once


@dataclass
class Remembered:
    """What the log says of one release: SHA-256 of what was written, and when.

    `record` is empty where the log does not say that it was released.
    """

    record: str = ""
    released: datetime | None = None
    signatures: dict[str, datetime] = field(default_factory=dict)
    withdrawals: dict[str, datetime] = field(default_factory=dict)


def remembered_releases(log: Path, pilot: str) -> dict[str, Remembered]:
    """Return what the log remembers of a pilot's releases, by version.

    A line that cannot be read is passed over: `woda audit verify` names it.
    """
    return once(("release log", str(log)), lambda: _remembered(log)).get(pilot, {})


def _remembered(log: Path) -> dict[str, dict[str, Remembered]]:
    found: dict[str, dict[str, Remembered]] = {}
    for record in _records(log):
        owner, _, version = (record.release or "").partition("@")
        if record.sha256 is None:
            continue
        one = found.setdefault(owner, {}).setdefault(version, Remembered())
        if record.kind == "release":
            one.record, one.released = record.sha256, record.at
        elif record.kind == "sign":
            one.signatures[record.sha256] = record.at
        elif record.kind == "withdraw":
            one.withdrawals[record.sha256] = record.at
    return found


def _records(log: Path) -> Iterator[AuditRecord]:
    try:
        lines = log.read_bytes().splitlines()
    except OSError:
        return
    for line in lines:
        if b'"release":' in line:
            try:
                yield AuditRecord.model_validate_json(line)
            except ValidationError:
                continue
