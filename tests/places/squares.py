"""Small squares near Worcester's cathedral, as official boundary files have them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

EAST, NORTH = 384_000, 254_000
BOW_TIE = shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])


def square(column: int, row: int = 0, side: float = 100) -> shapely.Polygon:
    """A square of a chequer-board that begins at the cathedral."""
    x, y = EAST + column * side, NORTH + row * side
    return shapely.box(x, y, x + side, y + side)


def lsoas(*codes: str, shapes: list[shapely.Geometry] | None = None, **columns) -> gpd.GeoDataFrame:
    """Areas in a row, in British National Grid, with the ONS's names of columns."""
    shapes = shapes or [square(place) for place in range(len(codes))]
    said = {
        "LSOA21CD": list(codes),
        "LSOA21NM": [f"Worcester 001{code[-1]}" for code in codes],
        "LAD22CD": "E07000237",
    }
    return gpd.GeoDataFrame(said | columns, geometry=shapes, crs=27700)


def at_cathedral(shape: shapely.Geometry) -> shapely.Geometry:
    """Move a shape that is drawn about nought to the cathedral."""
    return shapely.transform(shape, lambda points: points + np.array([EAST, NORTH]))
