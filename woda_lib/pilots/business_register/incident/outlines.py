"""Outlines that somebody else drew, such as of a flood: GeoJSON in the folder of places."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from woda_lib.pilots.business_register.incident.area import IncidentError
from woda_lib.places.grid import to_grid

_POLYGONS = frozenset(("Polygon", "MultiPolygon"))
_LARGEST_FILE = 50_000_000  # bytes


def read_outline(path: Path) -> BaseGeometry:
    """Return the polygons of a GeoJSON file as one shape on the British National Grid.

    Parameters
    ----------
    path
        In degrees, longitude first, as RFC 7946 has it; or in metres of the National Grid, as many
        systems write it, which is told by its figures.

    Raises
    ------
    IncidentError
        If it is no GeoJSON, holds no polygon, or its coordinates are neither.
    """
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise IncidentError(f"{path.name} is larger than 50 MB. Simplify the outline first.")
        content = json.loads(path.read_text(encoding="utf-8-sig"))
        shapes = [shapely.from_geojson(json.dumps(one)) for one in _geometries(content)]
    except IncidentError:
        raise
    except (OSError, ValueError, KeyError, TypeError, shapely.errors.GEOSException):
        raise IncidentError(
            f"{path.name} is no GeoJSON that can be read. Export the outline anew, as GeoJSON."
        ) from None
    if not shapes:
        raise IncidentError(
            f"{path.name} holds no polygon. An outline is a Polygon or a MultiPolygon; a line or a "
            "point needs a radius instead."
        )
    crossed = [one for one in shapes if not one.is_valid]
    # One that crosses itself is handed on alone: whoever checks it says where it does.
    whole = crossed[0] if crossed else shapely.union_all(shapes)
    return _on_the_grid(shapely.force_2d(whole), path.name)


def known_outlines(folder: Path) -> dict[str, Path]:
    """Return the outlines of a folder, by name; a folder that is not there holds none."""
    return {path.stem.lower(): path for path in sorted(folder.glob("*.geojson"))}


def _geometries(content: Any) -> list[Any]:
    """The polygons of a feature collection, a feature or a bare geometry."""
    kind = content["type"]
    if kind == "FeatureCollection":
        return [one for part in content["features"] for one in _geometries(part)]
    if kind == "Feature":
        return _geometries(content["geometry"]) if content["geometry"] else []
    if kind == "GeometryCollection":
        return [one for part in content["geometries"] for one in _geometries(part)]
    return [content] if kind in _POLYGONS else []


def _on_the_grid(shape: BaseGeometry, name: str) -> BaseGeometry:
    west, south, east, north = shape.bounds
    if max(abs(west), abs(east), abs(south), abs(north)) > 180:
        return shape
    if west >= 49 and east <= 61 and south >= -9 and north <= 2:
        raise IncidentError(
            f"{name} gives latitude before longitude. GeoJSON has longitude first: export it anew."
        )
    return shapely.transform(shape, to_grid, interleaved=False)
