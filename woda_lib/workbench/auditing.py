"""What a run owes to the audit log, and the log held against the manifests that remember its head.

`woda_lib.partners` is imported where it is needed: it brings pandas, and `woda --help` should not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from woda_lib.records import (
    AuditEvent,
    AuditHead,
    ManifestError,
    Pilot,
    every_run,
    read_manifest,
    read_pilots,
)
from woda_lib.settings import Settings

if TYPE_CHECKING:
    from woda_lib.partners.audit import Verification


def audit_head(settings: Settings) -> AuditHead | None:
    """Return the last record of the log, for a manifest to remember."""
    from woda_lib.partners import audit_log

    return audit_log(settings).head()


@contextmanager
def denials_recorded(pilot: Pilot, settings: Settings) -> Iterator[None]:
    """Record it in the log when an agreement says no before a run has begun."""
    from woda_lib.partners import AgreementError, audit_log

    try:
        yield
    except AgreementError as error:
        audit_log(settings).append(
            AuditEvent(kind="denial", agreement=pilot.agreement, run=pilot.pilot, detail=str(error))
        )
        raise


def keys_for_made_up(pilots: Iterable[Pilot], settings: Settings) -> list[str]:
    """Make the keys that some pilots need for a made-up county, and return whose were made."""
    from woda_lib.partners import audit_log, key_for_made_up, synthetic_marker

    if synthetic_marker(settings.extracts_folder) is None:
        return []
    made = []
    for agreement in dict.fromkeys(pilot.agreement for pilot in pilots):
        if key_for_made_up(agreement, settings):
            detail = "Made by itself, for made-up data only."
            event = AuditEvent(kind="key", agreement=agreement, detail=detail)
            audit_log(settings).append(event)
            made.append(agreement)
    return made


def verify_audit(settings: Settings) -> Verification:
    """Prove the log whole, or name the first record that is not as it was written.

    A manifest that cannot be read is passed over: it proves nothing, and `woda status` names it.
    """
    from woda_lib.partners import audit_log
    from woda_lib.partners.audit import heads_of

    heads = []
    for pilot in read_pilots(settings.parameters_folder):
        for run in every_run(settings.outputs_folder, pilot):
            try:
                heads.append((f"{pilot}/{run.path.name}", read_manifest(run).audit_head))
            except ManifestError:
                continue
    return audit_log(settings).verify(heads_of(heads))
