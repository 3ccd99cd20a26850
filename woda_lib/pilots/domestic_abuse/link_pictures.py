"""The figure of who knows whom: of each agency's people, how many police know too."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from woda_lib.figures import TOKENS, Picture, house_axes
from woda_lib.phrases import say_number

_WITHHELD = "[c]"


def known_to_police_bars(table: pd.DataFrame) -> Picture:
    """Draw the people whom each agency knows, and those of them whom police know too.

    Parameters
    ----------
    table
        From `link_tables.known_to_police`.
    """
    data = table.copy()

    def draw(figure: Figure, narrow: bool, shown: pd.DataFrame) -> None:
        axes = house_axes(
            figure,
            measure="People each agency knows; filled: known to police too",
            narrow=narrow,
            left=1.05,
            right=0.95 if narrow else 1.7,
        )
        rows = shown.iloc[::-1].reset_index(drop=True)
        people, known = (
            rows[name].astype("Float64").to_numpy(dtype=float, na_value=float("nan"))
            for name in ("people", "known_to_police_too")
        )
        axes.barh(rows.index, people, height=0.62, color=TOKENS["rule"])
        axes.barh(rows.index, known, height=0.62, color=TOKENS["plum"])
        for place, (every, some) in enumerate(zip(people, known, strict=True)):
            said = _WITHHELD if every != every else say_number(float(every), 0)
            if some == some and every == every:
                said += f", {100 * some / every:.0f}%"
            axes.annotate(
                said,
                (0 if every != every else every, place),
                xytext=(5, 0),
                textcoords="offset points",
                va="center",
                color=TOKENS["ink"],
            )
        axes.set_yticks(list(rows.index), list(rows["agency"]))
        axes.set_xlim(left=0)
        axes.set_xticks([])  # the bars bear their numbers
        axes.grid(visible=False)

    return Picture(
        draw=draw,
        data=data,
        counts=("people", "known_to_police_too"),
        height=1.0 + 0.42 * len(data),
        gaps=True,
    )
