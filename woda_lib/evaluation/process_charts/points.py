"""Anybody's table read into the points of a chart, one a time, in order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, get_args

import numpy as np
import pandas as pd

from woda_lib.evaluation.frames import numbers, take
from woda_lib.evaluation.process_charts.errors import ProcessChartError
from woda_lib.evaluation.process_charts.limits import Kind
from woda_lib.evaluation.time_axis import Every, TimeAxis, TimeError, moments


def read_points(
    frame: pd.DataFrame,
    *,
    value: str | None,
    time: str,
    chart: Kind,
    denominator: str | None,
    target: float | str | None,
    trajectory: str | None,
    per: float,
    laney: bool,
) -> pd.DataFrame:
    """Return `time, cases, denominator, value, target, trajectory`, one row a point.

    `value` is what is plotted: the measure itself, or cases by denominator times `per`.

    Raises
    ------
    ProcessChartError, FrameError, TimeError
        If the table cannot be charted so; the message says which column and row.
    """
    _check_settings(
        chart, value=value, denominator=denominator, target=target, per=per, laney=laney
    )
    target_column = target if isinstance(target, str) else None
    columns = take(
        frame,
        value=value,
        time=time,
        denominator=denominator,
        target=target_column,
        trajectory=trajectory,
    )
    points = pd.DataFrame({"time": moments(columns["time"], column=time)})
    points["cases"] = (
        _gaps_between(points["time"], time) if value is None else numbers(columns["value"], value)
    )
    points["denominator"] = (
        numbers(columns["denominator"], denominator) if denominator is not None else 1.0
    )
    _check_counts(points, chart, value=str(value), denominator=str(denominator))
    points["value"] = points["cases"] / points["denominator"] * per
    points["target"] = (
        numbers(columns["target"], target_column)
        if target_column is not None
        else np.nan
        if target is None
        else float(target)
    )
    points["trajectory"] = (
        pd.to_numeric(columns["trajectory"], errors="coerce") if trajectory is not None else np.nan
    )
    if value is None:
        points = points.sort_values("time", kind="stable").iloc[1:]
    elif points["time"].duplicated().any():
        raise ProcessChartError(
            f"A time stands twice in the column {time!r}. Add up or choose, so that each has one "
            "row; if the rows belong to several measures, give `process_table` their column."
        )
    return points.sort_values("time", ignore_index=True)


def _check_settings(
    chart: Kind,
    *,
    value: str | None,
    denominator: str | None,
    target: float | str | None,
    per: float,
    laney: bool,
) -> None:
    if chart not in get_args(Kind):
        known = ", ".join(repr(kind) for kind in get_args(Kind))
        raise ProcessChartError(f"There is no chart {chart!r}. `chart` is one of {known}.")
    if chart in ("p", "u") and denominator is None:
        raise ProcessChartError(
            f"A {chart} chart counts cases out of something: name its column as `denominator`."
        )
    if chart not in ("p", "u") and denominator is not None:
        raise ProcessChartError(
            "`denominator` belongs to a p chart (a share of cases) or a u chart (events in some "
            f"exposure), and this is a {chart} chart. Give `chart`, or leave it out."
        )
    if value is None and chart != "t":
        raise ProcessChartError("Name the column of the measure as `value`.")
    if isinstance(target, float | int) and not np.isfinite(target):
        raise ProcessChartError("`target` must be a finite number, or a column of them.")
    if laney and chart not in ("p", "u", "c"):
        raise ProcessChartError(
            f"`laney` widens limits of p, u and c charts, and this is a chart {chart!r}, whose "
            "limits come from what the process does already. Leave it out."
        )
    if not (np.isfinite(per) and per > 0) or (per != 1 and denominator is None):
        raise ProcessChartError(
            "`per` scales a share or a rate (100 for per cent, 1,000 for a rate per 1,000): it "
            "must be above nought, and needs a `denominator`."
        )


def _gaps_between(times: pd.Series, column: str) -> pd.Series:
    """Return the days (or units) from each event to the one before; none for the first."""
    if len(times) < 3:
        raise ProcessChartError(
            f"The column {column!r} holds {len(times)} events. Two gaps, which limits need at the "
            "least, take three."
        )
    ordered = times.sort_values(kind="stable")
    gaps = np.diff(ordered.to_numpy())
    if gaps.dtype.kind == "m":
        gaps = gaps / np.timedelta64(1, "D")
    return pd.Series([np.nan, *gaps], index=ordered.index).reindex(times.index)


def _check_counts(points: pd.DataFrame, chart: Kind, *, value: str, denominator: str) -> None:
    cases = points["cases"].dropna()
    if chart in ("p", "u", "c", "t") and (cases < 0).any():
        raise ProcessChartError(
            f"The column {value!r} goes below nought, which a {chart} chart's "
            f"{'times between events' if chart == 't' else 'counts'} cannot."
        )
    if chart in ("p", "u") and (points["denominator"] <= 0).any():
        row = int((points["denominator"] <= 0).to_numpy().argmax()) + 1
        raise ProcessChartError(
            f"The column {denominator!r} must be above nought, and is not in row {row} of the "
            "table. Leave out times with nobody to count."
        )
    if chart in ("p", "c") and (cases != cases.round()).any():
        raise ProcessChartError(
            f"The column {value!r} must hold whole numbers, the count of cases, and not a share "
            "or a mean. For those take `chart='xmr'`."
        )
    if chart == "p" and (points["cases"] > points["denominator"]).any():
        row = int((points["cases"] > points["denominator"]).to_numpy().argmax()) + 1
        raise ProcessChartError(
            f"There are more cases than their denominator in row {row} of the table. Cases of a p "
            "chart are some of the denominator; events in an exposure take `chart='u'`."
        )


def read_times(given: Iterable[Any] | None, points: pd.DataFrame, *, argument: str) -> list[Any]:
    """Return times that the caller gave, sorted, on the scale of the points.

    Raises
    ------
    ProcessChartError
        If one is no such time, or lies outside the series.
    """
    wanted = [given] if isinstance(given, str | date) else [] if given is None else list(given)
    if not wanted:
        return []
    try:
        found = moments(pd.Series(wanted), column=argument)
    except TimeError as error:
        raise ProcessChartError(f"`{argument}`: {error}") from None
    if pd.api.types.is_numeric_dtype(found) != pd.api.types.is_numeric_dtype(points["time"]):
        raise ProcessChartError(
            f"`{argument}` must hold the same kind of time as the column of times: dates where "
            "that has dates, numbers where that has numbers."
        )
    if (found < points["time"].min()).any() or (found > points["time"].max()).any():
        raise ProcessChartError(
            f"`{argument}` names a time before the first point or after the last one."
        )
    return sorted(found)


def spacing(points: pd.DataFrame) -> Every:
    """Return how far apart the points are, so that their times can be named as a reader would."""
    try:
        return TimeAxis.of(points["time"], column="time").every
    except TimeError:
        return "step"


def missing_steps(points: pd.DataFrame) -> int:
    """Count the weeks, months, quarters or years inside the series that have no point."""
    try:
        axis = TimeAxis.of(points["time"], column="time")
    except TimeError:
        return 0
    return 0 if axis.every in ("day", "step") else int(axis.positions.max()) + 1 - len(points)


def say_time(time: Any, every: Every) -> str:
    """Name a time: "April 2024", "2024", "3 May 2024", "17"."""
    if not isinstance(time, pd.Timestamp):
        return f"{time:g}"
    match every:
        case "year":
            return f"{time:%Y}"
        case "quarter":
            return f"Q{time.quarter} {time:%Y}"
        case "month":
            return f"{time:%B %Y}"
        case _:
            return f"{time.day} {time:%B %Y}"
