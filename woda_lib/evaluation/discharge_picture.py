"""The picture of three averages of the same people, of which one is right."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.dates import date2num
from matplotlib.figure import Figure

from woda_lib.figures import TOKENS, Note, Picture, house_axes, month_axis, side_notes

LINES: dict[str, dict[str, Any]] = {
    "truth": {"color": TOKENS["ctl"], "lw": 4.5, "alpha": 0.45},
    "restricted_mean": {"color": TOKENS["ink"], "lw": 1.8},
    "by_discharge": {"color": TOKENS["plum"], "lw": 1.6, "ls": (0, (2.9, 1.7))},
    "by_start_discharged": {"color": TOKENS["orange"], "lw": 1.6, "ls": (0, (1.2, 1.2))},
}
"""How each average is drawn, the truth below the others."""

WORDS = {
    "truth": ("Truth", "truth", "ink2"),
    "restricted_mean": ("Started, with those waiting", "all started", "ink"),
    "by_discharge": ("Discharged in the month", "discharged", "plum"),
    "by_start_discharged": ("Started, discharged so far", "so far", "orange"),
}


def discharge_picture(table: pd.DataFrame, *, horizon: float, unit: str) -> Picture:
    """Draw the averages by month; months not yet ripe stand on a shaded ground.

    Parameters
    ----------
    table
        `DischargeBias.table`.
    horizon
        Up to which a wait counts.
    unit
        Of the waits, in the plural.
    """
    drawn = [column for column in LINES if column in table]
    data = table[["month", *drawn, "started", "discharged", "mature"]].copy()

    def draw(figure: Figure, narrow: bool, shown: pd.DataFrame) -> None:
        axes = house_axes(
            figure,
            measure=f"Mean wait, {unit}, each counted up to {horizon:g}",
            narrow=narrow,
            right=0.9 if narrow else 2.25,
        )
        month = shown["month"]
        young = shown.loc[~shown["mature"].astype(bool), "month"]
        if len(young):
            axes.axvspan(young.min(), month.max(), color=TOKENS["band"], lw=0)
            axes.annotate(
                "not ripe" if narrow else "not yet followed to the horizon",
                (float(date2num(month.max())), 1.0),
                xycoords=axes.get_xaxis_transform(),
                xytext=(0, 4),
                textcoords="offset points",
                ha="right",
                va="bottom",
            )
        notes = []
        for column in drawn:
            counted = "discharged" if column == "by_discharge" else "started"
            heights = shown[column].astype(float).where(shown[counted].notna())
            axes.plot(month, heights, **LINES[column])
            known = heights.dropna()
            if len(known):
                wide, short, token = WORDS[column]
                bold = column == "restricted_mean"
                notes.append(Note(float(known.iloc[-1]), short if narrow else wide, token, bold))
        axes.set_ylim(bottom=0)
        month_axis(axes, month, narrow=narrow)
        side_notes(axes, notes)

    return Picture(draw=draw, data=data, counts=("started", "discharged"), height=4.0, gaps=True)
