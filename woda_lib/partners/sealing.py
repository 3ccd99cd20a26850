"""What is encrypted under an agreement's key and is no table: one file, AES-256-GCM.

A file is a line of what is not secret, and after it the sealed rest::

    {"form": "woda page 1", "key": "<name>/<version>", "nonce": "<base64>"}
    AES-256-GCM of the compressed content, with that line as associated data
"""

from __future__ import annotations

import base64
import json
import os
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from woda_lib.partners.key_store import KeyStoreError
from woda_lib.partners.keys import AgreementKey
from woda_lib.partners.restricted import RestrictedTableError
from woda_lib.records import TableNotFound

_NONCE = 12


@dataclass(frozen=True)
class Seal:
    """A kind of sealed file.

    Attributes
    ----------
    form : str
        How its first line calls it.
    secret : callable
        Returns the key for it, of a version of an agreement's key.
    """

    form: str
    secret: Callable[[AgreementKey, str], bytes]

    def write(self, path: Path, content: bytes, key: AgreementKey) -> None:
        """Write a file whole or not at all, encrypted under the newest version of a key."""
        nonce = os.urandom(_NONCE)
        head = json.dumps(
            {
                "form": self.form,
                "key": f"{key.name}/{key.version}",
                "nonce": base64.b64encode(nonce).decode(),
            }
        ).encode()
        sealed = AESGCM(self.secret(key, key.version)).encrypt(nonce, zlib.compress(content), head)
        path.parent.mkdir(parents=True, exist_ok=True)
        hidden = path.with_name(f".{path.name}.{os.getpid()}")
        hidden.write_bytes(head + b"\n" + sealed)
        hidden.replace(path)

    def read(self, path: Path, reference: str, key: AgreementKey) -> bytes:
        """Return the content of a file.

        Parameters
        ----------
        path : Path
        reference : str
            How people name it, for the error.
        key : AgreementKey
            Of the agreement under which it is opened: the one under which it was saved.

        Raises
        ------
        TableNotFound
            If there is no such file.
        RestrictedTableError
            If it was saved under another agreement or another key, or is damaged.
        """
        try:
            head, _, sealed = path.read_bytes().partition(b"\n")
        except FileNotFoundError:
            raise TableNotFound(f"{reference} is not there.") from None
        try:
            told = json.loads(head)
            name, _, version = str(told["key"]).rpartition("/")
            nonce = base64.b64decode(told["nonce"])
            if told["form"] != self.form or len(nonce) != _NONCE:
                raise ValueError
        except (ValueError, KeyError, TypeError):
            raise _cannot(reference, "It is damaged. Run the step that saves it again.") from None
        if name != key.name:
            raise _cannot(
                reference,
                f"It was saved under the agreement {name}, and {key.name} is at hand: what is "
                "saved under one agreement is not read under another.",
            )
        try:
            inside = AESGCM(self.secret(key, version)).decrypt(nonce, sealed, head)
        except KeyStoreError as error:
            raise _cannot(reference, str(error)) from None
        except InvalidTag:
            raise _cannot(reference, "It has been changed since it was saved.") from None
        return zlib.decompress(inside)


def _cannot(reference: str, why: str) -> RestrictedTableError:
    return RestrictedTableError(f"{reference} cannot be opened. {why}")
