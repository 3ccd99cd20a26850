"""Restricted mean days in tables: of each group, and of each month of start.

The method, and the function for a comparison of two groups, are in `restricted_mean`. These tables
feed the monthly series that `interrupted_time_series` takes, which knows of shocks that a month's
people share, as the errors between people do not.

*Mature months.* A month whose people have not all been followed to the horizon (or to their end)
has an answer that rests on its early leavers. Such months are left out, by the calendar alone, so
that no outcome decides what is kept.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from woda_lib.evaluation.durations.durations import DurationError, Durations, name_of, read_groups
from woda_lib.evaluation.durations.pseudo_values import pseudo_values, read_dates
from woda_lib.evaluation.durations.restricted_mean import MOST_LOST_FROM_SIGHT, check_follow_up
from woda_lib.evaluation.durations.survival_curve import Curve
from woda_lib.evaluation.frames import take


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
    curve = Curve.of(Durations(days.to_numpy(), observed.to_numpy(dtype=int), (True,)))
    if days.max() < horizon and curve.survival[-1] > MOST_LOST_FROM_SIGHT:
        where = f"In the group {', '.join(map(str, name))} more" if name else "More"
        raise DurationError(
            f"{where} than one person in ten was still waiting when last seen, and nobody was "
            f"followed for {horizon:g} days. Use a shorter horizon, or leave out recent months."
        )
    ended = int((observed & (days <= horizon)).sum())
    error = float(np.sqrt(curve.area_variance(horizon)))
    return len(days), ended, curve.area(horizon), error


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
    # Without pandas' cache of texts: it would be asked about days one at a time, to no end.
    last_days = pd.to_datetime(months, cache=False) + pd.offsets.MonthEnd(0)
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


def monthly_pseudo_mean(
    frame: pd.DataFrame,
    *,
    started_on: str,
    duration: str,
    observed: str,
    horizon: float,
    period: str,
) -> pd.DataFrame:
    """Average pseudo-values by month of start: a series that need not leave out young months.

    What a young month has not yet seen is filled in from the months of its period, so that the
    series reaches to the newest month. That takes it that waits past those seen end in a young
    month as in the others of its period; `monthly_restricted_mean` does not take that, and its
    interrupted series covers as well with intervals about 8% wider (docs/durations.md).

    Parameters
    ----------
    frame, started_on, duration, observed, horizon
        As in `monthly_restricted_mean`.
    period
        Column that divides the months into those before and after the change (or into hospitals
        and periods): pseudo-values are worked out within each of its values.

    Returns
    -------
    DataFrame
        One row a month and period: `month, period, people, ended, restricted_mean`.

    Raises
    ------
    DurationError
        As `restricted_mean`, for any period.
    """
    seen = Durations.of(frame, duration=duration, event=observed)
    rows = pd.DataFrame(
        {
            "month": read_dates(frame, started_on, "started_on").dt.to_period("M"),
            "period": take(frame, period=period)["period"],
            "ended": seen.ended & (seen.times <= horizon),
        }
    )
    place, groups = read_groups(rows["period"], period)
    rows["value"] = np.nan
    for number, name in enumerate(groups):
        mine = place == number
        part = seen.where(mine)
        check_follow_up(Curve.of(part), horizon, name_of(name), "days")
        rows.loc[mine, "value"] = pseudo_values(part, horizon)
    table = rows.groupby(["month", "period"], observed=True).agg(
        people=("value", "size"), ended=("ended", "sum"), restricted_mean=("value", "mean")
    )
    return table.reset_index().assign(month=lambda each: each["month"].dt.to_timestamp())


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
