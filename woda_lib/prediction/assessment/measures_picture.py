"""Precision and recall of a list at capacity: a line a scorer, its interval a bar."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from woda_lib.figures import LINES, TOKENS, Picture, at_edge
from woda_lib.phrases import say_number

_ROW = 0.36  # inches
_PANEL = 0.95  # inches of each panel that are no row
_SHOWN = {
    "precision": "Of those listed, to how many did it happen? Per cent (precision)",
    "recall": "Of those it happened to, how many were listed? Per cent (recall)",
}
_SHOWN_NARROW = {"precision": "Precision, per cent", "recall": "Recall, per cent"}


def measures_picture(table: pd.DataFrame, *, rate: float, capacity: float) -> Picture:
    """Draw precision and recall at capacity.

    Parameters
    ----------
    table
        `Assessment.table`.
    rate
        The share to whom the outcome came, which a lot would find: drawn as a line.
    capacity
        Of 1,000 households: what a lot would reach of the events.
    """
    data = table.loc[table["measure"].isin(_SHOWN), ["measure", "scorer", "value", "low", "high"]]
    data = data.reset_index(drop=True)
    by_lot = {"precision": rate, "recall": capacity / 1000}
    rows = data["scorer"].nunique()
    height = 2 * (_PANEL + _ROW * rows)

    def draw(figure: Figure, narrow: bool, data: pd.DataFrame) -> None:
        for number, measure in enumerate(_SHOWN):
            top = height - number * height / 2
            title = (_SHOWN_NARROW if narrow else _SHOWN)[measure]
            figure.text(0, (top - 0.02) / height, title, va="top", ha="left")
            axes = _panel(figure, narrow, top=top, rows=rows)
            rows_of = data.loc[data["measure"] == measure]
            _lines(axes, rows_of, by_lot[measure])

    return Picture(draw=draw, data=data, height=height)


def _panel(figure: Figure, narrow: bool, *, top: float, rows: int) -> Axes:
    width, height = figure.get_size_inches()
    left, right = (0.85, 0.5) if narrow else (1.1, 0.75)
    deep = _ROW * rows
    axes = figure.add_axes(
        (left / width, (top - 0.42 - deep) / height, 1 - (left + right) / width, deep / height)
    )
    axes.patch.set_visible(False)
    axes.spines[["left", "right", "top"]].set_visible(False)
    axes.grid(axis="x", color=TOKENS["rule"], lw=0.75)
    axes.tick_params(axis="y", length=0)
    return axes


def _lines(axes: Axes, rows: pd.DataFrame, by_lot: float) -> None:
    for place, row in enumerate(rows.to_dict("records")):
        style = LINES["primary" if place == 0 else "other"]
        axes.plot([100 * row["low"], 100 * row["high"]], [place, place], **style)
        axes.plot(100 * row["value"], place, marker="o", ms=6, mew=0, color=style["color"])
        at_edge(axes, place, f"{say_number(100 * row['value'])}%", away=4, bold=place == 0)
    axes.axvline(100 * by_lot, **LINES["event"])
    # Whoever scores everybody alike draws lots, and a lot's recall is no prevalence.
    axes.set_yticks(range(len(rows)), list(rows["scorer"].replace("prevalence", "by lot")))
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(0, None)
