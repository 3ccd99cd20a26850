"""Polygons of labelled points that fit together without gap or overlap, smoothed and simplified.

A *coverage* is a set of polygons that share their borders to the last digit. Each point is given
the land that is nearer to it than to any other (its Voronoi cell), and cells of one label are made
one polygon. The edges between labels are then drawn out as *arcs*, each of which two neighbours
share: an arc that is moved moves for both, so that smoothing never opens a gap.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from woda_lib.places.county import NATIONAL_GRID, Bounds

OUTSIDE = ""
"""The label of points that only bound the others."""


@dataclass(frozen=True)
class Look:
    """How much arcs are smoothed and simplified.

    Attributes
    ----------
    smooth : int
        How often each vertex of an arc moves half-way to the middle of its neighbours.
    tolerance : float
        Metres: vertices that span a triangle smaller than this squared are left out
        (Visvalingam and Whyatt, as GEOS does it for coverages).
    crumb : float
        A part smaller than this share of its polygon, such as a stray point makes, is given to the
        neighbour around it.
    """

    smooth: int
    tolerance: float
    crumb: float = 0.0


def coverage_of_points(points: pd.DataFrame, *, bounds: Bounds, look: Look) -> gpd.GeoSeries:
    """Return one polygon a label.

    Parameters
    ----------
    points : DataFrame
        ``easting, northing`` (metres), ``label``; of points at one place the first counts.
    bounds : tuple of float
        West, south, east, north: where the land ends, in metres.
    look : Look

    Returns
    -------
    GeoSeries
        By label, without `OUTSIDE`, in British National Grid.
    """
    places = points.drop_duplicates(["easting", "northing"])
    labels = places["label"].to_numpy(dtype=object)
    frame = shapely.box(*bounds)
    if len(set(labels)) == 1:
        return _series({labels[0]: frame} if labels[0] != OUTSIDE else {})
    cells = shapely.voronoi_polygons(
        shapely.multipoints(places[["easting", "northing"]].to_numpy()),
        extend_to=frame,
        ordered=True,
    )
    dissolved = gpd.GeoDataFrame(
        {"label": labels}, geometry=shapely.get_parts(cells), crs=NATIONAL_GRID
    ).dissolve("label", method="coverage")
    land = dissolved.geometry.intersection(frame)
    merged = _smoothed_coverage(land, frame, look)
    simpler = shapely.coverage_simplify(merged.to_numpy(), look.tolerance)
    return _series(dict(zip(merged.index, simpler, strict=True))).drop(OUTSIDE, errors="ignore")


def polygons_between(
    lines: np.ndarray, labels: gpd.GeoSeries, *, crumbs: float = 0.0
) -> gpd.GeoSeries:
    """Cut the plane along lines, and join the pieces that lie in one labelled polygon.

    Parameters
    ----------
    lines : ndarray of geometries
        They need not meet at their ends: where one runs past another, they are cut.
    labels : GeoSeries
        Polygons by label; a piece belongs to the one in which a point of it lies. Pieces in none
        are left out.
    crumbs : float
        A part smaller than this share of its polygon is given to the neighbour around it.
    """
    faces = shapely.get_parts(shapely.polygonize([shapely.unary_union(lines)]))
    inside = shapely.point_on_surface(faces)
    face, polygon = shapely.STRtree(labels.to_numpy()).query(inside, predicate="intersects")
    hit = pd.Series(labels.index.to_numpy()[polygon], index=face)
    hit = hit.loc[~hit.index.duplicated()]
    pieces = gpd.GeoDataFrame(
        {"label": hit.to_numpy()}, geometry=faces[hit.index.to_numpy()], crs=NATIONAL_GRID
    )
    return _without_crumbs(pieces, crumbs).dissolve("label", method="coverage").geometry


def _smoothed_coverage(land: gpd.GeoSeries, frame: shapely.Polygon, look: Look) -> gpd.GeoSeries:
    edges = shapely.unary_union(shapely.boundary(land.to_numpy()))
    arcs = shapely.get_parts(shapely.line_merge(edges))
    # The frame's long sides stay: smoothing would cut its corners by kilometres.
    of_frame = shapely.covered_by(arcs, frame.exterior.buffer(0.001))
    inner = np.array([_smoothed(arc, look.smooth) for arc in arcs[~of_frame]])
    return polygons_between(np.concatenate([arcs[of_frame], inner]), land, crumbs=look.crumb)


def _smoothed(arc: shapely.LineString, times: int) -> shapely.LineString:
    """Move each vertex half-way to the middle of its neighbours; ends, where arcs meet, stay."""
    path = shapely.get_coordinates(arc)
    for _ in range(times):
        path[1:-1] = (path[:-2] + 2 * path[1:-1] + path[2:]) / 4
    return shapely.LineString(path)


def _without_crumbs(pieces: gpd.GeoDataFrame, least: float) -> gpd.GeoDataFrame:
    """Give slivers and far-off bits to the neighbour with which they share most of their edge."""
    size = pieces.area
    share = size / size.groupby(pieces["label"]).transform("sum")
    crumbs = share.lt(least) & size.lt(size.groupby(pieces["label"]).transform("max"))
    if not crumbs.any():
        return pieces
    small, large = pieces.loc[crumbs], pieces.loc[~crumbs].reset_index(drop=True)
    crumb, neighbour = shapely.STRtree(large.geometry.to_numpy()).query(
        small.geometry.to_numpy(), predicate="touches"
    )
    shared = shapely.length(
        shapely.intersection(
            shapely.boundary(small.geometry.to_numpy()[crumb]),
            shapely.boundary(large.geometry.to_numpy()[neighbour]),
        )
    )
    pairs = pd.DataFrame({"crumb": crumb, "label": large["label"].to_numpy()[neighbour]})
    longest = pairs.assign(shared=shared).sort_values("shared").groupby("crumb")["label"].last()
    labels = longest.reindex(range(len(small))).to_numpy(dtype=object)
    taken = np.where(pd.isna(labels), small["label"].to_numpy(dtype=object), labels)
    return pd.concat([large, small.assign(label=taken)], ignore_index=True)


def _series(polygons: dict[str, shapely.Geometry]) -> gpd.GeoSeries:
    index = pd.Index(list(polygons), dtype=object)
    return gpd.GeoSeries(list(polygons.values()), index=index, crs=NATIONAL_GRID)
