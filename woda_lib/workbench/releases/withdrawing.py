"""A release is withdrawn: it stays where it is, marked with the reason, and is signed no more."""

from __future__ import annotations

from datetime import UTC, datetime

from woda_lib.partners import audit_log
from woda_lib.partners.audit import account
from woda_lib.records import (
    AuditEvent,
    ReleaseFolder,
    ReleaseStanding,
    Withdrawal,
    as_json,
    standing_of,
    text_sha256,
)
from woda_lib.settings import Settings
from woda_lib.workbench.releases.errors import ReleaseError
from woda_lib.workbench.releases.gate import require_words
from woda_lib.workbench.releases.turns import place, turn, write_changelog


def withdraw_release(
    pilot: str, version: str, *, reason: str, settings: Settings
) -> ReleaseStanding:
    """Withdraw a release, and return how it stands then.

    A void one can be withdrawn too, as long as its record can be read.

    Raises
    ------
    ReleaseError
        If no reason is given, it holds an identifier, or the release is withdrawn already.
    CitationError
        If there is no such release.
    AuditError, OutputsError
        If the withdrawal cannot be written or recorded.
    """
    words = require_words(reason, "The reason", settings)
    if not words:
        raise ReleaseError("Say with --reason why it is withdrawn: whoever cites it will ask.")
    with turn(pilot, settings) as home:
        standing = standing_of(pilot, version, settings)
        if standing.state == "withdrawn":
            raise ReleaseError(f"{pilot} {version} is withdrawn already: {standing.why}")
        if not standing.release.files:
            raise ReleaseError(f"{pilot} {version} has no record to withdraw. {standing.why}")
        withdrawal = Withdrawal(
            reason=words, by=account(), at=datetime.now(UTC), record=standing.sha256
        )
        text = as_json(withdrawal)
        # Recorded first: a withdrawal that is recorded and not there is missed, and so voids.
        audit_log(settings).append(
            AuditEvent(
                kind="withdraw",
                run=f"{pilot}/{standing.release.run_id}",
                release=standing.release.name,
                sha256=text_sha256(text),
                detail=words,
            )
        )
        place(text.encode(), ReleaseFolder(home / version).withdrawal, home)
        write_changelog(pilot, settings)
    return standing_of(pilot, version, settings)
