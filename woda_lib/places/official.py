"""Official boundary files, read in the form in which the Office for National Statistics gives them.

GeoJSON, GeoPackage and zipped shapefiles, in whichever reference system they say; a file's level
and vintage are told by the names of its columns. What comes out is in British National Grid, of one
county, and fit to be drawn; what is not is told apart in `woda_lib.places.quarantined`.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pyogrio.errors
import shapely
from pyproj import CRS

from woda_lib.places.codes import LEVELS, CodeColumn, code_columns
from woda_lib.places.county import NATIONAL_GRID, WORCESTERSHIRE, County
from woda_lib.places.directory import postcodes_near
from woda_lib.places.errors import PlacesError
from woda_lib.places.mending import mended

ENDINGS = (".geojson", ".json", ".gpkg", ".zip", ".shp")
"""Of the files that are read."""

_BRITAIN = (-10_000, -10_000, 700_000, 1_300_000)  # metres of the National Grid


def boundary_columns(path: Path) -> list[CodeColumn]:
    """Return a boundary file's columns of codes, the finest first; none if it cannot be read."""
    try:
        return _open(path)[1]
    except PlacesError:
        return []


def read_boundaries(
    path: Path, *, level: str | None = None, county: County = WORCESTERSHIRE
) -> gpd.GeoDataFrame:
    """Read the areas of one county from an official boundary file.

    Parameters
    ----------
    path : Path
        GeoJSON, GeoPackage, shapefile or zipped shapefile.
    level : str, optional
        One of `woda_lib.places.LEVELS`. Left out, the finest of which the file has codes; a coarser
        one is put together from the finer areas.
    county : County

    Returns
    -------
    GeoDataFrame
        One row an area, by code: ``code, name, district`` (name), ``vintage`` (year of the codes),
        ``geometry`` in British National Grid; ``attrs`` tell ``level``, ``source``, ``date``,
        ``derived`` (false), ``quarantine`` (see `woda_lib.places.quarantined`) and ``without``: the
        districts of which the file has no area.

    Raises
    ------
    PlacesError
        If there is no such file or none that can be read, it has no column of codes, no or a wrong
        reference system, no features, or none of the county.
    """
    try:
        stat = path.stat()
    except OSError:
        raise PlacesError(
            f"There is no boundary file {path}. Download one from the Open Geography Portal of the "
            "Office for National Statistics, and put it there."
        ) from None
    return _read(path, level, county, (stat.st_mtime_ns, stat.st_size)).copy()


@lru_cache(maxsize=16)
def _read(
    path: Path, level: str | None, county: County, _as_it_was: tuple[int, int]
) -> gpd.GeoDataFrame:
    layer, columns = _open(path)
    column = _column_of(level, columns, path)
    frame = gpd.read_file(path, layer=layer)
    if frame.empty:
        raise PlacesError(
            f"{path} holds no areas: it has columns and 0 features. Download it again; a filter on "
            "the portal may have let nothing through."
        )
    shapes = _on_the_grid(frame, path)
    name = column.name.upper().replace("CD_ACTIVE", "NM").replace("CD", "NM")
    shapes = shapes.assign(
        code=shapes[columns[0].name].astype("string").str.strip(),
        name=shapes.get(name, pd.NA),
    )
    own, findings = mended(_of_county(shapes, columns, county, path))
    if column.level != columns[0].level:
        own = own.assign(code=own[column.name].astype("string")).dissolve("code", as_index=False)
    own["name"] = own["name"].fillna(own["code"].map(county.districts)).fillna(own["code"])
    vintage = column.year or next((c.year for c in columns if c.year), "")
    result = own.assign(vintage=vintage)[["code", "name", "district", "vintage", "geometry"]]
    result = result.sort_values("code", ignore_index=True)
    result.attrs = {
        "level": column.level,
        "derived": False,
        "source": f"Office for National Statistics, {LEVELS[column.level]} {vintage}".strip()
        + f" ({path.name}). Contains OS data, Crown copyright and database right",
        "date": vintage,
        "without": tuple(
            name for name in county.districts.values() if name not in set(result["district"])
        ),
        "quarantine": tuple(findings.itertuples(index=False, name=None)),
    }
    return result


def _open(path: Path) -> tuple[str | None, list[CodeColumn]]:
    """Return the layer that has codes, and its columns of codes."""
    try:
        for layer in pyogrio.list_layers(path)[:, 0]:
            if columns := code_columns(pyogrio.read_info(path, layer=layer)["fields"]):
                return str(layer), columns
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, OSError):
        raise PlacesError(
            f"{path} cannot be read as a boundary file. It must be GeoJSON, a GeoPackage or a "
            "zipped shapefile, as the Open Geography Portal gives them."
        ) from None
    return None, []


def _column_of(level: str | None, columns: list[CodeColumn], path: Path) -> CodeColumn:
    if not columns:
        raise PlacesError(
            f"{path} has no column of official codes, such as LSOA21CD, WD25CD or LAD25CD. Take "
            "the file as the Open Geography Portal gives it, without renaming its columns."
        )
    if level is None:
        return columns[0]
    for column in columns:
        if column.level == level:
            return column
    there = ", ".join(column.name for column in columns)
    raise PlacesError(
        f"{path} has no codes of {LEVELS[level]}; its columns of codes are {there}. Bring the file "
        f"of {LEVELS[level]}."
    )


def _on_the_grid(frame: gpd.GeoDataFrame, path: Path) -> gpd.GeoDataFrame:
    """Reproject to British National Grid, unless the file cannot be in the system that it says."""
    if frame.crs is None:
        raise PlacesError(
            f"{path} does not say its reference system (a shapefile's .prj is missing). Download "
            "all of its parts, or the GeoJSON."
        )
    west, south, east, north = frame.total_bounds
    said = frame.crs.name
    in_degrees = CRS(frame.crs).is_geographic
    if in_degrees and max(abs(west), abs(east), abs(south), abs(north)) > 180:
        raise PlacesError(
            f"{path} says that its reference system is {said}, in degrees, but its coordinates go "
            "to {:,.0f}: they are metres, perhaps of the National Grid. Download it again in "
            "WGS84, or as a GeoPackage, which says its system.".format(max(east, north))
        )
    if not in_degrees and max(abs(west), abs(east), abs(south), abs(north)) <= 180:
        raise PlacesError(
            f"{path} says that its reference system is {said}, in metres, but its coordinates are "
            "degrees. Download it again in WGS84."
        )
    shapes = frame.to_crs(NATIONAL_GRID)
    west, south, east, north = shapes.total_bounds
    inside = west < _BRITAIN[2] and east > _BRITAIN[0] and south < _BRITAIN[3]
    if not (inside and north > _BRITAIN[1]):
        hint = " Its coordinates may stand in the wrong order." if in_degrees else ""
        raise PlacesError(
            f"{path} says that its reference system is {said}, and in that it lies outside Great "
            f"Britain.{hint} Download it again in WGS84."
        )
    return shapes


def _of_county(
    shapes: gpd.GeoDataFrame, columns: list[CodeColumn], county: County, path: Path
) -> gpd.GeoDataFrame:
    """Keep the areas of the county's districts, with their district's name.

    Which district an area is in stands in the file, or else follows from the postcodes within it.
    """
    stated = [column.name for column in columns if column.level == "district"]
    codes = list(county.districts)
    district = shapes[stated[0]].astype("string") if stated else _by_postcodes(shapes, county)
    own = district.isin(codes)
    if not own.any():
        first = ", ".join(shapes["code"].dropna().sort_values().head(2))
        raise PlacesError(
            f"{path} holds boundaries of another county: none of its {len(shapes):,} areas "
            f"({first}, …) lies in a district of {county.name}. Bring a file that covers "
            f"{county.name}."
        )
    return shapes.loc[own].assign(district=district.loc[own].map(county.districts))


def _by_postcodes(shapes: gpd.GeoDataFrame, county: County) -> pd.Series:
    """The district in which most postcodes within each area lie; absent where there are none."""
    near = postcodes_near(county, margin=0)
    points = shapely.points(near[["easting", "northing"]].to_numpy())
    polygons = shapes.geometry.to_numpy()
    usable = np.flatnonzero(shapely.is_valid(polygons))
    tree = shapely.STRtree(points)
    polygon, point = tree.query(polygons[usable], predicate="intersects")
    pairs = pd.DataFrame({"at": usable[polygon], "district": near["district"].to_numpy()[point]})
    most = pairs.groupby("at")["district"].agg(lambda codes: codes.value_counts().index[0])
    return most.reindex(range(len(shapes))).set_axis(shapes.index).astype("string")
