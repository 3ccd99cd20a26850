"""Small tables written as text, so that a test shows what goes in and what comes out."""

from __future__ import annotations

import pandas as pd


def table(text: str, *, dates: tuple[str, ...] = ()) -> pd.DataFrame:
    """Read a table whose cells are divided by blanks; `-` is a missing value."""
    lines = [line.split() for line in text.strip().splitlines()]
    frame = pd.DataFrame(lines[1:], columns=lines[0], dtype="string").replace("-", pd.NA)
    for column in dates:
        frame[column] = pd.to_datetime(frame[column])
    return frame
