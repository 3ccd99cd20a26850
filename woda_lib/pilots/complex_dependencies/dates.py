"""The days on which the question is asked, worked out from the run's clock."""

from __future__ import annotations

from datetime import date

import pandas as pd

_BACK = ((36, "train"), (30, "train"), (18, "test"), (12, "watch"), (0, "score"))
"""Months before the clock, and what the households of that day are for."""


def index_dates(as_of: date, *, horizon_months: int) -> pd.DataFrame:
    """Return the index dates.

    Parameters
    ----------
    as_of
        The run's clock: the last day of the newest delivery.
    horizon_months
        For how long a household is followed.

    Returns
    -------
    DataFrame
        `index_date, split` (train, test, watch or score), `follow_up_ends` (the last day that
        counts as an outcome) and `followed` (whether that day lies before the clock or on it).
    """
    clock = pd.Timestamp(as_of)
    table = pd.DataFrame(
        {
            "index_date": [clock - pd.DateOffset(months=months) for months, _ in _BACK],
            "split": [split for _, split in _BACK],
        }
    )
    follow_up = table["index_date"] + pd.DateOffset(months=horizon_months)
    followed = follow_up.le(clock) & table["split"].ne("score")
    return table.assign(follow_up_ends=follow_up, followed=followed).astype(
        {"index_date": "datetime64[ns]", "follow_up_ends": "datetime64[ns]"}
    )
