"""Heat: how densely points lie, as graded shapes whose legend says how many a square kilometre.

The surface is a Gaussian kernel density (Silverman 1986) of points counted on a grid in metres,
and its grades are outlines at round densities. Unlike a glow that a browser blurs anew at each
zoom, it is the same at every scale, can be looked up in the legend, and holds no single point.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import contourpy
import geopandas as gpd
import numpy as np
import shapely
from scipy.ndimage import gaussian_filter

from woda_lib.places.drawing.areas import Choropleth
from woda_lib.places.drawing.colours import Hue
from woda_lib.places.errors import PlacesError
from woda_lib.places.sealed import GatedLayer

_NICE = np.array([m * 10.0**e for e in range(-3, 6) for m in (1, 2, 5)])


def density(
    points: gpd.GeoDataFrame, *, bandwidth: float = 1_000, cell: float = 250, grades: int = 5
) -> gpd.GeoDataFrame:
    """Return where points lie how densely.

    Parameters
    ----------
    points : GeoDataFrame
        Points in metres (British National Grid).
    bandwidth : float
        Standard deviation of the kernel, metres: how far one point is spread.
    cell : float
        Side of a cell of the grid, metres; half the bandwidth at most.
    grades : int
        How many grades at most.

    Returns
    -------
    GeoDataFrame
        One row a grade: ``name``, ``per_sq_km`` (the least density within, float) and its shape.

    Raises
    ------
    PlacesError
        If there are no points, they are in degrees, or the cell is too coarse for the bandwidth.
    """
    if points.empty:
        raise PlacesError("There are 0 points, so that there is no density to draw.")
    if points.crs is None or points.crs.is_geographic:
        raise PlacesError(
            "A density is counted in metres. Hand over points in the British National Grid, as "
            "with points.to_crs(27700)."
        )
    if not 0 < cell <= bandwidth / 2:
        raise PlacesError(
            f"A cell of {cell:g} m is too coarse for a bandwidth of {bandwidth:g} m; take "
            f"{bandwidth / 2:g} m or less."
        )
    x, y, surface = _surface(points, bandwidth, cell)
    levels = _levels(float(surface.max()), grades)
    contours = contourpy.contour_generator(x, y, surface, fill_type="OuterOffset")
    edges = [*levels, np.inf]
    shapes = [
        shapely.union_all(_polygons(contours.filled(low, high))) for low, high in pairwise(edges)
    ]
    names = [f"{level:g} or more a square kilometre" for level in levels]
    made = gpd.GeoDataFrame({"name": names, "per_sq_km": levels}, geometry=shapes, crs=points.crs)
    return made.loc[~made.geometry.is_empty].reset_index(drop=True)


class Heat(Choropleth):
    """A density surface as a layer.

    Parameters
    ----------
    surface : GatedLayer or GeoDataFrame
        What `density` returned. It passes the gate as areas do, without counts: each shape is of a
        round density, and shows neither a point nor a number of them.
    name : str
        What the layer is called in the switch.
    what : str
        What lies there, as in ``businesses``.
    """

    group = "over"

    def __init__(
        self,
        surface: GatedLayer | gpd.GeoDataFrame,
        *,
        name: str,
        what: str,
        hue: Hue = "orange",
        **layer: Any,
    ) -> None:
        frame = surface.frame if isinstance(surface, GatedLayer) else surface
        levels = frame["per_sq_km"].astype(float).tolist()
        decimals = max(0, -int(np.floor(np.log10(min(levels)))))
        super().__init__(
            surface,
            value="per_sq_km",
            name=name,
            heading=f"{what} a square kilometre",
            scheme="given" if len(levels) > 1 else "quantiles",
            breaks=levels[:-1],
            decimals=decimals,
            hue=hue,
            **layer,
        )

    def drawn_as(self) -> dict[str, Any]:
        """Return the grades, called by where each begins."""
        drawn = super().drawn_as()
        levels = [*self.values().astype(float), None]
        for made, low, high in zip(drawn["classes"], levels[:-1], levels[1:], strict=True):
            made["label"] = f"{low:g} to {high:g}" if high is not None else f"{low:g} or more"
        return drawn


def _surface(points: gpd.GeoDataFrame, bandwidth: float, cell: float) -> tuple[Any, Any, Any]:
    """Return the middles of cells, east and north, and the density in each, per km²."""
    west, south, east, north = points.total_bounds
    margin = 4 * bandwidth
    columns = np.arange(west - margin, east + margin + cell, cell)
    rows = np.arange(south - margin, north + margin + cell, cell)
    counted, _, _ = np.histogram2d(points.geometry.y, points.geometry.x, bins=(rows, columns))
    smooth = gaussian_filter(counted, bandwidth / cell, mode="constant", truncate=4)
    return columns[:-1] + cell / 2, rows[:-1] + cell / 2, smooth / (cell / 1_000) ** 2


def _levels(highest: float, grades: int) -> list[float]:
    """Return round densities below the highest, each at least twice the one before."""
    return [float(level) for level in _NICE[highest > _NICE][-grades:]]


def _polygons(filled: Any) -> list[Any]:
    return [
        shapely.Polygon(
            points[offsets[0] : offsets[1]],
            [points[a:b] for a, b in pairwise(offsets[1:])],
        )
        for points, offsets in zip(*filled, strict=True)
    ]
