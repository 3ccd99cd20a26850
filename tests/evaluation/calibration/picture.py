"""Coverage by method and cell, drawn in the house style for docs/calibration.md."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from tests.evaluation.calibration.proof import say_cell
from tests.evaluation.calibration.score import CELLS, EFFECT, Score
from woda_lib.figures import LINES, Note, Picture, house_axes, side_notes

NAMES = {
    "": "Recommended",
    "Prais–Winsten, t(T − k)": "Prais–Winsten",
    "Ordinary least squares, t(T − k)": "Least squares",
    "Newey–West, 3 lags, corrected, t(T − k)": "Newey–West",
    "People, clustered by month (CR1), t(T − 1)": "People by month",
    "People, as if independent, z": "People alone",
}
_MARKS = "osD^vx"


def coverage_picture(scores: list[Score], *, design: str = "Seasonal", months: int = 36) -> Picture:
    """Draw a line a method across the cells, and what 95% promises.

    Parameters
    ----------
    scores
        Of the whole proof.
    design, months
        Which of them to draw.
    """
    rows = [
        {"method": NAMES[score.method], "cell": say_cell(score.cell), "held": score.held}
        for score in scores
        if (score.design, score.months, score.effect) == (design, months, EFFECT)
        and score.method in NAMES
    ]

    def draw(figure: Figure, narrow: bool, data: pd.DataFrame) -> None:
        measure = "Share of 95% intervals that hold the truth"
        axes = house_axes(
            figure,
            measure=measure if narrow else f"{measure}, by correlation / shocks in days",
            narrow=narrow,
            right=1.3 if narrow else 1.5,
            left=0.5,
            above=0.4,
            band=(0.05, 1.0) if narrow else (0.0, 1.0),
        )
        axes.set_xlim(-0.15, len(CELLS) - 1 + 0.05)
        axes.set_ylim(0.48, 1.0)
        cells = [say_cell(cell).replace(" / ", "\n/ " if narrow else " / ") for cell in CELLS]
        axes.set_xticks(range(len(CELLS)), cells)
        axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        axes.axhline(0.95, **LINES["event"])
        notes = [Note(0.95, "95%, as promised", "ink")]
        for mark, (method, mine) in zip(_MARKS, data.groupby("method", sort=False), strict=False):
            ours = method == NAMES[""]
            style = LINES["primary" if ours else "other"]
            axes.plot(range(len(mine)), mine["held"], **style, marker=mark, ms=5, clip_on=False)
            notes.append(Note(mine["held"].iloc[-1], str(method), "ink" if ours else "ink2", ours))
        side_notes(axes, notes)

    return Picture(draw=draw, data=pd.DataFrame(rows), height=4.0)
