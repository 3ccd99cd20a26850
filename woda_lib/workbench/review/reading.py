"""An executed notebook, read as a report: the answer first, then sections; code apart.

A notebook is written in the order of work: question, settings, steps, and an answer that `begin`
put near the top. A report keeps that order with three exceptions. The answer moves to the front,
with the headline values beneath it; figures, maps and tables are numbered as they then follow. What
stands before the first section heading (owner, period, settings) becomes an opening of its own.
Code is collected at the end of its section, to be folded.

Only outputs that `woda_lib.notebook` made are read; they say so in their metadata. Anything else
that a cell displayed stays in the notebook.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

import nbformat

from woda_lib.errors import WodaError
from woda_lib.workbench.review.fragments import checked_fragment, merged_facts
from woda_lib.workbench.review.prose import Heading, highlight_code, read_markdown

_EXHIBIT = re.compile(
    r'<(?:fig)?caption id="([ftm]-[^"]+)">.*?<b>((?:Table|Figure|Map) \d+)\.</b>', re.DOTALL
)
_INJECTED = "injected-parameters"
_APART = frozenset(("answer", "provenance"))  # shown elsewhere in a report than where they stand


class ReportError(WodaError):
    """A report cannot be made from an executed notebook."""


@dataclass(frozen=True)
class Output:
    """One output that a verb of the run made."""

    kind: str
    name: str
    html: str


@dataclass(frozen=True)
class Code:
    """One code cell, numbered among all cells as JupyterLab shows them."""

    cell: int
    html: str


@dataclass
class Section:
    """What stands under one heading: prose and outputs in order, and the code that made them."""

    anchor: str
    heading: str
    parts: list[Output] = field(default_factory=list)
    code: list[Code] = field(default_factory=list)

    @property
    def blocks(self) -> list[str]:
        """The section's HTML in order, with neighbouring headline values in one list."""
        blocks = []
        for kind, parts in groupby(self.parts, key=lambda part: part.kind):
            fragments = [part.html for part in parts]
            blocks.extend([merged_facts(fragments)] if kind == "value" else fragments)
        return blocks


@dataclass
class Reading:
    """A whole notebook.

    Attributes
    ----------
    title : str
        The question, as HTML; empty where the notebook has no first-level heading.
    answer : str
        What `begin` and `answer` displayed; empty where they did not.
    facts : list of str
        Every headline value of the step, each a list of one entry; see `merged_facts`.
    opening : Section
        What stands before the first section.
    sections : list of Section
    """

    title: str = ""
    answer: str = ""
    facts: list[str] = field(default_factory=list)
    opening: Section = field(default_factory=lambda: Section("about", "About this report"))
    sections: list[Section] = field(default_factory=list)

    @property
    def has_map(self) -> bool:
        """Whether a map stands in it, in a frame of its own."""
        parts = (part for here in (self.opening, *self.sections) for part in here.parts)
        return "<iframe " in self.answer or any(part.kind == "map" for part in parts)


def read_notebook(path: Path) -> Reading:
    """Read an executed notebook.

    Raises
    ------
    ReportError
        If the file is not a notebook.
    UnsafeOutput
        If an output holds what a report may not.
    """
    try:
        notebook = nbformat.read(path, as_version=4)
    except (OSError, ValueError, nbformat.ValidationError):
        raise ReportError(
            f"{path.name} is not a notebook that can be read. Run its step again."
        ) from None
    read = {number: list(_outputs(cell, number)) for number, cell in _numbered(notebook)}
    outputs = _as_met(read)
    made = [output for several in outputs.values() for output in several]
    reading = Reading(
        answer=next((out.html for out in made if out.kind == "answer"), ""),
        facts=[output.html for output in made if output.kind == "value"],
    )
    moved = set(_EXHIBIT.findall(reading.answer))
    here = reading.opening
    for number, cell in _numbered(notebook):
        if cell.cell_type == "markdown":
            here = _add_prose(cell.source, reading, here)
        elif cell.cell_type == "code":
            here.parts.extend(
                _pointed(out, moved) for out in outputs[number] if out.kind not in _APART
            )
            if cell.source.strip():
                here.code.append(Code(number, highlight_code(cell.source)))
    return reading


def _numbered(notebook: nbformat.NotebookNode) -> Iterator[tuple[int, nbformat.NotebookNode]]:
    """Number the cells as JupyterLab shows them; papermill's own cell of parameters is none."""
    written = (c for c in notebook.cells if _INJECTED not in c.metadata.get("tags", ()))
    return enumerate(written, start=1)


def _outputs(cell: nbformat.NotebookNode, number: int) -> Iterator[Output]:
    for output in cell.get("outputs", ()):
        mark = output.get("metadata", {}).get("woda")
        html = output.get("data", {}).get("text/html")
        if mark and html:
            where = f"The output {mark['name']!r} of cell {number}"
            yield Output(mark["kind"], mark["name"], checked_fragment(html, where=where))


def _as_met(outputs: dict[int, list[Output]]) -> dict[int, list[Output]]:
    """Number exhibits as a reader meets them: the answer's first, which was made after others."""
    met: dict[str, str] = {}
    counted = Counter[str]()

    def anew(exhibit: re.Match[str]) -> str:
        whole, anchor, made = exhibit[0], exhibit[1], exhibit[2]
        if anchor not in met:
            kind = made.partition(" ")[0]
            counted[kind] += 1
            met[anchor] = f"{kind} {counted[kind]}"
        number = met[anchor]
        download = f" of {made.lower()}</span>", f" of {number.lower()}</span>"
        return whole.replace(*download).replace(f"<b>{made}.</b>", f"<b>{number}.</b>")

    return {
        cell: [replace(output, html=_EXHIBIT.sub(anew, output.html)) for output in several]
        for cell, several in outputs.items()
    }


def _add_prose(source: str, reading: Reading, here: Section) -> Section:
    """Add a markdown cell to the section it stands in; return the section it ends in."""
    for part in read_markdown(source):
        if isinstance(part, str):
            here.parts.append(Output("prose", "", part))
        elif part.level == 1 and not reading.title:
            reading.title = part.html
        else:
            here = Section(_anchor(part, reading.sections), part.html)
            reading.sections.append(here)
    return here


def _anchor(heading: Heading, sections: list[Section]) -> str:
    """Return a name for links that no other section has, and no exhibit (t-, f-, m-)."""
    words = re.findall(r"[a-z0-9]+", heading.text.lower())
    anchor = "-".join(["s", *words])
    taken = sum(re.fullmatch(rf"{anchor}(-\d+)?", other.anchor) is not None for other in sections)
    return f"{anchor}-{taken + 1}" if taken else anchor


def _pointed(output: Output, moved: set[tuple[str, str]]) -> Output:
    """Replace an exhibit that stands with the answer by a line that points there."""
    shown = _EXHIBIT.search(output.html)
    if shown is None or shown.groups() not in moved:
        return output
    anchor, number = shown.groups()
    pointer = f'<p class="pointer"><a href="#{anchor}">{number}</a> stands with the answer.</p>'
    return Output("prose", output.name, pointer)
