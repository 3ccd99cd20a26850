"""What every analysis asks first: metres on the National Grid, features at all, sound shapes."""

from __future__ import annotations

from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from woda_lib.places.county import NATIONAL_GRID
from woda_lib.places.errors import PlacesError

Shape = Literal["points", "areas"]
_TYPES = {"points": ("Point",), "areas": ("Polygon", "MultiPolygon")}


def require(frame: pd.DataFrame, what: str, shape: Shape) -> gpd.GeoDataFrame:
    """Return the features, if they can be measured.

    Parameters
    ----------
    frame
        What was handed over.
    what
        What they are, in the plural, as a message says it: *homes*.
    shape
        What they must be.

    Raises
    ------
    PlacesError
        There is none; they are no points or no areas; they are not in metres on British National
        Grid; a shape is missing or crosses itself. The message says how to mend it.
    """
    if not isinstance(frame, gpd.GeoDataFrame):
        raise PlacesError(
            f"The {what} are a plain table. Make them places first: `points` for columns of "
            "eastings and northings, `shapes` for well-known text."
        )
    if frame.empty:
        raise PlacesError(
            f"There are no {what} to work with. Look at what was loaded, and at what a filter or "
            "quarantine left out."
        )
    _require_metres(frame, what)
    _require_shape(frame, what, shape)
    return frame


def require_columns(frame: pd.DataFrame, what: str, *columns: str) -> None:
    """Raise `PlacesError` if columns are missing."""
    missing = [name for name in columns if name not in frame]
    if missing:
        raise PlacesError(f"The {what} lack the column {', '.join(missing)}.")


def require_once(frame: pd.DataFrame, what: str, column: str) -> None:
    """Raise `PlacesError` if two features have one identifier."""
    require_columns(frame, what, column)
    twice = int(frame[column].duplicated().sum())
    if twice:
        raise PlacesError(
            f"{twice:,} of the {what} have a {column} that another has as well. Keep each once."
        )


def _require_metres(frame: gpd.GeoDataFrame, what: str) -> None:
    system = frame.crs
    if system is None:
        raise PlacesError(
            f"The {what} do not say in which reference system they are. If they are eastings and "
            f"northings, say so: frame.set_crs({NATIONAL_GRID})."
        )
    if system.is_geographic:
        raise PlacesError(
            f"The {what} are in degrees ({system.to_string()}), by which no distance and no area "
            f"can be measured. Turn them into metres first: frame.to_crs({NATIONAL_GRID})."
        )
    if system.to_epsg() != NATIONAL_GRID:
        raise PlacesError(
            f"The {what} are in {system.to_string()} and everything else is in British National "
            f"Grid (EPSG:{NATIONAL_GRID}); two systems cannot be laid over each other. Turn them "
            f"first: frame.to_crs({NATIONAL_GRID})."
        )
    # Bounds of what is not missing: an absent shape is another fault, and told apart below.
    west, south, east, north = frame.total_bounds
    if np.isfinite([west, south, east, north]).all() and max(map(abs, (west, east))) <= 180:
        raise PlacesError(
            f"The {what} say that they are in metres and hold numbers as small as degrees. They "
            "are longitudes and latitudes under a wrong name: frame.set_crs(4326, "
            f"allow_override=True).to_crs({NATIONAL_GRID})."
        )


def _require_shape(frame: gpd.GeoDataFrame, what: str, shape: Shape) -> None:
    shapes = frame.geometry
    absent = shapes.isna() | shapes.is_empty
    if absent.any():
        raise PlacesError(
            f"{int(absent.sum()):,} of {len(frame):,} {what} have no place. Leave them out, and "
            "say how many they are."
        )
    other = ~shapes.geom_type.isin(_TYPES[shape])
    if other.any():
        kind = shapes.geom_type[other].iloc[0]
        raise PlacesError(
            f"{int(other.sum()):,} of the {what} are of the kind {kind}; {shape} are needed."
        )
    if shape == "areas":
        crossing = ~shapes.is_valid
        if crossing.any():
            why = shapely.is_valid_reason(shapes[crossing].iloc[0]).partition("[")[0]
            raise PlacesError(
                f"{int(crossing.sum()):,} of the {what} have edges that cross or touch where they "
                f"must not ({why}), so that their area means nothing. Ask for them anew, or mend "
                "them and look at the result: frame.make_valid()."
            )
