"""The picture of a fitted family: its curve on what was seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from woda_lib.evaluation.curve_picture import (
    STYLES,
    curve_data,
    grid_of,
    lay_out,
    people_in_view,
    picture_height,
    shorten,
)
from woda_lib.evaluation.durations import Floats
from woda_lib.evaluation.survival_curve import Curve
from woda_lib.figures import TOKENS, Note, Picture, side_notes


def fit_picture(
    curves: Mapping[str, Curve],
    fitted: Mapping[str, Callable[[Floats], Floats]],
    *,
    horizon: float,
    unit: str,
) -> Picture:
    """Draw what was seen as points and the fitted curves as lines.

    Parameters
    ----------
    curves
        Kaplan-Meier curves by group, the reference first.
    fitted
        By group: times to the share still waiting.
    horizon
        Where the picture ends.
    unit
        Of the time, in the plural.
    """
    names = list(curves)
    data = curve_data(curves, horizon)
    data["fitted"] = np.concatenate(
        [
            100 * fitted[name](data.loc[data["group"] == name, "time"].to_numpy(float))
            for name in names
        ]
    )

    def draw(figure: Figure, narrow: bool, shown: pd.DataFrame) -> None:
        measure = "Still waiting, %: seen (dots) and fitted"
        axes = lay_out(figure, measure, narrow, groups=len(names))
        notes = []
        for place, name in enumerate(names):
            rows = shown[shown["group"] == name]
            token = ("ink", "plum", "blue", "ctl")[place]
            known = rows["ended"].notna() | (rows["time"] == 0)
            height = rows["waiting"].astype(float).where(known)
            axes.plot(
                rows["time"],
                height,
                color=TOKENS[token],
                marker="os^D"[place],
                ms=4.2,
                mew=0,
                ls="",
            )
            axes.plot(rows["time"], rows["fitted"].astype(float), **STYLES[place])
            end = rows["fitted"].astype(float).dropna()
            label = shorten(name, 9 if narrow else 24)
            notes.append(Note(float(end.iloc[-1]) if len(end) else 0.0, label, token, True))
        axes.set_ylim(0, 100)
        axes.set_yticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100"])
        axes.set_xlim(0, horizon)
        people_in_view(axes, shown, names, grid_of(data, names), unit, narrow=narrow)
        side_notes(axes, notes)

    return Picture(
        draw=draw,
        data=data,
        counts=("at_risk", "ended"),
        height=picture_height(len(names)),
        gaps=True,
    )
