"""What a screen reader is told by a PDF: its tags, read back with a well-kept reader of PDFs.

The checks are those of PDF/UA-1 (ISO 14289-1) that a machine can make and that Chromium's tagged
PDF allows: the Matterhorn Protocol's checkpoints 01 (tagged), 06 and 07 (title), 11 (language),
13 (figures), 14 (headings) and 15 (tables).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from pypdf import PdfReader


def faults(reader: PdfReader) -> list[str]:
    """Say in sentences what keeps a PDF from being read aloud as it should be."""
    root = reader.trailer["/Root"]
    if "/StructTreeRoot" not in root or not _says(root, "/MarkInfo", "/Marked"):
        return ["It is not tagged."]
    found = []
    if not root.get("/Lang"):
        found.append("It does not say its language.")
    if not (reader.metadata and reader.metadata.title):
        found.append("It has no title.")
    if not _says(root, "/ViewerPreferences", "/DisplayDocTitle"):
        found.append("Its file's name is shown in place of its title.")
    tags = list(_tags(root["/StructTreeRoot"]["/K"]))
    figures = [tag for tag in tags if tag["/S"] == "/Figure"]
    found += ["A figure has no text in its place." for tag in figures if not tag.get("/Alt")]
    for table in (tag for tag in tags if tag["/S"] == "/Table"):
        heads = [tag for tag in _tags(table["/K"]) if tag["/S"] == "/TH"]
        if not heads:
            found.append("A table has no head.")
    return found + list(_heading_faults([tag["/S"] for tag in tags]))


def count(reader: PdfReader, tag: str) -> int:
    """Return how many elements of a kind a PDF has."""
    return sum(one["/S"] == tag for one in _tags(reader.trailer["/Root"]["/StructTreeRoot"]["/K"]))


def _says(root: Any, place: str, name: str) -> bool:
    """Whether the catalogue says yes to something; as an object, a no is true as well."""
    answer = root.get(place, {}).get(name)
    return answer is not None and answer.value is True


def _heading_faults(names: list[str]) -> Iterator[str]:
    levels = [int(name[2]) for name in names if name in {f"/H{level}" for level in range(1, 7)}]
    if levels[:1] != [1] or levels.count(1) > 1:
        yield "Not one heading of the first level begins it."
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"A heading of level {after} stands below one of level {before}."


def _tags(kids: Any) -> Iterator[Any]:
    """Give every structure element below, in reading order."""
    for kid in kids.get_object() if isinstance(kids.get_object(), list) else [kids]:
        element = kid.get_object()
        if isinstance(element, dict) and "/S" in element:
            yield element
            if "/K" in element:
                yield from _tags(element["/K"])
