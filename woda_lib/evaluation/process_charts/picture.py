"""The picture of a chart: points between their limits, icons in the corner, a key beneath."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import date2num
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from woda_lib.evaluation.process_charts.icons import draw_icons
from woda_lib.figures import (
    LINES,
    TOKENS,
    Note,
    event_line,
    house_axes,
    side_notes,
)
from woda_lib.phrases import say_number

if TYPE_CHECKING:
    from woda_lib.evaluation.process_charts.chart import ProcessChart

MARKERS: dict[str, dict[str, Any]] = {
    "common cause": {"marker": "o", "ms": 4.2, "mfc": TOKENS["ctl"], "mew": 0},
    "improvement": {
        "marker": "o",
        "ms": 6.0,
        "mfc": TOKENS["paper"],
        "mec": TOKENS["blue"],
        "mew": 1.8,
    },
    "concern": {"marker": "D", "ms": 5.6, "mfc": TOKENS["orange"], "mew": 0},
    "special cause": {"marker": "s", "ms": 5.4, "mfc": TOKENS["plum"], "mew": 0},
    "left out": {"marker": "x", "ms": 5.0, "mec": TOKENS["edge"], "mew": 1.2},
}
"""Each kind of point has a shape of its own, so that the chart reads without colour."""

_STEPS = (1, 2, 3, 4, 5, 6, 10, 12, 20, 25, 50, 100, 200)
_KEY = 0.3  # inches
_ICON = 0.46  # inches


def draw_chart(
    chart: ProcessChart,
    figure: Figure,
    narrow: bool,
    *,
    measure: str,
    event: str,
    icons: bool,
) -> None:
    """Draw a chart on an empty figure; the arguments are those of `ProcessChart.picture`."""
    height = float(figure.get_size_inches()[1])
    width = float(figure.get_size_inches()[0])
    floor = _KEY / height if _kinds(chart.table) else 0.0
    ranged = chart.kind == "xmr"
    split = floor + 0.34 * (1 - floor) if ranged else floor
    above = 0.62 + (0.5 if icons and narrow else 0.0)
    notes = _notes(chart, narrow=narrow)
    right = max(0.75, 0.1 + 0.09 * max(len(note.text) for note in notes)) if narrow else None
    top = house_axes(
        figure, measure=measure, narrow=narrow, right=right, above=above, band=(split, 1.0)
    )
    bottom = (
        _draw_ranges(chart, figure, narrow, right=right, band=(floor, split)) if ranged else None
    )
    draw_series(top, chart, size=0.75 if narrow else 1.0)
    for axes in filter(None, (top, bottom)):
        time_axis(axes, chart.table["time"], narrow=narrow)
    if bottom is not None:
        top.tick_params(axis="x", labelbottom=False)
    for left, _ in _edges(chart)[1:]:
        event_line(top, left, event, narrow=narrow)
    _write_notes(top, chart)
    side_notes(top, notes)
    if icons:
        drop = 0.24 if narrow else 0.0
        draw_icons(figure, chart.verdict.icons, right=width, top=height - drop, size=_ICON)
    if floor:
        _draw_key(figure, chart.table)


def draw_series(axes: Axes, chart: ProcessChart, *, size: float = 1.0) -> None:
    """Draw values, limits, target and trajectory of a chart on axes of their own."""
    table = chart.table
    for _, stretch in table.groupby("segment"):
        used = stretch[stretch["used"]]
        axes.plot(used["time"], used["value"], **{**LINES["observed"], "marker": ""})
    flat = chart.kind in ("xmr", "c", "t")
    for (left, right), (_, stretch) in zip(_edges(chart), table.groupby("segment"), strict=True):
        for level, style in (("lower", "limit"), ("mean", "mean"), ("upper", "limit")):
            heights = stretch[level].to_numpy()
            if flat or level == "mean":
                axes.plot([left, right], [heights[-1]] * 2, **LINES[style])
            else:
                axes.step(stretch["time"], heights, where="mid", **LINES[style])
    if "target" in table:
        axes.step(table["time"], table["target"], where="post", **LINES["target"])
    if "trajectory" in table:
        axes.plot(table["time"], table["trajectory"], **LINES["counterfactual"])
    for variation, look in MARKERS.items():
        points = table[table["variation"] == variation]
        axes.plot(points["time"], points["value"], ls="", **{**look, "ms": look["ms"] * size})


def time_axis(axes: Axes, times: pd.Series, *, narrow: bool) -> None:
    """Mark times so that labels never touch: years where there are two or more, months, days."""
    if not pd.api.types.is_datetime64_any_dtype(times):
        axes.xaxis.set_major_locator(MaxNLocator(4 if narrow else 9, integer=True))
        return
    first, last = times.min(), times.max()
    marks = pd.date_range(first, last, freq="YS", normalize=True)
    words, most = "%Y", 4 if narrow else 8
    if len(marks) < 2:
        marks = pd.date_range(first, last, freq="MS", normalize=True)
        words, most = "%b %Y", 2 if narrow else 6
    if len(marks) < 2:
        marks = pd.date_range(first, last, periods=min(len(times), most)).normalize().unique()
        words = "%d %b %Y"
    step = next(each for each in _STEPS if len(marks) <= each * most)
    marks = marks[marks.year % step == 0] if words == "%Y" and step > 1 else marks[::step]
    axes.set_xticks(marks.to_numpy(), [mark.strftime(words).lstrip("0") for mark in marks])


def _draw_ranges(
    chart: ProcessChart,
    figure: Figure,
    narrow: bool,
    *,
    right: float | None,
    band: tuple[float, float],
) -> Axes:
    axes = house_axes(
        figure,
        measure="Moving range" if narrow else "Moving range: change from the point before",
        narrow=narrow,
        right=right,
        above=0.34,
        band=band,
    )
    highest = np.nanmax([chart.table["moving_range"].max(), chart.table["range_limit"].max()])
    axes.set_ylim(0, 1.1 * highest if highest > 0 else 1.0)
    for (left, right), (_, stretch) in zip(
        _edges(chart), chart.table.groupby("segment"), strict=True
    ):
        axes.plot(stretch["time"], stretch["moving_range"], **{**LINES["observed"], "ms": 2.6})
        for level, style in (("range_mean", "mean"), ("range_limit", "limit")):
            axes.plot([left, right], [stretch[level].iloc[-1]] * 2, **LINES[style])
    limit = chart.segments["range_limit"].iloc[-1]
    word = "limit" if narrow else "Upper limit"
    side_notes(axes, [Note(limit, f"{word} {say_number(limit, chart.decimals)}")])
    return axes


def _edges(chart: ProcessChart) -> list[tuple[float, float]]:
    """Let the limits of a stretch reach to the first point of the next one."""
    firsts = chart.table.groupby("segment")["time"].min()
    starts = [_place(first) for first in firsts]
    return list(zip(starts, [*starts[1:], _place(chart.table["time"].max())], strict=True))


def _place(time: Any) -> float:
    return float(date2num(time)) if isinstance(time, pd.Timestamp) else float(time)


def _notes(chart: ProcessChart, *, narrow: bool) -> list[Note]:
    digits = chart.decimals
    upper, mean, lower, target, plan = (
        ("limit", "mean", "limit", "target", "plan")
        if narrow
        else ("Upper limit", "Mean", "Lower limit", "Target", "Trajectory")
    )
    notes = [
        Note(chart.high, f"{upper} {say_number(chart.high, digits)}"),
        Note(chart.estimate, f"{mean} {say_number(chart.estimate, digits)}", "ink", True),
        Note(chart.low, f"{lower} {say_number(chart.low, digits)}"),
    ]
    if chart.target is not None:
        notes.append(Note(chart.target, f"{target} {say_number(chart.target, digits)}", "ink"))
    if "trajectory" in chart.table:
        planned = chart.table["trajectory"].dropna().iloc[-1]
        notes.append(Note(planned, f"{plan} {say_number(planned, digits)}", "plum"))
    return notes


def _write_notes(axes: Axes, chart: ProcessChart) -> None:
    """Write at points, away from the mean; room is made above and below for the words."""
    if not chart.notes:
        return
    axes.margins(y=0.18)
    first, last = chart.table["time"].iloc[0], chart.table["time"].iloc[-1]
    for when, words in chart.notes.items():
        point = chart.table[chart.table["time"] == when].iloc[0]
        up = point["value"] >= point["mean"]
        place = (when - first) / (last - first)
        axes.annotate(
            words,
            (_place(when), point["value"]),
            xytext=(0, 14 if up else -14),
            textcoords="offset points",
            ha="left" if place < 0.25 else "right" if place > 0.75 else "center",
            va="bottom" if up else "top",
            color=TOKENS["ink"],
            bbox={"facecolor": TOKENS["paper"], "edgecolor": "none", "pad": 1.0},
            arrowprops={"arrowstyle": "-", "color": TOKENS["edge"], "lw": 0.8, "shrinkB": 4},
        )


def _kinds(table: pd.DataFrame) -> list[str]:
    """Return the kinds of point that need an entry in the key: all but the ordinary one."""
    present = set(table["variation"])
    return [kind for kind in MARKERS if kind in present and kind != "common cause"]


def _draw_key(figure: Figure, table: pd.DataFrame) -> None:
    width, height = figure.get_size_inches()
    axes = figure.add_axes((0.0, 0.0, 1.0, _KEY / height))
    axes.set_axis_off()
    left, placed = 0.08, axes.transAxes
    for kind in _kinds(table):
        axes.plot(left / width, 0.4, ls="", transform=placed, **MARKERS[kind])
        axes.text((left + 0.1) / width, 0.4, kind, va="center_baseline", transform=placed)
        left += 0.34 + 0.075 * len(kind)
