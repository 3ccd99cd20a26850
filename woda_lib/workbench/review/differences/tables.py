"""Two tables cell by cell: rows matched by what names them, in whatever order they stand.

Only exported files are read, whose small numbers are withheld and whose counts are rounded. Nothing
is added up or subtracted: a cell shows what it is and what it was.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from woda_lib.workbench.review.differences.model import Cell, Fate, Row

WITHHELD = "[c]"
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", re.IGNORECASE)
_FLAG = frozenset(("True", "False"))

Record = dict[str, str]


def is_number(text: str) -> bool:
    """Whether a cell holds a number, written as the export writes it."""
    return _NUMBER.fullmatch(text) is not None


def label_columns(
    columns: Sequence[str], before: Sequence[Record], after: Sequence[Record]
) -> tuple[str, ...]:
    """Return the fewest columns from the left that name every row, in both tables.

    Columns of text and dates are tried first, then any: a table may count by the numbers 0 to 3.
    None where rows cannot be told apart.
    """
    both = [*before, *after]
    text = [name for name in columns if _is_text([row.get(name, "") for row in both])]
    for names in (text, list(columns)):
        for count in range(1, len(names) + 1):
            chosen = tuple(names[:count])
            if _tell_apart(before, chosen) and _tell_apart(after, chosen):
                return chosen if len(chosen) < len(columns) else ()
    return ()


def compare_rows(
    old: tuple[Sequence[str], Sequence[Record]], new: tuple[Sequence[str], Sequence[Record]]
) -> tuple[tuple[tuple[str, Fate], ...], tuple[str, ...], tuple[Row, ...]]:
    """Return the columns with their fates, the label columns, and every row.

    Parameters
    ----------
    old, new : (columns, rows)
        As `records.read_exported` returns them.
    """
    (was_columns, was), (now_columns, now) = old, new
    shared = [name for name in now_columns if name in was_columns]
    labels = label_columns(shared, was, now)
    columns: list[tuple[str, Fate]] = [
        (name, "same" if name in was_columns else "added") for name in now_columns
    ]
    columns += [(name, "removed") for name in was_columns if name not in now_columns]
    earlier = {_key(row, labels, place): row for place, row in enumerate(was)}
    rows = []
    for place, row in enumerate(now):
        rows.append(_row(columns, earlier.pop(_key(row, labels, place), None), row))
    rows += [_row(columns, row, None) for row in earlier.values()]
    return tuple(columns), labels, tuple(rows)


def _row(columns: Sequence[tuple[str, Fate]], was: Record | None, now: Record | None) -> Row:
    cells = tuple(_cell(name, was, now) for name, _ in columns)
    if was is None:
        return Row(cells, "added")
    if now is None:
        return Row(cells, "removed")
    return Row(cells, "changed" if any(cell.fate != "same" for cell in cells) else "same")


def _cell(name: str, was: Record | None, now: Record | None) -> Cell:
    if now is None or name not in now:
        return Cell((was or {}).get(name, ""), "removed")
    if was is None or name not in was:
        return Cell(now[name], "added")
    return Cell(now[name], "same" if now[name] == was[name] else "changed", was[name])


def _key(row: Record, labels: tuple[str, ...], place: int) -> tuple[str | int, ...]:
    return tuple(row.get(name, "") for name in labels) if labels else (place,)


def _is_text(cells: Sequence[str]) -> bool:
    said = [cell for cell in cells if cell not in ("", WITHHELD)]
    return bool(said) and not any(is_number(cell) or cell in _FLAG for cell in said)


def _tell_apart(rows: Sequence[Record], names: tuple[str, ...]) -> bool:
    keys = [tuple(row.get(name, "") for name in names) for row in rows]
    return len(set(keys)) == len(keys) and not any(WITHHELD in key for key in keys)
