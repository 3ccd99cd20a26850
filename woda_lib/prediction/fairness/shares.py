"""What a list that is no longer than caseworkers' time does to each group.

Two questions. Whose list is it: a group's share of the list against its share of households, and
of those to whom it happened. And what would it cost to miss no group more than another: each
column's groups get thresholds of their own, such that they miss equal shares and the list stays as
long, and its precision is set against that of one threshold for all.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.prediction.fairness.counts import COUNTED, GroupCounts
from woda_lib.prediction.fairness.enough import Enough
from woda_lib.prediction.few import may_be_shown

Floats = npt.NDArray[np.float64]

SHARED = {
    "of_all": ("of_households", "households"),
    "of_happened": ("of_happened", "happened"),
    "of_list": ("of_list", "listed"),
}
"""What is shown: the share, and the count that it is of everybody's. No heading says people."""

_HALVINGS = 40


def list_shares(counts: GroupCounts, enough: Enough, *, level: float) -> pd.DataFrame:
    """Return each group's share of households, of those to whom it happened, and of the list.

    Returns
    -------
    DataFrame
        `by, group, households, happened, listed`; in per cent `of_households, of_happened,
        of_list`; `for_each` = share of the list over share of those to whom it happened, with
        `for_each_low, for_each_high`, and `told`. One says that the list is the group's as much as
        the need was.
    """
    seen, drawn = counts.seen, counts.drawn
    whole, whole_drawn = counts.everybody
    place = {name: COUNTED.index(name) for name in ("households", "happened", "listed")}
    share = {name: 100 * seen[:, at] / whole[at] for name, at in place.items()}
    with np.errstate(divide="ignore", invalid="ignore"):
        each = share["listed"] / share["happened"]
        again = (drawn[..., place["listed"]] / whole_drawn[:, None, place["listed"]]) / (
            drawn[..., place["happened"]] / whole_drawn[:, None, place["happened"]]
        )
    again[~np.isfinite(again)] = np.nan
    told = enough.told("happened", seen)
    tail = (1 - level) / 2
    limits = np.full((2, len(told)), np.nan)
    limits[:, told] = np.nanquantile(again[:, told], [tail, 1 - tail], axis=0)
    return counts.groups.assign(
        **{name: seen[:, at].round().astype(int) for name, at in place.items()},
        of_households=share["households"],
        of_happened=share["happened"],
        of_list=share["listed"],
        for_each=np.where(told, each, np.nan),
        for_each_low=limits[0],
        for_each_high=limits[1],
        told=told,
    )


def shown_shares(shares: pd.DataFrame, fewest: int) -> pd.DataFrame:
    """Return the shares that may be shown, in whole per cents.

    Shares of one column of groups make up a hundred, so that a single one that is not shown could
    be worked out from the others: the smallest that is left goes with it.

    Parameters
    ----------
    shares
        As `list_shares` returns them.
    fewest
        Households that a share must count, and leave to the others.

    Returns
    -------
    DataFrame
        `by, group, of_all, of_happened, of_list`.
    """
    shown = shares[["by", "group"]].copy()
    for name, (share, of) in SHARED.items():
        counts = shares[of].groupby(shares["by"], sort=False)
        kept = pd.Series(may_be_shown(shares[of], counts.transform("sum"), fewest), shares.index)
        hidden = (~kept).groupby(shares["by"], sort=False).transform("sum")
        smallest = shares[of].where(kept).groupby(shares["by"], sort=False).rank(method="first")
        kept &= ~((hidden == 1) & (smallest == 1))
        shown[name] = shares[share].round().where(kept)
    return shown


def equal_misses(
    rows: pd.DataFrame,
    listed: npt.NDArray[np.bool_],
    by: Sequence[str],
    enough: Enough,
) -> pd.DataFrame:
    """Return what equal rates of false negatives would cost in precision, column by column.

    Groups with too few outcomes share one threshold. Thresholds are chosen with the outcomes in
    sight, so that the cost is the least that it could be.

    Returns
    -------
    DataFrame
        `by, groups` (with a threshold of their own), `listed, caught` (with one threshold for
        all), `caught_equal` (with equal misses, of a list as long), `precision, precision_equal,
        missed, missed_equal` (shares) and `lost` (households found with one threshold and not
        with equal misses).
    """
    risk, happened = rows["risk"].to_numpy(), rows["happened"].to_numpy()
    length, caught = int(listed.sum()), int((listed & happened).sum())
    found = []
    for name in by:
        group, number = _groups(rows[name], happened, enough)
        at, equal = _equal_list(risk, happened, group, number, length)
        found.append(
            {
                "by": name,
                "groups": number,
                "listed": length,
                "caught": caught,
                "caught_equal": equal,
                "precision": caught / length if length else np.nan,
                "precision_equal": equal / at if at else np.nan,
                "missed": 1 - caught / happened.sum(),
                "missed_equal": 1 - equal / happened.sum(),
                "lost": caught - equal,
            }
        )
    return pd.DataFrame(found)


def _groups(
    column: pd.Series, happened: npt.NDArray[np.bool_], enough: Enough
) -> tuple[npt.NDArray[np.int64], int]:
    """Number the groups, those with too few outcomes together as one."""
    outcomes = pd.Series(happened, index=column.index).groupby(column).transform("sum")
    code, names = pd.factorize(column.where(outcomes >= enough.happened, "too few"))
    return code, len(names)


def _equal_list(
    risk: Floats,
    happened: npt.NDArray[np.bool_],
    group: npt.NDArray[np.int64],
    groups: int,
    length: int,
) -> tuple[int, int]:
    """Find the share that every group may have found such that the list is as long as it may be.

    A group's list for a share of its outcomes found is read off its own order of risk, in between
    outcomes too, so that lists of a few do not jump.
    """
    curves = []
    for each in range(groups):
        inside = np.flatnonzero(group == each)
        order = inside[np.argsort(-risk[inside], kind="stable")]
        at = np.flatnonzero(happened[order]) + 1.0
        curves.append((np.arange(len(at) + 1) / max(len(at), 1), np.concatenate([[0.0], at])))
    least, most = 0.0, 1.0
    for _ in range(_HALVINGS):
        share = (least + most) / 2
        total = sum(np.interp(share, *curve) for curve in curves if len(curve[0]) > 1)
        least, most = (share, most) if total <= length else (least, share)
    return length, round(least * int(happened.sum()))
