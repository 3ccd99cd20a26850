"""The figure of the queue: what the next hour of review is worth."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from woda_lib.figures import LINES, Picture, house_axes


def worth_curve(table: pd.DataFrame) -> Picture:
    """Draw the share of expected errors that hours of review put right.

    Parameters
    ----------
    table
        From `tables.hours_table`.
    """
    data = table.copy()

    def draw(figure: Figure, narrow: bool, shown: pd.DataFrame) -> None:
        axes = house_axes(
            figure,
            measure="Expected errors put right, %, by hours of review",
            narrow=narrow,
            right=0.2,
        )
        for column, said, kind, ahead in (
            ("in_order_percent", "worth most first", "fitted", True),
            ("in_any_order_percent", "in any order", "counterfactual", False),
        ):
            axes.plot(shown["hours"], shown[column], **LINES[kind])
            at = shown.iloc[len(shown) // 3]
            axes.annotate(
                said,
                (at["hours"], at[column]),
                xytext=(6, 8) if ahead else (8, -4),
                textcoords="offset points",
                ha="left",
                va="bottom" if ahead else "top",
                color=LINES[kind]["color"],
            )
        axes.set_xlim(left=0)
        axes.set_ylim(0, 104)

    return Picture(draw=draw, data=data, counts=(), height=3.2)
