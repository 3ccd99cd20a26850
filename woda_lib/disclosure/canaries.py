"""Canary residents: made-up people whose names must never be seen in a report.

The made-up county holds a few residents with names that nobody has. They go through every step as
anyone does. If one of their names turns up in anything that is published, somebody's would have.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = "canaries.json"
"""The file beside a county's truth that lists them."""

_NO_LETTERS = bytes(set(range(256)) - set(b"abcdefghijklmnopqrstuvwxyz"))


@dataclass(frozen=True)
class Canary:
    """One canary resident."""

    forename: str
    surname: str


def read_canaries(folder: Path) -> tuple[Canary, ...]:
    """Return the canaries of a county; none where its truth folder lists none."""
    try:
        listed = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    return tuple(Canary(**one) for one in listed)


def write_canaries(canaries: Sequence[Canary], folder: Path) -> None:
    """List the canaries of a county beside its truth."""
    listed = [{"forename": one.forename, "surname": one.surname} for one in canaries]
    (folder / FILE).write_text(json.dumps(listed, indent=2) + "\n", encoding="utf-8")


def names_canary(text: str, canaries: Sequence[Canary]) -> bool:
    """Whether a text names a canary, however it is spelt, cased, joined or set apart.

    A surname is enough: nobody else has one of these.
    """
    if not canaries:
        return False
    letters = _letters(text)
    return any(_surname(one) in letters for one in canaries)


@cache
def _surname(canary: Canary) -> str:
    return _letters(canary.surname)


def _letters(text: str) -> str:
    """A text's letters alone, without accents and in one case."""
    if text.isascii():  # most texts are, and some are megabytes of a page
        return text.lower().encode().translate(None, _NO_LETTERS).decode()
    plain = unicodedata.normalize("NFKD", text).casefold()
    return re.sub(r"[^a-z]", "", plain)
