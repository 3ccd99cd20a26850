"""From when on the registers hold what ended, which decides whose end would have been seen.

Step 2 is told these days as parameters and would be wrong without a sign if they were: it holds
them against what the extracts show.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

_QUARTER = pd.Timedelta(days=91)
_FEWEST = 2
_SHARE = 0.005
"""Of all ends, so many within a quarter say that the history has begun; of six years' ends a
quarter holds 4%. One slip of a year stands alone."""


def held_since(loaded: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the first day that each register tells of.

    Parameters
    ----------
    loaded
        The datasets by name: of companies `delivered_on` and `last_delivered_on`, of business
        rates `ended_on`.

    Returns
    -------
    DataFrame
        `source, first_day`: of companies the day of the first delivery at hand; of business rates
        the first end of an account that is no stray. Missing where nothing tells.
    """
    days = {
        "companies": loaded["companies"][["delivered_on", "last_delivered_on"]].min().min(),
        "business_rates": _first_end(loaded["business_rates"]["ended_on"]),
    }
    table = pd.DataFrame({"source": list(days), "first_day": list(days.values())})
    return table.astype({"source": "string", "first_day": "datetime64[ns]"})


def _first_end(ended_on: pd.Series) -> pd.Timestamp | None:
    ends = pd.to_datetime(ended_on).dropna().sort_values(ignore_index=True)
    soon = ends.searchsorted(ends + _QUARTER, side="right") - ends.index.to_numpy()
    begun = ends[soon >= max(_FEWEST, _SHARE * len(ends))]
    return None if begun.empty else begun.iloc[0]
