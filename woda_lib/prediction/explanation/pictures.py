"""Contributions drawn: bars over all households."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from woda_lib.figures import TOKENS, Picture
from woda_lib.phrases import say_number

_ROW = {False: 0.34, True: 0.52}  # inches
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
    height = _ROW[False] * len(table) + 0.8

    def draw(figure: Figure, narrow: bool, data: pd.DataFrame) -> None:
        tall = _ROW[narrow] * len(data) + 0.8
        width = figure.get_size_inches()[0]
        figure.set_size_inches(width, tall)
        left, right = (0.05, 0.1) if narrow else (2.5, 1.6)
        axes = figure.add_axes(
            (left / width, 0.36 / tall, 1 - (left + right) / width, 1 - 0.7 / tall)
        )
        axes.patch.set_visible(False)
        axes.spines[["left", "right", "top"]].set_visible(False)
        axes.set_ylim(len(data) - 0.45, -0.7 if narrow else -0.55)
        axes.set_yticks([])
        axes.set_xlim(0, float(data["high"].max()) * 1.04 or 1.0)
        axes.tick_params(axis="x", length=4)
        axes.grid(axis="x", color=TOKENS["rule"], lw=0.75)
        figure.text(0, 1 - 0.02 / tall, measure, va="top", ha="left")
        for place, row in enumerate(data.to_dict("records")):
            axes.barh(place, row["mean"], height=0.34, color=TOKENS["ctl"], lw=0)
            axes.plot([row["low"], row["high"]], [place, place], color=TOKENS["ink"], lw=1.8)
            mark = f"{_MARKS[row['direction']]} " if row["direction"] in _MARKS else ""
            said = f"{mark}{row['direction']}"
            name = f"{row['title']}, {said}" if narrow else row["title"]
            axes.annotate(
                name,
                (0, place),
                xycoords=axes.get_yaxis_transform(),
                xytext=(0, 8) if narrow else (-left * 72, 0),
                textcoords="offset points",
                va="bottom" if narrow else "center",
                color=TOKENS["ink"],
            )
            if not narrow:
                axes.annotate(
                    f"{say_number(row['mean'], 2)}  {said}",
                    (1, place),
                    xycoords=axes.get_yaxis_transform(),
                    xytext=(8, 0),
                    textcoords="offset points",
                    va="center",
                )

    return Picture(draw=draw, data=table, height=height)
