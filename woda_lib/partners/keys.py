"""An agreement's key in use: what locks its tables and disguises its numbers.

From each version of the secret keys are derived with HKDF-SHA-256 (RFC 5869), so that none
gives another away: one for pseudonyms, and one each for restricted tables, pages and packages.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from woda_lib.partners.folder import SyntheticMarker, synthetic_marker
from woda_lib.partners.key_store import (
    SYNTHETIC,
    FolderStore,
    KeyStoreError,
    Ring,
    key_store,
)
from woda_lib.settings import Settings


@dataclass(frozen=True)
class AgreementKey:
    """The key of one agreement, for real extracts or for a made-up county.

    Attributes
    ----------
    ring : Ring
    marker : SyntheticMarker or None
        Of the made-up county. Its pseudonyms come from its name, which is no secret, so that one
        seed gives the same report on every machine; its tables are locked like any other.
    """

    ring: Ring
    marker: SyntheticMarker | None = None

    @property
    def version(self) -> str:
        """The version that locks and disguises."""
        return self.ring.newest

    @property
    def name(self) -> str:
        """The key's name: the agreement's, or that with ``.synthetic`` at its end."""
        return self.ring.name

    def pseudonyms(self, version: str | None = None) -> bytes:
        """Return the key of the agreement's pseudonyms: the newest, or that of a version."""
        if self.marker is None:
            return derived(self.ring.secrets[version or self.version], "pseudonyms")
        county = f"{self.name} {self.marker.profile} {self.marker.seed}"
        return derived(county.encode(), "made-up pseudonyms")

    def tables(self, version: str) -> bytes:
        """Return the key that wraps the keys of restricted tables.

        Raises
        ------
        KeyStoreError
            If the ring has no such version.
        """
        return derived(self._secret(version), "tables")

    def documents(self, version: str) -> bytes:
        """Return the key of restricted pages.

        Raises
        ------
        KeyStoreError
            If the ring has no such version.
        """
        return derived(self._secret(version), "documents")

    def packages(self, version: str) -> bytes:
        """Return the key of restricted packages, such as a model's.

        Raises
        ------
        KeyStoreError
            If the ring has no such version.
        """
        return derived(self._secret(version), "packages")

    def _secret(self, version: str) -> bytes:
        if version not in self.ring.secrets:
            raise KeyStoreError(
                f"The key {self.name} has no version {version}, under which it was locked. It was "
                "saved with another copy of the key."
            )
        return self.ring.secrets[version]


def derived(secret: bytes, use: str) -> bytes:
    """Return the key for one use of a secret: 32 bytes."""
    return HKDFExpand(algorithm=SHA256(), length=32, info=b"woda/" + use.encode()).derive(secret)


def key_name(agreement: str, *, synthetic: bool) -> str:
    """Return what an agreement's key is called: never the same for real and made-up data."""
    return f"{agreement}{SYNTHETIC}" if synthetic else agreement


def key_of(agreement: str, marker: SyntheticMarker | None, settings: Settings) -> AgreementKey:
    """Return an agreement's key.

    Raises
    ------
    KeyStoreError
        If there is none, or it cannot be unlocked.
    """
    return AgreementKey(_ring(agreement, marker is not None, settings), marker)


def key_of_tables(agreement: str, *, synthetic: bool, settings: Settings) -> AgreementKey:
    """Return an agreement's key for opening restricted tables alone; its pseudonyms are not meant.

    Raises
    ------
    KeyStoreError
        If there is none, or it cannot be unlocked.
    """
    return AgreementKey(_ring(agreement, synthetic, settings))


def _ring(agreement: str, synthetic: bool, settings: Settings) -> Ring:
    name = key_name(agreement, synthetic=synthetic)
    if synthetic:
        # A made-up county's key lies in the folder, whatever vault holds the real ones.
        return FolderStore(settings.keys_folder).ring(name)
    return key_store(settings).ring(name)


def require_key(agreement: str, settings: Settings) -> None:
    """Refuse, before any work, to go without a key; it is not unlocked yet.

    Raises
    ------
    KeyStoreError
        If the extracts are real, keys lie in the folder, and this one was never made or is gone.
    """
    store = key_store(settings)
    if isinstance(store, FolderStore) and synthetic_marker(settings.extracts_folder) is None:
        store.known(agreement)


def key_for_made_up(agreement: str, settings: Settings) -> bool:
    """Make the key of an agreement for made-up data if there is none, and say whether it was made.

    Nobody needs to be asked: it protects nobody.
    """
    name = key_name(agreement, synthetic=True)
    store = FolderStore(settings.keys_folder)
    if store.record(name) is not None:
        return False
    try:
        store.create(name)
    except KeyStoreError:  # another run made it a moment ago
        return False
    return True
