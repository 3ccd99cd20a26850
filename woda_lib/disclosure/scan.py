"""The last look at what is to be published: every file of it, and every file's name.

What the gate passed should hold nothing personal. This looks at the outcome instead of the way
there: at the executed notebooks with their metadata and parameters, at pages with what scripts and
tooltips in them hold, at exported files, at records. Texts are read as a reader would see them,
without markup, and as the file holds them, attributes and embedded data included.

`restricted/` is not published and not looked at.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from woda_lib.disclosure.canaries import Canary, names_canary
from woda_lib.disclosure.maps import unsafe_properties
from woda_lib.disclosure.personal import personal_kinds, without_public
from woda_lib.disclosure.rule import DisclosureError, Rule

CANARY = "the name of a canary resident"
RESTRICTED = "restricted"

_READABLE = frozenset((".csv", ".geojson", ".html", ".ipynb", ".json", ".md", ".svg", ".txt"))
_TAG = re.compile(r"<(?:!--.*?--|/?[A-Za-z][^<>]*)>", re.DOTALL)
_CELL_ENDS = re.compile(r"</(?:t[dh]|d[td]|text)>", re.IGNORECASE)
_DRAWN = re.compile(r"""\s(?:d|points|transform|viewBox|style)=("[^"]*"|'[^']*')""")
# Counts of 450, 470 and 1130 in one row are no number of anybody.
_NEXT_COUNT = re.compile(r"(?<=\d),(?=\d)")
_HASH = re.compile(r"\b[0-9a-f]{32,64}\b")
_SPACE = re.compile(r"\s+")


def scan_folder(
    folder: Path,
    canaries: Sequence[Canary] = (),
    rule: Rule | None = None,
    *,
    public: Collection[str] = (),
) -> None:
    """Refuse a folder that is to be published if any file of it, or a file's name, is personal.

    Parameters
    ----------
    folder : Path
    canaries : sequence of Canary
        Of the made-up county, if it is one.
    rule : Rule, optional
        The agreement's; for counts that are embedded in maps.
    public : collection of str
        The office's own addresses, which a transparency record must name.

    Raises
    ------
    DisclosureError
        Naming the file, the place in it and the kind of identifier, never quoting it; or a file
        that cannot be looked into.
    """
    sound: set[str] = set()  # a page, its notebook and its record say much of it again
    # Notebooks first, because there the cell can be named.
    for path in sorted(folder.rglob("*"), key=lambda path: (path.suffix != ".ipynb", path)):
        place = path.relative_to(folder)
        if place.parts[0] == RESTRICTED or path.is_dir():
            continue
        if kinds := _kinds(_spaced(place.as_posix()), canaries):
            raise DisclosureError(
                f"The name of a file that the run exports holds {' and '.join(kinds)}. Name tables "
                "and figures by what they show."
            )
        if path.suffix not in _READABLE:
            raise DisclosureError(
                f"The run exports {place.as_posix()}, and nothing can look into a file of that "
                "kind. Show its numbers with run.show, or keep it with run.save."
            )
        content = path.read_text(encoding="utf-8", errors="replace")
        for wrong in unsafe_properties(content, rule or Rule()):
            raise DisclosureError(
                f"{place.as_posix()} embeds {wrong}. Pass the map's features through the gate "
                "before they are drawn."
            )
        for where, text in _texts(path.suffix, content):
            if text in sound:
                continue
            if kinds := _kinds(without_public(text, public), canaries):
                raise DisclosureError(
                    f"{place.as_posix()}{where} holds {' and '.join(kinds)}, and must not be "
                    "published. Leave out what brought it there, or count people in groups."
                )
            sound.add(text)


def scan_text(text: str, canaries: Sequence[Canary] = ()) -> list[str]:
    """Name the kinds of identifier in markup or text, as it is written and as it is read."""
    return list(dict.fromkeys(kind for form in _forms(text) for kind in _kinds(form, canaries)))


def _kinds(text: str, canaries: Sequence[Canary]) -> list[str]:
    found = personal_kinds([text], postcodes=False)
    return [*found, CANARY] if names_canary(text, canaries) else found


def _texts(suffix: str, content: str) -> Iterator[tuple[str, str]]:
    """The texts of a file in each of their forms, each with where it stands."""
    if suffix == ".ipynb":
        notebook = json.loads(content)
        cells = notebook.pop("cells", [])
        number = 0
        for cell in cells:
            injected = "injected-parameters" in cell.get("metadata", {}).get("tags", ())
            number += not injected
            where = ", in its parameters," if injected else f", cell {number},"
            for text in _strings(cell):
                yield from ((where, form) for form in _forms(text))
        yield from ((", in its metadata,", text) for text in _strings(notebook))
    elif suffix in (".json", ".geojson"):
        for text in _strings(json.loads(content)):
            yield from (("", form) for form in _forms(text))
    elif suffix == ".csv":
        for line, text in enumerate(content.splitlines(), start=1):
            yield f", line {line},", _NEXT_COUNT.sub("  ", text).replace(",", " ")
    else:
        yield from (("", form) for form in _forms(content))


def _forms(text: str) -> Iterator[str]:
    """A text as it is written, without what only draws, and as it is read, without markup."""
    written = _HASH.sub(" ", text)
    if "<" not in written:
        yield written
        return
    written = _DRAWN.sub(" ", written)
    yield unescape(unquote(written))
    # Counts in neighbouring cells, or at neighbouring bars, are no number, and run together some
    # would pass for one.
    apart = _CELL_ENDS.sub(" ", written)
    yield _SPACE.sub(" ", unescape(_TAG.sub("", apart)))
    yield _SPACE.sub(" ", unescape(_TAG.sub(" ", written)))


def _strings(item: Any) -> Iterator[str]:
    """Every text and whole number in JSON, keys included."""
    if isinstance(item, dict):
        for key, value in item.items():
            yield str(key)
            yield from _strings(value)
    elif isinstance(item, list):
        texts = [part for part in item if isinstance(part, str)]
        if texts and texts == item and all(text.endswith("\n") for text in texts[:-1]):
            yield "".join(texts)  # a notebook's lines
        else:
            for part in item:
                yield from _strings(part)
    elif isinstance(item, str) or (isinstance(item, int) and not isinstance(item, bool)):
        yield str(item)


def _spaced(name: str) -> str:
    return re.sub(r"[_./]+", " ", name)
