"""Contributions drawn: bars over all households."""

from __future__ import annotations

from textwrap import fill

import pandas as pd
from matplotlib.figure import Figure

from woda_lib.figures import TOKENS, Picture, row_axes
from woda_lib.phrases import say_number

_ROW = {False: 0.4, True: 0.64}  # inches
_WRAP = {False: 38, True: 40}  # letters
_MARKS = {"more, higher": "\u25b2", "more, lower": "\u25bc", "both ways": "\u25c6"}


def bars(table: pd.DataFrame, *, measure: str) -> Picture:
    """Draw contributions as bars with their intervals, the largest on top.

    Parameters
    ----------
    table
        `title, mean, low, high, direction`, a row a bar.
    measure
        What the bars measure, with its unit.
    """

    def draw(figure: Figure, narrow: bool, data: pd.DataFrame) -> None:
        height = _ROW[narrow] * len(data) + 0.8
        width = figure.get_size_inches()[0]
        figure.set_size_inches(width, height)
        left, right = (0.12, 0.1) if narrow else (2.85, 1.6)
        axes = row_axes(figure, left=left, right=right, below=0.36, around=0.7)
        axes.set_ylim(len(data) - 0.45, -0.75 if narrow else -0.55)
        axes.set_yticks([])
        # On a phone what would stand beside the axes stands at the end of each bar.
        axes.set_xlim(0, float(data["high"].max()) * (1.75 if narrow else 1.04) or 1.0)
        axes.tick_params(axis="x", length=4)
        axes.grid(axis="x", color=TOKENS["rule"], lw=0.75)
        figure.text(0, 1 - 0.02 / height, measure, va="top", ha="left")
        for place, row in enumerate(data.to_dict("records")):
            axes.barh(
                place,
                row["mean"],
                height=0.36,
                color=TOKENS["band"],
                edgecolor=TOKENS["plum"],
                lw=0.8,
            )
            axes.plot([row["low"], row["high"]], [place, place], color=TOKENS["ink"], lw=1.8)
            axes.annotate(
                fill(row["title"], _WRAP[narrow]),
                (0, place),
                xycoords=axes.get_yaxis_transform(),
                xytext=(0, 9) if narrow else (-left * 72, 0),
                textcoords="offset points",
                va="bottom" if narrow else "center",
                color=TOKENS["ink"],
            )
            mark = f"{_MARKS[row['direction']]} " if row["direction"] in _MARKS else ""
            number = "" if narrow else f"{say_number(row['mean'], 2)}  "
            axes.annotate(
                f"{number}{mark}{row['direction']}",
                (row["high"] if narrow else 1, place),
                xycoords="data" if narrow else axes.get_yaxis_transform(),
                xytext=(8, 0),
                textcoords="offset points",
                va="center",
            )

    return Picture(draw=draw, data=table, height=_ROW[False] * len(table) + 0.8)
