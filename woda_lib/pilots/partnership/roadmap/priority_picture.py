"""What is wanted, by value and effort, each named where it stands."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from woda_lib.figures import SMALLEST_TEXT, TOKENS, Picture
from woda_lib.pilots.partnership.roadmap.cells import Look, cell_axes, frame

_LINE = 0.165  # inches of a line of text
_EFFORTS = range(1, 6)


def priority_picture(ranked: pd.DataFrame, *, high: int, low: int) -> Picture:
    """Draw value against effort; on a narrow page ranks alone, with their names below.

    Parameters
    ----------
    ranked
        From `priorities.priorities`.
    high, low
        Value from which, and effort up to which, it is a quick win.
    """
    data = ranked[["rank", "title", "partner", "value", "effort", "kind"]]
    values = list(range(5, int(data["value"].min()) - 1, -1))
    names = _LINE * len(data) + 0.1

    def draw(figure: Figure, narrow: bool, shown: pd.DataFrame) -> None:
        axes = cell_axes(
            figure,
            [f"{'' if narrow else 'value '}{value}" for value in values],
            [f"{'' if narrow else 'effort '}{effort}" for effort in _EFFORTS],
            measure="Value (down) and effort (across), 1 to 5" if narrow
            else "Value down, 5 the most; effort across, 1 the least; the number is the rank",
            upright=False,
            left=0.3 if narrow else 0.7,
            above=0.62,
            below=names if narrow else 0.05,
        )  # fmt: skip
        _board(axes, values, high=high, low=low, narrow=narrow)
        for _, of in shown.groupby(["value", "effort"]):
            value, effort = (int(of[name].iloc[0]) for name in ("value", "effort"))
            row = values.index(value) + 1
            if narrow:
                text = ", ".join(str(rank) for rank in of["rank"])
                text = text if len(text) < 7 else _two_lines(of["rank"])
                axes.text(
                    effort, row, text, ha="center", va="center", weight="bold",
                    color=TOKENS["ink"], fontsize=SMALLEST_TEXT,
                )  # fmt: skip
                continue
            text = "\n".join(
                f"{rank} {title}" for rank, title in zip(of["rank"], of["title"], strict=True)
            )
            axes.text(
                effort - 0.46, row, text, ha="left", va="center", linespacing=1.35,
                color=TOKENS["ink"], fontsize=SMALLEST_TEXT,
            )  # fmt: skip
        if narrow:
            _list(figure, shown, names)

    return Picture(draw, data, height=max(4.6, names + 2.6), gaps=True)


def _board(axes: Axes, values: list[int], *, high: int, low: int, narrow: bool) -> None:
    """Draw the lines of the board, and shade where value is high and effort low."""
    for row in range(len(values) + 1):
        axes.axhline(row + 0.5, color=TOKENS["rule"], lw=0.75, clip_on=False)
    for column in range(len(_EFFORTS) + 1):
        axes.axvline(column + 0.5, color=TOKENS["rule"], lw=0.75, clip_on=False)
    for row, value in enumerate(values, start=1):
        for effort in range(1, low + 1):
            if value >= high:
                frame(axes, row, effort, Look(fill="band"))
    axes.annotate(
        "quick" if narrow else "quick wins", (0.5, 0.5), xytext=(4, -4),
        textcoords="offset points", ha="left", va="top", color=TOKENS["plum"], weight="bold",
        fontsize=SMALLEST_TEXT,
    )  # fmt: skip


def _two_lines(ranks: pd.Series) -> str:
    said = [str(rank) for rank in ranks]
    first = (len(said) + 1) // 2
    return ", ".join(said[:first]) + "\n" + ", ".join(said[first:])


def _list(figure: Figure, shown: pd.DataFrame, below: float) -> None:
    height = figure.get_size_inches()[1]
    for line, (rank, title) in enumerate(zip(shown["rank"], shown["title"], strict=True)):
        figure.text(
            0.0, (below - 0.12 - line * _LINE) / height, f"{rank} {title}", va="top", ha="left",
            color=TOKENS["ink"], fontsize=SMALLEST_TEXT,
        )  # fmt: skip
