"""Recorded for each one expected from needs, by how many more know it than needs let expect."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from woda_lib.figures import LINES, TOKENS, Picture, at_edge, row_axes
from woda_lib.phrases import say_number

_ROW = 0.4


def coverage_picture(more_known: pd.DataFrame) -> Picture:
    """Draw a dot and its interval a row; the line at one is no bias.

    Parameters
    ----------
    more_known
        As `CoverageBias.more_known`.
    """
    shown = more_known[["services", "ratio", "low", "high"]].reset_index(drop=True)
    height = _ROW * len(shown) + 1.35

    def draw(figure: Figure, narrow: bool, data: pd.DataFrame) -> None:
        left, right = (0.95, 0.55) if narrow else (1.9, 0.9)
        axes = row_axes(figure, left=left, right=right, below=0.62, around=1.2)
        axes.set_ylim(len(data) - 0.5, -0.5)
        axes.set_yticks(range(len(data)), data["services"])
        axes.tick_params(axis="y", length=0, labelcolor=TOKENS["ink"])
        axes.axvline(1, **LINES["event"])
        places = range(len(data))
        axes.hlines(places, data["low"], data["high"], color=TOKENS["ink"], lw=1.6)
        axes.plot(data["ratio"], places, marker="o", ms=6, ls="", color=TOKENS["ink"])
        for place, ratio in enumerate(data["ratio"]):
            at_edge(axes, place, say_number(float(ratio), 2), away=8)
        axes.set_xlabel(
            "Recorded for each one\nthat needs let expect"
            if narrow
            else "New statutory steps recorded, for each one that recorded needs let expect"
        )
        axes.locator_params(axis="x", nbins=4 if narrow else 7)
        comma = "\n" if narrow else " "
        words = f"Services that know the household,{comma}against what its needs let expect"
        figure.text(0, 1 - 0.02 / height, words, va="top", ha="left")

    return Picture(draw=draw, data=shown, height=height, gaps=True)
