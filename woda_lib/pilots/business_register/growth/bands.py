"""Employment and turnover as what they can be: a number, a band with its ends, or anything.

A firm that shares a band says that its number lies between two others. Both ends go along, so that
what follows from the band is said, and what does not is left open.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

SIZE_BANDS = ("0 to 9", "10 to 49", "50 to 249", "250 and more")
"""Micro, small, medium and large by employees, as Commission Recommendation 2003/361/EC parts them.

The Recommendation asks for turnover or balance sheet as well; here employees alone decide.
"""

_FROM = np.array([0, 10, 50, 250])


def ends_of(numbers: pd.Series, bands: pd.Series) -> pd.DataFrame:
    """Return the least and the most that each row can be.

    Parameters
    ----------
    numbers
        Whole numbers, missing where only a band was shared.
    bands
        As they are delivered: `0`, `10-19`, `250+`; missing where the number was shared.

    Returns
    -------
    DataFrame
        `least, most`, floats; nought and infinite where nothing was shared. A number counts, where
        both were.

    Examples
    --------
    >>> ends_of(pd.Series([12, pd.NA], dtype="Int64"), pd.Series([pd.NA, "250+"]))
       least  most
    0   12.0  12.0
    1  250.0   inf
    """
    each = pd.Series(bands.dropna().astype("string").unique(), dtype="string")
    parts = each.str.extract(r"^(?P<least>\d+)(?:-(?P<most>\d+)|(?P<open>\+))?$")
    starts = pd.to_numeric(parts["least"]).astype("Float64")
    stops = pd.to_numeric(parts["most"]).astype("Float64")
    stops = stops.fillna(starts.where(parts["open"].isna()))
    names = bands.astype(object)
    least, most = (
        names.map(dict(zip(each, end, strict=True))).astype("Float64") for end in (starts, stops)
    )
    exact = numbers.astype("Float64")
    return pd.DataFrame(
        {
            "least": exact.fillna(least).to_numpy(float, na_value=0.0),
            "most": exact.fillna(most).to_numpy(float, na_value=np.inf),
        },
        index=numbers.index,
    )


def size_band(ends: pd.DataFrame) -> pd.Series:
    """Return the size band of each row, and *Not known* where its ends lie in two.

    Parameters
    ----------
    ends
        From `ends_of`.
    """
    place = {
        end: np.searchsorted(_FROM, ends[end].to_numpy(), side="right") - 1
        for end in ("least", "most")
    }
    names = np.array(SIZE_BANDS, dtype=object)[place["least"]]
    known = place["least"] == place["most"]
    return pd.Series(np.where(known, names, "Not known"), index=ends.index, dtype="string")
