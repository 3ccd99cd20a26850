"""Where the made-up county's rivers flood: outlines along the Severn, the Teme and the Avon.

The rivers run about where they do; how wide they flood is made up. An outline is for trying things
out, and says nothing of any home's risk: that is told by the Environment Agency's flood maps.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

# Points along each river, downstream: easting, northing (metres), and how far it floods to either
# side (metres), wider below where it is joined and in open meadows than between a town's walls.
_RIVERS: Final[Mapping[str, tuple[tuple[int, int, int], ...]]] = {
    "severn": (
        (377300, 281000, 120), (378700, 275300, 160), (379900, 273000, 180), (381000, 271000, 240),
        (382200, 268200, 260), (383300, 264000, 280), (384100, 260100, 320), (384600, 257200, 340),
        (384500, 254800, 420), (384900, 252600, 520), (385000, 249800, 600), (384200, 246800, 620),
        (385300, 243200, 640), (385200, 240700, 680), (387000, 236900, 700), (388900, 233000, 720),
    ),
    "teme": (
        (359500, 268500, 140), (364000, 268600, 170), (369400, 266200, 180), (372800, 263300, 190),
        (374300, 260200, 200), (376700, 256700, 220), (379900, 253700, 260), (383500, 252500, 340),
        (384900, 252200, 380),
    ),
    "avon": (
        (408300, 251800, 240), (406000, 248600, 260), (404200, 245700, 300), (403600, 243700, 320),
        (400800, 244700, 330), (397500, 245000, 350), (395200, 245800, 360), (394300, 242600, 380),
        (392800, 239500, 400), (391200, 236400, 420), (389300, 233200, 460),
    ),
}  # fmt: skip
_EVERY = 250.0  # metres between the circles that an outline is made of
_WIGGLE = 0.22  # by how much a flood's edge comes and goes, as a share of its width
_TOLERANCE = 12.0


def flood_outlines() -> dict[str, BaseGeometry]:
    """Return the outlines by name: ``flood_severn, flood_teme, flood_avon``, in EPSG:27700."""
    return {f"flood_{river}": _outline(points) for river, points in _RIVERS.items()}


def write_outlines(folder: Path) -> list[Path]:
    """Write each outline as GeoJSON in metres of the National Grid, with the member that says so.

    Parameters
    ----------
    folder : Path
        Made if it is not there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, outline in flood_outlines().items():
        feature = {
            "type": "Feature",
            "properties": {"name": name, "made_up": True},
            "geometry": json.loads(shapely.to_geojson(outline)),
        }
        crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}
        content = {"type": "FeatureCollection", "crs": crs, "features": [feature]}
        path = folder / f"{name}.geojson"
        path.write_text(json.dumps(content) + "\n", encoding="utf-8")
        written.append(path)
    return written


def _outline(points: tuple[tuple[int, int, int], ...]) -> BaseGeometry:
    """Widen a river into a flood, as hulls of neighbouring circles."""
    table = np.array(points, dtype=float)
    along = np.r_[0.0, np.cumsum(np.hypot(*np.diff(table[:, :2], axis=0).T))]
    at = np.arange(0.0, along[-1], _EVERY)
    x, y, width = (np.interp(at, along, column) for column in table.T)
    # Bends of the edge without a random draw, so that an outline is the same for every county.
    width = width * (1 + _WIGGLE * np.sin(at / 610.0) * np.cos(at / 1_470.0))
    circles = shapely.buffer(shapely.points(x, y), width)
    pairs = shapely.union(circles[:-1], circles[1:])
    whole = shapely.union_all(shapely.convex_hull(pairs))
    river = LineString(table[:, :2])
    whole = shapely.union_all([whole, river.buffer(30.0)])
    return shapely.set_precision(shapely.simplify(whole, _TOLERANCE), 1.0)
