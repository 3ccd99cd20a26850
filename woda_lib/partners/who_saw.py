"""Who saw a person: the question of a subject-access request, asked of the audit log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from woda_lib.partners.audit import audit_log
from woda_lib.partners.folder import SyntheticMarker, synthetic_marker
from woda_lib.partners.key_store import SYNTHETIC, KeyStoreError
from woda_lib.partners.keys import AgreementKey, key_of
from woda_lib.partners.people_index import PeopleIndex
from woda_lib.records import AuditEvent, AuditRecord
from woda_lib.settings import Settings


@dataclass(frozen=True)
class Seen:
    """Every record of the log whose rows held the person, and why others could not be searched."""

    records: tuple[AuditRecord, ...]
    unsearched: tuple[str, ...]


def who_saw(person: str, settings: Settings) -> Seen:
    """Return the loads and saved tables in which a person was.

    Parameters
    ----------
    person : str
        An NHS number, or ``<partner>/<number>`` with the partner's own number of the person or
        stay. It is never written down; that the question was asked is.
    settings : Settings

    Raises
    ------
    PersonUnknown
        If it is neither.
    AuditError
        If the log has been changed so that it cannot be read.
    """
    index = PeopleIndex(settings.people_folder)
    log = audit_log(settings)
    log.append(AuditEvent(kind="break_glass", detail="Asked who saw a person (subject access)."))
    keys, unsearched = _keys(index.names(), settings)
    digests = index.holding(person, keys)
    records = tuple(record for record in log.records() if record.people in digests)
    return Seen(records, tuple(unsearched))


def _keys(names: Iterable[str], settings: Settings) -> tuple[list[AgreementKey], list[str]]:
    keys, unsearched = [], []
    for name in names:
        agreement = name.removesuffix(SYNTHETIC)
        try:
            keys.append(key_of(agreement, _marker(name, settings), settings))
        except KeyStoreError as error:
            unsearched.append(f"Loads under {name} could not be searched. {error}")
    return keys, unsearched


def _marker(name: str, settings: Settings) -> SyntheticMarker | None:
    """Return the made-up county that marks were made of: the one at hand."""
    return synthetic_marker(settings.extracts_folder) if name.endswith(SYNTHETIC) else None
