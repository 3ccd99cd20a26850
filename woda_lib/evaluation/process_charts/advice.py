"""When to work limits out afresh, and when not to: what the points themselves say about it.

Making Data Count asks for all of these before limits are recalculated: the process has shifted and
stayed so, the cause is known, it is expected to last, and there are points enough for new limits.
Data can speak to the first and the last alone.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from woda_lib.evaluation.process_charts.points import say_time
from woda_lib.evaluation.process_charts.rules import RUN_LENGTH, find_signals
from woda_lib.evaluation.time_axis import Every

FEWEST_POINTS = 12


def short_stretches(segments: pd.DataFrame, every: Every) -> tuple[str, ...]:
    """Warn of limits that rest on few points."""
    short = segments[segments["points"] < FEWEST_POINTS]
    return tuple(
        f"The limits from {say_time(first, every)} rest on {points} points. Under {FEWEST_POINTS} "
        "points limits move a good deal with each new one: read them as a first sketch."
        for first, points in zip(short["first"], short["points"], strict=True)
    )


def rebasing_unwarranted(table: pd.DataFrame, every: Every) -> tuple[str, ...]:
    """Warn of dates at which limits begin afresh though the old limits show no lasting change.

    Parameters
    ----------
    table
        One row a point that is not left out, with `segment, time, scaled, mean_scaled,
        sigma_scaled`: values on the scale where limits lie evenly about the mean.
    """
    found = []
    stretches = [stretch for _, stretch in table.groupby("segment")]
    for before, after in pairwise(stretches):
        last = before.iloc[-1]
        signals = find_signals(
            after["scaled"].to_numpy(),
            np.full(len(after), last["mean_scaled"]),
            np.full(len(after), last["sigma_scaled"]),
        )
        if len(after) >= RUN_LENGTH and not signals.marked("shift").any():
            found.append(
                f"Limits begin afresh from {say_time(after['time'].iloc[0], every)}, but against "
                "the limits before it no run of seven points since then lies on one side of the "
                "mean. Recalculate only where a lasting change shows and its cause is known."
            )
    return tuple(found)


def rebasing_advised(table: pd.DataFrame, every: Every) -> tuple[str, ...]:
    """Say whether the newest limits look out of date, and from when.

    Either the newest points have lain on one side of the mean for long enough that new limits
    could rest on them, or so many points are signals that the limits average over a change.

    Parameters
    ----------
    table
        As `rebasing_unwarranted` takes it, with `variation`.
    every
        How far apart the points are.
    """
    newest = table[table["segment"] == table["segment"].max()]
    side = np.sign(newest["scaled"].to_numpy() - newest["mean_scaled"].to_numpy())
    changes = np.flatnonzero(side[1:] != side[:-1]) + 1
    start = int(changes[-1]) if len(changes) else 0
    run = len(side) - start
    if start == 0 or run < FEWEST_POINTS or side[-1] == 0:
        signals = int((newest["variation"] != "common cause").sum())
        if len(newest) < 2 * FEWEST_POINTS or signals < len(newest) / 3:
            return ()
        return (
            f"{signals} of the {len(newest)} points since "
            f"{say_time(newest['time'].iloc[0], every)} are out of the ordinary: these limits "
            "average over a change. Find out when it came and why, and work the limits out afresh "
            "from there (`rebase`).",
        )
    return (
        f"The last {run} points, since {say_time(newest['time'].iloc[start], every)}, all lie "
        f"{'above' if side[-1] > 0 else 'below'} the mean. If you know what changed and expect it "
        "to last, work the limits out afresh from the date of that change (`rebase`); if not, "
        "find out first, for new limits would hide it.",
    )
