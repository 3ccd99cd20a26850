"""The picture of competing risks: shares on top of each other, from the floor to a hundred."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from woda_lib.evaluation.cumulative_incidence import Incidence
from woda_lib.evaluation.curve_picture import drawing_times, say_tick, shorten, tick_times
from woda_lib.evaluation.survival_curve import Curve
from woda_lib.figures import TOKENS, Note, Picture, house_axes, side_notes

FILLS: tuple[dict[str, Any], ...] = (
    {"facecolor": "#d3c0cb"},
    {"facecolor": "#c9d8e6", "hatch": "////"},
    {"facecolor": "#e8cfbd", "hatch": "...."},
    {"facecolor": "#c6dad0", "hatch": "xx"},
    {"facecolor": "#dcdae0", "hatch": "----"},
)
"""Of the first, second … way; the hatching tells them apart where colour is not seen."""

TOP = "top of "


def incidence_picture(
    incidences: Mapping[str, Incidence],
    *,
    ways: Sequence[str],
    order: Sequence[int],
    horizon: float,
    unit: str,
) -> Picture:
    """Draw one panel a group.

    Parameters
    ----------
    incidences
        By group, the reference first.
    ways
        Names of the ways of ending.
    order
        Their places from the floor up.
    horizon
        Where the picture ends.
    unit
        Of the time, in the plural.
    """
    data = _data(incidences, ways, order, horizon)
    names = list(incidences)

    def draw(figure: Figure, narrow: bool, shown: pd.DataFrame) -> None:
        for panel, name in enumerate(names):
            rows = shown[shown["group"] == name]
            rows = rows[rows["time"].notna() & (rows["ended"].notna() | (rows["time"] == 0))]
            title = f"{name if len(names) > 1 else 'Share of people'}, %, by {unit}"
            axes = house_axes(
                figure,
                measure=title if narrow else f"{title} since the start",
                narrow=narrow,
                above=0.34,
                left=0.5,
                right=1.0 if narrow else None,
                band=(1 - (panel + 1) / len(names), 1 - panel / len(names)),
            )
            _fill(axes, rows, [ways[k] for k in order], narrow=narrow)
            axes.set_ylim(0, 100)
            axes.set_yticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100"])
            axes.set_xlim(0, horizon)
            grid = data.loc[data["group"] == name, "time"].to_numpy(float)
            ticks = grid[tick_times(grid, most=3 if narrow else 6)]
            axes.set_xticks(ticks, [say_tick(time) for time in ticks])

    return Picture(
        draw=draw,
        data=data,
        counts=("at_risk", "ended"),
        height=2.9 * len(names) + 0.1,
        gaps=True,
    )


def _data(
    incidences: Mapping[str, Incidence], ways: Sequence[str], order: Sequence[int], horizon: float
) -> pd.DataFrame:
    curves = {
        name: Curve(
            each.counts.times,
            each.counts.at_risk,
            each.counts.ended.sum(axis=1),
            each.counts.censored,
        )
        for name, each in incidences.items()
    }
    edges = drawing_times(curves, horizon)
    parts = []
    for name, each in incidences.items():
        shares = 100 * each.at(edges)
        shares[0] = 0.0  # those who ended at once belong to the first step
        tops = np.cumsum(shares[:, list(order)], axis=1)
        gone = np.append(0.0, curves[name].ended.cumsum())
        gone = gone[np.searchsorted(each.counts.times, edges, side="right")]
        gone[0] = 0.0
        table = pd.DataFrame({"group": name, "time": edges})
        for place, way in enumerate(order):
            table[ways[way]] = shares[:, way]
            table[f"{TOP}{ways[way]}"] = tops[:, place]
        table["at_risk"] = curves[name].waiting(edges).astype(int)
        table["ended"] = np.diff(gone, prepend=0.0).astype(int)
        parts.append(table)
    return pd.concat(parts, ignore_index=True)


def _fill(axes: Axes, rows: pd.DataFrame, ways: Sequence[str], *, narrow: bool) -> None:
    time = rows["time"].to_numpy(float)
    floor = np.zeros(len(rows))
    notes = []
    for place, (way, fill) in enumerate(zip(ways, FILLS, strict=False)):
        top = rows[f"{TOP}{way}"].to_numpy(float)
        axes.fill_between(time, floor, top, lw=0, edgecolor=TOKENS["paper"], **fill)
        axes.plot(
            time, top, color=TOKENS["ink" if place == 0 else "edge"], lw=1.6 - 0.6 * (place > 0)
        )
        if len(top):
            name = shorten(way, 11 if narrow else 18)
            text = name if narrow else f"{name} {top[-1] - floor[-1]:.0f}%"
            notes.append(Note((top[-1] + floor[-1]) / 2, text, "ink", place == 0))
        floor = top
    if len(floor):
        text = "waiting" if narrow else f"still waiting {100 - floor[-1]:.0f}%"
        notes.append(Note((100 + floor[-1]) / 2, text))
    axes.set_ylim(0, 100)
    side_notes(axes, notes)
