"""Restricted mean days: how long people wait, when some still wait and some died waiting.

The mean of the people who have left is the wrong number: it leaves out exactly those who wait
longest. The *restricted mean* is the mean of min(days, horizon), and equals the area under the
Kaplan-Meier curve up to the horizon. People still waiting, and people who died, count for the days
on which they were seen to wait and no further.

Two things need care:

- *Mature months.* A month whose people have not all been followed to the horizon (or to their end)
  has an answer that rests on its early leavers. Such months are left out, by the calendar alone, so
  that no outcome decides what is kept.
- *The standard error.* It is the plug-in of Greenwood's formula,
  sum over event days of (area to the right)^2 * d / (n (n - d)); see Klein and Moeschberger,
  Survival Analysis (2nd edition 2003), section 4.5. lifelines gives, under `return_variance`, the
  variance of a person's restricted time, which is another thing. Neither knows of shocks that a
  month's people share: to compare periods use the monthly series and `interrupted_series`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from lifelines import KaplanMeierFitter
from lifelines.utils import restricted_mean_survival_time
from scipy import stats

from woda_lib.errors import WodaError

MOST_LOST_FROM_SIGHT = 0.1


class DurationError(WodaError):
    """The durations do not allow a restricted mean."""


def restricted_mean_by(
    frame: pd.DataFrame,
    *,
    duration: str,
    observed: str,
    horizon: float,
    by: Sequence[str] = (),
) -> pd.DataFrame:
    """Work out the restricted mean of each group.

    Parameters
    ----------
    frame
        One row a person.
    duration
        Column of days from start to end, or to the last day of being seen waiting.
    observed
        Column that is true when the end came, false when the person was censored.
    horizon
        Days up to which time counts.
    by
        Columns that make the groups; without them everyone is one group.

    Returns
    -------
    DataFrame
        One row a group, in order: the columns of `by`, then `people`, `ended` (within the horizon),
        `restricted_mean` and `standard_error` in days.

    Raises
    ------
    DurationError
        If there is nobody, a duration is missing or negative, or in some group the last person was
        lost from sight before the horizon while more than one in ten were still waiting. (With
        fewer, the curve is taken as flat from there to the horizon.)
    """
    if frame.empty:
        raise DurationError("There is nobody in the table, so there is no mean to give.")
    days = pd.to_numeric(frame[duration])
    if days.isna().any() or (days < 0).any() or frame[observed].isna().any():
        raise DurationError(
            f"The columns {duration} and {observed} must be filled in every row, and days cannot "
            "be negative. Leave out or mend such rows first, and report how many there were."
        )
    tidy = frame[[*by]].copy()
    tidy[duration] = days.astype(float)
    tidy[observed] = frame[observed].astype(bool)
    groups = tidy.groupby(list(by), sort=True) if by else [((), tidy)]
    rows = [
        (*key, *_one_group(group[duration], group[observed], horizon=horizon, name=key))
        for key, group in groups
    ]
    return pd.DataFrame(rows, columns=[*by, "people", "ended", "restricted_mean", "standard_error"])


def _one_group(
    days: pd.Series, observed: pd.Series, *, horizon: float, name: tuple[object, ...]
) -> tuple[int, int, float, float]:
    curve = KaplanMeierFitter().fit(days, observed)
    still_waiting = float(curve.survival_function_.iloc[-1, 0])
    if days.max() < horizon and still_waiting > MOST_LOST_FROM_SIGHT:
        where = f"In the group {', '.join(map(str, name))} more" if name else "More"
        raise DurationError(
            f"{where} than one person in ten was still waiting when last seen, and nobody was "
            f"followed for {horizon:g} days. Use a shorter horizon, or leave out recent months."
        )
    mean = float(restricted_mean_survival_time(curve, t=horizon))
    ended = int((observed & (days <= horizon)).sum())
    return len(days), ended, mean, float(np.sqrt(_greenwood_variance(curve, horizon)))


def _greenwood_variance(curve: KaplanMeierFitter, horizon: float) -> float:
    """Variance of the area under a Kaplan-Meier curve up to the horizon."""
    table = curve.event_table
    inside = table.index.to_numpy(dtype=float) < horizon
    times = table.index.to_numpy(dtype=float)[inside]
    survival = curve.survival_function_.to_numpy(dtype=float)[inside, 0]
    ended = table["observed"].to_numpy(dtype=float)[inside]
    at_risk = table["at_risk"].to_numpy(dtype=float)[inside]
    strips = survival * np.diff(np.append(times, horizon))
    area_to_the_right = np.cumsum(strips[::-1])[::-1]
    # Where everybody leaves at once no area is left to the right, and the term is nought.
    spread = at_risk * (at_risk - ended)
    terms = np.divide(ended, spread, out=np.zeros_like(ended), where=spread > 0)
    return float(np.sum(area_to_the_right**2 * terms))


def mature_months(months: pd.Series, *, as_of: pd.Timestamp, horizon: float) -> pd.Series:
    """Say which months have been followed long enough.

    Parameters
    ----------
    months
        First days of months.
    as_of
        The last day that the data reach.
    horizon
        Days of follow-up that everyone of a month must have had.

    Returns
    -------
    Series of bool
        True where the month's last day plus the horizon is not after `as_of`.
    """
    last_days = pd.to_datetime(months) + pd.offsets.MonthEnd(0)
    return last_days + pd.to_timedelta(horizon, unit="D") <= as_of


def monthly_restricted_mean(
    frame: pd.DataFrame,
    *,
    started_on: str,
    duration: str,
    observed: str,
    horizon: float,
    as_of: pd.Timestamp,
    by: Sequence[str] = (),
) -> pd.DataFrame:
    """Work out the restricted mean of each month of start, for mature months only.

    Parameters
    ----------
    frame
        One row a person.
    started_on
        Column of the day on which the clock started; it decides the month.
    duration, observed, horizon, by
        As in `restricted_mean_by`.
    as_of
        The last day that the data reach.

    Returns
    -------
    DataFrame
        One row a month and group: `month` (its first day), the columns of `by`, `people`, `ended`,
        `restricted_mean`, `standard_error`.

    Raises
    ------
    DurationError
        If no month has been followed long enough.
    """
    months = pd.Series(
        pd.to_datetime(frame[started_on]).dt.to_period("M").dt.to_timestamp(), index=frame.index
    )
    followed = mature_months(months, as_of=as_of, horizon=horizon)
    if not followed.any():
        raise DurationError(
            f"No month has been followed for {horizon:g} days by {as_of:%d %B %Y}. "
            "Use a shorter horizon, or wait for later extracts."
        )
    return restricted_mean_by(
        frame.assign(month=months)[followed],
        duration=duration,
        observed=observed,
        horizon=horizon,
        by=["month", *by],
    )


def restricted_mean_difference(
    frame: pd.DataFrame,
    *,
    duration: str,
    observed: str,
    after: str,
    horizon: float,
    level: float = 0.95,
) -> pd.DataFrame:
    """Compare the restricted mean of two groups of independent people.

    The interval counts chance between people only. Between two *periods* it is too narrow, because
    a good or a bad month moves all its people together: it belongs in the table of alternatives.

    Parameters
    ----------
    frame, duration, observed, horizon
        As in `restricted_mean_by`.
    after
        Column that is true for the second group.
    level
        Of the normal interval.

    Returns
    -------
    DataFrame
        Rows `before`, `after`, `difference`; columns `people, ended, restricted_mean,
        standard_error, low, high`.

    Raises
    ------
    DurationError
        If one of the groups is empty, or as `restricted_mean_by`.
    """
    second = frame[after].astype(bool)
    if second.all() or not second.any():
        raise DurationError(
            f"The column {after} puts everyone in one group, so there is nothing to compare. "
            "Check the date that divides them."
        )
    table = restricted_mean_by(
        frame.assign(period=np.where(second, "after", "before")),
        duration=duration,
        observed=observed,
        horizon=horizon,
        by=["period"],
    )
    table = table.set_index("period").loc[["before", "after"]]
    means = table["restricted_mean"].to_numpy()
    total = table[["people", "ended"]].sum()
    table.loc["difference"] = {
        **total,
        "restricted_mean": means[1] - means[0],
        "standard_error": np.hypot(*table["standard_error"]),
    }
    half = stats.norm.ppf(0.5 + level / 2) * table["standard_error"]
    return table.astype({"people": int, "ended": int}).assign(
        low=table["restricted_mean"] - half, high=table["restricted_mean"] + half
    )
