"""Axes as the house draws them, with months, events and the distance that is an effect."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from woda_lib.figures.tokens import LINES, TOKENS


def house_axes(
    figure: Figure,
    *,
    measure: str,
    narrow: bool,
    left: float = 0.42,
    right: float | None = None,
    above: float = 0.62,
    band: tuple[float, float] = (0.0, 1.0),
) -> Axes:
    """Add axes as the house draws them: hairlines across, one edge below, the measure on top.

    Parameters
    ----------
    figure
        Where to add them.
    measure
        What the vertical axis measures, with its unit; written above the axes.
    narrow
        As given to `Picture.draw`.
    left, right, above
        Inches kept beside the axes for tick labels and for direct labels, and above them for the
        measure and the names of events.
    band
        The part of the figure's height to use, from the bottom up.
    """
    width, height = figure.get_size_inches()
    right = (0.75 if narrow else 1.75) if right is None else right
    floor, ceiling = (edge * height for edge in band)
    below = 0.34  # inches, for the tick labels
    axes = figure.add_axes(
        (
            left / width,
            (floor + below) / height,
            1 - (left + right) / width,
            (ceiling - floor - above - below) / height,
        )
    )
    _edge_below_alone(axes)
    axes.grid(axis="y", color=TOKENS["rule"], lw=0.75)
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", length=4)
    axes.margins(x=0.02)
    figure.text(0.0, (ceiling - 0.02) / height, measure, va="top", ha="left")
    return axes


def row_axes(figure: Figure, *, left: float, right: float, below: float, around: float) -> Axes:
    """Add axes for a row a thing, whose names stand beside them: one edge below and nothing else.

    Parameters
    ----------
    figure
        Where to add them.
    left, right, below
        Inches kept beside the axes and below them.
    around
        Inches kept above and below together.
    """
    width, height = figure.get_size_inches()
    axes = figure.add_axes(
        (left / width, below / height, 1 - (left + right) / width, 1 - around / height)
    )
    _edge_below_alone(axes)
    return axes


def month_axis(axes: Axes, months: pd.Series, *, narrow: bool) -> None:
    """Mark Januaries with their year; where there is none, mark the first and the last month."""
    stamps = pd.DatetimeIndex(months).sort_values()
    years = stamps[stamps.month == 1]
    if narrow and len(years) > 5:
        years = years[::2]
    if len(years) >= 2:
        axes.set_xticks(years.to_numpy(), [str(year) for year in years.year])
    else:
        ends = stamps[[0, -1]]
        axes.set_xticks(ends.to_numpy(), list(ends.strftime("%b %Y")))


def event_line(axes: Axes, when: Any, name: str, *, narrow: bool) -> None:
    """Draw a dotted line at a moment, with its name above the axes."""
    axes.axvline(when, **LINES["event"])
    event_name(axes, when, name, narrow=narrow)


def event_name(axes: Axes, when: Any, name: str, *, narrow: bool) -> None:
    """Write the name of a dotted line above the axes."""
    low, high = axes.get_xlim()
    position = float(axes.convert_xunits(when))
    place = (position - low) / (high - low)
    align = "center" if narrow and 0.35 < place < 0.65 else ("right" if place > 0.5 else "left")
    axes.annotate(
        name,
        (position, 1.0),
        xycoords=axes.get_xaxis_transform(),
        xytext=(0, 4),
        textcoords="offset points",
        ha=align,
        va="bottom",
        color=TOKENS["ink"],
        weight="bold",
    )


def at_edge(
    axes: Axes,
    place: float,
    text: str,
    *,
    away: float,
    edge: float = 1.0,
    color: str | None = None,
    bold: bool = False,
    backed: bool = False,
) -> None:
    """Write a line's number or name beside the axes, level with the line.

    Parameters
    ----------
    axes
    place
        The line's height, in the axes' data.
    text
    away
        From the edge, in points; less than nought to its left.
    edge
        0 for the left edge, 1 for the right.
    color
        Ink, if left out.
    bold
    backed
        On paper, so that a line which is drawn down the axes stops beside it.
    """
    axes.annotate(
        text,
        (edge, place),
        xycoords=axes.get_yaxis_transform(),
        xytext=(away, 0),
        textcoords="offset points",
        va="center",
        color=color or TOKENS["ink"],
        weight="bold" if bold else "normal",
        bbox={"fc": TOKENS["paper"], "ec": "none", "pad": 1} if backed else None,
    )


def effect_bracket(axes: Axes, low: float, high: float, *, inset: float = 0.06) -> None:
    """Draw a bracket beside the axes from one height to another: the effect, as a distance."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    inches = axes.get_position().width * figure.get_size_inches()[0]
    near, far = 1 + inset / inches, 1 + (inset + 0.06) / inches
    axes.plot(
        [near, far, far, near],
        [low, low, high, high],
        transform=axes.get_yaxis_transform(),
        clip_on=False,
        color=TOKENS["ink"],
        lw=0.95,
    )


def _edge_below_alone(axes: Axes) -> None:
    axes.patch.set_visible(False)
    axes.spines[["left", "right", "top"]].set_visible(False)
