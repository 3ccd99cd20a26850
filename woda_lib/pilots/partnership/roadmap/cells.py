"""Cells in rows and columns, as the roadmap's pictures draw them: a number in each, never colour
alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from woda_lib.figures import SMALLEST_TEXT, TOKENS

_GAP = 0.06
"""Between two cells, as a share of a cell."""


@dataclass(frozen=True)
class Look:
    """How a cell is filled, edged and written in; tokens of the house."""

    fill: str | None = None
    alpha: float = 1.0
    edge: str | None = None
    dashed: bool = False
    text: str = "ink"
    bold: bool = False


def cell_axes(
    figure: Figure,
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    measure: str,
    upright: bool,
    left: float,
    above: float,
    below: float = 0.05,
) -> Axes:
    """Add axes in which a cell is one wide and one high, the first row on top.

    Parameters
    ----------
    figure
    rows, columns
        Names beside and above the cells.
    measure
        What the cells hold; written on top.
    upright
        Whether the names of columns stand upright, for want of room.
    left, above, below
        Inches beside, above and below the cells.
    """
    width, height = figure.get_size_inches()
    axes = figure.add_axes(
        (left / width, below / height, 1 - left / width, (height - above - below) / height)
    )
    axes.set(xlim=(0, len(columns)), ylim=(len(rows), 0))
    axes.set_axis_off()
    figure.text(0.0, 1.0, measure, va="top", ha="left", linespacing=1.3)
    for place, name in enumerate(columns):
        axes.annotate(
            name,
            (place + 0.5, 0),
            xytext=(0, 4),
            textcoords="offset points",
            ha="center",
            va="bottom",
            rotation=90 if upright else 0,
            annotation_clip=False,
        )
    for place, name in enumerate(rows):
        axes.annotate(
            name,
            (0, place + 0.5),
            xytext=(-6, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            color=TOKENS["ink"],
            annotation_clip=False,
        )
    return axes


def cell(axes: Axes, row: float, column: float, text: str, look: Look) -> None:
    """Draw one cell with its text."""
    side = 1 - 2 * _GAP
    place = (column + _GAP, row + _GAP)
    if look.fill:
        fill = Rectangle(place, side, side, fc=TOKENS[look.fill], alpha=look.alpha, lw=0)
        axes.add_patch(fill)
    if look.edge:
        line = (0, (2.0, 1.6)) if look.dashed else "solid"
        edge = Rectangle(place, side, side, fill=False, ec=TOKENS[look.edge], lw=1.1, ls=line)
        axes.add_patch(edge)
    axes.text(
        column + 0.5,
        row + 0.5,
        text,
        ha="center",
        va="center",
        color=TOKENS[look.text],
        weight="bold" if look.bold else "normal",
        fontsize=SMALLEST_TEXT,
    )
