"""Shapes that cannot be used as they come: mended where that changes next to nothing, else put by.

What was found is kept with the boundaries, a row an area and reason, so that a report can count it.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

MENDED = "mended"
LEFT_OUT = "left out"

LARGEST_CHANGE = 0.001
"""The share of its area by which mending may change a polygon; one that changes more is put by."""

_COLUMNS = ["code", "reason", "what"]


def quarantined(areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return what was found wrong with boundaries when they were read or drawn.

    Parameters
    ----------
    areas : GeoDataFrame
        From `woda_lib.places.boundaries` or one of its kin.

    Returns
    -------
    DataFrame
        A row an area and reason: ``code``, ``reason`` and ``what`` was done: *mended* or *left
        out*. Empty if all was well.
    """
    return pd.DataFrame(list(areas.attrs.get("quarantine", ())), columns=_COLUMNS)


def quarantine_counts(areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Count what `quarantined` tells: ``reason, what, areas``, the most frequent first."""
    grouped = quarantined(areas).groupby(["reason", "what"])["code"]
    counts = grouped.count().rename("areas").reset_index()
    return counts.sort_values("areas", ascending=False, ignore_index=True, kind="stable")


def mended(shapes: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Return the rows that can be drawn, and what became of those that cannot, or not as they came.

    Parameters
    ----------
    shapes : GeoDataFrame
        ``code`` and a geometry, in metres.

    Returns
    -------
    sound : GeoDataFrame
        Polygons and multipolygons alone, valid, one row a code.
    findings : DataFrame
        As `quarantined`.
    """
    shapes = shapes.reset_index(drop=True)
    absent = shapes["code"].isna() | shapes["code"].astype("string").str.strip().eq("")
    geometry = shapes.geometry
    empty = geometry.isna() | geometry.is_empty
    flat = ~empty & ~geometry.geom_type.isin(["Polygon", "MultiPolygon"])
    crossing = ~empty & ~flat & ~geometry.is_valid
    better = _made_valid(geometry.to_numpy(), crossing.to_numpy())
    change = np.abs(shapely.area(better) - shapely.area(geometry.to_numpy()))
    # A bow tie's two halves cancel out: its area is nought, and no share of it can be told.
    spoiled = crossing & ~(change <= LARGEST_CHANGE * shapely.area(geometry.to_numpy()))
    mendable = crossing & ~spoiled
    shapes = shapes.set_geometry(gpd.GeoSeries(better, index=shapes.index, crs=shapes.crs))

    marks = shapely.to_wkb(shapely.normalize(shapes.geometry.to_numpy()))
    same = pd.DataFrame({"code": shapes["code"], "mark": marks}).duplicated()
    again = shapes["code"].duplicated(keep=False)
    differs = again & shapes["code"].isin(
        shapes.loc[again & ~same, "code"].value_counts().loc[lambda n: n > 1].index
    )
    reasons = [
        (absent, "it has no code", LEFT_OUT),
        (empty, "it has no shape", LEFT_OUT),
        (flat, "it is no polygon", LEFT_OUT),
        (spoiled, f"its outline crosses itself, and mending changes over {_LARGEST}", LEFT_OUT),
        (mendable, f"its outline crossed itself; mending changed under {_LARGEST}", MENDED),
        (differs, "its code stands on different shapes", LEFT_OUT),
        (same & ~differs, "it stands twice, shape for shape", LEFT_OUT),
    ]
    findings = pd.concat(
        [
            pd.DataFrame({"code": shapes.loc[rows, "code"], "reason": reason, "what": what})
            for rows, reason, what in reasons
        ],
        ignore_index=True,
    )
    out = absent | empty | flat | spoiled | differs | same
    return shapes.loc[~out].reset_index(drop=True), findings.fillna({"code": "(none)"})


_LARGEST = f"{LARGEST_CHANGE:.1%} of its area"


def _made_valid(shapes: np.ndarray, which: np.ndarray) -> np.ndarray:
    """Mend some shapes; of what comes out, only what has an area counts."""
    better = shapes.copy()
    better[which] = [_land(shape) for shape in shapely.make_valid(shapes[which])]
    return better


def _land(shape: shapely.Geometry) -> shapely.Geometry:
    parts = shapely.get_parts(shapely.get_parts(shape))
    return shapely.union_all(parts[shapely.area(parts) > 0])
