"""The picture of a map for paper: outlines and points of its layers, with a scale bar and north."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from woda_lib.figures import SMALLEST_TEXT, TOKENS
from woda_lib.places.sealed.geojson import thinned
from woda_lib.places.sealed.layers import GatedLayer

_DRAWN = re.compile(r' d="[^"]*"')
_FINER = re.compile(r"(\.\d)\d+")
_COLOURS = ("plum", "blue", "orange", "green", "ink2")
_MARKERS = ("o", "s", "^", "D", "v")
_STEPS = 500
"""Points of a line across the picture; more are not seen."""
_SIZES = 5
_MANY = 1500
"""Points, above which a picture shows how many lie where, and not each."""


def draw_still(figure: Figure, narrow: bool, layers: Mapping[str, GatedLayer]) -> None:
    """Draw layers as outlines and points, each in a colour and mark of its own."""
    axes = map_axes(figure, np.array([one.frame.total_bounds for one in layers.values()]))
    handles: list[Patch | Line2D] = []
    for number, one in enumerate(layers.values()):
        colour = TOKENS[_COLOURS[number % len(_COLOURS)]]
        marker = _MARKERS[number % len(_MARKERS)]
        shapes = one.frame.geometry
        points = shapes[shapes.geom_type == "Point"]
        if len(points):
            draw_points(axes, points.x.to_numpy(), points.y.to_numpy(), colour, marker)
            handles.append(Line2D([], [], ls="", marker=marker, color=colour, ms=4))
        else:
            thinned(shapes, _width(axes) / _STEPS).plot(
                ax=axes, facecolor=TOKENS["band"], edgecolor=colour, linewidth=0.6, aspect=None
            )
            handles.append(Patch(facecolor=TOKENS["band"], edgecolor=colour))
    axes.set(xlabel="", ylabel="")  # which GeoPandas writes
    titles = [_titled(one) for one in layers.values()]
    axes.legend(handles, titles, loc="upper left", frameon=False, fontsize=SMALLEST_TEXT)


def _titled(one: GatedLayer) -> str:
    many = (one.frame.geom_type == "Point").sum() > _MANY
    return f"{one.layer.title}, larger where more are" if many else one.layer.title


def map_axes(
    figure: Figure,
    bounds: np.ndarray,
    box: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0),
) -> Axes:
    """Return axes in metres, as wide as the layers, with a scale bar and an arrow to the north.

    Parameters
    ----------
    figure : Figure
    bounds : ndarray
        West, south, east and north of each layer, a row each.
    box : tuple of float
        Left, bottom, width and height of the axes, as shares of the figure.
    """
    west, south = np.nanmin(bounds[:, :2], axis=0)
    east, north = np.nanmax(bounds[:, 2:], axis=0)
    margin = max(0.05 * max(east - west, north - south), 250.0)
    axes = figure.add_axes(box)
    axes.set_axis_off()
    axes.set_aspect("equal", adjustable="box")
    axes.set_xlim(west - margin, east + margin)
    axes.set_ylim(south - margin, north + margin)
    _scale_bar(axes, (east - west + 2 * margin) / 5)
    return axes


def draw_points(axes: Axes, x: np.ndarray, y: np.ndarray, colour: str, marker: str = "o") -> None:
    """Draw points; of many, how many lie in each cell of a grid, by a dot's size."""
    if len(x) <= _MANY:
        axes.plot(x, y, ls="", marker=marker, ms=3, mew=0.4, mec=TOKENS["paper"], color=colour)
        return
    step = _width(axes) / 60
    cells, counts = np.unique(
        np.column_stack([np.floor(x / step), np.floor(y / step)]), axis=0, return_counts=True
    )
    middle = (cells + 0.5) * step
    size = np.ceil(_SIZES * np.sqrt(counts / counts.max()))
    for one in np.unique(size):
        here = middle[size == one]
        axes.plot(here[:, 0], here[:, 1], ls="", marker=marker, ms=1.2 * one, mew=0, color=colour)


def lighter(svg: str) -> str:
    """Return a picture whose lines are drawn to a tenth of a point, which is all that is seen."""
    return _DRAWN.sub(lambda path: _FINER.sub(r"\1", path[0]), svg)


def _scale_bar(axes: Axes, about: float) -> None:
    """Draw a bar of a round length, and an arrow that says where north is."""
    power = 10 ** np.floor(np.log10(about))
    length = float(power * max(n for n in (1, 2, 5) if n * power <= about))
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    x, y = right - 0.04 * (right - left), low + 0.04 * (high - low)
    axes.plot([x - length, x], [y, y], color=TOKENS["ink2"], lw=2, solid_capstyle="butt")
    said = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    axes.annotate(
        said,
        (x - length / 2, y),
        (0, 4),
        textcoords="offset points",
        ha="center",
        fontsize=SMALLEST_TEXT,
    )
    axes.annotate(
        "N",
        (0.97, 0.97),
        (0.97, 0.88),
        xycoords="axes fraction",
        ha="center",
        va="top",
        fontsize=SMALLEST_TEXT,
        arrowprops={"arrowstyle": "-|>", "color": TOKENS["ink2"]},
    )


def _width(axes: Axes) -> float:
    left, right = axes.get_xlim()
    return float(right - left)
