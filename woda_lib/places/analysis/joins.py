"""Which area each point lies in, and what to do with one on an edge."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from woda_lib.places.analysis.guards import require, require_once
from woda_lib.places.analysis.result import Finding, figures

_AT = "_at"


@dataclass(frozen=True, eq=False)
class PointsInAreas(Finding):
    """Points with their areas.

    Attributes
    ----------
    table : DataFrame
        The points, in their order, with the area's identifier (missing outside all of them) and
        ``on_edge``: whether the point lies on an edge.
    """

    table: pd.DataFrame
    code: str
    method: str
    warnings: tuple[str, ...]

    def summary(self) -> pd.DataFrame:
        """Return how many points lie inside, on an edge, and in no area."""
        outside = self.table[self.code].isna()
        return figures(
            points=len(self.table),
            in_an_area=int((~outside).sum()),
            on_an_edge=int(self.table["on_edge"].sum()),
            in_no_area=int(outside.sum()),
        )

    def counts(self) -> pd.DataFrame:
        """Return ``count`` of points by area, of areas that have any."""
        return self.table.groupby(self.code, sort=True).size().rename("count").reset_index()


def points_in_areas(
    points: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, *, code: str = "code"
) -> PointsInAreas:
    """Find the area that each point lies in.

    A point on an edge that several areas share belongs to the one whose identifier comes first, so
    that every point is counted once; one on the outer edge belongs to the area that it bounds.

    Parameters
    ----------
    points, areas
        On British National Grid.
    code
        The column that identifies an area; each once.

    Raises
    ------
    PlacesError
        See `woda_lib.places.analysis.guards.require`.
    """
    points, areas = require(points, "points", "points"), require(areas, "areas", "areas")
    require_once(areas, "areas", code)
    where = points[["geometry"]].assign(**{_AT: range(len(points))})
    found = where.sjoin(areas[[code, "geometry"]], predicate="intersects", how="inner")
    first = found.sort_values([_AT, code]).drop_duplicates(_AT).set_index(_AT)[code]
    inside = where.sjoin(areas[["geometry"]], predicate="within", how="inner")[_AT]
    place = pd.Series(range(len(points)), index=points.index)
    table = pd.DataFrame(points.drop(columns=["geometry", *points.columns.intersection([code])]))
    table[code] = place.map(first).astype("string")
    table["on_edge"] = table[code].notna() & ~place.isin(inside)
    outside = int(table[code].isna().sum())
    return PointsInAreas(
        table=table,
        code=code,
        method=(
            "A point is in the area that covers it; one on a shared edge is in the area whose "
            "identifier comes first."
        ),
        warnings=(f"{outside:,} points lie in no area, and are in no count.",) if outside else (),
    )
