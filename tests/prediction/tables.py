"""Small tables written as text, so that a test shows what goes in and what comes out."""

from __future__ import annotations

import pandas as pd

DATES = ("index_date", "started_on", "ended_on", "known_on", "counts_until", "starts", "ends")


def table(text: str) -> pd.DataFrame:
    """Read a table whose cells are divided by blanks; `-` is a missing value."""
    lines = [line.split() for line in text.strip().splitlines()]
    frame = pd.DataFrame(lines[1:], columns=lines[0], dtype="object").replace("-", None)
    for name in frame.columns:
        if name in DATES:
            frame[name] = pd.to_datetime(frame[name]).astype("datetime64[ns]")
        elif name == "value":
            frame[name] = frame[name].astype(float)
    return frame
