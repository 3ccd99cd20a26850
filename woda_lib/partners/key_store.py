"""Where agreements' keys lie: a folder apart from the data, a scheduler's variable, or a vault.

A key is a *ring* of versions, the newest last. The newest locks; the older ones still open what
they locked. In a folder a key is two files, the second readable by its owner alone:

::

    keys/<name>.json   what is not secret: versions, dates, how it is locked; stays when it is gone
    keys/<name>.age    the ring, locked with age (`pyrage`) to a passphrase or an SSH key

The key of a made-up county lies open in ``<name>.ring``: there is nobody to protect, and `make run`
must work unattended. Its name ends in ``.synthetic``, and no real extract is ever read with it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import secrets
import shlex
import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import pyrage
from pydantic import ValidationError

from woda_lib.errors import WodaError
from woda_lib.records import KeyRecord, KeyVersion, write_json
from woda_lib.settings import Settings

SECRET_BYTES = 32
SYNTHETIC = ".synthetic"
_OTHERS = 0o077


class KeyStoreError(WodaError):
    """A key is missing, destroyed, locked, or lies where others can read it."""


@dataclass(frozen=True)
class Ring:
    """The versions of one key, the newest last, by their identifiers.

    An identifier is made of the secret itself, so that the same secret has the same one wherever it
    comes from, and tells nothing about it.
    """

    name: str
    secrets: dict[str, bytes]

    @property
    def newest(self) -> str:
        """The identifier of the version that locks."""
        return list(self.secrets)[-1]


class KeyStore(Protocol):
    """Where keys come from."""

    def ring(self, name: str) -> Ring:
        """Return a key.

        Raises
        ------
        KeyStoreError
            If there is none of that name, or it cannot be unlocked.
        """


def version_of(secret: bytes) -> str:
    """Return a secret's identifier: eight hexadecimal digits that do not give it away."""
    return hashlib.sha256(b"woda/version\0" + secret).hexdigest()[:8]


def key_store(settings: Settings) -> KeyStore:
    """Return the store that the settings name: variable, vault or folder, in this order."""
    if settings.key_ring is not None:
        return VariableStore(settings.key_ring.get_secret_value())
    if settings.key_command is not None:
        return CommandStore(settings.key_command)
    return folder_store(settings)


def folder_store(settings: Settings) -> FolderStore:
    """Return the folder of keys, which alone can create, rotate and destroy."""
    if settings.key_ring is not None or settings.key_command is not None:
        raise KeyStoreError(
            "Keys come from a vault here (WODA_KEY_RING or WODA_KEY_COMMAND), so that they are "
            "made, rotated and destroyed there."
        )
    phrase = settings.key_passphrase
    return FolderStore(
        settings.keys_folder,
        identity=settings.key_identity,
        passphrase=phrase.get_secret_value() if phrase else None,
    )


@dataclass(frozen=True)
class FolderStore:
    """Keys in a folder of files that their owner alone can read.

    Attributes
    ----------
    folder : Path
    identity : Path, optional
        The private SSH key that opens what was locked to its public half.
    passphrase : str, optional
        Opens what was locked with it.
    """

    folder: Path
    identity: Path | None = None
    passphrase: str | None = None

    def create(
        self, name: str, *, recipient: Path | None = None, passphrase: str | None = None
    ) -> KeyRecord:
        """Make a key.

        Parameters
        ----------
        name : str
            The agreement's; of a made-up county with ``.synthetic`` at its end, and then unlocked.
        recipient : Path, optional
            A public SSH key to lock it to.
        passphrase : str, optional
            What to lock it with; one of the two is given for real data.

        Raises
        ------
        KeyStoreError
            If there is, or was, a key of this name, or nothing to lock it with.
        """
        record = self.record(name)
        if record is not None and record.destroyed is None:
            raise KeyStoreError(
                f"There is a key for {name} already. `woda keys rotate {name}` adds a new version."
            )
        if record is not None:
            raise KeyStoreError(
                f"The key for {name} was destroyed on {record.destroyed:%-d %B %Y}. What it locked "
                "is gone for good, and a name is not used twice. Give the new agreement another."
            )
        lock, locked_with = _lock(name, recipient, passphrase)
        return self._write(name, [secrets.token_bytes(SECRET_BYTES)], [], lock, locked_with)

    def rotate(
        self, name: str, *, recipient: Path | None = None, passphrase: str | None = None
    ) -> KeyRecord:
        """Add a version, which locks from now on, and lock the ring anew.

        Pseudonyms made before and after cannot be joined.
        """
        before = self.known(name)
        ring = self.ring(name)
        if recipient is None and passphrase is None:
            passphrase = self.passphrase
        lock, locked_with = _lock(name, recipient, passphrase)
        kept = [*ring.secrets.values(), secrets.token_bytes(SECRET_BYTES)]
        return self._write(name, kept, list(before.versions), lock, locked_with)

    def destroy(self, name: str) -> KeyRecord:
        """Overwrite and remove a key; what it locked is noise from then on. Its record stays.

        Copies of the file, in a backup say, are out of this function's reach.
        """
        record = self.known(name)
        for path in (self._locked(name), self._open(name)):
            with suppress(FileNotFoundError):
                size = path.stat().st_size
                with path.open("r+b") as file:
                    file.write(secrets.token_bytes(size))
                    file.flush()
                    os.fsync(file.fileno())
                path.unlink()
        gone = record.model_copy(update={"destroyed": datetime.now(UTC)})
        write_json(self._record(name), gone)
        return gone

    def ring(self, name: str) -> Ring:
        """Return a key; see `KeyStore.ring`."""
        self.known(name)
        path = self._open(name) if name.endswith(SYNTHETIC) else self._locked(name)
        try:
            content = path.read_bytes()
            others = path.stat().st_mode & _OTHERS
        except OSError as error:
            raise KeyStoreError(f"The key file {path} cannot be read ({error.strerror}).") from None
        if others:
            raise KeyStoreError(
                f"The key file {path} can be read by others on this machine. Take that away with "
                f"`chmod 600`, and consider `woda keys rotate {name}`."
            )
        text = content if path.suffix == ".ring" else self._unlocked(name, content)
        try:
            return _ring(name, [base64.b64decode(line) for line in text.split()])
        except binascii.Error:
            raise KeyStoreError(f"The key file {path} is damaged. Put its copy back.") from None

    def known(self, name: str) -> KeyRecord:
        """Return the record of a key that can be used.

        Raises
        ------
        KeyStoreError
            If it was never made, or was destroyed.
        """
        record = self.record(name)
        if record is None:
            raise KeyStoreError(
                f"There is no key for {name}. Whoever keeps the keys makes one: "
                f"`woda keys create {name}`."
            )
        if record.destroyed is not None:
            raise KeyStoreError(
                f"The key for {name} was destroyed on {record.destroyed:%-d %B %Y}. What it locked "
                "cannot be read any more, by anybody."
            )
        return record

    def record(self, name: str) -> KeyRecord | None:
        """Return what is not secret about a key, or nothing if there never was one."""
        try:
            return KeyRecord.model_validate_json(self._record(name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValidationError):
            raise KeyStoreError(
                f"{self._record(name)} is damaged: it must say which versions the key has."
            ) from None

    def records(self) -> list[KeyRecord]:
        """Return what is not secret about every key, destroyed ones too."""
        found = [self.record(path.stem) for path in sorted(self.folder.glob("*.json"))]
        return [record for record in found if record is not None]

    def _unlocked(self, name: str, content: bytes) -> bytes:
        record = self.known(name)
        try:
            if record.locked_with == "passphrase":
                if self.passphrase is None:
                    raise KeyStoreError(
                        f"The key for {name} is locked with a passphrase. Set WODA_KEY_PASSPHRASE."
                    )
                return _opened(content, self.passphrase)
            if self.identity is None:
                raise KeyStoreError(
                    f"The key for {name} is locked to an SSH key. Set WODA_KEY_IDENTITY to the "
                    "file of its private half."
                )
            identity = pyrage.ssh.Identity.from_buffer(self.identity.read_bytes())
            return pyrage.decrypt(content, [identity])
        except OSError as error:
            raise KeyStoreError(
                f"The private key {self.identity} cannot be read ({error.strerror})."
            ) from None
        except pyrage.IdentityError:
            raise KeyStoreError(
                f"{self.identity} is not a private SSH key that can be used (ed25519 or RSA, and "
                "itself without a passphrase)."
            ) from None
        except pyrage.DecryptError:
            which = "passphrase" if record.locked_with == "passphrase" else "SSH key"
            raise KeyStoreError(f"The key for {name} does not open with this {which}.") from None

    def _write(
        self,
        name: str,
        ring: list[bytes],
        versions: list[KeyVersion],
        lock: Callable[[bytes], bytes],
        locked_with: str,
    ) -> KeyRecord:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        now = datetime.now(UTC)
        known = {version.version for version in versions}
        new = [
            KeyVersion(version=version_of(secret), created=now)
            for secret in ring
            if version_of(secret) not in known
        ]
        path = self._open(name) if name.endswith(SYNTHETIC) else self._locked(name)
        text = b"".join(base64.b64encode(secret) + b"\n" for secret in ring)
        _write_private(path, lock(text))
        record = KeyRecord(
            name=name, locked_with=locked_with, versions=(*versions, *new), destroyed=None
        )
        write_json(self._record(name), record)
        return record

    def _record(self, name: str) -> Path:
        return self.folder / f"{name}.json"

    def _locked(self, name: str) -> Path:
        return self.folder / f"{name}.age"

    def _open(self, name: str) -> Path:
        return self.folder / f"{name}.ring"


@dataclass(frozen=True)
class VariableStore:
    """Keys that a scheduler injects as JSON: a base64 secret, or a list of them, by name."""

    content: str

    def ring(self, name: str) -> Ring:
        """Return a key; see `KeyStore.ring`."""
        try:
            found = json.loads(self.content)[name]
            texts = [found] if isinstance(found, str) else list(found)
            return _ring(name, [base64.b64decode(text, validate=True) for text in texts])
        except (ValueError, KeyError, TypeError):
            raise KeyStoreError(
                f"WODA_KEY_RING does not hold a key for {name}: it must be JSON that gives it as "
                f"{SECRET_BYTES} bytes in base64."
            ) from None


@dataclass(frozen=True)
class CommandStore:
    """Keys from a vault: a command that prints one, base64, a line a version, the newest last."""

    command: str

    def ring(self, name: str) -> Ring:
        """Return a key; see `KeyStore.ring`."""
        words = [word.replace("{name}", name) for word in shlex.split(self.command)]
        try:
            done = subprocess.run(words, capture_output=True, timeout=60, check=True)
            return _ring(name, [base64.b64decode(x, validate=True) for x in done.stdout.split()])
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            # What the command printed may be the key itself, and is never quoted.
            raise KeyStoreError(
                f"The command of WODA_KEY_COMMAND gave no key for {name} ({type(error).__name__}). "
                f"It must print {SECRET_BYTES} bytes in base64, a line a version."
            ) from None


def _ring(name: str, ring: list[bytes]) -> Ring:
    if not ring or any(len(secret) != SECRET_BYTES for secret in ring):
        raise KeyStoreError(f"The key for {name} must be {SECRET_BYTES} bytes long, and is not.")
    return Ring(name, {version_of(secret): secret for secret in ring})


def _lock(
    name: str, recipient: Path | None, passphrase: str | None
) -> tuple[Callable[[bytes], bytes], str]:
    """Return what locks a ring, and how its record says so."""
    if name.endswith(SYNTHETIC):
        return lambda text: text, "nothing: the county is made up"
    if recipient is not None:
        try:
            to = pyrage.ssh.Recipient.from_str(recipient.read_text(encoding="ascii").strip())
        except (OSError, ValueError, pyrage.RecipientError):
            raise KeyStoreError(
                f"{recipient} is not a public SSH key (ed25519 or RSA), unlike id_ed25519.pub."
            ) from None
        return lambda text: pyrage.encrypt(text, [to]), "ssh key"
    if passphrase:
        return lambda text: pyrage.passphrase.encrypt(text, passphrase), "passphrase"
    raise KeyStoreError(
        f"The key for {name} must be locked. Name a public SSH key with --ssh-key, or set "
        "WODA_KEY_PASSPHRASE."
    )


@lru_cache(maxsize=8)
def _opened(content: bytes, passphrase: str) -> bytes:
    """Open a file once a process: age makes a passphrase take a second or two, on purpose."""
    return pyrage.passphrase.decrypt(content, passphrase)


def _write_private(path: Path, content: bytes) -> None:
    """Write a file that its owner alone can read, from its first byte on, whole or not at all."""
    hidden = path.with_name(f".{path.name}.{os.getpid()}")
    hidden.unlink(missing_ok=True)
    descriptor = os.open(hidden, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    hidden.replace(path)
