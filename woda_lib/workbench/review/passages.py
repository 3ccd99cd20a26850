"""What an author wrote in a notebook, or said with figures put in, by heading, in plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import nbformat
from nbformat.reader import NotJSONError

from woda_lib.errors import WodaError

OPENING = "Opening"
_MARKS = re.compile(r"\*\*|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)|`|^\s*(?:[-*]|\d+\.)\s+", re.MULTILINE)
_SAID = re.compile(r"<(p|li)>(.*?)</\1>", re.DOTALL)
_BESIDE = re.compile(r"<sup\b.*?</sup>|<[^>]+>", re.DOTALL)  # numbers of citations, and marks
_ITEM = re.compile(r"\n(?=\s*(?:[-*|]|\d+\.)\s?)")


class UnreadablePassages(WodaError):
    """An executed notebook is missing, or is no notebook."""


def read_passages(notebook: Path) -> dict[str, list[str]]:
    """Return the prose of a notebook: its paragraphs, and each item of a list as one.

    Parameters
    ----------
    notebook : Path
        The executed notebook; its markdown is read, and what `Run.say` displayed.

    Returns
    -------
    dict of str to list of str
        By heading, in order; what stands before the first is the opening.

    Raises
    ------
    UnreadablePassages
        If it cannot be read.
    """
    try:
        cells = nbformat.read(notebook, as_version=4).cells
    except (OSError, ValueError, NotJSONError):
        raise UnreadablePassages(f"{notebook.name} cannot be read as a notebook.") from None
    sections: dict[str, list[str]] = {}
    heading = OPENING
    for cell in cells:
        if cell.cell_type != "markdown":
            sections.setdefault(heading, []).extend(_said(cell))
            continue
        for block in cell.source.split("\n\n"):
            title, _, beneath = block.partition("\n")
            if title.startswith("#"):
                heading = _plain(title.lstrip("# "))
            for item in _ITEM.split(beneath if title.startswith("#") else block):
                if plain := _plain(item):
                    sections.setdefault(heading, []).append(plain)
    return {heading: texts for heading, texts in sections.items() if texts}


def _said(cell: nbformat.NotebookNode) -> Iterator[str]:
    """The paragraphs and items of texts into which figures were put."""
    for output in cell.get("outputs", ()):
        if output.get("metadata", {}).get("woda", {}).get("kind") == "text":
            for match in _SAID.finditer(output["data"]["text/html"]):
                yield " ".join(unescape(_BESIDE.sub("", match[2])).split())


def _plain(text: str) -> str:
    return " ".join(_MARKS.sub("", text).split())
