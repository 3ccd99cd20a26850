"""Features: what a browser is handed of a frame, which is what is drawn and said, and no more."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from woda_lib.places.errors import PlacesError

_DIGITS = 5  # of a degree: about a metre
BROWSER = "EPSG:4326"


@dataclass(frozen=True)
class Field:
    """A column that is told of a feature beside what shades it."""

    column: str
    heading: str
    decimals: int = 0
    unit: str = ""


def features_of(
    frame: gpd.GeoDataFrame, columns: Sequence[str], *, simplify: float = 0
) -> dict[str, Any]:
    """Return a GeoJSON feature collection in WGS84.

    Parameters
    ----------
    frame : GeoDataFrame
        With a coordinate system; one row a feature.
    columns : sequence of str
        What becomes a property. No other column reaches the page.
    simplify : float
        Metres by which outlines may move; borders that areas share stay shared.

    Raises
    ------
    PlacesError
        If a column is missing, there are no features, or it is not known where they are.
    """
    if frame.crs is None:
        raise PlacesError(
            "These shapes have no coordinate system, so that nobody knows where they are. Set it, "
            "as in frame.set_crs(27700) for the British National Grid."
        )
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise PlacesError(
            f"The map asks for {', '.join(missing)}, which the table does not have. It has "
            f"{', '.join(map(str, frame.columns))}."
        )
    if frame.empty or frame.geometry.is_empty.all():
        raise PlacesError("There are 0 features to draw. Check the filter and the join before it.")
    nowhere = int((frame.geometry.isna() | frame.geometry.is_empty).sum())
    if nowhere:
        raise PlacesError(
            f"{nowhere:,} of {len(frame):,} features are nowhere. Leave them out of the map, and say "
            "beside it how many they are."
        )
    shapes = frame.geometry
    if simplify:
        shapes = shapes.simplify_coverage(simplify)
    drawn = shapely.transform(
        shapes.to_crs(BROWSER).array.to_numpy(), lambda points: np.round(points, _DIGITS)
    )
    rows = json.loads(frame[list(columns)].to_json(orient="records", date_format="iso"))
    features = [
        {"type": "Feature", "geometry": _geometry(shape), "properties": row}
        for shape, row in zip(drawn, rows, strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}


def bounds_of(data: dict[str, Any]) -> list[list[float]]:
    """Return the south-west and north-east corner, degrees north and east."""
    shapes = [shapely.from_geojson(json.dumps(item["geometry"])) for item in data["features"]]
    west, south, east, north = (float(value) for value in shapely.total_bounds(shapes))
    return [[south, west], [north, east]]


def _geometry(shape: Any) -> Any:
    return json.loads(shapely.to_geojson(shape))
