"""What data may carry into a file that somebody opens: formulas, control characters, markup.

A spreadsheet runs a cell that begins with =, +, - or @, whoever wrote it. Such a cell is exported
with an apostrophe before it, which spreadsheets show as text. A negative number stays a number.

References
----------
OWASP, *CSV Injection*.
"""

from __future__ import annotations

import re

import pandas as pd

_LEADS_A_FORMULA = re.compile(r"^\s*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def safe_cell(item: object) -> object:
    """Return a cell as it may be written to a CSV file; what is no text stays as it is."""
    if not isinstance(item, str):
        return item
    text = _CONTROL.sub("", item)
    return f"'{text}" if _LEADS_A_FORMULA.match(text) else text


def safe_cells(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose texts and headings are safe to be opened in a spreadsheet."""
    safe = frame.copy()
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]):
            safe[column] = safe[column].map(safe_cell)
    safe.columns = pd.Index([safe_cell(column) for column in safe.columns])
    return safe
