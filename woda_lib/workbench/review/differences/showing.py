"""What a difference page shows of values, tables and figures, ready for its template."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from woda_lib.records import RunFolder, read_exported, say_name
from woda_lib.records.phrases import MINUS
from woda_lib.workbench.review.differences import sentences
from woda_lib.workbench.review.differences.charts import Drawing, draw_alike
from woda_lib.workbench.review.differences.model import (
    Cell,
    Difference,
    FigureChange,
    TableChange,
    ValueChange,
)
from woda_lib.workbench.review.differences.strip import draw_strip
from woda_lib.workbench.review.differences.tables import WITHHELD, is_number
from woda_lib.workbench.review.fragments import UnsafeOutput, checked_fragment

_WHOLE = 16  # a table of up to so many rows is shown whole, else its changed rows
_MOST = 40  # rows on a page; the CSV file has all
_THOUSANDS = 10_000
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


@dataclass(frozen=True)
class ValueRow:
    """A value as its row shows it."""

    moved: ValueChange
    strip: Markup
    reading: str
    because: str


def value_row(moved: ValueChange) -> ValueRow:
    """Return a value with its picture and its words."""
    return ValueRow(
        moved,
        Markup(draw_strip(moved.change)),
        sentences.say_reading(moved),
        sentences.say_because(moved),
    )


@dataclass(frozen=True)
class CellShown:
    """A cell as its words: what it is, and what it was."""

    text: str
    was: str
    mark: str
    fate: str
    number: bool


@dataclass(frozen=True)
class TableShown:
    """A changed table as the page shows it: columns and rows that matter, and what is left out."""

    table: TableChange
    heads: tuple[tuple[str, str, bool], ...]
    rows: tuple[tuple[str, tuple[CellShown, ...]], ...]
    left_out: tuple[str, ...]
    hidden_rows: int
    changed_rows: int
    withheld: bool


def changed_tables(difference: Difference, answering: str) -> list[TableShown]:
    """Return the tables that differ, those of the step that answers first."""
    changed = [table for table in difference.tables if table.fate != "same"]
    changed.sort(key=lambda table: table.step != answering)
    return [_shown(table) for table in changed]


def _shown(table: TableChange) -> TableShown:
    moved = [row for row in table.rows if row.fate != "same"]
    rows = list(table.rows) if len(table.rows) <= _WHOLE else moved[:_MOST]
    keep = [
        place
        for place, (name, fate) in enumerate(table.columns)
        if name in table.labels
        or fate != "same"
        or any(row.cells[place].fate != "same" for row in moved if row.fate == "changed")
        or not any(row.fate == "changed" for row in moved)
    ]
    numeric = {
        place
        for place in keep
        if table.columns[place][0] not in table.labels
        and any(is_number(row.cells[place].text) for row in table.rows)
    }
    return TableShown(
        table,
        tuple((_headed(table.columns[i][0]), table.columns[i][1], i in numeric) for i in keep),
        tuple(
            (row.fate, tuple(_cell(row.cells[i], i in numeric, row.fate) for i in keep))
            for row in rows
        ),
        tuple(_headed(name) for i, (name, _) in enumerate(table.columns) if i not in keep),
        len(moved) - len(rows) if len(table.rows) > _WHOLE else 0,
        len(moved),
        any(WITHHELD in (c.text, c.was) for row in rows for c in row.cells),
    )


def _cell(cell: Cell, number: bool, row: str) -> CellShown:
    mark = ""
    if cell.fate == "changed" and is_number(cell.text) and is_number(cell.was):
        mark = "▲" if float(cell.text) > float(cell.was) else "▼"
    was = "withheld [c]" if cell.was == WITHHELD else say_cell(cell.was) or "blank"
    fate = cell.fate if row in ("same", "changed") else "same"
    return CellShown(say_cell(cell.text), was if cell.fate == "changed" else "", mark, fate, number)


def say_cell(text: str) -> str:
    """Return an exported cell as people read it: true minus, thousands, dates in words."""
    if is_number(text) and "e" not in text.lower():
        whole, _, part = text.lstrip("+-").partition(".")
        if part.strip("0") == "":
            part = ""
        if int(whole or "0") >= _THOUSANDS:
            whole = f"{int(whole):,}"
        sign = MINUS if text.startswith("-") else ""
        return f"{sign}{whole or '0'}{'.' + part if part else ''}"
    if found := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
        return f"{day} {_MONTHS[month - 1]} {year}"
    if is_number(text):
        return f"{float(text):.3g}".replace("-", MINUS)
    return {"True": "yes", "False": "no"}.get(text, text)


def _headed(name: str) -> str:
    return name if len(name) == 1 else say_name(name)  # m and u are the field's own letters


@dataclass(frozen=True)
class Pictured:
    """A figure's two sides; `alike` says whether the axes are the same."""

    figure: FigureChange
    before: Markup
    after: Markup
    alike: bool


def pictured(figure: FigureChange, before: RunFolder, after: RunFolder) -> Pictured:
    """Return both sides of a figure, on the same axes where its numbers permit."""
    drawn = _drawn_alike(figure, before, after)
    if drawn:
        sides = [
            Markup('<div class="wide">{}</div><div class="narrow">{}</div>').format(
                Markup(side.wide), Markup(side.narrow)
            )
            for side in drawn
        ]
        return Pictured(figure, sides[0], sides[1], alike=True)
    return Pictured(
        figure,
        _as_it_was(before, figure.files_before, figure.caption_before),
        _as_it_was(after, figure.files_after, figure.caption_after),
        alike=False,
    )


def _drawn_alike(
    figure: FigureChange, before: RunFolder, after: RunFolder
) -> tuple[Drawing, Drawing] | None:
    paths = [
        next((run.path / name for name in files if name.endswith(".csv")), None)
        for run, files in ((before, figure.files_before), (after, figure.files_after))
    ]
    if None in paths:
        return None
    try:
        old, new = (read_exported(path) for path in paths if path)
    except (OSError, ValueError, csv.Error):
        return None
    return draw_alike(old, new, (figure.caption_before, figure.caption_after))


def _as_it_was(run: RunFolder, files: Sequence[str], caption: str) -> Markup:
    """The drawing that a version exported."""
    path = next((run.path / name for name in files if name.endswith(".svg")), None)
    if path is None or not path.is_file():
        return Markup('<p class="soft">Not in this version.</p>')
    try:
        svg = checked_fragment(path.read_text(encoding="utf-8"), where=f"The figure {path.name}")
    except (OSError, ValueError, UnsafeOutput):
        return Markup('<p class="soft">This drawing cannot be shown; its report has it.</p>')
    said = Markup('<svg role="img" aria-label="{}" ').format(caption)
    return Markup('<div class="asitwas">{}</div>').format(Markup(svg.replace("<svg ", said, 1)))
