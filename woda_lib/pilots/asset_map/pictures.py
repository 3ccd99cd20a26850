"""The overlay's picture: whose homes are out of reach of a service, by fifth of deprivation."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from woda_lib.figures import TOKENS, Picture, house_axes


def reach_picture(table: pd.DataFrame, *, minutes: float, mode: str) -> Picture:
    """Draw the share of homes out of reach, by fifth of deprivation, a line a service.

    Parameters
    ----------
    table
        From `woda_lib.pilots.asset_map.overlay.reach_by_fifth`.
    """

    def draw(figure: Figure, narrow: bool, shown: pd.DataFrame) -> None:
        measure = (
            f"Homes over {minutes:g} minutes\n{mode} from the nearest, %"
            if narrow
            else f"Homes over {minutes:g} minutes {mode} from the nearest, %"
        )
        axes = house_axes(
            figure, measure=measure, narrow=narrow, right=0.7 if narrow else 1.2, above=0.7
        )
        styles = (("plum", "-", "o"), ("ink", (0, (4, 2)), "s"))
        ends = []
        for (service, of), (color, dashes, marker) in zip(
            shown.groupby("service", sort=True), styles, strict=False
        ):
            percent = of["percent"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
            axes.plot(
                of["fifth"], percent, color=TOKENS[color], ls=dashes, marker=marker, ms=5, lw=1.8
            )
            last = percent[~np.isnan(percent)]
            ends.append((float(last[-1]) if len(last) else 0.0, str(service), TOKENS[color]))
        axes.set_ylim(0, 100)
        axes.set_xlim(0.8, 5.1)
        axes.set_xticks(range(1, 6), ["1 most\ndeprived", "2", "3", "4", "5 least"])
        for height, service, color in _apart(ends, 9.0):
            axes.annotate(
                service, (5.15, height), annotation_clip=False, va="center", color=color,
                weight="bold",
            )  # fmt: skip

    return Picture(draw, table, counts=("homes", "beyond"), height=3.6, gaps=True)


def _apart(ends: list[tuple[float, str, str]], least: float) -> list[tuple[float, str, str]]:
    """Move names of lines apart where they would stand on each other."""
    ordered = sorted(ends)
    for place in range(1, len(ordered)):
        height, service, color = ordered[place]
        ordered[place] = (max(height, ordered[place - 1][0] + least), service, color)
    return ordered
