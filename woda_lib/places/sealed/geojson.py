"""Features as GeoJSON no larger than a screen can show: WGS84, to a metre, lines thinned."""

from __future__ import annotations

import json
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

DECIMALS = 5
"""Of a degree: 1.1 m from north to south, and 0.7 m from west to east in England."""

_WGS84 = "EPSG:4326"


def as_geojson(frame: gpd.GeoDataFrame, *, tolerance: float = 0.0) -> dict[str, Any]:
    """Return features as a GeoJSON ``FeatureCollection``.

    Parameters
    ----------
    frame : GeoDataFrame
        In a system of metres; features without a place are left out.
    tolerance : float
        By how many metres lines may be simplified. Areas that share borders still share them.

    Returns
    -------
    dict
        Longitude before latitude (RFC 7946, section 3.1.1); properties are JSON's own types, and
        what is missing is null.
    """
    placed = frame[frame.geometry.notna() & ~frame.geometry.is_empty]
    shapes = thinned(placed.geometry, tolerance).to_crs(_WGS84).to_numpy()
    rounded = shapely.transform(shapes, lambda places: np.round(places, DECIMALS))
    geometries = json.loads(f"[{','.join(shapely.to_geojson(rounded))}]")
    properties = as_json_rows(pd.DataFrame(placed.drop(columns=placed.geometry.name)))
    return {
        "type": "FeatureCollection",
        "features": [
            # folium asks for what tells features apart, and else takes a property for it.
            {"type": "Feature", "id": str(number), "properties": row, "geometry": geometry}
            for number, (row, geometry) in enumerate(zip(properties, geometries, strict=True))
        ],
    }


def degrees(points: gpd.GeoSeries) -> np.ndarray:
    """Return the longitude and latitude of points, to a metre, as a page has them: shape (n, 2)."""
    return np.round(shapely.get_coordinates(points.to_crs(_WGS84).to_numpy()), DECIMALS)


def thinned(shapes: gpd.GeoSeries, tolerance: float) -> gpd.GeoSeries:
    """Return shapes with fewer vertices; the borders that areas share stay shared."""
    if tolerance <= 0 or not (shapes.geom_type.isin(("Polygon", "MultiPolygon"))).any():
        return shapes
    if shapely.coverage_is_valid(shapes.to_numpy()):
        simple = shapely.coverage_simplify(shapes.to_numpy(), tolerance)
        return gpd.GeoSeries(simple, index=shapes.index, crs=shapes.crs)
    return shapes.simplify(tolerance)


def as_json_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table's rows as what JSON can hold: texts, numbers, truth values and null."""
    if not len(frame.columns):
        return [{} for _ in range(len(frame))]
    rows: list[dict[str, Any]] = json.loads(
        frame.to_json(orient="records", date_format="iso", date_unit="s", double_precision=6)
    )
    return rows
