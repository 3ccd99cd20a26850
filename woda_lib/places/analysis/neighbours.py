"""Who is whose neighbour: areas that touch, points within a distance, or the nearest few."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
from libpysal.graph import Graph
from scipy.sparse import csr_array

from woda_lib.places.analysis.catchments import coordinates
from woda_lib.places.analysis.guards import require
from woda_lib.places.errors import PlacesError


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The neighbours of each feature, by its position.

    Attributes
    ----------
    graph : libpysal.graph.Graph
        Binary, and nobody is their own neighbour.
    islands : tuple of int
        Positions of the features that have none.
    says : str
        The rule, as a sentence.
    """

    graph: Graph
    islands: tuple[int, ...]
    says: str

    @property
    def weights(self) -> csr_array:
        """The neighbours as a sparse matrix of ones, a row a feature."""
        ones = csr_array(self.graph.sparse)
        ones.eliminate_zeros()  # an island is written down as its own neighbour, of weight nought
        return ones


def touching(areas: gpd.GeoDataFrame) -> Neighbours:
    """Return areas that share an edge or a corner (queen contiguity)."""
    placed = _by_position(require(areas, "areas", "areas"))
    return _kept(
        Graph.build_contiguity(placed, rook=False),
        "Neighbours are areas that share an edge or a corner.",
    )


def within(points: gpd.GeoDataFrame, metres: float) -> Neighbours:
    """Return points no farther from each other than so many metres."""
    placed = _by_position(require(points, "points", "points"))
    return _kept(
        Graph.build_distance_band(coordinates(placed), threshold=metres, binary=True),
        f"Neighbours stand within {metres:,.0f} metres of each other in a straight line.",
    )


def nearest_few(points: gpd.GeoDataFrame, k: int) -> Neighbours:
    """Return the `k` nearest of each point: nobody is an island.

    Where several points stand at one place, which of them are taken may be a matter of order.
    """
    placed = _by_position(require(points, "points", "points"))
    if not 0 < k < len(placed):
        raise PlacesError(
            f"Each of {len(placed):,} points cannot have {k:,} others as neighbours. Choose a "
            f"number from 1 to {len(placed) - 1:,}."
        )
    return _kept(
        Graph.build_knn(coordinates(placed), k=k),
        f"Neighbours are the {k:,} nearest in a straight line.",
    )


def _by_position(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.reset_index(drop=True)


def _kept(graph: Graph, says: str) -> Neighbours:
    islands = tuple(int(at) for at in graph.isolates)
    if len(islands) == graph.n:
        raise PlacesError(
            f"None of {graph.n:,} features has a neighbour, so that nothing can be said of what "
            "is around them. Allow a greater distance, or take the nearest few of each."
        )
    return Neighbours(graph, islands, says)
