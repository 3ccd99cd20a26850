"""The picture of concentration: how much falls on the heaviest few, beside chance and equality."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from woda_lib.figures import LINES, TOKENS, Picture, house_axes


def lorenz_picture(table: pd.DataFrame, *, units: str, of: str) -> Picture:
    """Draw a Lorenz curve with the heaviest first.

    Parameters
    ----------
    table
        `share_of_units, share_of_amount, low, high, by_chance` in per cent, and `units`, a count.
    units, of
        What the units and the amounts are called, in the plural.
    """

    def draw(figure: Figure, narrow: bool, shown: pd.DataFrame) -> None:
        height = float(figure.get_size_inches()[1])
        axes = house_axes(
            figure,
            measure=f"{of[:1].upper()}{of[1:]}, %",
            narrow=narrow,
            above=0.36,
            band=(0.28 / height, 1.0),
            right=0.12,
        )
        lines = {
            name: np.append(0.0, shown[name].astype("Float64").to_numpy(float, na_value=np.nan))
            for name in ("share_of_units", "share_of_amount", "low", "high", "by_chance")
        }
        x = lines["share_of_units"]
        axes.fill_between(x, lines["low"], lines["high"], color=TOKENS["band"], lw=0)
        axes.plot([0, 100], [0, 100], **LINES["limit"])
        axes.plot(x, lines["by_chance"], **LINES["counterfactual"])
        axes.plot(x, lines["share_of_amount"], **LINES["fitted"])
        ticks = [0, 50, 100] if narrow else [0, 20, 40, 60, 80, 100]
        axes.set_xticks(ticks, [str(tick) for tick in ticks])
        axes.set_xlim(0, 100)
        axes.set_ylim(0, 101)
        axes.set_yticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100"])
        figure.text(
            axes.get_position().x0, 0.04 / height, f"{units}, %, the heaviest first", va="bottom"
        )
        _key(axes, narrow=narrow)

    return Picture(draw=draw, data=table, counts=("units",), height=3.7, gaps=True)


def _key(axes: Axes, *, narrow: bool) -> None:
    """Name the lines below the diagonal, where nothing is drawn."""
    left = 0.52 if narrow else 0.68
    rows = (("as recorded", "fitted"), ("by chance", "counterfactual"), ("all alike", "limit"))
    for place, (words, line) in enumerate(rows):
        y = 0.3 - 0.1 * place
        axes.plot([left, left + 0.09], [y, y], transform=axes.transAxes, **LINES[line])
        axes.annotate(
            words,
            (left + 0.11, y),
            xycoords="axes fraction",
            va="center",
            color=TOKENS["ink" if place == 0 else "ink2"],
            weight="bold" if place == 0 else "normal",
        )
