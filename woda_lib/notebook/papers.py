"""Papers about a model, as they are published: gated text by text, with tables as they were shown.

A number of people stands in a paper only in a table that the run has shown under the same name, and
as the gate let it be shown. Every text passes the gate as an answer or a caption does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from woda_lib.disclosure import Loaded, gate_text, safe_cells, without_public
from woda_lib.notebook.errors import NotebookError
from woda_lib.notebook.gallery import Exhibit as Hung
from woda_lib.records import RunFolder, Shown, write_text

if TYPE_CHECKING:
    from woda_lib.prediction.bundle import Exhibit, Paper


def gated_paper(
    paper: Paper, *, shown: Mapping[str, Hung], loaded: Loaded, public: Collection[str]
) -> Paper:
    """Return a paper as it may be published.

    Parameters
    ----------
    paper : Paper
    shown : mapping of str to Exhibit
        What the run has shown, by name: a table of the paper that is among it stands as shown.
    loaded : Loaded
        What the step has read that identifies people.
    public : collection of str
        Addresses of the office that a paper must name.

    Raises
    ------
    NotebookError
        If a table holds numbers and was not shown.
    DisclosureError
        If a text holds what identifies somebody.
    """

    def gate(text: str) -> None:
        loaded.refuse_text(text, name=f"The {paper.name}")
        gate_text(without_public(text, public), name=f"The {paper.name}")

    def as_shown(table: Exhibit) -> Exhibit:
        if table.name in shown:
            hung = shown[table.name]
            return type(table)(table.name, hung.record.caption, hung.frame)
        if table.frame is None:
            raise NotebookError(
                f"The {paper.name} holds the table {table.name}, which was not shown. Show it "
                f"first, with run.show(…, name={table.name!r})."
            )
        _refuse_numbers(table.name, table.frame, paper.name)
        loaded.refuse_table(table.frame, name=table.name)
        for text in table.frame.astype(str).to_numpy(dtype=object).ravel():
            gate(text)
        return table

    for text in paper.texts:
        gate(text)
    return paper.with_tables(as_shown)


def write_paper(paper: Paper, folder: RunFolder, step: str, caption: str) -> Shown:
    """Export a paper beside the report: CSV first, then JSON, Markdown and HTML.

    Returns
    -------
    Shown
        Its record; a paper is filed as the table of its answers.
    """
    from woda_lib.prediction.bundle import as_html, as_markdown, paper_json  # here: few steps do

    home = folder.shown(step)
    cells = safe_cells(paper.table())
    forms = {
        "csv": cells.to_csv(index=False, lineterminator="\n"),
        "json": paper_json(paper),
        "md": as_markdown(paper),
        "html": as_html(paper),
    }
    paths: list[Path] = []
    for ending, text in forms.items():
        paths.append(home / f"{paper.name}.{ending}")
        write_text(paths[-1], text)
    files = tuple(path.relative_to(folder.path).as_posix() for path in paths)
    return Shown(name=paper.name, kind="table", caption=caption, files=files)


def paper_markup(paper: Paper, record: Shown) -> tuple[str, str]:
    """Return a published paper as a notebook displays it: HTML, and plain text."""
    links = ", ".join(
        f'<a href="{escape(name)}" download>{escape(_called(name))}</a>' for name in record.files
    )
    body = "".join(
        f"<div><dt>{escape(f'{entry.number} {entry.field}'.strip())}</dt><dd>"
        + "".join(f"<p>{escape(part)}</p>" for part in entry.answer if part)
        + "".join(f"<p>{escape(_points(table))}</p>" for table in entry.tables)
        + "</dd></div>"
        for entry in paper.entries
    )
    count = sum(1 for _ in paper.entries)
    html = (
        f'<section class="protocol" aria-label="{escape(paper.title)}">'
        f"<p><b>{escape(paper.verdict)}</b></p>"
        f"<p>{escape(record.caption)} As {links}.</p>"
        f"<details><summary>{escape(paper.title)}: {count} answers</summary>"
        f'<dl class="prov">{body}</dl></details></section>'
    )
    said = (f"{entry.number} {entry.field}: {' '.join(entry.answer)}" for entry in paper.entries)
    return html, "\n".join([paper.verdict, paper.title, *said])


def _points(table: Exhibit) -> str:
    return f"{table.caption} (In the files beside: table {table.name.replace('_', ' ')}.)"


def _called(name: str) -> str:
    return {"md": "Markdown"}.get(ending := name.rpartition(".")[2], ending.upper())


def _refuse_numbers(name: str, frame: pd.DataFrame, paper: str) -> None:
    for column in frame.columns:
        values = frame[column]
        texts = values.dropna().map(lambda item: isinstance(item, str | bool)).all()
        if not texts or pd.api.types.is_datetime64_any_dtype(values):
            raise NotebookError(
                f"The table {name} of the {paper} holds numbers that did not pass the gate. "
                f"Show it first, with run.show(…, name={name!r}); the paper then holds it as "
                "it was shown."
            )
