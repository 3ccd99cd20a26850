"""Cells in rows and columns, as the roadmap's pictures draw them: a number in each, never colour
alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.path import Path

from woda_lib.figures import SMALLEST_TEXT, TOKENS

_GAP = 2.6
"""Points between two cells."""


@dataclass(frozen=True)
class Look:
    """How a cell is filled, edged and written in; tokens of the house."""

    fill: str | None = None
    alpha: float = 1.0
    edge: str | None = None
    width: float = 1.1
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
    """Add axes of which the cell in row and column 1, the first ones, has its middle at (1, 1).

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
    axes.set(xlim=(0.5, len(columns) + 0.5), ylim=(len(rows) + 0.5, 0.5))
    axes.set_axis_off()
    figure.text(0.0, 1.0, measure, va="top", ha="left", linespacing=1.3)
    for place, name in enumerate(columns, start=1):
        axes.annotate(
            name,
            (place, 0.5),
            xytext=(0, 4),
            textcoords="offset points",
            ha="center",
            va="bottom",
            rotation=90 if upright else 0,
            annotation_clip=False,
        )
    for place, name in enumerate(rows, start=1):
        axes.annotate(
            name,
            (0.5, place),
            xytext=(-6, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            color=TOKENS["ink"],
            annotation_clip=False,
        )
    return axes


def cell(axes: Axes, row: int, column: int, text: str, look: Look) -> None:
    """Draw one cell with its text, rows and columns counted from 1."""
    if look.fill or look.edge:
        frame(axes, row, column, look, gap=_GAP)
    axes.text(
        column,
        row,
        text,
        ha="center",
        va="center",
        color=TOKENS[look.text],
        weight="bold" if look.bold else "normal",
        fontsize=SMALLEST_TEXT,
    )


def frame(axes: Axes, row: int, column: int, look: Look, *, gap: float = 0.0) -> None:
    """Fill and edge one cell, `gap` points smaller than its room: a mark that stands in its middle.

    The gate sees where marks stand, so that a cell is a mark at its row and column, and no area.
    """
    figure = axes.get_figure(root=True)
    assert figure is not None
    box, (width, height) = axes.get_position(), figure.get_size_inches() * 72
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    across = (box.width * width / abs(right - left) - gap) / 2
    down = (box.height * height / abs(top - bottom) - gap) / 2
    corners = [(-across, -down), (across, -down), (across, down), (-across, down), (0, 0)]
    axes.scatter(
        [column],
        [row],
        s=(2 * max(across, down)) ** 2,
        marker=Path(corners, closed=True),
        facecolors=[to_rgba(TOKENS[look.fill], look.alpha) if look.fill else (0, 0, 0, 0)],
        edgecolors=TOKENS[look.edge] if look.edge else "none",
        linewidths=look.width if look.edge else 0,
        linestyles=[(0, (2.0, 1.6))] if look.dashed else "solid",
        clip_on=False,
        zorder=1.5 if look.fill else 3,
    )
