"""Restricted mean: how long people wait on average, counting each wait up to a horizon.

The mean of the people who have left is the wrong number: it leaves out exactly those who wait
longest. The *restricted mean* is the mean of min(duration, horizon), and equals the area under the
Kaplan-Meier curve up to the horizon. People still waiting count for the time for which they were
seen to wait, and no further.

Its standard error is the plug-in of Greenwood's formula, the sum over times at which people left of
(area to the right)^2 d / (n (n - d)). lifelines gives, under `return_variance`, the variance of one
person's restricted time, which is another thing.

Sources: Karrison (1987), JASA 82: 1169-1176; Royston and Parmar (2013), BMC Medical Research
Methodology 13: 152; Uno et al. (2014), Journal of Clinical Oncology 32: 2380-2385.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from woda_lib.evaluation.durations.durations import (
    DurationError,
    Durations,
    check_horizon,
    check_level,
    name_of,
    two_groups,
)
from woda_lib.evaluation.durations.lost_from_sight import read_lost
from woda_lib.evaluation.durations.pseudo_values import adjusted_difference
from woda_lib.evaluation.durations.restricted_mean_result import RestrictedMean
from woda_lib.evaluation.durations.survival_curve import Curve
from woda_lib.evaluation.frames import take

MOST_LOST_FROM_SIGHT = 0.1
FEW_IN_VIEW = 10
FEW_ENDED = 20


def restricted_mean(
    frame: pd.DataFrame,
    *,
    duration: str,
    event: str,
    horizon: float,
    group: str | None = None,
    reference: Any = None,
    ended: Any = None,
    lost: str | None = None,
    adjust: Sequence[str] = (),
    started_on: str | None = None,
    season: int = 0,
    cluster: str | None = None,
    level: float = 0.95,
    unit: str = "days",
) -> RestrictedMean:
    """Compare how long two groups wait on average, up to a horizon, with some still waiting.

    Parameters
    ----------
    frame
        One row a person.
    duration
        Column of the time from start to end, or to the last time of being seen waiting.
    event
        Column that is true (or 1) where the end came, false (or 0) where the person was censored.
    horizon
        Time up to which waiting counts, in the unit of `duration`; chosen beforehand.
    group
        Column of two groups; without it, the mean of everyone.
    reference
        The group that is subtracted. Without it: the first category, False, the smaller number, or
        the first in the alphabet.
    ended
        The value (or values) of `event` that is the end, where it holds several codes; people with
        any other are censored at that time. Where another ending rules this one out for good (death
        before discharge), that describes a world without it: see `competing_risks`.
    lost
        Column that is true for the censored whose loss may tell something (they died, withdrew or
        moved), and false for those still waiting when the data end. Used by `.bounds`; without it,
        everyone censored counts as lost.
    adjust
        Columns of case mix. With any of these arguments the difference comes from a regression of
        jackknife pseudo-values with robust errors (Andersen, Hansen and Klein 2004, Lifetime Data
        Analysis 10: 335-350).
    started_on
        Column of the date of the start; adds a straight trend by that date.
    season
        Pairs of cosine and sine of the time of year to add; needs `started_on`.
    cluster
        Column of what moves people together (a ward, a month); the robust errors add up within it
        and take t with as many degrees of freedom as clusters less one.
    level
        Of the intervals.
    unit
        Of the duration, in the plural.

    Returns
    -------
    RestrictedMean
        Its estimate is the other group's mean less the reference's: negative is shorter.

    Raises
    ------
    DurationError
        If a duration is negative, an event is no event, nothing ended, there are not two groups, or
        follow-up is too short for the horizon: in some group the last person was lost from sight
        before it while more than one in ten were still waiting. (With fewer, the curve is taken as
        flat from there to the horizon, and a warning says so.)
    FrameError
        If a column is missing, or a number is none.

    Notes
    -----
    To compare *periods* the errors between people are too small, because a good or a bad month
    moves all its people together: use `monthly_restricted_mean` and an interrupted time series.

    Examples
    --------
    >>> frame = pd.DataFrame({"days": [2, 4, 6, 20, 1, 2, 3, 9], "left": [1, 1, 1, 0, 1, 1, 1, 1],
    ...                       "pathway": ["old"] * 4 + ["new"] * 4})
    >>> result = restricted_mean(frame, duration="days", event="left", group="pathway",
    ...                          reference="old", horizon=10)
    >>> round(result.estimate, 2)
    -1.75
    """
    horizon, level = check_horizon(horizon), check_level(level)
    durations = Durations.of(frame, duration=duration, event=event, ended=ended)
    if group is None:
        if adjust or started_on or cluster or season:
            raise DurationError(
                "`adjust`, `started_on`, `season` and `cluster` change a difference between two "
                "groups. Give the column of the groups as `group`."
            )
        place, groups = np.zeros(len(durations), dtype=int), ["everyone"]
    else:
        place, groups = two_groups(take(frame, group=group)["group"], group, reference=reference)
    parts = {name_of(name): durations.where(place == number) for number, name in enumerate(groups)}
    curves = {name: Curve.of(part) for name, part in parts.items()}
    warnings = [
        sentence
        for name, curve in curves.items()
        for sentence in check_follow_up(curve, horizon, name if group else "", unit)
    ]
    rows = [_mean_row(name, curve, horizon, level) for name, curve in curves.items()]
    for row in rows:
        if not row["standard_error"] > 0:
            raise DurationError(
                f"The waits of {row['group']} do not vary ({row['people']} people), so that no "
                "error can be given. Check the column of durations, or join this group with "
                "another."
            )
    result = RestrictedMean(
        means=pd.DataFrame(rows),
        curves=curves,
        horizon=horizon,
        level=level,
        unit=unit,
        warnings=tuple(warnings),
        adjustment=None,
        durations=parts,
        lost=read_lost(frame, lost, place, list(parts)),
    )
    if adjust or started_on or cluster or season:
        adjustment = adjusted_difference(
            frame,
            durations,
            place,
            horizon=horizon,
            adjust=adjust,
            started_on=started_on,
            season=season,
            cluster=cluster,
            level=level,
        )
        return replace(
            result, adjustment=adjustment, warnings=(*result.warnings, *adjustment.warnings)
        )
    return result


def _mean_row(name: str, curve: Curve, horizon: float, level: float) -> dict[str, Any]:
    mean, error = curve.area(horizon), float(np.sqrt(curve.area_variance(horizon)))
    half = stats.norm.ppf(0.5 + level / 2) * error
    return {
        "group": name,
        "people": int(curve.at_risk[0]),
        "ended": int(curve.ended[curve.times <= horizon].sum()),
        "censored": int(curve.censored[curve.times < horizon].sum()),
        "restricted_mean": mean,
        "standard_error": error,
        "low": mean - half,
        "high": mean + half,
    }


def check_follow_up(curve: Curve, horizon: float, name: str, unit: str) -> list[str]:
    """Return what is thin about a curve's end, in sentences.

    Raises
    ------
    DurationError
        If it does not reach the horizon, or nobody left before it.
    """
    where = f" of {name}" if name else ""
    last, left = float(curve.times[-1]), float(curve.survival[-1])
    if last < horizon and left > MOST_LOST_FROM_SIGHT:
        raise DurationError(
            f"Follow-up{where} is too short for the horizon of {horizon:g} {unit}: nobody was seen "
            f"for longer than {last:g}, and {left:.0%} were still waiting then. Use a horizon of "
            f"at most {last:g}, or leave out those who started too recently to be followed for "
            "so long."
        )
    if not curve.ended[curve.times < horizon].any():
        raise DurationError(
            f"Nobody{where} left before the horizon of {horizon:g} {unit}, so that everybody "
            "counts as the horizon and no error can be given. Use a longer horizon."
        )
    found = []
    if last < horizon and left > 0:
        found.append(
            f"Nobody{where} was followed for {horizon:g} {unit}. The curve is taken as flat at "
            f"{left:.1%} from {last:g} on, which is the longest that the wait can be."
        )
    in_view = float(curve.waiting(np.array([horizon]))[0])
    if left > 0 and 0 < in_view < FEW_IN_VIEW:
        found.append(
            f"Only {int(in_view)} people{where} were still in view at the horizon of {horizon:g} "
            f"{unit}; the end of the curve rests on them."
        )
    ended = float(curve.ended[curve.times <= horizon].sum())
    if ended < FEW_ENDED:
        found.append(
            f"Only {int(ended)} people{where} left within the horizon: the normal interval is "
            "rough with so few."
        )
    return found
