"""The picture of near repeats: a ratio a window of time, its interval, and where chance stays."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from woda_lib.figures import LINES, TOKENS, Picture, house_axes
from woda_lib.phrases import say_number


def window_picture(table: pd.DataFrame, *, span: str) -> Picture:
    """Draw ratios to chance by window, one being as often as by chance.

    Parameters
    ----------
    table
        `window, pairs, expected, chance_low, chance_high, ratio, low, high`.
    span
        Unit of the time, in the plural.
    """
    data = table[["window", "pairs", "ratio", "low", "high"]].assign(
        chance_low=table["chance_low"] / table["expected"],
        chance_high=table["chance_high"] / table["expected"],
    )

    def draw(figure: Figure, narrow: bool, shown: pd.DataFrame) -> None:
        height = float(figure.get_size_inches()[1])
        axes = house_axes(
            figure,
            measure="Times as many as by chance"
            if narrow
            else "Repeats, times as many as by chance",
            narrow=narrow,
            above=0.36,
            right=0.12 if narrow else 1.2,
            band=((0.46 if narrow else 0.28) / height, 1.0),
        )
        columns = {
            name: shown[name].astype("Float64").to_numpy(float, na_value=np.nan)
            for name in ("ratio", "low", "high", "chance_low", "chance_high")
        }
        for place in range(len(shown)):
            chance = [columns["chance_low"][place], columns["chance_high"][place]]
            axes.plot([place, place], chance, color=TOKENS["band"], lw=14, solid_capstyle="butt")
            limits = [columns["low"][place], columns["high"][place]]
            axes.plot([place, place], limits, **LINES["primary"])
            ratio = columns["ratio"][place]
            axes.plot(place, ratio, marker="o", ms=6, color=TOKENS["ink"])
            axes.annotate(
                say_number(ratio),
                (place, columns["high"][place]),
                xytext=(0, 5),
                textcoords="offset points",
                ha="center",
                va="bottom",
                color=TOKENS["ink"],
                weight="bold",
            )
        axes.axhline(1, **LINES["event"])
        axes.set_xlim(-0.6, len(shown) - 0.4)
        axes.set_ylim(bottom=0)
        axes.margins(y=0.12)
        names = [str(name).replace("over ", ">").replace(" to ", "–") for name in table["window"]]
        axes.set_xticks(
            range(len(shown)), [name.replace("–", "–\n") if narrow else name for name in names]
        )
        figure.text(axes.get_position().x0, 0.04 / height, f"{span} between the two", va="bottom")
        if not narrow:
            axes.annotate(
                "by chance",
                (1.0, 1.0),
                xycoords=axes.get_yaxis_transform(),
                xytext=(6, 0),
                textcoords="offset points",
                va="center",
                color=TOKENS["ink2"],
            )

    return Picture(draw=draw, data=data, counts=("pairs",), height=3.6, gaps=True)
