"""A picture of ratios: one line a term, on a scale on which half and double lie equally far off."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from woda_lib.figures import LINES, TOKENS, Picture, row_axes
from woda_lib.phrases import say_number, say_range

ROW_INCHES = 0.44
TICKS = np.array([0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 0.8, 1, 1.25, 2, 5, 10, 20, 50, 100])


def ratio_picture(table: pd.DataFrame, *, measure: str, low_side: str, high_side: str) -> Picture:
    """Draw ratios with their intervals under each other, the first of them in ink.

    Parameters
    ----------
    table
        A row a term, in the order to be drawn: `term, estimate, low, high`; all above nought.
    measure
        What the ratios measure.
    low_side, high_side
        What under 1 and over 1 means.
    """
    finite = np.isfinite(table[["estimate", "low", "high"]].to_numpy(float)).all(axis=1)
    shown = table.loc[finite & (table["low"] > 0).to_numpy(), ["term", "estimate", "low", "high"]]
    shown = shown.reset_index(drop=True)
    height = ROW_INCHES * max(len(shown), 1) + 0.9

    def draw(figure: Figure, narrow: bool, data: pd.DataFrame) -> None:
        left, right = (0.05, 1.0) if narrow else (2.3, 1.75)
        axes = row_axes(figure, left=left, right=right, below=0.34, around=0.9)
        axes.set_xscale("log")
        axes.set_ylim(len(data) - 0.5, -0.5)
        axes.set_yticks([])
        low = min(float(data["low"].min()), 0.8)
        high = max(float(data["high"].max()), 1.25)
        axes.set_xlim(low / 1.08, high * 1.08)
        inside = [tick for tick in TICKS if low / 1.08 <= tick <= high * 1.08]
        if len(inside) > (4 if narrow else 8):
            inside = [tick for tick in inside if tick not in (0.8, 1.25, 0.02, 0.2, 5, 50)]
        axes.set_xticks(inside, [f"{tick:g}" for tick in inside])
        axes.set_xticks([], minor=True)
        axes.axvline(1, **LINES["event"])
        figure.text(0, 1 - 0.02 / height, measure, va="top", ha="left")
        for text, side, shift in ((f"← {low_side}", "right", -6), (f"{high_side} →", "left", 6)):
            axes.annotate(
                text,
                (1, 1),
                xycoords=axes.get_xaxis_transform(),
                xytext=(shift, 2),
                textcoords="offset points",
                ha=side,
                va="bottom",
            )
        for place, row in enumerate(data.to_dict("records")):
            first = place == 0
            style = LINES["primary" if first else "other"]
            axes.plot([row["low"], row["high"]], [place, place], **style)
            axes.plot(
                row["estimate"], place, marker="o", ms=6 if first else 5, color=style["color"]
            )
            more: dict[str, Any] = {
                "va": "center",
                "weight": "bold" if first else "normal",
                "color": TOKENS["ink" if first else "ink2"],
                "xycoords": axes.get_yaxis_transform(),
                "textcoords": "offset points",
            }
            name_at = (0, 11) if narrow else (-left * 72, 0)
            # On a phone the name stands in the way of the dotted line.
            behind = {"fc": TOKENS["paper"], "ec": "none", "pad": 0.6} if narrow else None
            axes.annotate(str(row["term"]), (0, place), xytext=name_at, bbox=behind, **more)
            axes.annotate(
                say_number(row["estimate"], 2),
                (1, place),
                xytext=((right - (0 if narrow else 1.05)) * 72, 0),
                ha="right",
                **more,
            )
            if not narrow:
                text = say_range(row["low"], row["high"], 2)
                axes.annotate(text, (1, place), xytext=(right * 72, 0), ha="right", **more)

    return Picture(draw=draw, data=shown, height=height)
