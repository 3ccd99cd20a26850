"""The British National Grid: references as text, and metres to and from degrees.

Degrees are those of WGS84, which satellite receivers give, and which ETRS89 follows to within a
metre. The Ordnance Survey defines the way from these to the grid by a table of shifts, OSTN15. It
is not shipped with pyproj; where somebody has put it there, it is used. Else seven parameters stand
for it, which the EPSG register gives as accurate to about 2 m and Ordnance Survey to about 5 m;
docs/asset_map_boundaries.md has what was measured against its published test points. No network is
asked for it.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pyproj.network
from pyproj import Transformer

from woda_lib.places.county import NATIONAL_GRID

WGS84 = 4326
WEB_MERCATOR = 3857

_PLACE_OF = {letter: place for place, letter in enumerate("ABCDEFGHJKLMNOPQRSTUVWXYZ")}  # no I
_REFERENCE = r"^([A-HJ-Z])([A-HJ-Z])(\d*)$"
_MOST_FIGURES = 10


@cache
def _transformer(source: int, target: int) -> Transformer:
    pyproj.network.set_network_enabled(False)  # a step asks for no network, whatever its machine
    return Transformer.from_crs(source, target, always_xy=True)


def to_grid(
    x: np.ndarray | pd.Series, y: np.ndarray | pd.Series, *, of: int = WGS84
) -> tuple[np.ndarray, np.ndarray]:
    """Turn coordinates into eastings and northings.

    Parameters
    ----------
    x, y : array of float
        Longitude and latitude in degrees, or metres of the system `of`.
    of : int
        EPSG number of the system.

    Returns
    -------
    easting, northing : ndarray of float
        Metres; NaN where there is no such place.
    """
    return _turned(x, y, of, NATIONAL_GRID)


def to_degrees(
    easting: np.ndarray | pd.Series, northing: np.ndarray | pd.Series
) -> tuple[np.ndarray, np.ndarray]:
    """Turn eastings and northings, in metres, into longitude and latitude, in degrees (WGS84)."""
    return _turned(easting, northing, NATIONAL_GRID, WGS84)


def _turned(
    x: np.ndarray | pd.Series, y: np.ndarray | pd.Series, source: int, target: int
) -> tuple[np.ndarray, np.ndarray]:
    first, second = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    left, up = _transformer(source, target).transform(first, second)
    nowhere = ~(np.isfinite(left) & np.isfinite(up))
    return np.where(nowhere, np.nan, left), np.where(nowhere, np.nan, up)


def parse_references(references: pd.Series) -> pd.DataFrame:
    """Read grid references as people write them.

    Parameters
    ----------
    references : Series of str
        ``SO 85 55``, ``SO8512354321``, ``so 851 543``: two letters and an even number of figures,
        ten at most, with or without blanks.

    Returns
    -------
    DataFrame
        With the index of `references`: ``easting``, ``northing`` (metres, of the *middle* of the
        square that a reference names) and ``side`` (metres, of that square). All are NaN for what
        is no grid reference.
    """
    squeezed = references.astype("string").str.upper().str.replace(r"[\s,]+", "", regex=True)
    parts = squeezed.str.extract(_REFERENCE)
    figures = parts[2].fillna("").astype(str)
    half = figures.str.len() // 2
    sound = parts[0].notna() & figures.str.len().mod(2).eq(0) & figures.str.len().le(_MOST_FIGURES)
    first = parts[0].map(_PLACE_OF).astype(float)
    second = parts[1].map(_PLACE_OF).astype(float)
    # Letters go row by row from the north-west, in squares of 500 km and, within them, of 100 km;
    # the grid's origin lies two columns east and three rows up from the south-west corner: at SV.
    column = first.mod(5) * 5 + second.mod(5) - 10
    row = 19 - first.floordiv(5) * 5 - second.floordiv(5)
    sound &= column.between(0, 6) & row.between(0, 12)
    side = (10.0 ** (5 - half)).where(sound)
    east = pd.to_numeric([text[: len(text) // 2] or "0" for text in figures], errors="coerce")
    north = pd.to_numeric([text[len(text) // 2 :] or "0" for text in figures], errors="coerce")
    return pd.DataFrame(
        {
            "easting": column.where(sound) * 100_000 + (east + 0.5) * side,
            "northing": row.where(sound) * 100_000 + (north + 0.5) * side,
            "side": side,
        },
        index=references.index,
    )
