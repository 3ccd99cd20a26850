"""The HTML that a run's verbs put into a notebook: it reads well in JupyterLab and in the report.

Class names are those of the review site's stylesheet; nothing here depends on it. All text is
escaped here and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from html import escape, unescape

import pandas as pd

from woda_lib.disclosure import GatedTable, Rule
from woda_lib.phrases import say_number
from woda_lib.records import (
    StepRecord,
    Value,
    say_amount,
    say_interval,
    say_label,
    say_name,
)
from woda_lib.stationery import breakable

_HIDDEN = "display:none"
WITHHELD = "[c]"
_SNAKE_CASE = re.compile(r"^[a-z0-9]+(?:_[a-z0-9]+)+$")  # codes and names, said as words


def value_markup(value: Value) -> str:
    """Return a headline number as a definition list of one entry."""
    number = escape(say_amount(value))
    in_words = value.unit and value.unit != "%" and value.unit.partition(" ")[0] != "pounds"
    if value.value is not None and in_words:
        bare, _, unit = say_amount(value).partition(" ")
        number = f"{escape(bare)} <small>{escape(unit)}</small>"
    interval = f" 95% interval {escape(say_interval(value))}" if value.low is not None else ""
    return (
        f'<dl class="facts"><div><dt>{escape(say_label(value))}</dt>'
        f'<dd><span class="v">{number}</span>{interval}</dd></div></dl>'
    )


def table_markup(
    table: GatedTable, *, name: str, number: int, caption: str, href: str, rule: Rule
) -> str:
    """Return a gated table; numbers are right-aligned, and withheld cells are marked [c]."""
    label = f"t-{name}"
    note = withheld_note(WITHHELD, rule) if table.withheld_cells else ""
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-labelledby="{label}">'
        f'<table data-sort><caption id="{label}"><span class="cap">'
        f"{download_link(href, f'table {number}')}<b>Table {number}.</b> {escape(caption)}</span>"
        f"</caption>{table_grid(table)}</table></div>{note}"
    )


def table_grid(table: GatedTable) -> str:
    """Return the head and body of a gated table, without its caption."""
    frame = table.frame
    numeric = {c: _is_number(frame[c]) for c in frame.columns}
    heads = "".join(
        f'<th scope="col"{_class(numeric[column])}>{escape(_heading(str(column)))}</th>'
        for column in frame.columns
    )
    cells = {c: _cells(frame[c], table.withheld[c], str(c)) for c in frame.columns}
    rows = "".join(
        "<tr>"
        + "".join(_cell(cells[c][i], numeric[c], c == frame.columns[0]) for c in cells)
        + "</tr>"
        for i in range(len(frame))
    )
    return f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>"


def figure_markup(
    wide: str,
    narrow: str,
    table: GatedTable,
    *,
    name: str,
    number: int,
    caption: str,
    alt: str,
    href: str,
    rule: Rule,
) -> str:
    """Return a figure in two widths, of which JupyterLab shows the wide one.

    `table` is its gated data: the note beneath says how much of it was withheld.
    """
    count = table.withheld_cells
    numbers = "1 number" if count == 1 else f"{count} numbers"
    note = withheld_note(f"{numbers} not drawn and", rule) if count else ""
    label = f"f-{name}"
    said = f'<svg role="img" aria-label="{escape(alt)}" '
    wide, narrow = (svg.replace("<svg ", said, 1) for svg in (wide, narrow))
    return (
        f'<figure class="picture" aria-labelledby="{label}"><figcaption id="{label}">'
        f"{download_link(href, f'figure {number}')}<b>Figure {number}.</b> {escape(caption)}"
        f'</figcaption><div class="wide">{wide}</div>'
        f'<div class="narrow" style="{_HIDDEN}">{narrow}</div>{note}</figure>'
    )


def withheld_note(what: str, rule: Rule) -> str:
    """Return the sentence beneath an exhibit that says why something is not shown."""
    return (
        f'<p class="tnote">{what} withheld: fewer than {rule.threshold} counted, a number from '
        "which so few would follow by subtraction, or a figure that rests on them. Counts are "
        f"rounded to {rule.rounding}.</p>"
    )


def answer_markup(paragraphs: Sequence[str], figure: str = "") -> str:
    """Return the answer; the first paragraph speaks loudest. Paragraphs are markup already."""
    first, *rest = paragraphs
    others = "".join(f"<p>{paragraph}</p>" for paragraph in rest)
    return f'<section class="answer"><p class="say">{first}</p>{others}{figure}</section>'


def plain_text(html: str) -> str:
    """Return markup of this module's paragraphs without its tags."""
    return unescape(re.sub(r"<[^>]+>", "", html))


def provenance_markup(record: StepRecord, *, run: str) -> str:
    """Return the footer: what this step read, under which agreement, with which parameters."""
    quarantined = "; ".join(
        f"{name}: {say_number(rows.quarantined, 0)} of {say_number(rows.delivered, 0)}"
        for name, rows in record.rows.items()
    )
    withheld = sum(shown.withheld_cells for shown in record.shown)
    entries = {
        "Run": f"{record.pilot}/{run}, step {record.step}",
        "Data as of": f"{record.as_of:%-d %B %Y}" + (", synthetic" if record.synthetic else ""),
        "Inputs": "; ".join(f"{name}, {count}" for name, count in _inputs(record).items())
        or "none",
        "Parameters": ", ".join(f"{k} {v}" for k, v in record.parameters.items()) or "none",
        "Seed": str(record.seed),
        "Agreement": f"{record.agreement}, for {record.purpose.replace('_', ' ')}",
        "Rows quarantined": quarantined or "none",
        "Opt-outs": record.opt_outs or "nothing was loaded",
        "Shown": f"{len(record.shown)} tables and figures, {withheld} cells withheld",
    }
    if record.sources:
        told = (f"{what}: {source}" for what, source in record.sources.items())
        entries["Public sources"] = "; ".join(told)
    body = "".join(
        f"<div><dt>{escape(key)}</dt><dd>{escape(text)}</dd></div>" for key, text in entries.items()
    )
    return f'<section class="provenance"><dl class="prov">{body}</dl></section>'


def _inputs(record: StepRecord) -> dict[str, str]:
    files: dict[str, int] = {}
    for item in record.inputs:
        files[item.name] = files.get(item.name, 0) + 1
    return {name: f"{n} files" if n > 1 else "1 file" for name, n in files.items()}


def download_link(href: str, what: str) -> str:
    """Return a link to the CSV file of an exhibit."""
    return f'<a class="dl" href="{escape(href)}" download>CSV<span class="vh"> of {what}</span></a>'


def _class(numeric: bool) -> str:
    return ' class="n"' if numeric else ""


def _heading(column: str) -> str:
    return say_name(column) if "_" in column or (column.islower() and len(column) > 1) else column


def _cell(text: str, numeric: bool, first: bool) -> str:
    if first and not numeric:
        return f'<th scope="row">{text}</th>'
    return f"<td{_class(numeric)}>{text}</td>"


def _cells(column: pd.Series, withheld: pd.Series, name: str) -> list[str]:
    decimals = 0 if pd.api.types.is_integer_dtype(column) else _decimals(column)
    day = "%b %Y" if _is_months(column) else "%-d %b %Y"
    texts = []
    for item, hidden in zip(column, withheld, strict=True):
        if hidden:
            texts.append(WITHHELD)
        elif pd.isna(item):
            texts.append("")
        elif isinstance(item, bool):
            texts.append("yes" if item else "no")
        elif isinstance(item, (datetime, date)):
            texts.append(f"{item:{day}}")
        elif _is_number(column):
            texts.append(escape(_said(float(item), decimals)))
        else:
            texts.append(breakable(_SNAKE_CASE.sub(_spaced, str(item))))
    return texts


def _spaced(name: re.Match[str]) -> str:
    return name.group().replace("_", " ")


def _said(number: float, decimals: int) -> str:
    """A number too small for its column's decimals is not said to be nought."""
    smallest = 10.0**-decimals
    if number != 0 and abs(number) < smallest / 2:
        return f"<{say_number(smallest, decimals)}"
    return say_number(number, decimals)


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _is_months(column: pd.Series) -> bool:
    if not pd.api.types.is_datetime64_any_dtype(column):
        return False
    return bool((column.dropna().dt.day == 1).all())


def _decimals(column: pd.Series) -> int:
    """Fewer decimals for larger numbers, the same in the whole column."""
    if not _is_number(column) or not column.notna().any():
        return 0
    largest = float(column.abs().max())
    if largest >= 1000:
        return 0
    return 3 if largest < 1 else 1
