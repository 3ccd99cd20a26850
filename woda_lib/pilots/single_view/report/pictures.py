"""The report's figures: shares of groups, each with its interval, beside a line to hold them to."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from woda_lib.figures import LINES, TOKENS, Picture, row_axes
from woda_lib.phrases import say_number

_ROW, _HEADING = 0.3, 0.36  # inches


def shares_of_groups(
    table: pd.DataFrame, *, measure: str, line: float, line_name: str, counts: tuple[str, ...]
) -> Picture:
    """Draw a dot and its interval for each group, under a heading for what people are grouped by.

    Parameters
    ----------
    table
        `by, group, percent, low, high` in the order to be drawn, and the columns of `counts`.
    measure
        What the dots stand for, with the unit.
    line, line_name
        Where a line is drawn to hold them against, and what it is.
    counts
        Columns that count people.
    """
    data = table.reset_index(drop=True)
    first = data["by"] != data["by"].shift()
    depth = (_ROW * pd.Series(1.0, index=data.index) + _HEADING * first).cumsum()
    height = float(depth.iloc[-1]) + 1.1

    def draw(figure: Figure, narrow: bool, shown: pd.DataFrame) -> None:
        left, right = (1.32, 0.5) if narrow else (2.3, 0.7)
        axes = row_axes(figure, left=left, right=right, below=0.36, around=1.06)
        axes.set_ylim(float(depth.iloc[-1]) + 0.12, 0.0)
        axes.set_yticks([])
        axes.grid(axis="x", color=TOKENS["rule"], lw=0.75)
        axes.axvline(line, **LINES["target"])
        rows = shown.reset_index(drop=True)
        numbers = {
            name: rows[name].astype("Float64").to_numpy(dtype=float, na_value=float("nan"))
            for name in ("percent", "low", "high")
        }
        every = np.concatenate([*numbers.values(), [line]])
        low, high = float(np.nanmin(every)), float(np.nanmax(every))
        pad = 0.06 * (high - low or 1)
        axes.set_xlim(low - pad, high + pad)
        axes.locator_params(axis="x", nbins=3 if narrow else 6)
        figure.text(0, 1 - 0.02 / height, measure, va="top", ha="left", wrap=True)
        axes.annotate(
            line_name,
            (line, 0),
            xytext=(0, 4),
            textcoords="offset points",
            ha="right" if line > (low + high) / 2 else "left",
            va="bottom",
            color=TOKENS["ink"],
        )
        edge = axes.get_yaxis_transform()
        for place in range(len(rows)):
            y = float(depth.iloc[place]) - _ROW / 2
            if first.iloc[place]:
                said = str(rows.loc[place, "by"])
                axes.annotate(
                    said[:1].upper() + said[1:],
                    (0, y - _ROW / 2 - 0.06),
                    xycoords=edge,
                    xytext=(-left * 72, 0),
                    textcoords="offset points",
                    va="bottom",
                    weight="bold",
                    color=TOKENS["ink"],
                )
            axes.annotate(
                str(rows.loc[place, "group"]),
                (0, y),
                xycoords=edge,
                xytext=(-left * 72 + 6, 0),
                textcoords="offset points",
                va="center",
            )
            percent = numbers["percent"][place]
            said = "[c]" if percent != percent else say_number(percent, 1)
            axes.annotate(
                said,
                (1, y),
                xycoords=edge,
                xytext=(right * 72, 0),
                textcoords="offset points",
                va="center",
                ha="right",
                color=TOKENS["ink"],
            )
            if percent == percent:
                ends = [numbers["low"][place], numbers["high"][place]]
                axes.plot(ends, [y, y], color=TOKENS["plum"], lw=1.8)
                axes.plot(percent, y, marker="o", ms=5.5, mew=0, color=TOKENS["plum"])

    return Picture(draw=draw, data=data, counts=counts, height=height, gaps=True)
