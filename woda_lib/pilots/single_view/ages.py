"""Ages in bands, which the build saves so that planning needs no birth date."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date

import numpy as np
import pandas as pd

BANDS = ("0-4", "5-15", "16-24", "25-44", "45-64", "65-74", "75-84", "85+")
"""Those of the population estimates."""

UNDER_FIVE = ("0-4",)
CHILDREN = ("0-4", "5-15")
OVER_75 = ("75-84", "85+")
_STARTS = (5, 16, 25, 45, 65, 75, 85)


def age_bands(born: pd.Series, on: date) -> pd.Series:
    """Return the band of each age in whole years on a day, as a category.

    Parameters
    ----------
    born
        Birth dates; missing, or after the day, gives a missing band.
    on
    """
    return _of_each_date(born, lambda dates: _bands(dates, pd.Timestamp(on)))


def _bands(born: pd.Series, day: pd.Timestamp) -> pd.Series:
    had = (born.dt.month < day.month) | ((born.dt.month == day.month) & (born.dt.day <= day.day))
    return bands_of(day.year - born.dt.year - (~had).astype(int))


def half_years(born: pd.Series, on: date) -> pd.Series:
    """Return each age in whole half-years on a day; missing where the birth date is.

    Enough to tell the band of the age on earlier days that are half-years apart, without the birth
    date; see `half_years_before`.
    """
    return _of_each_date(born, lambda dates: _half_years(dates, pd.Timestamp(on)))


def _half_years(born: pd.Series, day: pd.Timestamp) -> pd.Series:
    months = 12 * (day.year - born.dt.year) + day.month - born.dt.month
    # On the last day of a month everybody has had a birthday whose day the month lacks.
    last = day == day + pd.offsets.MonthEnd(0)
    whole = months - ((born.dt.day > day.day) & (not last)).astype(int)
    return (whole // 6).astype("Int16")


def _of_each_date(born: pd.Series, told: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """Return what is told of each date; many people share one, and it is worked out once."""
    codes, dates = pd.factorize(born)
    known = told(pd.Series(dates, name=born.name))
    return pd.Series(known.array.take(codes, allow_fill=True), index=born.index, name=known.name)


def half_years_before(ages: pd.Series, on: date, earlier: date) -> pd.Series:
    """Return ages in whole half-years on an earlier day, from those on a day.

    Exact where the days lie whole half-years apart; else as of the nearest day that does.
    """
    then, now = pd.Timestamp(earlier), pd.Timestamp(on)
    months = 12 * (now.year - then.year) + now.month - then.month
    return ages - round(months / 6)


def years_of(bands: Collection[str]) -> tuple[int, float]:
    """Return from which age in years bands that follow one another reach, and below which.

    Raises
    ------
    ValueError
        If they do not follow one another.
    """
    at = sorted(BANDS.index(band) for band in bands)
    if at != list(range(at[0], at[-1] + 1)):
        raise ValueError(f"the age bands {', '.join(bands)} do not follow one another")
    edges = (0, *_STARTS, float("inf"))
    return int(edges[at[0]]), edges[at[-1] + 1]


def bands_of(years: pd.Series) -> pd.Series:
    """Return the band of each age in whole years, as a category; missing of one that is."""
    numbers = years.to_numpy(float, na_value=np.nan)
    band = np.searchsorted(_STARTS, np.nan_to_num(numbers), side="right")
    names = np.array(BANDS, dtype=object)[band]
    names[np.isnan(numbers) | (numbers < 0)] = None
    return pd.Series(pd.Categorical(names, categories=list(BANDS)), index=years.index)
