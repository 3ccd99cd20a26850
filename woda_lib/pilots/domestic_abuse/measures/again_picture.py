"""The picture of being harmed again: a line for each order of incident, at a few days to be read.

A curve that steps at every event would show single people, and one without what the gate withholds
has gaps. At eight days, each resting on everybody in the group, it has neither.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from woda_lib.evaluation import KaplanMeier
from woda_lib.figures import TOKENS, Note, Picture, house_axes, side_notes
from woda_lib.pilots.domestic_abuse.measures.repeat_victimisation import within_a_year

DAYS = (7, 14, 28, 56, 91, 182, 273, 365)
_STYLES: tuple[dict[str, Any], ...] = (
    {"token": "ink", "marker": "o", "ls": "-"},
    {"token": "plum", "marker": "s", "ls": (0, (2.9, 1.7))},
    {"token": "blue", "marker": "D", "ls": (0, (6.0, 1.5, 1.2, 1.5))},
    {"token": "orange", "marker": "^", "ls": (0, (1.2, 1.2))},
)
"""Told apart by marker and dashes where colour is not seen."""


def again_picture(curves: KaplanMeier) -> Picture:
    """Draw the share harmed again by the days since, a line a group, the last with its interval.

    Parameters
    ----------
    curves
        Of at most four groups.
    """
    parts = [within_a_year(curves, days=day).assign(days=float(day)) for day in DAYS]
    data = pd.concat(parts, ignore_index=True).rename(columns={"victims": "incidents"})
    names = list(dict.fromkeys(data["group"]))

    def draw(figure: Figure, narrow: bool, shown: pd.DataFrame) -> None:
        height = float(figure.get_size_inches()[1])
        axes = house_axes(
            figure,
            measure="Harmed again, %",
            narrow=narrow,
            above=0.36,
            right=1.15 if narrow else None,
            band=(0.28 / height, 1.0),
        )
        notes = []
        for name, style in zip(names, _STYLES, strict=False):
            mine = shown[shown["group"] == name]
            columns = {
                column: mine[column].astype("Float64").to_numpy(float, na_value=np.nan)
                for column in ("days", "again_percent", "low", "high")
            }
            colour = TOKENS[style["token"]]
            x, y = (np.append(0.0, columns[each]) for each in ("days", "again_percent"))
            axes.plot(x, y, color=colour, lw=1.8, ls=style["ls"])
            axes.plot(
                columns["days"], columns["again_percent"], ls="", marker=style["marker"], ms=4.5,
                color=colour,
            )  # fmt: skip
            ends = [columns["days"][-1]] * 2
            axes.plot(ends, [columns["low"][-1], columns["high"][-1]], color=colour, lw=1.2)
            notes.append(Note(float(columns["again_percent"][-1]), name, style["token"], True))
        ticks = [0, 91, 182, 365] if narrow else [0, 28, 91, 182, 273, 365]
        axes.set_xticks(ticks, [str(tick) for tick in ticks])
        axes.set_xlim(0, 372)
        axes.set_ylim(0, 100)
        axes.set_yticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100"])
        figure.text(axes.get_position().x0, 0.04 / height, "days since the incident", va="bottom")
        side_notes(axes, notes)

    return Picture(draw=draw, data=data, counts=("incidents",), height=3.7, gaps=True)
