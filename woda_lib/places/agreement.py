"""How well boundaries agree with what is known of points: the share that lies in its own area."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely


def share_in_own(areas: gpd.GeoDataFrame, points: pd.DataFrame, code: str) -> float:
    """Return the share of points that lie in the area whose code they carry.

    Parameters
    ----------
    areas : GeoDataFrame
        ``code`` and geometry, in metres.
    points : DataFrame
        ``easting``, ``northing`` (metres) and the column `code`. A point in no area counts as
        wrong.
    """
    spots = shapely.points(points[["easting", "northing"]].to_numpy(dtype=float))
    point, area = shapely.STRtree(areas.geometry.to_numpy()).query(spots, predicate="intersects")
    stated = points[code].to_numpy(dtype=object)[point]
    right = stated == areas["code"].to_numpy(dtype=object)[area]
    return len(set(point[right])) / len(points)
