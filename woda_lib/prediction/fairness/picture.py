"""One measure, group by group: a dot and its interval, and everybody's figure as a line."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from woda_lib.figures import LINES, TOKENS, Picture, at_edge, row_axes
from woda_lib.phrases import say_number

_ROW = 0.27
ABOVE_TEXT = 4
"""Where marks are drawn, so that the paper behind a long name covers none."""

TITLES = {
    "ethnicity": "Ethnicity",
    "sex": "Sex of grown members",
    "age": "Age of the oldest",
    "deprivation": "Deprivation, fifth (1 most)",
    "services": "Services that know them",
}
"""What stands above the groups of each column."""


def groups_picture(table: pd.DataFrame, *, everybody: float, words: str, per_cent: bool) -> Picture:
    """Draw a measure by group.

    Parameters
    ----------
    table
        Rows of one measure, as `Fairness.table` has them.
    everybody
        Its value over all households.
    words
        What it measures.
    per_cent
        Whether it is a share, drawn in per cent.
    """
    times = 100 if per_cent else 1
    shown = table[["by", "group", "value", "low", "high", "exceeds", "told"]].reset_index(drop=True)
    shown[["value", "low", "high"]] *= times
    shown[["value", "low", "high"]] = shown[["value", "low", "high"]].round(0 if per_cent else 2)
    shown.loc[~table["shown"].to_numpy(bool), ["value", "low", "high"]] = np.nan
    lines = shown["by"].nunique() + len(shown)
    height = _ROW * lines + 1.2

    def draw(figure: Figure, narrow: bool, data: pd.DataFrame) -> None:
        left, right = (1.28, 0.12) if narrow else (2.3, 1.0)
        axes = row_axes(figure, left=left, right=right, below=0.42, around=1.12)
        axes.set_ylim(lines - 0.5, -0.5)
        axes.set_yticks([])
        axes.axvline(times * everybody, **LINES["event"])
        for place, row in _places(data):
            if isinstance(row, str):
                left_name(axes, place, TITLES.get(row, row), left, bold=True)
                continue
            left_name(axes, place, str(row["group"]), left - 0.12)
            _mark(axes, place, row, per_cent=per_cent, narrow=narrow)
        axes.locator_params(axis="x", nbins=4 if narrow else 7)
        bounded = bool(table["bound"].notna().any())
        _heading(figure, height, words, narrow=narrow, per_cent=per_cent, bounded=bounded)

    return Picture(draw=draw, data=shown, height=height, gaps=True)


def _places(data: pd.DataFrame) -> Iterator[tuple[int, str | Mapping[Hashable, Any]]]:
    """Lines from the top: the name of each column, and its groups under it."""
    place = 0
    for by, rows in data.groupby("by", sort=False):
        yield place, str(by)
        for row in rows.to_dict("records"):
            place += 1
            yield place, row
        place += 1


def left_name(axes: Axes, place: int, text: str, left: float, *, bold: bool = False) -> None:
    """Write a line's name at the left edge, `left` inches before the axes begin."""
    at_edge(axes, place, text, away=-left * 72, edge=0, bold=bold, backed=True)


def _mark(
    axes: Axes, place: int, row: Mapping[Hashable, Any], *, per_cent: bool, narrow: bool
) -> None:
    """The dot and bar of a group, a square where its gap is too large, or why there is none."""
    exceeds = bool(row["exceeds"])
    if pd.isna(row["value"]):
        said = f"too few to tell{' ■' if exceeds else ''}"
        at_edge(axes, place, said, away=4, edge=0, color=TOKENS["ink2"], backed=True)
        return
    colour = TOKENS["red"] if exceeds else TOKENS["ink"]
    style: dict[str, Any] = {"color": colour, "zorder": ABOVE_TEXT}
    axes.plot([row["low"], row["high"]], [place, place], lw=1.6, **style)
    axes.plot(row["value"], place, marker="s" if exceeds else "o", ms=6, **style)
    if not narrow:
        said = say_number(float(row["value"]), 0 if per_cent else 2)
        at_edge(axes, place, f"{said}{' ■' if exceeds else ''}", away=10, color=colour)


def _heading(
    figure: Figure, height: float, words: str, *, narrow: bool, per_cent: bool, bounded: bool
) -> None:
    unit = "Per cent " if per_cent else "Number that "
    first = f"{unit}{words}" if per_cent else words[0].upper() + words[1:]
    if narrow and len(first) > 34:
        at = first.rfind(" ", 0, 34)
        first = f"{first[:at]}\n{first[at + 1 :]}"
    figure.text(0, 1 - 0.02 / height, first, va="top", ha="left")
    figure.text(
        0,
        1 - 0.4 / height,
        ("■ beyond its bound   " if bounded else "") + "┊ everybody",
        va="top",
        ha="left",
        color=TOKENS["ink2"],
    )
