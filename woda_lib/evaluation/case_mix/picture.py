"""The love plot: how far apart the groups were in each feature, and how far after weighting."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from woda_lib.evaluation.case_mix.balance import WORTH_NOTING
from woda_lib.figures import LINES, TOKENS, Picture, row_axes

MOST_ROWS = 30
_ROW_INCHES = 0.27
_LETTERS = {False: 30, True: 20}
_MARK: dict[str, Any] = {"marker": "o", "ms": 6, "ls": ""}
_BEFORE = _MARK | {"mfc": TOKENS["paper"], "mec": TOKENS["ctl"], "mew": 1.4}
_AFTER = _MARK | {"mfc": TOKENS["ink"], "mec": TOKENS["ink"]}


def love_picture(balance: pd.DataFrame) -> Picture:
    """Draw standardised mean differences before (open) and after weighting (filled).

    Parameters
    ----------
    balance
        As `balance_table` returns it; of more than 30 features those furthest apart are drawn.
    """
    largest = balance[["before", "after"]].abs().max(axis=1)
    rows = balance.loc[largest.sort_values(ascending=False, kind="stable").index[:MOST_ROWS]]
    rows = rows.reindex(rows["before"].abs().sort_values(ascending=False, kind="stable").index)
    height = _ROW_INCHES * len(rows) + 1.25

    def draw(figure: Figure, narrow: bool, data: pd.DataFrame) -> None:
        left = 1.45 if narrow else 2.5
        axes = row_axes(figure, left=left, right=0.15, below=0.42, around=1.2)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        names = [_short(str(name), _LETTERS[narrow]) for name in rows["feature"]]
        axes.set_yticks(range(len(rows)), names)
        axes.tick_params(axis="y", length=0, labelcolor=TOKENS["ink"])
        axes.grid(axis="y", color=TOKENS["rule"], lw=0.75)
        axes.axvline(0, color=TOKENS["edge"], lw=0.9)
        for line in (-WORTH_NOTING, WORTH_NOTING):
            axes.axvline(line, **LINES["limit"])
        places = range(len(rows))
        axes.hlines(places, rows["before"], rows["after"], color=TOKENS["ctl"], lw=0.9)
        axes.plot(rows["before"], places, **_BEFORE)
        axes.plot(rows["after"], places, **_AFTER)
        reach = max(0.25, 1.1 * float(rows[["before", "after"]].abs().max().max()))
        axes.set_xlim(-reach, reach)
        axes.locator_params(axis="x", nbins=4 if narrow else 8)
        figure.text(
            0,
            1 - 0.02 / height,
            "Difference between the groups," + ("\n" if narrow else " ") + "standard deviations",
            va="top",
            ha="left",
        )
        _key(figure, height, narrow=narrow)

    return Picture(draw=draw, data=rows.reset_index(drop=True), height=height)


def _short(name: str, letters: int) -> str:
    """Shorten a feature's name, but never so that two levels of a column look the same."""
    if len(name) <= letters:
        return name
    column, colon, level = name.partition(": ")
    room = letters - len(colon) - len(level)
    if not colon or room < 4:
        return f"{name[: letters - 1]}…"
    return f"{column[: room - 1].rstrip()}…{colon}{level}"


def _key(figure: Figure, height: float, *, narrow: bool) -> None:
    """Name both marks above the rows: open before, filled after."""
    key = figure.add_axes((0, 1 - 0.78 / height, 1, 0.28 / height))
    key.set_axis_off()
    key.set_xlim(0, figure.get_size_inches()[0])
    key.set_ylim(0, 1)
    at = 0.08
    for style, name, step in (
        (_BEFORE, "as they are", 1.15 if narrow else 1.4),
        (_AFTER, "weighted", 0.0),
    ):
        beside = at / key.get_xlim()[1]
        key.plot(beside, 0.5, transform=key.transAxes, clip_on=False, **style)
        key.annotate(
            name, (at, 0.5), xytext=(9, 0), textcoords="offset points", va="center", ha="left"
        )
        at += step
