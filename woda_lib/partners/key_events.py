"""What people do with keys: made, rotated, destroyed, and each time recorded."""

from __future__ import annotations

from pathlib import Path

from woda_lib.partners.agreement_files import load_agreement
from woda_lib.partners.audit import audit_log
from woda_lib.partners.key_store import FolderStore, folder_store
from woda_lib.records import AuditEvent, KeyRecord
from woda_lib.settings import Settings


def create_key(agreement: str, settings: Settings, *, recipient: Path | None = None) -> KeyRecord:
    """Make the key of an agreement, locked to a public SSH key or the settings' passphrase.

    Raises
    ------
    AgreementError
        If there is no such agreement.
    KeyStoreError
        If there is, or was, a key of that name, or nothing to lock it with.
    """
    load_agreement(agreement, settings.agreements_folder)
    store = folder_store(settings)
    passphrase = None if recipient else store.passphrase
    record = store.create(agreement, recipient=recipient, passphrase=passphrase)
    return _recorded(record, "made", settings)


def rotate_key(agreement: str, settings: Settings, *, recipient: Path | None = None) -> KeyRecord:
    """Add a version to a key, which locks from now on; see `FolderStore.rotate`."""
    record = folder_store(settings).rotate(agreement, recipient=recipient)
    return _recorded(record, "rotated", settings)


def destroy_key(agreement: str, settings: Settings) -> KeyRecord:
    """Destroy a key; see `FolderStore.destroy`."""
    return _recorded(folder_store(settings).destroy(agreement), "destroyed", settings)


def key_records(settings: Settings) -> list[KeyRecord]:
    """Return what is not secret about every key in the folder, destroyed ones too."""
    return FolderStore(settings.keys_folder).records()


def _recorded(record: KeyRecord, what: str, settings: Settings) -> KeyRecord:
    version = record.versions[-1].version
    audit_log(settings).append(
        AuditEvent(
            kind="key",
            agreement=record.name,
            detail=f"The key was {what}; version {version}, locked with {record.locked_with}.",
        )
    )
    return record
