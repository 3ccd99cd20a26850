"""A forest: one line a method, its estimate a dot, its interval a bar, no effect a dotted line."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from woda_lib.figures import LINES, TOKENS, Picture, event_name, row_axes
from woda_lib.phrases import say_number, say_range

ROW_INCHES = 0.44


def forest(
    table: pd.DataFrame,
    *,
    measure: str,
    decimals: int = 1,
    line: float = 0.0,
    line_name: str = "",
) -> Picture:
    """Draw estimates with their intervals under each other.

    Parameters
    ----------
    table
        One row a method, in the order to be drawn: `method, estimate, low, high, kind`. Kind
        "primary" is drawn in ink, "other model" in grey, "other errors" in grey with an open dot,
        because its interval is not valid on short series.
    measure
        What the estimates measure, with their unit.
    decimals
        Of the numbers, as `say_number` takes them.
    line, line_name
        Where the dotted line stands, and its name above it: what no effect would be.
    """
    above = 0.55 if line_name else 0.33
    height = ROW_INCHES * len(table) + 0.42 + above

    def draw(figure: Figure, narrow: bool, data: pd.DataFrame) -> None:
        left, right, interval = (0.05, 1.32, 0.92) if narrow else (3.2, 1.75, 1.05)
        axes = row_axes(figure, left=left, right=right, below=0.42, around=0.42 + above)
        axes.set_ylim(len(table) - 0.5, -0.5)
        axes.set_yticks([])
        figure.text(0, 1 - 0.02 / height, measure, va="top", ha="left")
        for place, row in enumerate(table.to_dict("records")):
            primary, valid = row["kind"] == "primary", row["kind"] != "other errors"
            style = LINES["primary" if primary else "other"]
            axes.plot([row["low"], row["high"]], [place, place], **style)
            axes.plot(
                row["estimate"],
                place,
                marker="o",
                ms=6 if primary else 5,
                mec=style["color"],
                mfc=style["color"] if valid else TOKENS["paper"],
            )
            weight = "bold" if primary else "normal"
            colour = TOKENS["ink" if primary else "ink2"]
            axes.annotate(
                row["method"],
                (0, place),
                xycoords=axes.get_yaxis_transform(),
                xytext=(0, 5) if narrow else (-left * 72, 0),
                textcoords="offset points",
                va="bottom" if narrow else "center",
                weight=weight,
                color=colour,
            )
            for text, from_edge in (
                (say_number(row["estimate"], decimals), interval),
                (say_range(row["low"], row["high"], decimals), 0.0),
            ):
                axes.annotate(
                    text,
                    (1, place),
                    xycoords=axes.get_yaxis_transform(),
                    xytext=((right - from_edge) * 72, 0),
                    textcoords="offset points",
                    va="center",
                    ha="right",
                    weight=weight,
                    color=colour,
                )

        # On a phone names stand above their bars, and the dotted line keeps clear of them.
        rows = len(table)
        clear = [(1 - (place + 0.9) / rows, 1 - (place + 0.4) / rows) for place in range(rows)]
        for low, high in clear if narrow else [(0, 1)]:
            axes.axvline(line, low, high, **LINES["event"])
        if line_name:
            event_name(axes, line, line_name, narrow=narrow)

    return Picture(draw=draw, data=table, height=height)
