"""The share of scale-ups: among those of whom it can be told, and what it can be among all.

An enterprise of which it cannot be told may still be one of few things. The least share makes of
each what lowers it most, the most what raises it most; what is true lies between, whatever the
reason why a number is missing. An interval says how much chance alone does; the bounds, how much
is not known.
"""

from __future__ import annotations

import pandas as pd

from woda_lib.pilots.business_register.growth.scale_ups import OPEN
from woda_lib.pilots.business_register.growth.shares import with_share


def scale_up_shares(found: pd.DataFrame, *, by: str | None = None) -> pd.DataFrame:
    """Count scale-ups and those that are near, among the enterprises of whom it can be told.

    Parameters
    ----------
    found
        From `scale_ups.scale_ups`, and the column `by`.
    by
        Column of groups, whose missing values stand under *Not known*; everyone without it.

    Returns
    -------
    DataFrame
        A row a group: `group, can_be_told` (with enough employees at the beginning, and of whom is
        known whether they are one), `scale_ups, percent, low, high` (Wilson's interval, 95%),
        `near` and `near_percent`.
    """
    told = found[found["eligible"].eq("yes") & found["scale_up"].ne(OPEN)]
    rows = pd.DataFrame(
        {
            "group": _groups(told, by),
            "can_be_told": 1,
            "scale_ups": told["scale_up"].eq("yes").astype(int),
            "near": told["near"].eq("yes").astype(int),
        }
    )
    table = _counted(rows, by)
    table = with_share(table, "scale_ups", "can_be_told")
    table["near_percent"] = 100 * table["near"] / table["can_be_told"]
    first = ["group", "can_be_told", "scale_ups", "percent", "low", "high"]
    return table[[*first, "near", "near_percent"]]


def bounds(found: pd.DataFrame, *, by: str | None = None) -> pd.DataFrame:
    """Return the least and the most that the share of scale-ups can be.

    Parameters
    ----------
    found, by
        As `scale_up_shares` takes them.

    Returns
    -------
    DataFrame
        A row a group: `group, enterprises, surely, possibly` (scale-ups), `least, most` (per cent
        of those with enough employees at the beginning).
    """
    otherwise = found["can_be_near"] | found["can_be_not"]
    never = ~found["can_be_up"] & ~found["can_be_small"]
    rows = pd.DataFrame(
        {
            "group": _groups(found, by),
            "enterprises": 1,
            "surely": found["scale_up"].eq("yes").astype(int),
            "possibly": found["can_be_up"].astype(int),
            "otherwise": otherwise.astype(int),
            "never": never.astype(int),
        }
    )
    table = _counted(rows, by)
    table["least"] = 100 * table["surely"] / (table["surely"] + table["otherwise"])
    table["most"] = 100 * table["possibly"] / (table["possibly"] + table["never"])
    return table[["group", "enterprises", "surely", "possibly", "least", "most"]]


def answers(found: pd.DataFrame) -> pd.DataFrame:
    """Count each answer: `answer, enterprises`, with what would be needed in its name."""
    told = found["scale_up"] != OPEN
    small = found["eligible"] == "no"
    yes = found["scale_up"] == "yes"
    parts = {
        "Scale-up": yes,
        "Not a scale-up: near": found["near"].eq("yes"),
        "Not a scale-up: grew less, or shrank": told & ~yes & ~small & found["near"].ne("yes"),
        "Not a scale-up: too small at the beginning": small,
        "Not determinable: what was shared leaves it open": ~told & found["shared"],
        "Not determinable: nothing was shared": ~told & ~found["shared"],
    }
    counted = {name: int(which.sum()) for name, which in parts.items()}
    return pd.DataFrame({"answer": list(counted), "enterprises": list(counted.values())})


def _counted(rows: pd.DataFrame, by: str | None) -> pd.DataFrame:
    """Sum by group; everyone is a group also where nobody is in it."""
    table = rows.groupby("group", sort=True).sum().astype(int)
    if by is None:
        table = table.reindex(pd.Index(["All"], name="group"), fill_value=0)
    return table.reset_index()


def _groups(found: pd.DataFrame, by: str | None) -> pd.Series:
    if by is None:
        return pd.Series("All", index=found.index)
    return found[by].astype(object).fillna("Not known")
