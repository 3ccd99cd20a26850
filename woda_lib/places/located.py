"""Any partner's table as points: by property number, coordinates, grid reference or postcode.

Each row is placed by the most exact that it has and that holds, in that order. A row that none of
them places is put by with the reason; every row of the table is in one part or the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from woda_lib.places.county import NATIONAL_GRID, WORCESTERSHIRE, County
from woda_lib.places.derived import derived_districts
from woda_lib.places.directory import is_postcode, look_up, squeeze
from woda_lib.places.errors import PlacesError
from woda_lib.places.grid import parse_references, to_grid
from woda_lib.places.layers import Columns
from woda_lib.places.telling import (
    OUTSIDE_COUNTY,
    refuse_common_mistake,
    tell_degrees,
    tell_metres,
)

WAYS = ("uprn", "coordinates", "grid reference", "postcode")
"""How a row was placed, the most exact first."""

NO_PLACE = "it says no place"
UNKNOWN_UPRN = "the gazetteer has no such property number"
NO_REFERENCE = "its grid reference is none"
REFERENCE_OUTSIDE = "its grid reference lies outside the county"
NO_POSTCODE = "its postcode has not the form of one"
UNKNOWN_POSTCODE = "its postcode is not in the directory"
POSTCODE_OUTSIDE = "its postcode lies outside the county"
COARSE = "its grid reference is too coarse"

_EDGE = 2_000  # metres: derived boundaries, by which the outside is judged, are that inexact
_COARSEST = 1_000  # metres: the side of the largest square that still is a point
_POSTCODE_WIDE = 100.0  # metres: a postcode is about 15 addresses around its point


@dataclass(frozen=True)
class Located:
    """A table as points, and what could not be placed.

    Attributes
    ----------
    points : GeoDataFrame
        The rows that have a place, with all of their columns, ``placed_by`` (one of `WAYS`) and
        ``within`` (metres, about how exact that is), in British National Grid.
    quarantine : DataFrame
        The rows that have none, with all of their columns and the ``reason``.
    passed_over : DataFrame
        Of rows that were placed, what did not hold before: ``reason, rows``.
    """

    points: gpd.GeoDataFrame
    quarantine: pd.DataFrame
    passed_over: pd.DataFrame

    @property
    def ways(self) -> pd.DataFrame:
        """How many rows were placed how: ``placed_by, rows``, the most exact way first."""
        counts = self.points["placed_by"].value_counts().reindex(list(WAYS), fill_value=0)
        return pd.DataFrame({"placed_by": list(WAYS), "rows": counts.to_numpy(dtype=int)})

    @property
    def reasons(self) -> pd.DataFrame:
        """Why rows were put by: ``reason, rows``, the most frequent first."""
        return _counted(self.quarantine["reason"])


def locate(
    table: pd.DataFrame,
    columns: Columns,
    *,
    properties: pd.DataFrame | None = None,
    county: County = WORCESTERSHIRE,
    what: str = "The table",
) -> Located:
    """Give each row of a table its place.

    Parameters
    ----------
    table : DataFrame
    columns : Columns
        Which of its columns say where a row is.
    properties : DataFrame, optional
        The gazetteer: ``uprn, easting, northing``. Without it property numbers place nothing.
    county : County
        Rows that lie further than 2 km outside it are put by.
    what : str
        How an error calls the table.

    Raises
    ------
    PlacesError
        If a column is missing, there are 0 rows, or most rows look like one mistake, such as
        easting and northing swapped.
    """
    stated = {way: name for way, name in columns if name is not None}
    if missing := [name for name in stated.values() if name not in table]:
        there = ", ".join(map(str, table.columns[:20]))
        raise PlacesError(f"{what} has no column {', '.join(missing)}. It has {there}.")
    if table.empty:
        raise PlacesError(f"{what} holds 0 rows, so that there is nothing to place.")
    rows = table.reset_index(drop=True)
    given = {way: _cleaned(rows[name]) for way, name in stated.items()}
    found = _Found(rows.index, county)
    if "uprn" in given and properties is not None:
        found.take("uprn", *_by_uprn(given["uprn"], properties))
    if "easting" in given:
        x, y = given["easting"], given["northing"]
        reasons = tell_metres(x, y, county)
        refuse_common_mistake(reasons, int((x.notna() | y.notna()).sum()), what)
        found.take("coordinates", _number(x), _number(y), reasons, 1.0)
    if "longitude" in given:
        x, y = given["longitude"], given["latitude"]
        reasons = tell_degrees(x, y, county)
        refuse_common_mistake(reasons, int((x.notna() | y.notna()).sum()), what)
        east, north = to_grid(_number(x).where(reasons.isna()), _number(y).where(reasons.isna()))
        found.take("coordinates", _like(east, x), _like(north, y), reasons, 5.0)
    if "grid_reference" in given:
        found.take("grid reference", *_by_reference(given["grid_reference"]))
    if "postcode" in given:
        found.take("postcode", *_by_postcode(given["postcode"], county))
    return found.parts(rows)


class _Found:
    """What is known of each row's place so far."""

    def __init__(self, index: pd.Index, county: County) -> None:
        nothing = pd.Series(np.nan, index=index)
        self._x, self._y, self._within = nothing.copy(), nothing.copy(), nothing.copy()
        self._way = pd.Series(pd.NA, index=index, dtype="string")
        self._reason = pd.Series(pd.NA, index=index, dtype="string")
        self._county = county

    def take(
        self,
        way: str,
        x: pd.Series,
        y: pd.Series,
        reasons: pd.Series,
        within: float | pd.Series,
    ) -> None:
        """Place what this way can and no earlier one could; keep the first reason why not."""
        holds = reasons.isna() & x.notna() & y.notna()
        far = pd.Series(False, index=x.index)
        far[holds] = ~_near(x[holds], y[holds], self._county)
        told = REFERENCE_OUTSIDE if way == "grid reference" else OUTSIDE_COUNTY
        reasons = reasons.mask(far, POSTCODE_OUTSIDE if way == "postcode" else told)
        open_ = self._way.isna()
        self._reason = self._reason.mask(open_ & self._reason.isna(), reasons)
        new = open_ & holds & ~far
        self._x, self._y = self._x.mask(new, x), self._y.mask(new, y)
        self._within = self._within.mask(new, within)
        self._way = self._way.mask(new, way)

    def parts(self, rows: pd.DataFrame) -> Located:
        """Part the rows of the table into those that have a place and those that have none."""
        placed = self._way.notna()
        points = gpd.GeoDataFrame(
            rows.loc[placed].assign(
                placed_by=self._way[placed], within=self._within[placed].astype(float)
            ),
            geometry=gpd.points_from_xy(self._x[placed], self._y[placed]),
            crs=NATIONAL_GRID,
        )
        reasons = self._reason.fillna(NO_PLACE)
        left = rows.loc[~placed].assign(reason=reasons[~placed])
        passed = _counted(self._reason[placed].dropna())
        return Located(points.reset_index(drop=True), left.reset_index(drop=True), passed)


def _by_uprn(
    uprns: pd.Series, properties: pd.DataFrame
) -> tuple[pd.Series, pd.Series, pd.Series, float]:
    known = properties[["uprn", "easting", "northing"]].dropna()
    known = known.assign(uprn=_plain_uprn(known["uprn"])).drop_duplicates("uprn")
    found = known.set_index("uprn").reindex(_plain_uprn(uprns)).set_axis(uprns.index)
    x, y = found["easting"].astype(float), found["northing"].astype(float)
    return x, y, _why(uprns.notna() & x.isna(), UNKNOWN_UPRN), 1.0


def _by_reference(
    references: pd.Series,
) -> tuple[pd.Series, pd.Series, pd.Series, pd.Series]:
    found = parse_references(references)
    reasons = _why(references.notna() & found["side"].isna(), NO_REFERENCE)
    reasons = reasons.mask(found["side"].gt(_COARSEST), COARSE)
    return found["easting"], found["northing"], reasons, found["side"]


def _by_postcode(
    postcodes: pd.Series, county: County
) -> tuple[pd.Series, pd.Series, pd.Series, float]:
    found = look_up(postcodes)
    formed = is_postcode(squeeze(postcodes))
    reasons = _why(postcodes.notna() & ~formed, NO_POSTCODE)
    reasons = reasons.mask(formed & found["easting"].isna(), UNKNOWN_POSTCODE)
    elsewhere = found["easting"].notna() & ~found["district"].isin(list(county.districts))
    reasons = reasons.mask(elsewhere, POSTCODE_OUTSIDE)
    return found["easting"], found["northing"], reasons, _POSTCODE_WIDE


@cache
def _around(county: County) -> shapely.Geometry:
    land = shapely.union_all(derived_districts(county).geometry.to_numpy()).buffer(_EDGE)
    shapely.prepare(land)
    return land


def _near(x: pd.Series, y: pd.Series, county: County) -> np.ndarray:
    return shapely.contains_xy(_around(county), x.to_numpy(dtype=float), y.to_numpy(dtype=float))


def _cleaned(values: pd.Series) -> pd.Series:
    """Absent where there is nothing but blanks; numbers keep their type."""
    if pd.api.types.is_numeric_dtype(values):
        return values
    stripped = values.astype("string").str.strip()
    return stripped.mask(stripped.eq(""))


def _plain_uprn(values: pd.Series) -> pd.Series:
    """Property numbers as digits without leading noughts, also where a spreadsheet added ``.0``."""
    return values.astype("string").str.replace(r"\.0$", "", regex=True).str.lstrip("0")


def _number(values: pd.Series) -> pd.Series:
    return pd.to_numeric(values, errors="coerce").astype(float)


def _like(values: np.ndarray, other: pd.Series) -> pd.Series:
    return pd.Series(values, index=other.index)


def _why(which: pd.Series, reason: str) -> pd.Series:
    return pd.Series(pd.NA, index=which.index, dtype="string").mask(which, reason)


def _counted(reasons: pd.Series) -> pd.DataFrame:
    counts = reasons.value_counts()
    return pd.DataFrame({"reason": list(counts.index), "rows": counts.to_numpy(dtype=int)})
