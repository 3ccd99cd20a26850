"""Two pictures of drift: how far inputs moved, and what happened for each one expected."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.transforms import blended_transform_factory

from woda_lib.figures import LINES, TOKENS, Picture, at_edge, row_axes
from woda_lib.phrases import say_number
from woda_lib.prediction.drift.stability import FAR, MOVED

_ROW, _MOST_ROWS = 0.36, 12
_NAMES = {False: (2.9, 38), True: (1.75, 23)}  # inches, and letters a line
_MARKERS = ("o", "s", "D", "^", "v", "P")
_MARK: dict[str, Any] = {"ms": 6.5, "mec": TOKENS["ink"], "ls": "", "zorder": 3}


def stability_picture(
    table: pd.DataFrame, titles: Mapping[str, str] | None = None, *, most: int = _MOST_ROWS
) -> Picture:
    """Draw the stability index of the score and of the inputs that moved most, a mark a date.

    Parameters
    ----------
    table
        As `Drift.table`.
    titles
        What words call an input, where not its name.
    most
        How many rows.
    """
    largest = table.groupby("input")["index"].max().sort_values(ascending=False, kind="stable")
    names = [name for name in largest.index if name != "score"][: most - 1]
    names = ["score", *names]
    shown = table.loc[table["input"].isin(names), ["input", "index_date", "index", "moved"]]
    shown["moved"] &= ~table["grows"]
    grown = set(table.loc[table["grows"], "input"])
    shown = shown.assign(index_date=shown["index_date"].dt.strftime("%Y-%m-%d"))
    days = list(dict.fromkeys(sorted(shown["index_date"])))
    height = _ROW * len(names) + 0.85 + 0.2 * (len(days) + 2)

    def draw(figure: Figure, narrow: bool, data: pd.DataFrame) -> None:
        (left, letters), top = _NAMES[narrow], 0.2 * (len(days) + 2) + 0.3
        axes = row_axes(figure, left=left, right=0.2, below=0.42, around=top + 0.42)
        axes.set_ylim(len(names) - 0.5, -0.5)
        words = [(titles or {}).get(name, name) + " *" * (name in grown) for name in names]
        said = [_on_two_lines(name, letters) for name in words]
        axes.set_yticks(range(len(names)), [])
        axes.tick_params(axis="y", length=0)
        beside = blended_transform_factory(figure.transFigure, axes.transData)
        for place, name in enumerate(said):
            axes.text(0, place, name, transform=beside, va="center", color=TOKENS["ink"])
        axes.grid(axis="y", color=TOKENS["rule"], lw=0.75)
        for band in (MOVED, FAR):
            axes.axvline(band, **LINES["limit"])
            axes.annotate(
                say_number(band, 2).rstrip("0"),
                (band, 1),
                xycoords=axes.get_xaxis_transform(),
                xytext=(0, 2),
                textcoords="offset points",
                ha="center",
            )
        for marker, day in zip(_MARKERS, days, strict=False):
            of_day = data[data["index_date"] == day].set_index("input").reindex(names)
            filled = of_day["moved"].fillna(False).astype(bool).to_numpy()
            for place, (index, moved) in enumerate(zip(of_day["index"], filled, strict=True)):
                fill = TOKENS["red" if moved else "paper"]
                axes.plot(index, place, marker=marker, mfc=fill, clip_on=False, **_MARK)
        reach = max(0.3, 1.08 * float(data["index"].max()))
        axes.set_xlim(-0.025 * reach, reach)
        axes.locator_params(axis="x", nbins=3 if narrow else 7)
        title = "Population stability index; filled: moved"
        _key(figure, height, days, title + ("\n* grows with the record" if grown else ""))

    return Picture(draw=draw, data=shown.reset_index(drop=True), height=height)


def calibration_picture(calibration: pd.DataFrame) -> Picture:
    """Draw observed over expected at each date, a dot and its interval; a square where it drifted.

    Parameters
    ----------
    calibration
        As `calibration_by_date` returns it.
    """
    shown = calibration[["index_date", "ratio", "low", "high", "drifted"]].reset_index(drop=True)
    shown = shown.assign(index_date=shown["index_date"].dt.strftime("%Y-%m-%d"))
    height = 0.45 * len(shown) + 1.05

    def draw(figure: Figure, narrow: bool, data: pd.DataFrame) -> None:
        left, right = (0.95, 0.55) if narrow else (1.5, 0.9)
        axes = row_axes(figure, left=left, right=right, below=0.62, around=0.8)
        axes.set_ylim(len(data) - 0.5, -0.5)
        axes.set_yticks(range(len(data)), data["index_date"])
        axes.tick_params(axis="y", length=0, labelcolor=TOKENS["ink"])
        axes.axvline(1, **LINES["event"])
        for place, row in enumerate(data.to_dict("records")):
            colour = TOKENS["red" if row["drifted"] else "ink"]
            axes.plot([row["low"], row["high"]], [place, place], color=colour, lw=1.6)
            axes.plot(
                row["ratio"], place, marker="s" if row["drifted"] else "o", ms=6, color=colour
            )
            at_edge(axes, place, say_number(row["ratio"], 2), away=8, color=colour)
        axes.set_xlabel(
            "Happened for each one\nexpected" if narrow else "Happened for each one expected"
        )
        axes.locator_params(axis="x", nbins=4 if narrow else 7)

    return Picture(draw=draw, data=shown, height=height, gaps=True)


def _on_two_lines(name: str, letters: int) -> str:
    return "\n".join(textwrap.wrap(name, letters, max_lines=2, placeholder=" …"))


def _key(figure: Figure, height: float, days: list[str], title: str) -> None:
    """Say above the rows what is drawn, and which mark is which date."""
    figure.text(0, 1 - 0.02 / height, title, va="top", ha="left")
    key = figure.add_axes((0, 1 - (0.48 + 0.2 * len(days)) / height, 1, 0.2 * len(days) / height))
    key.set_axis_off()
    key.set_xlim(0, figure.get_size_inches()[0])
    key.set_ylim(len(days) - 0.5, -0.5)
    for line, (marker, day) in enumerate(zip(_MARKERS, days, strict=False)):
        key.plot(0.1, line, marker=marker, mfc=TOKENS["paper"], **_MARK)
        key.annotate(day, (0.1, line), xytext=(9, 0), textcoords="offset points", va="center")
