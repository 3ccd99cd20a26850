"""The share of scale-ups: among those that shared numbers, and what it can be among all.

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
    """Return the share of scale-ups and of those that are near, where it can be told.

    Parameters
    ----------
    found
        From `scale_ups.over_spans`, or of one span from `scale_ups.scale_ups`; and the column `by`.
    by
        Column of groups, whose missing values stand under *Not known*; everyone without it.

    Returns
    -------
    DataFrame
        A row a group: `group, can_be_told` (enterprises that had enough employees at the beginning
        of some span, and shared the numbers of both its ends), `scale_ups` (those that were one in
        some), `percent, low, high`, `near` and `near_percent`. Bands do not count, also where they
        decide it: they tell more often that a firm did not grow than that it did. Shares are of
        spans: what share it is in an average year. An enterprise's spans overlap, and its interval
        (95%) is that of Wilson with so many enterprises as would be as sure (Korn and Graubard
        1998, Survey Methodology 24: 193-201, after the variance of a ratio of clusters).
    """
    each = _of_enterprises(found, by)
    table = _counted(each.drop(columns=["enterprise_id", "growing"]), by)
    shares = _of_spans(each, "up", by)
    table = table.assign(
        **{name: shares[name].to_numpy() for name in ("percent", "low", "high")},
        near_percent=_of_spans(each, "near", by)["percent"].to_numpy(),
    )
    table = table.drop(columns="near").rename(columns={"ever_near": "near"})
    first = ["group", "can_be_told", "scale_ups", "percent", "low", "high"]
    return table[[*first, "near", "near_percent"]]


def near_share(found: pd.DataFrame) -> tuple[float, float, float]:
    """Return the share of everybody's spans that are near, with its interval, in per cent.

    Parameters
    ----------
    found
        As `scale_up_shares` takes it, which says the same of scale-ups.
    """
    row = _of_spans(_of_enterprises(found, None), "near", None).iloc[0]
    return float(row["percent"]), float(row["low"]), float(row["high"])


def growing_enterprises(found: pd.DataFrame, *, by: str | None = None) -> pd.DataFrame:
    """Count enterprises that were a scale-up or near in any span, each of them once.

    Parameters
    ----------
    found, by
        As `scale_up_shares` takes them.

    Returns
    -------
    DataFrame
        A row a group: ``group, can_be_told, growing``. An enterprise may be near in one span and a
        scale-up in the next, so that the counts of both do not add up to this one.
    """
    each = _of_enterprises(found, by)[["group", "can_be_told", "growing"]]
    return _counted(each, by)


def bounds(found: pd.DataFrame, *, by: str | None = None) -> pd.DataFrame:
    """Return the least and the most that the share of scale-ups can be.

    Parameters
    ----------
    found, by
        As `scale_up_shares` takes them.

    Returns
    -------
    DataFrame
        A row a group: `group, enterprises, surely, possibly` (scale-ups in some span), `least,
        most` (per cent of the spans with enough employees at the beginning).
    """
    rows = pd.DataFrame(
        {
            "group": _groups(found, by),
            "enterprise_id": found["enterprise_id"],
            "surely": found["scale_up"].eq("yes").astype(int),
            "possibly": found["can_be_up"].astype(int),
            "otherwise": (found["can_be_near"] | found["can_be_not"]).astype(int),
            "never": (~found["can_be_up"] & ~found["can_be_small"]).astype(int),
        }
    )
    each = rows.groupby(["group", "enterprise_id"], sort=True).max().reset_index()
    table = _counted(each.drop(columns="enterprise_id").assign(enterprises=1), by)
    of_spans = _counted(rows.drop(columns="enterprise_id"), by)
    yes, maybe = of_spans["surely"], of_spans["possibly"]
    table["least"] = 100 * yes / (yes + of_spans["otherwise"])
    table["most"] = 100 * maybe / (maybe + of_spans["never"])
    return table[["group", "enterprises", "surely", "possibly", "least", "most"]]


def answers(found: pd.DataFrame) -> pd.DataFrame:
    """Count each answer of one span: `answer, enterprises`.

    Parameters
    ----------
    found
        From `scale_ups.scale_ups`.
    """
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


def _of_enterprises(found: pd.DataFrame, by: str | None) -> pd.DataFrame:
    """A row an enterprise of which it can be told: its spans, and in how many it is what."""
    told = found[found["eligible"].eq("yes") & found["exact"] & found["scale_up"].ne(OPEN)]
    rows = pd.DataFrame(
        {
            "group": _groups(told, by),
            "enterprise_id": told["enterprise_id"],
            "spans": 1,
            "up": told["scale_up"].eq("yes").astype(int),
            "near": told["near"].eq("yes").astype(int),
        }
    )
    each = rows.groupby(["group", "enterprise_id"], sort=True).sum().reset_index()
    up, near = each["up"].gt(0), each["near"].gt(0)
    ever = {"scale_ups": up, "ever_near": near, "growing": up | near}
    return each.assign(can_be_told=1, **{name: of.astype(int) for name, of in ever.items()})


def _of_spans(each: pd.DataFrame, part: str, by: str | None) -> pd.DataFrame:
    """The share of spans by group, as sure as enterprises are many: `percent, low, high`."""
    rows = each[["group", "can_be_told", "spans", part]]
    whole = rows.groupby("group")[["spans", part]].transform("sum")
    off = (rows[part] - whole[part] / whole["spans"] * rows["spans"]) ** 2
    table = _counted(rows.assign(off=off), by)
    spans = table["spans"].where(table["spans"] > 0)
    share = table[part] / spans
    as_sure = share * (1 - share) * spans**2 / table["off"].where(table["off"] > 0)
    number = as_sure.fillna(table["can_be_told"].astype(float)).clip(upper=spans)
    made = pd.DataFrame({"part": share * number, "whole": number})
    return with_share(made, "part", "whole")


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
