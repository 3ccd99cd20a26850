"""The boundaries of a level: from the user's official file if there is one, and else derived."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd

from woda_lib.places.codes import LEVELS
from woda_lib.places.county import WORCESTERSHIRE, County
from woda_lib.places.derived import derived_areas, derived_districts
from woda_lib.places.errors import PlacesError
from woda_lib.places.official import ENDINGS, boundary_columns, read_boundaries

AREA = "area"
"""The level of the gazetteer's own small areas, which no official file knows."""


def official_file(level: str, folder: Path) -> Path | None:
    """Return the file of a folder from which a level's boundaries are read, or nothing.

    It is one whose finest codes are of that level; for want of one, it is one of finer areas that
    tell it. Of several the newest vintage is taken, and of one vintage the first by the alphabet.

    Parameters
    ----------
    level : str
        One of `woda_lib.places.LEVELS`.
    folder : Path
        Need not exist.
    """
    if not folder.is_dir():
        return None
    ranked = []
    for path in sorted(path for path in folder.iterdir() if path.suffix.lower() in ENDINGS):
        columns = boundary_columns(path)
        for place, column in enumerate(columns):
            if column.level == level:
                ranked.append((place > 0, -int(column.year or 0), path.name, path))
                break
    return min(ranked)[3] if ranked else None


def boundaries(
    level: str,
    *,
    folder: Path | None = None,
    county: County = WORCESTERSHIRE,
    addresses: pd.DataFrame | None = None,
) -> gpd.GeoDataFrame:
    """Return the boundaries of a level, in British National Grid.

    Parameters
    ----------
    level : str
        *district*, *ward*, *lsoa*, another of `woda_lib.places.LEVELS`, or *area*: the gazetteer's
        own small areas.
    folder : Path, optional
        Where official boundary files lie. Without one for the level, districts are derived from the
        postcode directory; wards and the like cannot be.
    county : County
    addresses : DataFrame, optional
        For *area*: ``area, easting, northing`` of the gazetteer.

    Returns
    -------
    GeoDataFrame
        ``code, name, district`` (name), ``vintage``, ``geometry``; ``attrs`` tell ``level``,
        ``source``, ``date``, ``derived`` and, for `woda_lib.places.quarantined`, what was wrong.

    Raises
    ------
    PlacesError
        If the level is unknown, or has no file and cannot be derived, or its file is not fit.
    """
    if level == AREA:
        if addresses is None:
            raise PlacesError(
                "The small areas are drawn from the gazetteer's addresses. Hand over its columns "
                "area, easting and northing."
            )
        districts = boundaries("district", folder=folder, county=county)
        return derived_areas(addresses, county, districts=districts)
    if level not in LEVELS:
        raise PlacesError(f"There is no level {level!r}. Choose {AREA}, {', '.join(LEVELS)}.")
    if folder is not None and (path := official_file(level, folder)):
        return read_boundaries(path, level=level, county=county)
    if level == "district":
        return derived_districts(county)
    where = folder or "the places folder"
    raise PlacesError(
        f"{where} holds no boundary file of {LEVELS[level]}, and they cannot be derived: the "
        "postcode directory knows districts alone. Download the file from the Open Geography "
        "Portal of the Office for National Statistics (https://geoportal.statistics.gov.uk), and "
        "put it into that folder as it is."
    )
