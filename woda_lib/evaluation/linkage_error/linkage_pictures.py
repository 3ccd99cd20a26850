"""The pictures of linkage error: estimates over other links, and how many may be wrong."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from woda_lib.figures import LINES, TOKENS, Picture, event_line, house_axes, row_axes
from woda_lib.phrases import say_number, say_range

_ROW = 0.44


def estimates_picture(summary: pd.DataFrame, table: pd.DataFrame, *, unit: str) -> Picture:
    """Draw estimates over draws and thresholds under each other.

    Parameters
    ----------
    summary, table
        Of `OverLinkages`.
    unit
        Of the estimates.
    """
    draws = table[table["kind"] == "draw"]
    at = table[table["kind"] == "threshold"]
    rows = [
        (f"{str(row['estimate_of'])[0].upper()}{str(row['estimate_of'])[1:]}", row)
        for row in summary.to_dict("records")
    ]
    rows += [
        (f"Links from a probability of {row['which']:g}", row) for row in at.to_dict("records")
    ]
    answer, below = 1, len(summary)
    height = _ROW * (len(rows) + 1) + 0.8
    names = [name for name, _ in rows]
    names.insert(below, f"Each of {len(draws)} draws")
    places = [place for place in range(len(rows) + 1) if place != below]
    width = float((summary["high"] - summary["low"]).min())
    digits = 1 - math.floor(math.log10(width)) if width > 0 else 1

    def draw(figure: Figure, narrow: bool, data: pd.DataFrame) -> None:
        left, right = (0.05, 0.95) if narrow else (3.0, 1.9)
        axes = row_axes(figure, left=left, right=right, below=0.42, around=0.8)
        axes.set_ylim(len(rows) + 0.5, -0.5)
        axes.set_yticks([])
        axes.axvline(0, **LINES["event"])
        figure.text(0, 1 - 0.02 / height, f"Estimate, {unit}" if unit else "Estimate", va="top")
        spread = np.linspace(-0.16, 0.16, len(draws))[np.argsort(np.argsort(draws["which"] % 7))]
        drawn = data.loc[data["kind"] == "draw", "estimate"]
        axes.plot(drawn, below + spread, "o", ms=3, mew=0.7, mec=TOKENS["ctl"], mfc="none")
        for place, (_, row) in zip(places, rows, strict=True):
            style = LINES["primary" if place == answer else "other"]
            axes.plot([row["low"], row["high"]], [place, place], **style)
            axes.plot(row["estimate"], place, "o", ms=6 if place == answer else 5, c=style["color"])
            figures = [(say_number(row["estimate"], digits), right if narrow else right - 1.25)]
            if not narrow:
                figures.append((say_range(row["low"], row["high"], digits), right))
            for text, to_right in figures:
                axes.annotate(
                    text,
                    (1, place),
                    xycoords=axes.get_yaxis_transform(),
                    xytext=(to_right * 72, 0),
                    textcoords="offset points",
                    va="center",
                    ha="right",
                    weight="bold" if place == answer else "normal",
                    color=TOKENS["ink" if place == answer else "ink2"],
                )
        for place, name in enumerate(names):
            axes.annotate(
                name,
                (0, place),
                xycoords=axes.get_yaxis_transform(),
                xytext=(0, 6) if narrow else (-left * 72, 0),
                textcoords="offset points",
                va="bottom" if narrow else "center",
                weight="bold" if place == answer else "normal",
                color=TOKENS["ink" if place == answer else "ink2"],
            )

    return Picture(draw=draw, data=table, height=height)


def tipping_picture(table: pd.DataFrame, *, at: float, how: str) -> Picture:
    """Draw the estimate and its interval against the share of links that are wrong.

    Parameters
    ----------
    table
        Of `TippingPoint`.
    at
        The share that overturns the conclusion, in %.
    how
        "wrong" or "lost".
    """

    def draw(figure: Figure, narrow: bool, data: pd.DataFrame) -> None:
        axes = house_axes(
            figure,
            measure=f"Estimate, by % of links {how}",
            narrow=narrow,
            left=0.5,
            right=0.2,
        )
        axes.fill_between(data["share"], data["low"], data["high"], color=TOKENS["band"], lw=0)
        axes.plot(data["share"], data["estimate"], **LINES["fitted"], marker="o", ms=3)
        axes.axhline(0, color=TOKENS["edge"], lw=0.9)
        axes.set_xlim(0, max(float(data["share"].max()), 1))
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}%")
        axes.locator_params(axis="x", nbins=4 if narrow else 10)
        axes.yaxis.set_major_formatter(lambda value, _: say_number(value, _places(value)))
        if math.isfinite(at) and at > 0:
            words = f"{at:.0f}% {how}" if narrow else f"Overturned at {at:.0f}% {how}"
            event_line(axes, at, words, narrow=narrow)

    # A label a row says that a mark is a share of links, and no person.
    labelled = table.assign(links=[f"{share:g}% {how}" for share in table["share"]])
    return Picture(draw=draw, data=labelled, height=3.2)


def _places(value: float) -> int:
    return next((n for n in range(4) if math.isclose(round(value, n), value, abs_tol=1e-9)), 4)
