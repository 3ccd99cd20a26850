"""Restricted pages: HTML that names people, encrypted under the agreement's key (AES-GCM).

A file is a line of what is not secret, and after it the sealed rest::

    {"form": "woda page 1", "key": "<name>/<version>", "nonce": "<base64>"}
    AES-256-GCM of the compressed notes and page, with that line as associated data

A page has one place, `OPENED`, where whoever opens it is told who they are: who opened it, when,
until when the copy lasts, the agreement, and the number of the record in the audit log. The place
is filled in when it is opened, so that no two copies read alike.
"""

from __future__ import annotations

import base64
import json
import os
import zlib
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from woda_lib.errors import WodaError
from woda_lib.partners.key_store import KeyStoreError
from woda_lib.partners.keys import AgreementKey
from woda_lib.partners.restricted import RestrictedTableError
from woda_lib.records import TableNotFound

OPENED = "<!--woda:opened-->"
"""What a page holds once, in its body, where the banner of whoever opens it goes: a
``<section class="woda-opened">``, styled by itself, that the page's own style may dress."""

_FORM = "woda page 1"
_NONCE = 12


class DocumentError(WodaError):
    """A page that a notebook wants to keep has not the form that it must have."""


def require_place(html: str, name: str) -> None:
    """Refuse a page in which the banner has no place, or several.

    Raises
    ------
    DocumentError
    """
    if (found := html.count(OPENED)) != 1:
        raise DocumentError(
            f"The page {name} holds {OPENED} {found} times. It must stand in its body once: there "
            "whoever opens the page is told who opened it, and until when."
        )


def write_document(path: Path, html: str, key: AgreementKey, notes: Mapping[str, str]) -> None:
    """Write a page whole or not at all, encrypted under the newest version of a key.

    Parameters
    ----------
    path : Path
    html : str
    key : AgreementKey
    notes : mapping of str to str
        Kept with the page, encrypted like it.
    """
    nonce = os.urandom(_NONCE)
    head = json.dumps(
        {
            "form": _FORM,
            "key": f"{key.name}/{key.version}",
            "nonce": base64.b64encode(nonce).decode(),
        }
    ).encode()
    inside = zlib.compress(json.dumps({"notes": dict(notes), "html": html}).encode())
    sealed = AESGCM(key.documents(key.version)).encrypt(nonce, inside, head)
    path.parent.mkdir(parents=True, exist_ok=True)
    hidden = path.with_name(f".{path.name}.{os.getpid()}")
    hidden.write_bytes(head + b"\n" + sealed)
    hidden.replace(path)


def read_document(path: Path, reference: str, key: AgreementKey) -> tuple[str, dict[str, str]]:
    """Return a page, and the notes that were kept with it.

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
        If there is no such page.
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
        if told["form"] != _FORM or len(nonce) != _NONCE:
            raise ValueError
    except (ValueError, KeyError, TypeError):
        raise _cannot(reference, "It is damaged. Run the step that saves it again.") from None
    if name != key.name:
        raise _cannot(
            reference,
            f"It was saved under the agreement {name}, and {key.name} is at hand: what is saved "
            "under one agreement is not read under another.",
        )
    try:
        inside = AESGCM(key.documents(version)).decrypt(nonce, sealed, head)
    except KeyStoreError as error:
        raise _cannot(reference, str(error)) from None
    except InvalidTag:
        raise _cannot(reference, "It has been changed since it was saved.") from None
    whole = json.loads(zlib.decompress(inside))
    return whole["html"], whole["notes"]


def _cannot(reference: str, why: str) -> RestrictedTableError:
    return RestrictedTableError(f"{reference} cannot be opened. {why}")
