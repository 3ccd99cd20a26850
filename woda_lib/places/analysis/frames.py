"""From plain tables to places: eastings and northings to points, well-known text to shapes."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from woda_lib.places.analysis.guards import require_columns
from woda_lib.places.county import NATIONAL_GRID


def points(
    table: pd.DataFrame, *, easting: str = "easting", northing: str = "northing"
) -> gpd.GeoDataFrame:
    """Return the rows as points on British National Grid.

    Parameters
    ----------
    table
        Rows without a coordinate become places that are absent; analyses refuse them.
    """
    require_columns(table, "rows", easting, northing)
    east, north = (
        pd.to_numeric(table[name]).astype("Float64").to_numpy(dtype=float, na_value=float("nan"))
        for name in (easting, northing)
    )
    placed = shapely.points(east, north)
    placed[pd.isna(east) | pd.isna(north)] = None
    return gpd.GeoDataFrame(table.copy(), geometry=placed, crs=NATIONAL_GRID)


def shapes(table: pd.DataFrame, *, column: str = "geometry") -> gpd.GeoDataFrame:
    """Return the rows with the shapes that their well-known text describes.

    Parameters
    ----------
    table
        `column` as a contract's kind *shape* has it: sound text, metres on the National Grid.
    """
    require_columns(table, "rows", column)
    nothing: Any = None
    text = table[column].astype(object).where(table[column].notna(), nothing)
    made = shapely.from_wkt(text.to_numpy())
    return gpd.GeoDataFrame(table.drop(columns=column), geometry=made, crs=NATIONAL_GRID)
