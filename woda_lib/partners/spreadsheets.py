"""Cells that a spreadsheet would run as a formula, made inert before a CSV file leaves."""

from __future__ import annotations

import pandas as pd

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a formula begins with, in any common spreadsheet (OWASP, *CSV injection*)."""


def inert(text: str) -> str:
    """Return a cell with an apostrophe before it, if a spreadsheet would run it."""
    return f"'{text}" if text.startswith(FORMULA) else text


def awake(text: str) -> str:
    """Return what `inert` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def inert_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose text cells a spreadsheet shows and does not run."""
    texts = frame.select_dtypes(include=["object", "string", "category"]).columns
    made = {name: frame[name].map(inert, na_action="ignore") for name in texts}
    return frame.assign(**made)
