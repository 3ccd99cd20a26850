"""Days as whole numbers, so that millions of stays are sorted and compared without dates."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

NEVER = 1_000_000
"""The day on which nothing ended: far beyond any date (4707-11-28)."""

Days = npt.NDArray[np.int32]


def to_days(dates: pd.Series, *, missing: int = NEVER) -> Days:
    """Return whole days since 1970 of some dates; `missing` where there is none."""
    values = dates.to_numpy(dtype="datetime64[D]")
    days = values.astype(np.int64)
    return np.where(np.isnat(values), missing, np.clip(days, -NEVER, NEVER)).astype(np.int32)


def with_days(numbers: npt.NDArray, days: Days) -> npt.NDArray[np.int64]:
    """Return numbers with a day each as one number, which sorts by the first, then by the day."""
    return numbers.astype(np.int64) * (2 * NEVER + 1) + days


def to_dates(days: npt.ArrayLike) -> pd.DatetimeIndex:
    """Return dates of whole days; missing where it is `NEVER`."""
    whole = np.asarray(days, dtype=np.int64)
    dates = np.where(whole >= NEVER, np.datetime64("NaT", "D"), whole.astype("datetime64[D]"))
    return pd.DatetimeIndex(dates.astype("datetime64[s]"))
