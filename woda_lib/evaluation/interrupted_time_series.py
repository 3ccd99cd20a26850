"""Interrupted time series: what did the change do to a measure that is followed over time?

The series before the start says what would have happened without the change; the distance from
there to what did happen is the effect. With a comparison that did not change, the *difference* of
the two series is fitted, so that winters and policies that meet both drop out. A trend in the
difference stays in the model: a comparison that drifts by half a day a year would otherwise turn up
as an effect in one analysis of four.

The terms are those of `segments`, the shapes of the effect those of `impact`, the errors those of
`error_models`; other answers stand in `alternatives`. The primary model is the one this function
fits by default, fixed before any outcome is seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, get_args

import numpy as np
import pandas as pd

from woda_lib.evaluation.error_models import Errors, Family
from woda_lib.evaluation.impact import Impact
from woda_lib.evaluation.interrupted_result import InterruptedTimeSeries
from woda_lib.evaluation.segments import Terms, Trend
from woda_lib.evaluation.series_model import SeriesModel
from woda_lib.evaluation.time_axis import TimeAxis
from woda_lib.evaluation.time_series import SeriesError, TimeSeries

PER_TWO_PAIRS = 3
"""Years from which a season has two harmonic pairs by default."""


def interrupted_time_series(
    frame: pd.DataFrame,
    *,
    outcome: str,
    time: str,
    start: Any,
    family: Family = "gaussian",
    offset: str | None = None,
    season: int | None = None,
    control: str | None = None,
    impact: str | Impact = "step",
    errors: Errors = "reml-ar1",
    trend: Trend = "linear",
    adjust: Sequence[str] = (),
    exclude: Iterable[Any] = (),
    control_offset: str | None = None,
    period: float | None = None,
    unit: str = "",
    level: float = 0.95,
) -> InterruptedTimeSeries:
    """Estimate the effect of a change on a series, in the outcome's unit or as a log rate ratio.

    With ``family="gaussian"`` the estimate is the change in the outcome itself. With a family for
    counts it is the *log of the rate ratio*, so that 0 is no effect in either case; `.ratio` and
    `.percent` of the result say it as a ratio and in per cent, each with its interval.

    Parameters
    ----------
    frame
        One row a time; rows may come in any order.
    outcome
        Column of the measure, or of the counts.
    time
        Column of the times: dates by day, week, month, quarter or year, years (1983.083 is
        February), or plain numbers.
    start
        First time with the change, as the column of times holds it. The step that it lies in counts
        as after; where the start is not that step's first day, a warning says so.
    family
        "gaussian" for measures such as means and rates; "poisson", "quasi-poisson" or
        "negative-binomial" for counts of events, whose mean is log-linear.
    offset
        Column of the exposure of the counts, people or days at risk. Give it as it is: the
        logarithm is taken here.
    season
        Pairs of cosine and sine over the year; 0 for none. Without a number: none with a control,
        which has the same winters, nor for yearly series or plain numbers, nor under a year; else
        two, or one under three years. Daily series have a level for each weekday besides, unless
        `season` is 0.
    control
        Column of the same measure where nothing changed.
    impact
        How the effect unfolds: "step", "slope" (the line may bend too), "bend", "ramp:3",
        "pulse:2", each perhaps after a lag ("lag:2+step"), or an `Impact`; see `impact`. To be
        fixed before any outcome is seen.
    errors
        What the interval rests on. "reml-ar1" (default) is the recipe of `autoregressive`; for
        counts it is applied to the log of (count + 1/2) / exposure, because the count models' own
        intervals hold the truth far too rarely. "ols", "newey-west", "prais-winsten" and "arima"
        are there for comparison, and "glm" takes the count model's own errors.
    trend
        "linear", "none", "quadratic", or "piecewise" (may bend half-way before the start).
    adjust
        Columns of numbers that the change did not move, such as a price or a temperature.
    exclude
        Times to leave out, such as those of a roll-out: single ones, and (first, last) pairs.
    control_offset
        Column of the control's exposure.
    period
        Steps in a season, where that is no year or times are plain numbers.
    unit
        Of the outcome, in the plural: days, people.
    level
        Of the intervals.

    Returns
    -------
    InterruptedTimeSeries

    Raises
    ------
    FrameError, TimeError, SeriesError, ImpactError
        If a column is missing or holds what it cannot, times repeat or are missing, the start
        leaves fewer than three times on a side, or settings contradict each other.
    TooFewMonthsError, UnidentifiedDesignError
        If the series cannot carry the model.

    Examples
    --------
    >>> months = pd.date_range("2022-01-01", periods=24, freq="MS")
    >>> days = 9.0 - 2.5 * (months >= "2023-01-01") + 0.05 * np.sin(np.arange(24.0))
    >>> frame = pd.DataFrame({"month": months, "days": days})
    >>> result = interrupted_time_series(frame, outcome="days", time="month",
    ...                                  start="2023-01-01", unit="days")
    >>> print(result.finding)
    2.46 days lower than expected (95% interval 2.34 to 2.58)
    """
    _refuse_contradictions(
        family=family,
        offset=offset,
        errors=errors,
        trend=trend,
        control=control,
        control_offset=control_offset,
        level=level,
        period=period,
    )
    if isinstance(adjust, str):
        adjust = [adjust]
    if not isinstance(adjust, Sequence):
        raise SeriesError('`adjust` is a list of columns: adjust=["price"].')
    _refuse_one_column_twice([outcome, time, offset, control, *adjust])
    series = TimeSeries.of(
        frame,
        outcome=outcome,
        time=time,
        offset=offset,
        control=control,
        control_offset=control_offset,
        adjust=adjust,
        exclude=exclude,
        counts=family != "gaussian",
    )
    _refuse_no_variation(series, outcome, control, adjust)
    place = series.axis.place(start, argument="start")
    per_year = period or series.axis.per_year
    pairs = _pairs(series, season, per_year, controlled=control is not None)
    daily = series.axis.every == "day" and season != 0 and period is None
    terms = Terms(
        impact=Impact.of(impact),
        trend=trend,
        harmonics=pairs,
        week=daily and control is None and _spans(series, 28),
        adjust=tuple(adjust),
    )
    model = SeriesModel(series, place, terms, errors=errors, family=family, per_year=per_year)
    return InterruptedTimeSeries.of(
        model,
        level=level,
        unit=unit,
        outcome=outcome,
        control=control,
        exposure=offset,
        within=_within(series.axis, start, place, excluded=place not in series.positions),
    )


def _pairs(
    series: TimeSeries, season: int | None, per_year: float | None, *, controlled: bool
) -> int:
    """Return the pairs of cosine and sine that were asked for, or that the series deserves."""
    if season is not None and (isinstance(season, bool) or season != int(season) or season < 0):
        raise SeriesError("`season` is the number of harmonic pairs: 0, 1, 2, …")
    most = int((per_year or 1) / 2)
    if season and season > most:
        if per_year is None:
            raise SeriesError(
                "The times are plain numbers, so that no year is known and no season can be "
                "fitted. Give dates, or the steps in a season as `period`, or season=0."
            )
        raise SeriesError(
            f"A season of {per_year:g} steps has room for {most} harmonic pairs; `season` asks for "
            f"{season}."
        )
    if season is not None:
        return int(season)
    if controlled or most == 0 or per_year is None or not _spans(series, per_year):
        return 0
    return min(most, 2 if _spans(series, PER_TWO_PAIRS * per_year) else 1)


def _spans(series: TimeSeries, steps: float) -> bool:
    return bool(series.positions[-1] - series.positions[0] + 1.5 >= steps)


def _within(axis: TimeAxis, start: Any, place: float, *, excluded: bool) -> str:
    """Say which step counts as after, where the start lies in the midst of one."""
    if excluded or axis.begins_step(start, argument="start"):
        return ""
    step = {"day": "day", "week": "week that begins on"}.get(axis.every, axis.every)
    return (
        f"The start does not lie at the beginning of a step; the {step} {axis.say(place)} counts "
        "as after the change. Name it in `exclude` if it was partly with and partly without."
    )


def _refuse_contradictions(
    *,
    family: str,
    offset: str | None,
    errors: str,
    trend: str,
    control: str | None,
    control_offset: str | None,
    level: float,
    period: float | None,
) -> None:
    for given, argument, known in (
        (family, "family", get_args(Family)),
        (errors, "errors", get_args(Errors)),
        (trend, "trend", get_args(Trend)),
    ):
        if given not in known:
            raise SeriesError(f"`{argument}` must be one of {', '.join(known)}; {given!r} is none.")
    if not isinstance(level, float) or not 0 < level < 1:
        raise SeriesError("`level` is a share such as 0.95.")
    if period is not None and not (isinstance(period, int | float) and period >= 2):
        raise SeriesError("`period` is the number of steps in a season, from 2 up.")
    if control is None and control_offset is not None:
        raise SeriesError("`control_offset` is the exposure of a `control`, and there is none.")
    if family == "gaussian":
        for name, column in (("offset", offset), ("control_offset", control_offset)):
            if column is not None:
                raise SeriesError(
                    f'An exposure (`{name}`) belongs to counts. Give family="quasi-poisson" with '
                    "the counts, or divide the counts yourself and leave it out."
                )
        if errors == "glm":
            raise SeriesError(
                'errors="glm" takes a count model\'s own errors. Give a family for counts, or '
                'errors="ols".'
            )
    if control is not None and errors == "glm":
        raise SeriesError(
            "With a control the log ratio of the two series is fitted, which no count model is "
            "for. Use the default errors."
        )


def _refuse_one_column_twice(columns: Sequence[str | None]) -> None:
    if columns[0] is None or columns[1] is None:
        raise SeriesError("Name the columns of the outcome and of the times.")
    given = [name for name in columns if name is not None]
    twice = [name for name in given if given.count(name) > 1]
    if twice:
        raise SeriesError(
            f"The column {twice[0]!r} was given for two things. Outcome, time, offset, control and "
            "each column to adjust for must differ."
        )


def _refuse_no_variation(
    series: TimeSeries, outcome: str, control: str | None, adjust: Sequence[str]
) -> None:
    if len(series) == 1:
        return  # too short a series is said elsewhere, in better words
    for values, name in ((series.outcome, outcome), (series.control, control)):
        if values is not None and np.ptp(values) == 0:
            raise SeriesError(
                f"The column {name!r} is the same throughout, so there is nothing to estimate "
                "from. Check that it holds measured values."
            )
    for place, name in enumerate(adjust):
        if np.ptp(series.adjust[:, place]) == 0:
            raise SeriesError(f"The column {name!r} is the same throughout: leave it out.")
