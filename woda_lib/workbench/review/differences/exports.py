"""The CSV files beside a difference page: its values, and every cell that differs."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from woda_lib.workbench.review.differences.model import Difference

_VALUES = (
    "step value unit before before_low before_high after after_low after_high "
    "change change_low change_high reading reached_by"
).split()
_CELLS = "step table row column fate before after".split()


def write_exports(difference: Difference, page: Path) -> dict[str, str]:
    """Write both files, whole or not at all, and return their names by what they hold."""
    values = page.with_name(f"{page.name.removesuffix('.html')}.values.csv")
    cells = page.with_name(f"{page.name.removesuffix('.html')}.cells.csv")
    _write(values, _VALUES, _value_rows(difference))
    _write(cells, _CELLS, _cell_rows(difference))
    return {"values": values.name, "cells": cells.name}


def _value_rows(difference: Difference) -> Iterable[Sequence[object]]:
    for moved_value in difference.values:
        change, shown = moved_value.change, moved_value.value
        sides: list[object] = []
        for value in (change.old, change.new):
            numbers = (value.value, value.low, value.high) if value else (None, None, None)
            decimals = value.decimals if value else 0
            sides += ["" if n is None else round(n, decimals) for n in numbers]
        moved = [
            "" if n is None else round(n, shown.decimals)
            for n in (change.amount, change.low, change.high)
        ]
        name, unit = shown.name, shown.unit
        because = "; ".join(moved_value.because) if change.reading != "no change" else ""
        yield [moved_value.step, name, unit, *sides, *moved, change.reading, because]


def _cell_rows(difference: Difference) -> Iterable[Sequence[object]]:
    for table in difference.tables:
        names = [name for name, _ in table.columns]
        for place, row in enumerate(table.rows):
            labels = [
                cell.text
                for name, cell in zip(names, row.cells, strict=True)
                if name in table.labels
            ]
            said = ", ".join(labels) if labels else f"row {place + 1}"
            for name, cell in zip(names, row.cells, strict=True):
                if cell.fate == "same" or name in table.labels:
                    continue
                old = cell.text if cell.fate == "removed" else cell.was
                new = "" if cell.fate == "removed" else cell.text
                yield [table.step, table.name, said, name, cell.fate, old, new]


def _write(path: Path, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a file; its cells come from exported files, and are safe in a spreadsheet already."""
    hidden = path.with_name(f".{path.name}.partial")
    with hidden.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(heads)
        writer.writerows(rows)
    hidden.replace(path)
