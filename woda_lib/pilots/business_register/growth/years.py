"""Years to 31 March, by which workforce is counted and the register is read."""

from __future__ import annotations

import pandas as pd

from woda_lib.pilots.business_register.growth.errors import GrowthError


def year_of(days: pd.Series) -> pd.Series:
    """Return the year to March that each day lies in: 2025 for 1 April 2024 to 31 March 2025.

    Parameters
    ----------
    days
        Dates; missing ones stay missing.

    Returns
    -------
    Series of Int64
    """
    when = pd.to_datetime(days)
    return (when.dt.year + (when.dt.month > 3)).astype("Int64")


def first_day(year: int) -> pd.Timestamp:
    """Return 1 April, on which a year to March begins."""
    return pd.Timestamp(year - 1, 4, 1)


def last_day(year: int) -> pd.Timestamp:
    """Return 31 March, on which it ends."""
    return pd.Timestamp(year, 3, 31)


def last_shared_year(workforce: pd.DataFrame) -> int:
    """Return the last year of which anybody shared a number.

    Parameters
    ----------
    workforce
        `year, employees, employees_band, turnover, turnover_band`.

    Raises
    ------
    GrowthError
        If nobody shared any.
    """
    numbers = ["employees", "employees_band", "turnover", "turnover_band"]
    told = workforce[workforce[numbers].notna().any(axis=1)]
    if told.empty:
        raise GrowthError(
            "No enterprise shares employees or turnover of any year, so that nothing can be said "
            "of growth. Check that the enterprise partnership delivered `workforce`, and that "
            "step 1_link found whose rows they are."
        )
    return int(told["year"].max())


def last_whole_year(as_of: pd.Timestamp) -> int:
    """Return the last year to March that has ended by a day."""
    day = pd.Timestamp(as_of).normalize()
    return day.year if day >= pd.Timestamp(day.year, 3, 31) else day.year - 1
