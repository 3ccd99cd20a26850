"""Process charts (XmR): is this month different, or is it the ordinary coming and going?

Every process varies. An XmR chart (individual values X and their moving ranges mR) draws limits
within which it varies by itself, at 2.66 mean moving ranges either side of the mean (3 / 1.128, the
mean range of two normal values being 1.128 standard deviations), and names the patterns that chance
alone rarely makes. Sources: Wheeler, Understanding Variation (1993); Provost and Murray, The Health
Care Data Guide (2011); NHS England, Making Data Count, whose four rules and words these are:

========== =====================================================================================
outside    a point above the upper or below the lower limit
shift      seven or more points in a row on one side of the mean
trend      seven or more points in a row, each higher (or each lower) than the one before
two_of_3   two of three points in a row in the outer third between mean and limit, on one side
========== =====================================================================================

When the process is known to have changed, limits are worked out afresh from that month on, because
limits of the old process say nothing about the new one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import date2num
from matplotlib.figure import Figure
from numpy.typing import NDArray

from woda_lib.errors import WodaError
from woda_lib.figures import (
    LINES,
    TOKENS,
    Note,
    Picture,
    event_line,
    house_axes,
    month_axis,
    side_notes,
)
from woda_lib.phrases import say_number

NATURAL_LIMIT = 2.66
RANGE_LIMIT = 3.267
RUN_LENGTH = 7
FEWEST_POINTS = 12
RULES = ("outside", "shift", "trend", "two_of_3")

Booleans = NDArray[np.bool_]


class ProcessChartError(WodaError):
    """The series cannot be put on a process chart."""


@dataclass(frozen=True)
class ProcessChart:
    """Points, limits and what is special about them.

    Attributes
    ----------
    table
        One row a point: `time, value, segment, moving_range, mean, lower, upper, range_mean,
        range_limit`, a true/false column a rule, `side` ("high" or "low" where a rule holds) and
        `variation` ("common cause", "improvement", "concern", or "special cause" when neither
        direction is better).
    segments
        One row a stretch of time with its own limits: `first, last, points, mean, lower, upper,
        range_mean, range_limit`.
    warnings
        Sentences that belong beside the chart.
    """

    table: pd.DataFrame
    segments: pd.DataFrame
    warnings: tuple[str, ...]
    target: float | None

    @property
    def finding(self) -> str:
        """Say in words what the newest stretch of points shows."""
        newest = self.table[self.table["segment"] == self.table["segment"].max()]
        signals = int((newest["variation"] != "common cause").sum())
        since = f"{len(newest)} points since {newest['time'].min():%B %Y}"
        if signals == 0:
            return f"none of the {since} is out of the ordinary"
        return f"{signals} of the {since} are out of the ordinary"

    def picture(self, *, measure: str, event: str = "Limits recalculated") -> Picture:
        """Draw the values above their moving ranges.

        Parameters
        ----------
        measure
            What the points measure, with its unit.
        event
            What to write where limits begin afresh.
        """
        return Picture(
            draw=lambda figure, narrow, _: _draw(
                self, figure, narrow, measure=measure, event=event
            ),
            data=self.table.drop(columns=["segment"]),
            height=4.8,
        )


def process_chart(
    frame: pd.DataFrame,
    *,
    value: str,
    time: str,
    better: Literal["low", "high"] | None = None,
    rebase: Sequence[Any] = (),
    target: float | None = None,
) -> ProcessChart:
    """Put a series on an XmR chart.

    Parameters
    ----------
    frame
        One row a point in time.
    value, time
        Columns of the measure and of its date.
    better
        Which direction is an improvement; without it a special cause is neither good nor bad.
    rebase
        Dates from which limits are worked out afresh.
    target
        A value to draw a line at.

    Returns
    -------
    ProcessChart

    Raises
    ------
    ProcessChartError
        If a value is missing, a date comes twice, or a stretch between rebasing dates has fewer
        than two points.
    """
    points = pd.DataFrame(
        {"time": pd.to_datetime(frame[time]), "value": pd.to_numeric(frame[value]).astype(float)}
    ).sort_values("time", ignore_index=True)
    if points.isna().any().any():
        raise ProcessChartError(
            f"The columns {time} and {value} must be filled in every row: a process chart has no "
            "place for a missing point. Leave the row out if the point was never measured."
        )
    if points["time"].duplicated().any():
        raise ProcessChartError(
            f"A date stands twice in the column {time}. Add up or choose, so that each has one row."
        )
    cuts = np.sort(pd.DatetimeIndex(pd.to_datetime(list(rebase))).to_numpy())
    points["segment"] = np.searchsorted(cuts, points["time"].to_numpy(), side="right")
    if len(points) < 2 or (points.groupby("segment").size() < 2).any():
        raise ProcessChartError(
            "Limits need at least two points, and there are fewer before, between or after the "
            "dates at which limits begin afresh. Leave out such a date, or use a longer series."
        )
    by_segment = points.groupby("segment")
    points["moving_range"] = by_segment["value"].diff().abs()
    points["mean"] = by_segment["value"].transform("mean")
    points["range_mean"] = by_segment["moving_range"].transform("mean")
    points["lower"] = points["mean"] - NATURAL_LIMIT * points["range_mean"]
    points["upper"] = points["mean"] + NATURAL_LIMIT * points["range_mean"]
    points["range_limit"] = RANGE_LIMIT * points["range_mean"]
    table = _with_rules(points, better=better)
    segments = table.groupby("segment").agg(
        first=("time", "min"),
        last=("time", "max"),
        points=("time", "size"),
        **{
            name: pd.NamedAgg(name, "first")
            for name in ("mean", "lower", "upper", "range_mean", "range_limit")
        },
    )
    return ProcessChart(table, segments, _warnings(segments), target)


def _with_rules(points: pd.DataFrame, *, better: str | None) -> pd.DataFrame:
    """Add a column a rule, the side that it points to, and what that means."""
    table = points.copy()
    high = {rule: np.zeros(len(table), dtype=bool) for rule in RULES}
    low = {rule: np.zeros(len(table), dtype=bool) for rule in RULES}
    for rows in table.groupby("segment").indices.values():
        segment = table.iloc[rows]
        centre = segment["value"].to_numpy() - segment["mean"].to_numpy()
        limit = (segment["upper"] - segment["mean"]).to_numpy()
        for found, distance in ((high, centre), (low, -centre)):
            found["outside"][rows] = distance > limit
            found["shift"][rows] = _in_run(distance > 0, RUN_LENGTH)
            found["trend"][rows] = _rising(distance, RUN_LENGTH)
            found["two_of_3"][rows] = _two_of_three(distance, limit)
    for rule in RULES:
        table[rule] = high[rule] | low[rule]
    any_high = np.logical_or.reduce(list(high.values()))
    any_low = np.logical_or.reduce(list(low.values()))
    # A point may end a rising trend below the mean: where rules disagree the value's side decides.
    up = any_high & (~any_low | (table["value"] > table["mean"]).to_numpy())
    down = any_low & ~up
    table["side"] = pd.Series(pd.NA, index=table.index, dtype="string")
    table.loc[up, "side"] = "high"
    table.loc[down, "side"] = "low"
    table["variation"] = "common cause"
    table.loc[up | down, "variation"] = "special cause"
    if better is not None:
        good = up if better == "high" else down
        table.loc[up | down, "variation"] = "concern"
        table.loc[good, "variation"] = "improvement"
    return table


def _in_run(holds: Booleans, length: int) -> Booleans:
    """Mark the members of every unbroken run of at least this length."""
    run = np.cumsum(np.append(True, holds[1:] != holds[:-1]))
    return holds & (np.bincount(run)[run] >= length)


def _rising(values: NDArray[np.floating[Any]], length: int) -> Booleans:
    """Mark the members of every rise of at least this many points, the first one included."""
    steps = _in_run(np.diff(values) > 0, length - 1)
    return np.append(steps, False) | np.append(False, steps)


def _two_of_three(
    distance: NDArray[np.floating[Any]], limit: NDArray[np.floating[Any]]
) -> Booleans:
    """Mark points in the outer third, on one side, with another among their near neighbours."""
    outer = (distance > limit * 2 / 3) & (distance <= limit)
    padded = np.pad(outer, 2)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 3).sum(axis=1) >= 2
    in_window = windows[:-2] | windows[1:-1] | windows[2:]
    return outer & in_window


def _warnings(segments: pd.DataFrame) -> tuple[str, ...]:
    short = segments[segments["points"] < FEWEST_POINTS]
    return tuple(
        f"The limits from {first:%B %Y} rest on {points} points. Under {FEWEST_POINTS} points "
        "limits move a good deal with each new one: read them as a first sketch."
        for first, points in zip(short["first"], short["points"], strict=True)
    )


def _draw(chart: ProcessChart, figure: Figure, narrow: bool, *, measure: str, event: str) -> None:
    above = house_axes(figure, measure=measure, narrow=narrow, band=(0.32, 1.0))
    below = house_axes(
        figure,
        measure="Moving range: change from the point before",
        narrow=narrow,
        above=0.34,
        band=(0.0, 0.34),
    )
    below.set_ylim(
        0, 1.1 * max(chart.table["moving_range"].max(), chart.table["range_limit"].max())
    )
    for _, stretch in chart.table.groupby("segment"):
        above.plot(stretch["time"], stretch["value"], **{**LINES["observed"], "marker": ""})
        below.plot(stretch["time"], stretch["moving_range"], **{**LINES["observed"], "ms": 2.6})
    _draw_points(above, chart.table, size=0.75 if narrow else 1.0)
    edges = _segment_edges(chart.segments)
    for axes, level, style in (
        (above, "lower", "limit"),
        (above, "mean", "mean"),
        (above, "upper", "limit"),
        (below, "range_mean", "mean"),
        (below, "range_limit", "limit"),
    ):
        for ends, height in zip(edges, chart.segments[level], strict=True):
            axes.plot(ends, [height, height], **LINES[style])
    if chart.target is not None:
        above.axhline(chart.target, **LINES["target"])
    for axes in (above, below):
        month_axis(axes, chart.table["time"], narrow=narrow)
    above.tick_params(axis="x", labelbottom=False)
    for left, _ in edges[1:]:
        event_line(above, left, event, narrow=narrow)
    last = chart.segments.iloc[-1]
    words = ("Upper limit", "Mean", "Lower limit", "Target")
    if narrow:
        words = ("limit", "mean", "limit", "target")
    notes = [
        Note(last["upper"], f"{words[0]} {say_number(last['upper'])}"),
        Note(last["mean"], f"{words[1]} {say_number(last['mean'])}", token="ink", bold=True),
        Note(last["lower"], f"{words[2]} {say_number(last['lower'])}"),
    ]
    if chart.target is not None:
        notes.append(Note(chart.target, f"{words[3]} {say_number(chart.target)}", token="ink"))
    side_notes(above, notes)
    side_notes(below, [Note(last["range_limit"], f"{words[0]} {say_number(last['range_limit'])}")])


def _segment_edges(segments: pd.DataFrame) -> list[tuple[float, float]]:
    """Let the limits of a stretch reach to the first point of the next one."""
    starts = [float(date2num(first)) for first in segments["first"]]
    ends = [*starts[1:], float(date2num(segments["last"].iloc[-1]))]
    return list(zip(starts, ends, strict=True))


def _draw_points(axes: Axes, table: pd.DataFrame, *, size: float) -> None:
    """Draw each point in a shape that says its kind, so that the chart reads without colour."""
    shapes: dict[str, dict[str, Any]] = {
        "common cause": {"marker": "o", "ms": 4.2, "mfc": TOKENS["ctl"], "mew": 0},
        "improvement": {
            "marker": "o",
            "ms": 6.0,
            "mfc": TOKENS["paper"],
            "mec": TOKENS["blue"],
            "mew": 1.8,
        },
        "concern": {"marker": "D", "ms": 5.6, "mfc": TOKENS["orange"], "mew": 0},
        "special cause": {"marker": "s", "ms": 5.4, "mfc": TOKENS["ink"], "mew": 0},
    }
    for variation, shape in shapes.items():
        points = table[table["variation"] == variation]
        axes.plot(points["time"], points["value"], ls="", **{**shape, "ms": shape["ms"] * size})
