"""Boundaries without any boundary file: drawn half-way between postcodes, or between addresses.

The ONS postcode directory says for each postcode where it is and in which district. Land belongs to
the district of the nearest postcode; the neighbouring counties' postcodes end the county. Small
areas are drawn the same way, from the addresses of the gazetteer, within their district.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from woda_lib.cache import cache_folder
from woda_lib.places.county import NATIONAL_GRID, WORCESTERSHIRE, County
from woda_lib.places.coverage import OUTSIDE, Look, coverage_of_points, polygons_between
from woda_lib.places.directory import directory_version, postcodes_near
from woda_lib.places.errors import PlacesError
from woda_lib.places.mending import LEFT_OUT

_MARGIN = 8_000  # metres: wide enough that neighbours' postcodes bound the county on every side
_DISTRICTS = Look(smooth=2, tolerance=60.0, crumb=0.02)
_AREAS = Look(smooth=1, tolerance=15.0, crumb=0.005)
NO_LAND = "all its addresses stand at one place with another area's"
_STRAY = 2_000.0  # metres outside every district at which an address still is the nearest one's
_OVERSHOOT = 1.0  # metres by which areas' borders run past the district's, so that they meet it
_EDITION = 1  # changes when the way of drawing does, so that nothing old is taken from the cache


def derived_districts(county: County = WORCESTERSHIRE) -> gpd.GeoDataFrame:
    """Draw a county's districts from the postcode directory.

    Returns
    -------
    GeoDataFrame
        One row a district: ``code, name, district`` (its own name), ``vintage`` (year of the
        directory's edition), ``geometry`` in British National Grid; ``attrs`` tell ``level``,
        ``source``, ``date`` and that it is ``derived``.
    """
    kept = cache_folder() / "places" / f"districts-{_mark(county)}.parquet"
    frame = _read(kept)
    if frame is None:
        near = postcodes_near(county, _MARGIN)
        labels = near["district"].where(near["district"].isin(list(county.districts)), OUTSIDE)
        shapes = coverage_of_points(
            near.assign(label=labels), bounds=county.bounds_with(_MARGIN), look=_DISTRICTS
        ).sort_index()
        frame = gpd.GeoDataFrame(
            {
                "code": shapes.index,
                "name": shapes.index.map(county.districts),
                "district": shapes.index.map(county.districts),
                "vintage": directory_version()[:4],
            },
            geometry=shapes.to_numpy(),
            crs=NATIONAL_GRID,
        )
        _keep(frame, kept)
    frame.attrs.update(_told("district", "postcodes of the ONS postcode directory"))
    return frame


def derived_areas(
    addresses: pd.DataFrame,
    county: County = WORCESTERSHIRE,
    *,
    districts: gpd.GeoDataFrame | None = None,
) -> gpd.GeoDataFrame:
    """Draw small areas from addresses that say in which one they lie.

    Parameters
    ----------
    addresses : DataFrame
        ``area`` (code), ``easting``, ``northing`` (metres). Rows without any of these, or more than
        2 km outside the county, are left out. At one place the first area by the alphabet counts.
    county : County
    districts : GeoDataFrame, optional
        The districts along which areas end; `derived_districts` for want of official ones. An area
        is in the one in which most of its addresses lie.

    Returns
    -------
    GeoDataFrame
        One row an area, as `derived_districts`; nobody has named them, so they are numbered
        within their district: *Bromsgrove 1*.
        Areas that cannot be drawn, since all their addresses stand at one place with another
        area's, are told by `woda_lib.places.quarantined`.

    Raises
    ------
    PlacesError
        If a column is missing or no address lies in the county.
    """
    columns = ["area", "easting", "northing"]
    if missing := [column for column in columns if column not in addresses]:
        raise PlacesError(
            f"Small areas are drawn from addresses, and these lack {', '.join(missing)}. Load "
            f"{', '.join(columns)} of the gazetteer."
        )
    districts = derived_districts(county) if districts is None else districts
    stated = addresses[columns].dropna().astype({"easting": float, "northing": float})
    known = _in_districts(stated.drop_duplicates().sort_values(columns), districts)
    if known.empty:
        raise PlacesError(
            f"No address lies in {county.name} with an area and a place, so no area can be drawn. "
            "Look at the gazetteer's columns area, easting and northing."
        )
    shapes = _areas_of(known.drop_duplicates(["easting", "northing"]), districts)
    named = known.drop_duplicates("area").set_index("area")["district"]
    frame = gpd.GeoDataFrame(
        {
            "code": shapes.index,
            "name": _numbered(named.loc[shapes.index]),
            "district": named.loc[shapes.index].to_numpy(),
            "vintage": directory_version()[:4],
        },
        geometry=shapes.to_numpy(),
        crs=NATIONAL_GRID,
    )
    frame.attrs.update(_told("area", "addresses of the gazetteer, within districts"))
    lost = sorted(set(known["area"]) - set(frame["code"]))
    frame.attrs["quarantine"] = tuple((code, NO_LAND, LEFT_OUT) for code in lost)
    return frame


def _numbered(districts: pd.Series) -> np.ndarray:
    numbers = districts.groupby(districts).cumcount() + 1
    return (districts.astype(str) + " " + numbers.astype(str)).to_numpy(dtype=object)


def _in_districts(addresses: pd.DataFrame, districts: gpd.GeoDataFrame) -> pd.DataFrame:
    """Keep the addresses of the district in which most of an area's lie, with its name."""
    spots = shapely.points(addresses[["easting", "northing"]].to_numpy())
    tree = shapely.STRtree(districts.geometry.to_numpy())
    spot, nearest = tree.query_nearest(spots, max_distance=_STRAY, all_matches=False)
    found = addresses.iloc[spot].assign(district=districts["name"].to_numpy()[nearest])
    if found.empty:
        return found
    counts = found.groupby(["area", "district"], as_index=False).size()
    most = counts.sort_values("size").groupby("area")["district"].last()
    return found.loc[found["district"].eq(found["area"].map(most))]


def _areas_of(known: pd.DataFrame, districts: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Draw the areas of each district, then cut all of them along the districts at once.

    Cut together, neighbours on both sides of a district's border get each other's corners, so that
    the whole is a coverage again.
    """
    lines, labels = [shapely.boundary(districts.geometry.to_numpy())], []
    lands = districts.set_index("name").geometry
    for name, own in known.groupby("district"):
        land = lands[name]
        shapes = coverage_of_points(
            own.rename(columns={"area": "label"}),
            bounds=shapely.box(*land.bounds).buffer(1_000).bounds,
            look=_AREAS,
        )
        reach = land.buffer(_OVERSHOOT)
        lines.append(shapely.intersection(shapely.boundary(shapes.to_numpy()), reach))
        labels.append(shapes.intersection(land))
    return polygons_between(np.concatenate(lines), pd.concat(labels)).sort_index()


def _told(level: str, of: str) -> dict[str, object]:
    edition = directory_version()
    return {
        "level": level,
        "derived": True,
        "source": f"Derived from {of} (edition {edition}). Contains OS, Royal Mail and National "
        "Statistics data, Crown copyright and database right",
        "date": edition,
        "quarantine": (),
    }


def _mark(county: County) -> str:
    parts = (directory_version(), county.code, *county.districts, _MARGIN, _DISTRICTS, _EDITION)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


def _read(path: Path) -> gpd.GeoDataFrame | None:
    try:
        return gpd.read_parquet(path)
    except (OSError, ValueError):
        return None


def _keep(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Write to a hidden file and rename it; where that cannot be, the next time is slower."""
    hidden = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        frame.to_parquet(hidden)
        hidden.replace(path)
    except OSError:
        hidden.unlink(missing_ok=True)
