"""Shares before and since go-live with their intervals, and shares of what comes in clusters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

LEVEL = 0.95


def periods(moments: pd.Series, go_live: Any) -> pd.Series:
    """Name the period of each moment: before or since go-live."""
    since = moments >= pd.Timestamp(go_live)
    return since.map({False: "before", True: "since"}).astype("string")


def share(part: int, whole: int) -> tuple[float, float, float]:
    """Return a share in per cent with Wilson's score interval; not a number of none."""
    if not whole:
        return float("nan"), float("nan"), float("nan")
    low, high = proportion_confint(part, whole, alpha=1 - LEVEL, method="wilson")
    return 100 * part / whole, 100 * float(low), 100 * float(high)


def shares_before_and_since(
    frame: pd.DataFrame, *, by: Sequence[str], hit: str = "hit", period: str = "period"
) -> pd.DataFrame:
    """Compare a share before and since go-live in each group.

    Parameters
    ----------
    frame
        A row a record: the columns of `by`, whether it is a hit, and its period.
    by
        Columns of the groups, in the order in which they first stand.

    Returns
    -------
    DataFrame
        The columns of `by`, then `rows_before, before, rows_since, since` (shares in per cent),
        `change, low, high` in percentage points with Newcombe's interval (1998, Statistics in
        Medicine 17: 873-890, method 10). A group without a row in a period has no change.
    """
    rows = []
    for group, mine in frame.groupby(list(by), sort=False, observed=True):
        hits = {name: mine.loc[mine[period] == name, hit] for name in ("before", "since")}
        was, of_old = int(hits["before"].sum()), len(hits["before"])
        now, of_new = int(hits["since"].sum()), len(hits["since"])
        shares = (of_old, share(was, of_old)[0], of_new, share(now, of_new)[0])
        rows.append((*group, *shares, *difference(now, of_new, was, of_old)))
    columns = [*by, "rows_before", "before", "rows_since", "since", "change", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def difference(now: int, of_new: int, was: int, of_old: int) -> tuple[float, float, float]:
    """Return the change of a share in percentage points with Newcombe's interval."""
    if not of_new or not of_old:
        return float("nan"), float("nan"), float("nan")
    low, high = confint_proportions_2indep(
        now, of_new, was, of_old, compare="diff", method="newcomb", alpha=1 - LEVEL
    )
    return 100 * (now / of_new - was / of_old), 100 * float(low), 100 * float(high)


def clustered_share(
    part: pd.Series, whole: pd.Series, cluster: pd.Series
) -> tuple[float, float, float]:
    """Return the share of one sum in another, in per cent, with what comes together kept together.

    Parameters
    ----------
    part, whole
        Of each record: what counts (nought where it does not), and what it counts out of.
    cluster
        Whose it is; one person's records move together.

    Returns
    -------
    tuple
        Estimate, low, high: a ratio of sums over clusters, its interval symmetric on the log-odds
        scale (Taylor linearisation).
    """
    sums = pd.DataFrame({"part": part, "whole": whole, "cluster": cluster}).groupby("cluster").sum()
    total, found = float(sums["whole"].sum()), float(sums["part"].sum())
    if not total:
        return float("nan"), float("nan"), float("nan")
    ratio = found / total
    if not 0 < ratio < 1:  # nobody or everybody: as if each cluster were one record
        return share(round(ratio) * len(sums), len(sums))
    residuals = (sums["part"] - ratio * sums["whole"]) / total
    error = float(np.sqrt((residuals**2).sum() * len(sums) / (len(sums) - 1)))
    z = stats.norm.ppf(0.5 + LEVEL / 2)
    odds = np.log(ratio / (1 - ratio))
    half = z * error / (ratio * (1 - ratio))
    low, high = (100 / (1 + np.exp(-(odds + side * half))) for side in (-1, 1))
    return 100 * ratio, float(low), float(high)
