"""Restricted pages: HTML that names people, encrypted under the agreement's key; see `sealing`.

A page has one place, `OPENED`, where whoever opens it is told who they are: who opened it, when,
until when the copy lasts, the agreement, and the number of the record in the audit log. The place
is filled in when it is opened, so that no two copies read alike.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from woda_lib.errors import WodaError
from woda_lib.partners.keys import AgreementKey
from woda_lib.partners.sealing import Seal

OPENED = "<!--woda:opened-->"
"""What a page holds once, in its body, where the banner of whoever opens it goes: a
``<section class="woda-opened">``, styled by itself, that the page's own style may dress."""

_PAGES = Seal("woda page 1", AgreementKey.documents)


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
    _PAGES.write(path, json.dumps({"notes": dict(notes), "html": html}).encode(), key)


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
    whole = json.loads(_PAGES.read(path, reference, key))
    return whole["html"], whole["notes"]
