"""Shares of counts with their intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint


def with_share(
    table: pd.DataFrame, part: str, whole: str, *, into: str = "percent"
) -> pd.DataFrame:
    """Add a percentage of two columns of counts with Wilson's score interval (95%).

    Parameters
    ----------
    table
        Holds the columns `part` and `whole`; missing counts give no share.
    part, whole
        Its columns.
    into
        What the share is called.

    Returns
    -------
    DataFrame
        With `into, low, high` in per cent; not numbers where the whole is nought or missing.

    References
    ----------
    Wilson, E. B. (1927). Journal of the American Statistical Association 22: 209-212.
    """
    some = table[part].astype("Float64").to_numpy(float, na_value=np.nan)
    every = table[whole].astype("Float64").to_numpy(float, na_value=np.nan)
    known = np.isfinite(some) & (every > 0)
    found = np.full((len(table), 3), np.nan)
    if known.any():
        low, high = proportion_confint(some[known], every[known], method="wilson")
        found[known] = 100 * np.column_stack([some[known] / every[known], low, high])
    names = [into, "low", "high"]
    return table.assign(**{name: found[:, at] for at, name in enumerate(names)})
