"""The map of an incident as a figure: its area, the county's edge, and where services stand."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from shapely.geometry.base import BaseGeometry

from woda_lib.figures import TOKENS, Picture
from woda_lib.pilots.business_register.incident.inside import Findings
from woda_lib.pilots.business_register.incident.kinds import drawn

_CELL: Final = 200.0  # metres: the squares in which premises are counted
_BARS = (100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000)
_NEAR: Final = "Where people could be received"
_NEAREST: Final = 3
_ROOM: Final = 0.06  # of the larger side, kept free around what is shown
_FINE: Final = 2.0  # metres
_HEIGHT: Final = 6.2  # inches
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
            _marks(drawn(found.properties), "Care home, school, hospital"),
            _marks(near, _NEAR),
            _squares(found.properties),
            _corners(found.area.geometry, "Area"),
            _corners(found.area.geometry.buffer(found.margin), "Edge"),
        ],
        ignore_index=True,
    )

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
        _outlines(axes, data[data["what"].eq("Edge")], "edge", lw=1.0, ls=(0, (3, 3)))
        _outlines(axes, data[data["what"].eq("Area")], "plum", lw=1.8, fill=TOKENS["band"])
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
        _frame(axes, data, narrow)
        _scale(axes)
        _key(figure, narrow)

    return Picture(draw, marks, height=_HEIGHT)


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


def _corners(shape: BaseGeometry, what: str) -> pd.DataFrame:
    """Return the corners of a shape's outer edges, coarse enough to be drawn; a part a polygon."""
    coarse = shapely.simplify(shape, max(_FINE, math.sqrt(shape.area) / 400))
    rings = shapely.get_exterior_ring(shapely.get_parts(coarse))
    points, part = shapely.get_coordinates(rings, return_index=True)
    return pd.DataFrame(
        {
            "what": what,
            "easting": points[:, 0].round(),
            "northing": points[:, 1].round(),
            "premises": 0,
            "part": part,
        }
    )


def _outlines(axes: Axes, corners: pd.DataFrame, colour: str, **look: Any) -> None:
    fill = look.pop("fill", "")
    for _, part in corners.groupby("part"):
        x, y = part["easting"].to_numpy(float), part["northing"].to_numpy(float)
        if fill:
            axes.fill(x, y, facecolor=fill, alpha=0.55, zorder=1)
        axes.plot(x, y, color=TOKENS[colour], zorder=2, **look)


def _frame(axes: Axes, data: pd.DataFrame, narrow: bool) -> None:
    """Show the edge, and the nearest places to receive people, which are worth the room."""
    near = data[data["what"].eq(_NEAR)].head(_NEAREST)
    shown = pd.concat([data[data["what"].isin(["Edge", "Area"])], near])
    low, high = shown[["easting", "northing"]].min(), shown[["easting", "northing"]].max()
    (west, south), (east, north) = low.to_numpy(float), high.to_numpy(float)
    room = max(east - west, north - south) * _ROOM
    middle = (west + east) / 2
    half = max((east - west) / 2, (north - south) / 2 * (0.6 if narrow else 1.1)) + room
    axes.set_xlim(middle - half, middle + half)
    axes.set_ylim(south - 2 * room, north + room)


def _scale(axes: Axes) -> None:
    """Draw a bar of a round length, and say that up is north."""
    axes.apply_aspect()
    west, east = axes.get_xlim()
    length = max((size for size in _BARS if size <= (east - west) / 4), default=_BARS[0])
    share, left, low = length / (east - west), 0.02, 0.03
    axes.plot(
        [left, left + share],
        [low, low],
        color=TOKENS["ink"],
        lw=2.0,
        solid_capstyle="butt",
        transform=axes.transAxes,
    )
    said = f"{length} m" if length < 1_000 else f"{length // 1_000} km"
    where: Any = {"transform": axes.transAxes, "va": "center", "ha": "left"}
    axes.text(left + share + 0.015, low, f"{said}, north is up", **where)


def _key(figure: Figure, narrow: bool) -> None:
    """Say what marks mean, above the map: shapes differ, so that colours need not."""
    rows = [*_MARKS.items(), ("Premises in a 200 m square", ("o", "ctl"))]
    columns = 1 if narrow else 2
    lines = math.ceil(len(rows) / columns)
    height = figure.get_size_inches()[1]
    strip = figure.add_axes((0.0, 1 - 0.24 * lines / height, 1.0, 0.24 * lines / height))
    strip.axis("off")
    where: Any = {"transform": strip.transAxes}
    for place, (what, (marker, colour)) in enumerate(rows):
        x, y = (place // lines) / columns, 1 - (place % lines + 0.5) / lines
        strip.scatter([x + 0.02], [y], marker=marker, s=34, color=TOKENS[colour], **where)
        strip.text(x + 0.05, y, what, va="center", ha="left", **where)
