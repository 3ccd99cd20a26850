"""How old somebody was on a day."""

from __future__ import annotations

import pandas as pd

ADULT = 18
"""Who is as old as this is no child."""


def whole_years(born: pd.Series, on: pd.Series) -> pd.Series:
    """Return whole years of age; missing without a birth date, and where it lies after the day."""
    born = pd.to_datetime(born)
    later = (on.dt.month * 100 + on.dt.day) < (born.dt.month * 100 + born.dt.day)
    years = on.dt.year - born.dt.year - later.astype("int64")
    return years.where(born.notna() & (years >= 0)).astype("Int64")
