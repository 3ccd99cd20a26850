"""Small places to measure: points, squares and buildings on the National Grid."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

WEST, SOUTH = 380_000.0, 250_000.0


def at(*places: tuple[float, float], **columns: Any) -> gpd.GeoDataFrame:
    """Points, so many metres east and north of a corner near Worcester."""
    shapes = [shapely.Point(WEST + x, SOUTH + y) for x, y in places]
    return gpd.GeoDataFrame(
        pd.DataFrame(columns, index=range(len(shapes))), geometry=shapes, crs=27700
    )


def square(x: float, y: float, side: float) -> shapely.Polygon:
    """A square with its south-western corner so many metres from that corner."""
    return shapely.box(WEST + x, SOUTH + y, WEST + x + side, SOUTH + y + side)


def squares(n: int, side: float = 1_000.0) -> gpd.GeoDataFrame:
    """`n` by `n` squares side by side, called A0 (south-west), A1 … row by row."""
    shapes = [square(side * (i % n), side * (i // n), side) for i in range(n * n)]
    return gpd.GeoDataFrame(
        {"code": [f"A{i:02d}" for i in range(n * n)]}, geometry=shapes, crs=27700
    )


def buildings(*rows: tuple[str, str, float, int, int | None, int | None]) -> gpd.GeoDataFrame:
    """Offices on a line: partner, number, metres east, floor, empty floor, cost."""
    partner, number, east, floor, spare, cost = zip(*rows, strict=True)
    return at(
        *((metres, 0.0) for metres in east),
        partner=partner,
        building_id=number,
        use="office",
        floor_area=pd.array(floor, dtype="Int64"),
        spare_area=pd.array(spare, dtype="Int64"),
        running_cost=pd.array(cost, dtype="Int64"),
    )
