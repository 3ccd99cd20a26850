"""One delivered file as text: encoding, delimiter, heading and blank lines are met here only.

Nothing is interpreted yet. Every row keeps the line of the file on which it begins, as a person
counting in an editor would find it, and its own text for quarantine.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from woda_lib.partners.at_once import rows_at_once
from woda_lib.partners.contracts import Contract
from woda_lib.partners.errors import ExtractError
from woda_lib.partners.texts import ARROW_TEXTS

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
HEADING_WITHIN = 20
"""Lines from the top in which the heading must stand."""

_MAGIC = {
    b"PK\x03\x04": "a spreadsheet or zip archive",
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet",
    b"PAR1": "a Parquet file",
}
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
LONGEST_CELL = 8_000_000
"""Characters. Python's reader refuses a file for a cell past 131,072; a shape may be longer."""

AT_ONCE_FROM = 200
"""Lines from which a file is worth handing to Arrow; of a small one the call takes the time."""

WRONG_WIDTH, STRAY = "wrong_number_of_cells", "stray_quotation_mark"


@dataclass(frozen=True)
class RawFile:
    """A file as text.

    Attributes
    ----------
    rows : DataFrame
        The contract's columns as text (missing where blank), with ``line`` and ``raw_row``; texts
        are Arrow's, as they are before anything is read of them.
    misshapen : DataFrame
        Rows that cannot be told apart or do not fit the heading: ``line``, ``raw_row``, ``rule``.
    encoding, delimiter : str
    heading_line : int
    unknown_columns : tuple of str
        Headings that the contract does not know; they are left out.
    """

    rows: pd.DataFrame
    misshapen: pd.DataFrame
    encoding: str
    delimiter: str
    heading_line: int
    unknown_columns: tuple[str, ...]


def read_file(path: Path, contract: Contract) -> RawFile:
    """Read one delivered file as text.

    Parameters
    ----------
    path : Path
    contract : Contract
        Its columns are looked for in the heading, in any order, however they are spaced or
        capitalised: by the heading that a form officially has (``RegAddress.PostCode``) where there
        is one, or by their own names.

    Raises
    ------
    ExtractError
        If the file is empty, not text, or not this dataset; the message names the file and what is
        missing.
    """
    text, encoding = _decode(path)
    plain = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    top = plain.split("\n", HEADING_WITHIN)[:HEADING_WITHIN]
    heading_line, delimiter = _find_heading(top, contract, path)
    if plain.count("\n") + 1 >= AT_ONCE_FROM and (
        found := _at_once(plain, top, contract, encoding, delimiter, heading_line, path)
    ):
        return found
    lines = plain.split("\n")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    csv.field_size_limit(LONGEST_CELL)
    try:
        numbered = [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        raise ExtractError(
            f"{_name(path)} cannot be read from line {reader.line_num} on: {error}. Look for a "
            "quotation mark that is never closed there, and ask the partner to send it again."
        ) from None
    ends = [line for line, _ in numbered]
    begins = [1, *(end + 1 for end in ends)]
    position = next(i for i, end in enumerate(ends) if end >= heading_line)
    heading = _heading(numbered[position][1], contract, path)
    body, swallowed = [], []
    for i, (end, cells) in enumerate(numbered[position + 1 :], start=position + 1):
        inside = lines[begins[i] - 1 : end]
        if len(inside) > 1 and _holds_rows(inside, delimiter, len(heading)):
            swallowed += [(begins[i] + n, line) for n, line in enumerate(inside) if line.strip()]
        elif any(cell.strip() for cell in cells):
            body.append((begins[i], cells))
    raw = _tabulate(body, heading, contract, encoding, delimiter, heading_line)
    if not swallowed:
        return raw
    stray = pd.DataFrame(swallowed, columns=["line", "raw_row"]).assign(rule=STRAY)
    return replace(raw, misshapen=pd.concat([raw.misshapen, stray], ignore_index=True))


def _at_once(
    text: str,
    top: list[str],
    contract: Contract,
    encoding: str,
    delimiter: str,
    heading_line: int,
    path: Path,
) -> RawFile | None:
    """Read a large file in which nothing needs a closer look."""
    if any(line.count('"') % 2 for line in top[:heading_line]):
        return None
    cells = next(csv.reader([top[heading_line - 1]], delimiter=delimiter))
    heading = _heading(cells, contract, path)
    rows = rows_at_once(
        text,
        first=heading_line,
        delimiter=delimiter,
        width=len(cells),
        names={place: name for place, name in enumerate(heading) if name in contract.columns},
    )
    if rows is None:
        return None
    return _raw(rows, [], heading, contract, encoding, delimiter, heading_line)


def _holds_rows(inside: list[str], delimiter: str, width: int) -> bool:
    """Say whether a quoted cell that runs over several lines has swallowed whole rows.

    A real line break in an address leaves each line with too few cells. A quotation mark that is
    never closed, or closed rows later, leaves lines that are rows of their own.
    """
    return any(line.count(delimiter) >= width - 1 for line in inside[1:])


def normal_heading(text: str) -> str:
    """Return a heading in snake_case: "NHS Number " and "nhs-number" both give ``nhs_number``."""
    return re.sub(r"[^0-9a-z]+", "_", text.strip().lower()).strip("_")


def _column_of(contract: Contract) -> dict[str, str]:
    """Return, by heading in snake_case, the column that stands under it.

    What an official form calls a column goes before what others are called here.
    """
    official = {
        normal_heading(column.heading): name
        for name, column in contract.columns.items()
        if column.heading
    }
    return {name: name for name in contract.columns} | official


def _called(name: str, contract: Contract) -> str:
    """What the sender calls a column: its official heading, or else its name."""
    column = contract.columns.get(name)
    return (column.heading if column else None) or name


def _tabulate(
    body: list[tuple[int, list[str]]],
    heading: list[str],
    contract: Contract,
    encoding: str,
    delimiter: str,
    heading_line: int,
) -> RawFile:
    width = len(heading)
    fitting, misshapen = [], []
    for line, cells in body:
        extra = cells[width:]
        if len(cells) < width or any(cell.strip() for cell in extra):
            misshapen.append((line, delimiter.join(cells), WRONG_WIDTH))
        else:
            fitting.append((line, delimiter.join(cells), cells))
    # Cell by cell in Python: of hundreds of small daily files pandas would take most of the time.
    columns: dict[str, Any] = {
        "line": np.array([line for line, _, _ in fitting], dtype="int64"),
        "raw_row": pd.array([raw for _, raw, _ in fitting], dtype=ARROW_TEXTS),
    }
    for place, name in enumerate(heading):
        if name in contract.columns:
            texts = [cells[place].strip() or None for _, _, cells in fitting]
            columns[name] = pd.array(texts, dtype=ARROW_TEXTS)
    rows = pd.DataFrame(columns)
    return _raw(rows, misshapen, heading, contract, encoding, delimiter, heading_line)


def _raw(
    rows: pd.DataFrame,
    misshapen: list[tuple[int, str, str]],
    heading: list[str],
    contract: Contract,
    encoding: str,
    delimiter: str,
    heading_line: int,
) -> RawFile:
    return RawFile(
        rows=rows,
        misshapen=pd.DataFrame(misshapen, columns=["line", "raw_row", "rule"]),
        encoding=encoding,
        delimiter=DELIMITERS[delimiter],
        heading_line=heading_line,
        unknown_columns=tuple(n for n in heading if n and n not in contract.columns),
    )


def _decode(path: Path) -> tuple[str, str]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ExtractError(f"{_name(path)} cannot be opened: {error.strerror}.") from None
    if not content or content.isspace():
        raise ExtractError(f"{_name(path)} is empty. Ask the partner to send it again.")
    for magic, what in _MAGIC.items():
        if content.startswith(magic):
            raise ExtractError(
                f"{_name(path)} is {what} and not text, whatever its ending says. Save it as CSV."
            )
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            try:
                return content.decode(encoding), encoding
            except UnicodeDecodeError:
                raise ExtractError(
                    f"{_name(path)} says that it is in {encoding.upper()}, and is damaged or in "
                    "something else. Ask the partner to send it again."
                ) from None
    if b"\x00" in content:
        raise ExtractError(
            f"{_name(path)} holds bytes that no text file has: it is damaged or not text. Ask the "
            "partner to send it again as CSV."
        )
    for encoding in ("utf-8", "cp1252"):
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise ExtractError(
        f"{_name(path)} is neither in UTF-8 nor in Windows-1252. Ask the partner to save it as "
        "UTF-8."
    )


def _find_heading(top: list[str], contract: Contract, path: Path) -> tuple[int, str]:
    """Return the line and delimiter under which most of the contract's columns are named."""
    best, found = (0, ","), 0
    column_of = _column_of(contract)
    for number, line in enumerate(top, start=1):
        if found == len(contract.columns):
            break
        for delimiter in DELIMITERS:
            cells = {normal_heading(cell.strip('"')) for cell in line.split(delimiter)}
            named = len({column_of[cell] for cell in cells if cell in column_of})
            if named > found:
                best, found = (number, delimiter), named
    if found * 2 < len(contract.columns):
        columns = ", ".join(_called(name, contract) for name in contract.columns)
        raise ExtractError(
            f"{_name(path)} is not {contract.dataset}: none of its first {HEADING_WITHIN} lines "
            f"names at least half of the columns ({columns}). Check that the "
            "partner sent the right file under the right name."
        )
    return best


def _heading(cells: list[str], contract: Contract, path: Path) -> list[str]:
    """Return the names of the columns, without blank cells at the end, or refuse the file."""
    column_of = _column_of(contract)
    written = (normal_heading(cell) for cell in cells)
    heading = [column_of.get(cell, cell) for cell in written]
    while heading and not heading[-1]:
        heading.pop()
    missing = [_called(name, contract) for name in contract.columns if name not in heading]
    if missing:
        raise ExtractError(
            f"{_name(path)} lacks the column{'s' if len(missing) > 1 else ''} "
            f"{', '.join(missing)} of {contract.dataset}. Ask the partner to send it again with "
            "every agreed column, also where it is blank."
        )
    twice = sorted({name for name in heading if name and heading.count(name) > 1})
    if twice:
        again = _called(twice[0], contract)
        raise ExtractError(
            f"{_name(path)} has the column {again} twice, so it cannot be told which one is "
            "meant. Ask the partner to send it again with each column once."
        )
    return heading


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
