"""Whether the days from which on ends would be seen are those that the extracts show."""

from __future__ import annotations

import pandas as pd

from woda_lib.pilots.business_register.growth.errors import GrowthError

_LEEWAY = pd.Timedelta(days=62)
"""So long may nobody happen to end when a history begins."""
_HOW = "Set it in parameters/business_register.yaml and in the notebook's parameters."


def require_held(
    held_since: pd.DataFrame, *, first_snapshot: pd.Timestamp, history_from: pd.Timestamp
) -> None:
    """Refuse a window that the registers do not have.

    One that begins too early takes those that ended before it for firms that never were, so that
    too many seem to live on.

    Parameters
    ----------
    held_since
        `source, first_day`, that step 1 saved; a day that is missing refuses nothing.
    first_snapshot
        Is to be the day of the first delivery of companies.
    history_from
        May not lie over two months before the first account that ended. Later is allowed: it
        looks away from what is there, and is no less right.

    Raises
    ------
    GrowthError
        Saying which day the extracts show.
    """
    days = held_since.set_index("source")["first_day"]
    first, ended = days.get("companies"), days.get("business_rates")
    if pd.notna(first) and pd.Timestamp(first) != first_snapshot:
        raise GrowthError(
            f"first_snapshot is {first_snapshot:%Y-%m-%d}, and the first delivery of companies at "
            f"hand is of {first:%Y-%m-%d}. {_HOW}"
        )
    if pd.notna(ended) and history_from < pd.Timestamp(ended) - _LEEWAY:
        raise GrowthError(
            f"history_from is {history_from:%Y-%m-%d}, and the first rates account that has ended "
            f"did so on {ended:%Y-%m-%d}: those that ended between are held nowhere. {_HOW}"
        )
