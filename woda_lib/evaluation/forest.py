"""A forest: one line a method, its estimate a dot, its interval a bar, no effect a dotted line."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from woda_lib.figures import LINES, TOKENS, Picture, event_line, row_axes
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
        left, right = (0.05, 0.95) if narrow else (3.2, 1.75)
        axes = row_axes(figure, left=left, right=right, below=0.42, around=0.42 + above)
        axes.set_ylim(len(table) - 0.5, -0.5)
        axes.set_yticks([])
        if not line_name:
            axes.axvline(line, **LINES["event"])
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
                # On a phone the name stands in the way of the dotted line.
                bbox={"fc": TOKENS["paper"], "ec": "none", "pad": 0.6} if narrow else None,
            )
            numbers = [(say_number(row["estimate"], decimals), 0.0 if narrow else 1.05)]
            if not narrow:
                numbers.append((say_range(row["low"], row["high"], decimals), 0.0))
            for text, from_edge in numbers:
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

        if line_name:
            event_line(axes, line, line_name, narrow=narrow)

    return Picture(draw=draw, data=table, height=height)
