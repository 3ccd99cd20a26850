"""Ages in bands, which the build saves so that planning needs no birth date."""

from __future__ import annotations

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
    day = pd.Timestamp(on)
    had = (born.dt.month < day.month) | ((born.dt.month == day.month) & (born.dt.day <= day.day))
    return bands_of(day.year - born.dt.year - (~had).astype(int))


def bands_of(years: pd.Series) -> pd.Series:
    """Return the band of each age in whole years, as a category; missing of one that is."""
    numbers = years.to_numpy(float, na_value=np.nan)
    band = np.searchsorted(_STARTS, np.nan_to_num(numbers), side="right")
    names = np.array(BANDS, dtype=object)[band]
    names[np.isnan(numbers) | (numbers < 0)] = None
    return pd.Series(pd.Categorical(names, categories=list(BANDS)), index=years.index)
