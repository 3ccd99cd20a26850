"""Placebo dates: what the method finds where nothing happened."""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.evaluation.series_model import SeriesModel
from woda_lib.evaluation.time_series import SeriesError

MARGIN = 6
MOST_DATES = 40


def placebo_dates(
    model: SeriesModel, *, margin: int | None = None, level: float = 0.95
) -> pd.DataFrame:
    """Pretend that the start had been earlier, using only times before it.

    A method that finds effects where nothing happened is not to be believed where something did.
    Neighbouring dates share most of their data, so count them as a pattern, not as that many tests.

    Parameters
    ----------
    model
        The primary model.
    margin
        Steps that a pretended date leaves on each side; half a year by default, six at the least.
        Of more than 40 such dates, 40 are taken, evenly spread.
    level
        Of the intervals.

    Returns
    -------
    DataFrame
        One row a pretended date: `time, estimate, low, high, found_effect`.

    Raises
    ------
    SeriesError
        If there are too few times before the start.
    TooFewMonthsError
        If they cannot carry the model.
    """
    if margin is None:
        margin = max(MARGIN, round((model.per_year or 0) / 2))
    before = model.series.where(model.since < 0)
    dates = before.positions[margin : len(before) - margin + 1]
    if len(dates) == 0:
        raise SeriesError(
            f"There are {len(before)} {before.axis.words} before the start; pretended dates with "
            f"{margin} on each side need {2 * margin}. Use a smaller margin."
        )
    if len(dates) > MOST_DATES:
        dates = dates[np.linspace(0, len(dates) - 1, MOST_DATES).round().astype(int)]
    rows = []
    for date in dates:
        found = model.but(series=before, start=float(date)).effect(level=level)
        rows.append((before.axis.time(date), found.estimate, found.low, found.high))
    table = pd.DataFrame(rows, columns=["time", "estimate", "low", "high"])
    return table.assign(found_effect=(table["low"] > 0) | (table["high"] < 0))
