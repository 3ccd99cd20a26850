"""The picture of a map for paper: its shown layers with their shades and kinds, and a legend.

It is drawn from the elements of the page themselves, after the gate, so that picture and page have
the same classes in the same words.
"""

from __future__ import annotations

from collections.abc import Sequence

import folium
import geopandas as gpd
import numpy as np
import shapely
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from woda_lib.figures import SMALLEST_TEXT, TOKENS
from woda_lib.places.drawing.layer import Layer
from woda_lib.places.drawing.points import Circles, Points
from woda_lib.places.drawing.sheet import Sheet
from woda_lib.places.sealed import GRID, draw_points, map_axes
from woda_lib.places.sealed.geojson import thinned

_HATCHES = {
    "none": "",
    "diagonal": "///",
    "dots": "...",
    "horizontal": "---",
    "cross": "xxx",
    "vertical": "|||",
    "back": "\\\\\\",
    "withheld": "////",
}
_MARKERS = "os^DvPX*<>ph"
_FINEST = 60.0  # metres, finer than which a line is not seen on paper
_LARGEST = 9.0  # points: the radius of the largest circle
_Box = tuple[float, float, float, float]


def shown_layers(made: folium.Map) -> list[list[Layer]]:
    """Return the layers with which a map opens: one list, or two of a map that opens as two."""
    parts = list(made._children.values())
    layers = [part for part in parts if isinstance(part, Layer)]
    beside = next((part.beside for part in parts if isinstance(part, Sheet)), None)
    if beside:
        return [[layer for layer in layers if layer.name == name] for name in beside]
    return [shown] if (shown := [layer for layer in layers if layer.shown]) else []


def draw_shown(figure: Figure, narrow: bool, maps: Sequence[Sequence[Layer]]) -> None:
    """Draw each list of layers as a map of its own, side by side, each with its legend."""
    wide = 1 / len(maps)
    for place, layers in enumerate(maps):
        left = place * wide
        if narrow or len(maps) > 1:
            map_box, legend_at = (left, 0.32, wide, 0.68), (left + 0.01, 0.31)
        else:
            map_box, legend_at = (0.0, 0.0, 0.68, 1.0), (0.69, 0.98)
        _draw_one(figure, layers, map_box, legend_at)


def _draw_one(
    figure: Figure, layers: Sequence[Layer], box: _Box, legend_at: tuple[float, float]
) -> None:
    shapes = [_shapes(layer) for layer in layers]
    axes = map_axes(figure, np.array([one.total_bounds for one in shapes]), box)
    handles: list[Artist] = []
    labels: list[str] = []
    for layer, own in zip(layers, shapes, strict=True):
        told = {Points: _points, Circles: _circles}.get(type(layer), _areas)(axes, layer, own)
        handles += [Line2D([], [], ls=""), *(handle for handle, _ in told)]
        labels += [layer.value.heading, *(label for _, label in told)]
    legend = figure.legend(
        handles,
        ["\n".join(_lines(label)) for label in labels],
        loc="upper left",
        bbox_to_anchor=legend_at,
        frameon=False,
        fontsize=SMALLEST_TEXT,
        borderaxespad=0,
    )
    for handle, text in zip(handles, legend.get_texts(), strict=True):
        if isinstance(handle, Line2D) and handle.get_marker() in ("None", "", None):
            text.set_fontweight("bold")


def _lines(label: str) -> list[str]:
    """A label in lines of some 30 letters, so that it fits beside the map."""
    lines = [""]
    for word in label.replace("_", " ").split():
        fits = len(lines[-1]) + len(word) < 30
        lines = [*lines[:-1], f"{lines[-1]} {word}".strip()] if fits else [*lines, word]
    return [line for line in lines if line] or [""]


def _shapes(layer: Layer) -> gpd.GeoSeries:
    """The features' shapes in metres; of circles their middles."""
    if isinstance(layer, Circles):
        places = gpd.GeoSeries(shapely.points(layer.middles), crs="EPSG:4326")
    else:
        held = (layer.outlines or layer).data["features"]
        drawn = [shapely.geometry.shape(feature["geometry"]) for feature in held]
        places = gpd.GeoSeries(drawn, crs="EPSG:4326")
    return places.to_crs(GRID)


def _areas(axes: Axes, layer: Layer, shapes: gpd.GeoSeries) -> list[tuple[Artist, str]]:
    drawn = layer.drawn_as()
    thin = thinned(shapes, _FINEST)
    of = np.array(drawn["class_of"])
    told: list[tuple[Artist, str]] = []
    for place, one in enumerate(drawn["classes"]):
        look = {
            "facecolor": one["fill"],
            "edgecolor": TOKENS["edge"],
            "hatch": _HATCHES[one["hatch"]],
            "linewidth": 0.3,
        }
        if (of == place).any():
            thin[of == place].plot(ax=axes, aspect=None, **look)
        told.append((Patch(**look), one["label"]))
    axes.set(xlabel="", ylabel="")  # which GeoPandas writes
    return told


def _points(axes: Axes, layer: Layer, shapes: gpd.GeoSeries) -> list[tuple[Artist, str]]:
    drawn = layer.drawn_as()
    of = np.array(drawn["class_of"])
    told: list[tuple[Artist, str]] = []
    for place, one in enumerate(drawn["classes"]):
        marker, own = _MARKERS[place % len(_MARKERS)], shapes[of == place]
        draw_points(axes, own.x.to_numpy(), own.y.to_numpy(), one["fill"], marker)
        told.append((Line2D([], [], ls="", marker=marker, color=one["fill"], ms=4), one["label"]))
    return told


def _circles(axes: Axes, layer: Layer, shapes: gpd.GeoSeries) -> list[tuple[Artist, str]]:
    drawn = layer.drawn_as()

    def radius(value: float) -> float:
        return _LARGEST * float(np.sqrt(value / drawn["most"]))

    look = {"ls": "", "marker": "o", "color": drawn["fill"], "mec": TOKENS["paper"], "mew": 0.4}
    values = layer.values().astype(float)
    for x, y, value in zip(shapes.x, shapes.y, values, strict=True):
        if value > 0:
            axes.plot([x], [y], ms=2 * radius(value), **look)
    return [
        (Line2D([], [], ms=2 * radius(value), **look), f"{value:,.0f}")
        for value in drawn["examples"]
    ]
