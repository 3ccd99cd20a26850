"""One set of areas laid over another: values shared out by area, and nothing lost.

A value of an area goes to whatever lies over it in proportion to the overlap, as if it were spread
evenly (areal weighting; Goodchild and Lam, *Areal interpolation: a variant of the traditional
spatial problem*, Geo-Processing 1, 1980). That suits square metres of land; people are not spread
evenly, and are better counted by their homes.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from woda_lib.places.analysis.guards import require, require_columns, require_once
from woda_lib.places.analysis.result import Finding
from woda_lib.places.errors import PlacesError

_FROM, _TO = "_from", "_to"
CONSERVED = 1e-6
"""Share of a total that rounding may lose."""


@dataclass(frozen=True, eq=False)
class Overlaid(Finding):
    """Values shared out.

    Attributes
    ----------
    table : DataFrame
        A row a target: its identifier, each value, and ``square_metres`` that sources cover.
    pieces : GeoDataFrame
        Every overlap: ``source, target, square_metres, share`` (of the source).
    totals : DataFrame
        ``value, before, shared_out, outside``: what fell on no target is not spread over others.
    """

    table: pd.DataFrame
    pieces: gpd.GeoDataFrame
    totals: pd.DataFrame
    method: str
    warnings: tuple[str, ...]

    def summary(self) -> pd.DataFrame:
        """Return the totals: before is what was shared out and what fell outside."""
        return self.totals


def overlay_by_area(
    sources: gpd.GeoDataFrame,
    targets: gpd.GeoDataFrame,
    values: list[str],
    *,
    source: str = "code",
    target: str = "code",
) -> Overlaid:
    """Share out values of areas among others that lie over them, by area.

    Parameters
    ----------
    sources
        With the columns `values`: amounts, not rates; a rate is the quotient of two amounts.
    targets
        May not overlap one another.
    source, target
        The columns that identify each.

    Raises
    ------
    PlacesError
        See `woda_lib.places.analysis.guards.require`; or if targets overlap, so that values would
        be counted twice, or a value is missing.
    """
    sources, targets = require(sources, "sources", "areas"), require(targets, "targets", "areas")
    require_once(sources, "sources", source)
    require_once(targets, "targets", target)
    require_columns(sources, "sources", *values)
    if sources[values].isna().any(axis=None):
        raise PlacesError("A source without a value cannot be shared out. Leave it out first.")
    _refuse_overlaps(targets, target)
    left = sources[[source, "geometry"]].rename(columns={source: _FROM})
    right = targets[[target, "geometry"]].rename(columns={target: _TO})
    pieces = left.overlay(right, how="intersection", keep_geom_type=True)
    pieces["square_metres"] = pieces.geometry.area
    whole = left.set_index(_FROM).geometry.area
    pieces["share"] = pieces["square_metres"] / pieces[_FROM].map(whole)
    covered = pieces.groupby(_FROM)["share"].sum()
    if (covered > 1 + CONSERVED).any():
        raise PlacesError(
            f"{int((covered > 1 + CONSERVED).sum()):,} sources are covered more than once: "
            "targets overlap, and what lies there would be counted twice. Use areas of one kind "
            "and vintage."
        )
    given = sources.set_index(source)[values].astype(float)
    amounts = given.reindex(pieces[_FROM]).to_numpy() * pieces[["share"]].to_numpy()
    shared = pd.DataFrame(amounts, columns=values).assign(**{target: pieces[_TO].to_numpy()})
    shared["square_metres"] = pieces["square_metres"].to_numpy()
    table = shared.groupby(target).sum().reindex(targets[target], fill_value=0.0).reset_index()
    totals = pd.DataFrame(
        {
            "value": values,
            "before": given.sum().to_numpy(),
            "shared_out": table[values].sum().to_numpy(),
        }
    )
    totals["outside"] = totals["before"] - totals["shared_out"]
    lost = int((covered.reindex(given.index).fillna(0.0) < 1 - CONSERVED).sum())
    return Overlaid(
        table=table,
        pieces=pieces.rename(columns={_FROM: "source", _TO: "target"}),
        totals=totals.assign(
            outside=np.where(totals["outside"].abs() < 1e-9, 0, totals["outside"])
        ),
        method="Each value is shared out by area, as if it were spread evenly over its source.",
        warnings=(
            (f"{lost:,} of {len(sources):,} sources lie partly or wholly on no target.",)
            if lost
            else ()
        ),
    )


def _refuse_overlaps(targets: gpd.GeoDataFrame, name: str) -> None:
    """Hold targets against one another: a source that is not all covered does not show it."""
    shapes = targets.geometry.to_numpy()
    one, other = targets.sindex.query(targets.geometry, predicate="intersects")
    first = one < other
    one, other = one[first], other[first]
    areas = shapely.area(shapes)
    common = shapely.area(shapely.intersection(shapes[one], shapes[other]))
    twice = np.flatnonzero(common > CONSERVED * np.minimum(areas[one], areas[other]))
    if len(twice):
        names = targets[name].iloc[[one[twice[0]], other[twice[0]]]].tolist()
        raise PlacesError(
            f"{len(twice):,} pairs of targets overlap, {names[0]} and {names[1]} among them: what "
            "lies there would be counted twice. Use areas of one kind and vintage."
        )
