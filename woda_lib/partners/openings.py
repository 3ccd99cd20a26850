"""What was opened by break-glass: when, by whom, for what, and for how many."""

from __future__ import annotations

from collections.abc import Iterator

from woda_lib.partners.audit import audit_log
from woda_lib.records import AuditRecord
from woda_lib.settings import Settings


def openings(settings: Settings, *, purpose: str = "") -> Iterator[AuditRecord]:
    """Give the records of whatever needed a stated reason, the oldest first.

    Parameters
    ----------
    settings : Settings
    purpose : str
        Of an agreement; every one, if left out.

    Raises
    ------
    AuditError
        If the log has been changed so that it cannot be read.
    """
    for record in audit_log(settings).records():
        if record.kind == "break_glass" and purpose in ("", record.purpose):
            yield record
