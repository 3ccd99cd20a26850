"""The map of an incident as a figure: its area, the county's edge, and where services stand."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from shapely.geometry.base import BaseGeometry

from woda_lib.figures import TOKENS, Picture
from woda_lib.pilots.business_register.incident.inside import Findings

_CELL: Final = 200.0  # metres: the squares in which premises are counted
_BARS = (100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000)
_NEAR: Final = "Where people could be received"
_NEAREST: Final = 3
_MARKS: Final = {
    "Partners' building": ("s", "blue"),
    "Care home, school, hospital": ("^", "orange"),
    _NEAR: ("P", "green"),
}


def incident_map(found: Findings, near: pd.DataFrame) -> Picture:
    """Draw where an incident is and what services are in and near it.

    Parameters
    ----------
    found
    near
        From `inside.shelters`.

    Returns
    -------
    Picture
        A mark stands for a service or for the premises of a square of 200 m. Nobody's home is
        drawn.
    """
    marks = pd.concat(
        [
            _marks(found.buildings, "Partners' building"),
            _marks(
                found.properties[found.properties["vulnerable"].notna()],
                "Care home, school, hospital",
            ),
            _marks(near, _NEAR),
            _squares(found.properties),
        ],
        ignore_index=True,
    )
    area, margin = found.area.geometry, found.margin

    def draw(figure: Figure, narrow: bool, data: pd.DataFrame) -> None:
        axes = figure.add_axes((0.0, 0.0, 1.0, 0.80 if narrow else 0.86))
        axes.set_aspect("equal")
        axes.axis("off")
        squares = data[data["what"].eq("Premises")]
        axes.scatter(
            squares["easting"],
            squares["northing"],
            s=np.clip(squares["premises"].astype(float) * 2.2, 6, 90),
            marker="o",
            color=TOKENS["ctl"],
            alpha=0.45,
            linewidths=0,
            zorder=2.5,
        )
        _outline(axes, area.buffer(margin), lw=1.0, ls=(0, (3, 3)), color=TOKENS["edge"])
        _outline(axes, area, lw=1.8, color=TOKENS["plum"], fill=TOKENS["band"])
        for what, (marker, colour) in _MARKS.items():
            rows = data[data["what"].eq(what)]
            axes.scatter(
                rows["easting"],
                rows["northing"],
                marker=marker,
                s=34,
                color=TOKENS[colour],
                edgecolor=TOKENS["paper"],
                linewidths=0.6,
                zorder=3,
                label=what,
            )
        _frame(axes, area, margin, data[data["what"].eq(_NEAR)], narrow)
        _scale(axes)
        _key(figure, narrow)

    height = 6.2
    return Picture(draw, marks, counts=("premises",), height=height)


def _marks(rows: pd.DataFrame, what: str) -> pd.DataFrame:
    """Say where a service stands, to 10 m."""
    return pd.DataFrame(
        {
            "what": what,
            "easting": rows["easting"].astype(float).round(-1),
            "northing": rows["northing"].astype(float).round(-1),
            "premises": 0,
        }
    )


def _squares(properties: pd.DataFrame) -> pd.DataFrame:
    """Count premises (no homes) in squares of the grid."""
    premises = properties[~properties["is_home"].astype(bool)]
    corner = (premises[["easting", "northing"]].astype(float) // _CELL) * _CELL + _CELL / 2
    counted = corner.groupby(["easting", "northing"]).size().rename("premises").reset_index()
    return counted.assign(what="Premises")[["what", "easting", "northing", "premises"]]


def _outline(
    axes: Axes, shape: BaseGeometry, *, color: str, lw: float, ls: object = "-", fill: str = "none"
) -> None:
    for part in shapely.get_parts(shape):
        x, y = part.exterior.xy
        if fill != "none":
            axes.fill(x, y, facecolor=fill, alpha=0.55, zorder=1)
        axes.plot(x, y, color=color, lw=lw, ls=ls, zorder=2)  # type: ignore[arg-type]


def _frame(axes: Axes, area: BaseGeometry, margin: float, near: pd.DataFrame, narrow: bool) -> None:
    shown = area.buffer(max(margin, 300.0) * 1.3)
    # The nearest places to receive people are worth the room that they take.
    points = near[["easting", "northing"]].to_numpy(dtype=float)[:_NEAREST]
    if len(points):
        shown = shown.union(shapely.multipoints(points).buffer(300.0))
    west, south, east, north = shown.bounds
    middle = (west + east) / 2
    half = max((east - west) / 2, (north - south) / 2 * (0.6 if narrow else 1.1))
    axes.set_xlim(middle - half, middle + half)
    axes.set_ylim(south - (north - south) * 0.08, north)


def _scale(axes: Axes) -> None:
    """Draw a bar of a round length, and say that up is north."""
    west, east = axes.get_xlim()
    south, north = axes.get_ylim()
    wanted = (east - west) / 4
    length = max((size for size in _BARS if size <= wanted), default=_BARS[0])
    x, y = west + (east - west) * 0.03, south + (north - south) * 0.035
    axes.plot([x, x + length], [y, y], color=TOKENS["ink"], lw=2.0, solid_capstyle="butt")
    said = f"{length} m" if length < 1_000 else f"{length // 1_000} km"
    gap = (east - west) * 0.015
    axes.text(x + length + gap, y, f"{said}, north is up", va="center", ha="left")


def _key(figure: Figure, narrow: bool) -> None:
    """Say what marks mean, above the map: shapes differ, so that colours need not."""
    rows = [*_MARKS.items(), ("Premises in a 200 m square", ("o", "ctl"))]
    columns = 1 if narrow else 2
    lines = math.ceil(len(rows) / columns)
    height = figure.get_size_inches()[1]
    strip = figure.add_axes((0.0, 1 - 0.24 * lines / height, 1.0, 0.24 * lines / height))
    strip.axis("off")
    strip.set_xlim(0, columns)
    strip.set_ylim(0, lines)
    for place, (what, (marker, colour)) in enumerate(rows):
        x, y = place // lines, lines - place % lines - 0.5
        strip.scatter([x + 0.03], [y], marker=marker, s=34, color=TOKENS[colour])
        strip.text(x + 0.07, y, what, va="center", ha="left")
