"""A paper as Markdown, and as a page of the house that opens without a network."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pandas as pd
from jinja2 import Template

from woda_lib.phrases import say_number
from woda_lib.prediction.bundle.paper import Exhibit, Paper
from woda_lib.stationery.templates import page_environment

MADE_UP = "This record tells of a made-up county: nobody in it exists."
NOT_SAID = "not said"
"""What stands for a number that the disclosure gate withheld, or that there is none of."""

_HERE = Path(__file__).parent


def paper_json(paper: Paper) -> str:
    """Return a paper as JSON, as a register could take it."""
    return json.dumps(paper.plain(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def as_markdown(paper: Paper) -> str:
    """Return a paper as Markdown: the verdict first, a heading a question."""
    lines = [f"**{_plain(paper.verdict)}**", "", f"# {_plain(paper.title)}", ""]
    lines += [f"{paper.standard}", ""] if paper.standard else []
    lines += [f"{MADE_UP}", ""] if paper.synthetic else []
    for section in paper.sections:
        lines += [f"## {_plain(section.title)}", ""]
        for entry in section.entries:
            heading = f"{entry.number} {entry.field}".strip()
            lines += [f"### {_plain(heading)}", ""]
            for part in entry.answer:
                lines += [_plain(part), ""]
            for table in entry.tables:
                lines += [*_markdown_table(table), ""]
    return "\n".join(lines).rstrip() + "\n"


def as_html(paper: Paper) -> str:
    """Return a paper as a page: the verdict first, then contents, then a heading a question."""
    return _template().render(paper=paper, made_up=MADE_UP, cells=cells, heading=said)


def cells(table: Exhibit) -> list[list[tuple[str, bool]]]:
    """Return the rows of a table as they are read: a cell's text, and if its column is numbers."""
    rows = table.cells.to_numpy(dtype=object).tolist()
    numbers = [all(_is_number(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [[(_cell(cell), n) for cell, n in zip(row, numbers, strict=True)] for row in rows]


def said(column: object) -> str:
    """Return a column's name as a heading."""
    words = str(column).replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _markdown_table(table: Exhibit) -> list[str]:
    columns = [_in_a_cell(said(column)) for column in table.cells.columns]
    rows = [[_in_a_cell(text) for text, _ in row] for row in cells(table)]
    return [
        f"{_plain(table.caption)}",
        "",
        _row(columns),
        _row("---" for _ in columns),
        *map(_row, rows),
    ]


def _row(texts: object) -> str:
    return f"| {' | '.join(texts)} |"  # type: ignore[arg-type]


def _cell(cell: object) -> str:
    if _is_missing(cell):
        return NOT_SAID
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int):
        return say_number(cell, 0)
    if isinstance(cell, float):
        return say_number(cell, 0 if cell.is_integer() and abs(cell) >= 1 else 3)
    return str(cell).replace("_", " ")


def _is_missing(cell: object) -> bool:
    return cell is None or cell is pd.NA or (isinstance(cell, float) and pd.isna(cell))


def _is_number(cell: object) -> bool:
    return _is_missing(cell) or (isinstance(cell, int | float) and not isinstance(cell, bool))


def _plain(text: str) -> str:
    """Escape what Markdown would take for markup."""
    return "".join(f"\\{sign}" if sign in r"\`*_[]<>#" else sign for sign in text)


def _in_a_cell(text: str) -> str:
    return _plain(text).replace("|", r"\|").replace("\n", " ")


@cache
def _template() -> Template:
    style = (_HERE / "paper.css").read_text(encoding="utf-8")
    return page_environment(_HERE, style=style).get_template("paper.html")
