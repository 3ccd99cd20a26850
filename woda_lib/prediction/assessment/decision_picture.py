"""A decision curve: net benefit over the risk from which on a household is looked into."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from woda_lib.figures import LINES, TOKENS, Note, Picture, house_axes, side_notes

_STYLES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "logistic": {"color": TOKENS["blue"], "lw": 1.5, "ls": (0, (7, 2))},
        "everybody": {"color": TOKENS["ctl"], "lw": 1.3, "ls": (0, (2, 3))},
        "nobody": {"color": TOKENS["ink"], "lw": 0.9},
    }
)
_TOKENS = {"logistic": "blue", "everybody": "ink2", "nobody": "ink2"}
_HEIGHT = 4.2


def decision_picture(table: pd.DataFrame, *, judged: str) -> Picture:
    """Draw net benefit, of 1,000 households, over thresholds.

    Parameters
    ----------
    table
        `DecisionCurve.table`.
    judged
        The way that is drawn in ink, with its interval.
    """
    numbers = {name: 1000 * table[name] for name in ("value", "low", "high")}
    data = table.assign(**numbers, threshold=100 * table["threshold"])

    def draw(figure: Figure, narrow: bool, data: pd.DataFrame) -> None:
        axes = house_axes(
            figure,
            measure="Net benefit of 1,000 households",
            narrow=narrow,
            band=(0.06, 1.0),
            above=0.4,
            right=0.95 if narrow else 1.5,
        )
        axes.set_xscale("log")
        ticks = [tick for tick in (1, 2, 5, 10, 20, 40, 80) if _within(data["threshold"], tick)]
        axes.set_xticks(ticks, [str(tick) for tick in ticks])
        axes.set_xticks([], minor=True)
        top = data.loc[~data["way"].isin(["everybody", "nobody"]), "high"].max()
        axes.set_ylim(-0.3 * top, 1.1 * top)
        notes = [
            note
            for way, rows in data.groupby("way", sort=False)
            if (note := _line(axes, str(way), rows, judged=judged, narrow=narrow))
        ]
        side_notes(axes, notes)
        figure.text(
            0,
            0.01,
            "Risk from which to look, per cent"
            if narrow
            else "Risk, per cent, from which on somebody would look into a household",
            ha="left",
            va="bottom",
        )

    return Picture(draw=draw, data=data, height=_HEIGHT)


def _within(thresholds: pd.Series, tick: float) -> bool:
    return bool(thresholds.min() <= tick <= thresholds.max())


def _line(axes: Axes, way: str, rows: pd.DataFrame, *, judged: str, narrow: bool) -> Note | None:
    """Draw one way; the note that names it, unless it leaves the picture and is named there."""
    style = LINES["primary"] if way == judged else _STYLES.get(way, LINES["counterfactual"])
    axes.plot(rows["threshold"], rows["value"], **style)
    if way == judged:
        axes.fill_between(rows["threshold"], rows["low"], rows["high"], color=TOKENS["band"], lw=0)
    floor = axes.get_ylim()[0]
    last = float(rows["value"].iloc[-1])
    if last < floor:
        _named_where_it_leaves(axes, way, rows, floor)
        return None
    name = way.split(" at ")[0] if narrow else way
    return Note(last, name, _TOKENS.get(way, "ink" if way == judged else "plum"), way == judged)


def _named_where_it_leaves(axes: Axes, way: str, rows: pd.DataFrame, floor: float) -> None:
    left = int(np.argmax(rows["value"].to_numpy() < floor))
    axes.annotate(
        way,
        (float(rows["threshold"].iloc[left]), floor),
        xytext=(4, 3),
        textcoords="offset points",
        ha="left",
        va="bottom",
        color=TOKENS[_TOKENS.get(way, "plum")],
    )
