"""Coordinates in the wrong order or the wrong system, told apart by where the county lies.

A pair of numbers that is no place in the county, but would be one if it were swapped, or read as
degrees, is not guessed right in silence: it is said which mistake it looks like. If most rows look
like the same one, the table is refused, since it must be mended where it was made.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.places.county import County
from woda_lib.places.errors import PlacesError
from woda_lib.places.grid import WEB_MERCATOR, to_grid

MOSTLY = 0.8
"""From this share of a table's coordinates on, a mistake is the table's and not a row's."""

NOT_A_NUMBER = "its coordinates are no numbers"
OUTSIDE_COUNTY = "its coordinates lie outside the county"
OUTSIDE_BRITAIN = "its coordinates lie outside Great Britain"
ORIGIN = "its coordinates are nought"
SWAPPED = "its easting and northing are swapped"
DEGREES = "its easting and northing are degrees"
MERCATOR = "its easting and northing are Web Mercator's"
SHORT = "its easting and northing lack the figure of the 100 km square"
SWAPPED_DEGREES = "its longitude and latitude are swapped"
METRES = "its longitude and latitude are metres of the National Grid"

_MEND = {
    SWAPPED: "Swap the two columns in the layer's file or in the table.",
    DEGREES: "Name the columns as longitude and latitude.",
    MERCATOR: "Ask the partner for British National Grid, or for longitude and latitude.",
    SHORT: "Ask the partner for eastings and northings of six figures.",
    SWAPPED_DEGREES: "Swap the two columns in the layer's file or in the table.",
    METRES: "Name the columns as easting and northing.",
}
_SQUARE = 100_000
_MARGIN = 2_000  # metres: what straddles the county's boundary is still its own


def tell_metres(easting: pd.Series, northing: pd.Series, county: County) -> pd.Series:
    """Say what is wrong with eastings and northings.

    Parameters
    ----------
    easting, northing : Series
        As delivered, numbers or text.
    county : County

    Returns
    -------
    Series of str
        The reason for each row that is no place in the county's bounds; absent where all is well,
        and where both are absent.
    """
    x, y = _numbers(easting), _numbers(northing)
    squares = [(county.bounds[0] // _SQUARE, county.bounds[1] // _SQUARE)]
    squares += [(county.bounds[2] // _SQUARE, county.bounds[3] // _SQUARE)]
    short = pd.Series(False, index=x.index)
    for column in {each[0] for each in squares}:
        for row in {each[1] for each in squares}:
            whole = _within(x + column * _SQUARE, y + row * _SQUARE, county)
            short |= whole & x.between(0, _SQUARE) & y.between(0, _SQUARE)
    return _reasons(
        easting,
        northing,
        {
            "": _within(x, y, county),
            ORIGIN: x.eq(0) & y.eq(0),
            SWAPPED: _within(y, x, county),
            DEGREES: _are_degrees(x, y) | _are_degrees(y, x),
            MERCATOR: _within(*_on_grid(x, y, WEB_MERCATOR), county),
            SHORT: short,
            OUTSIDE_COUNTY: x.between(0, 700_000) & y.between(0, 1_300_000),
        },
    )


def tell_degrees(longitude: pd.Series, latitude: pd.Series, county: County) -> pd.Series:
    """Say what is wrong with longitudes and latitudes; see `tell_metres`."""
    x, y = _numbers(longitude), _numbers(latitude)
    return _reasons(
        longitude,
        latitude,
        {
            "": _within(*_on_grid(x, y), county),
            ORIGIN: x.eq(0) & y.eq(0),
            SWAPPED_DEGREES: _are_degrees(y, x),
            METRES: _within(x, y, county) | _within(y, x, county),
            OUTSIDE_COUNTY: _are_degrees(x, y),
        },
    )


def refuse_common_mistake(reasons: pd.Series, given: int, what: str) -> None:
    """Refuse a table of which most rows look like one mistake.

    Parameters
    ----------
    reasons : Series of str
        From `tell_metres` or `tell_degrees`.
    given : int
        Rows that have coordinates.
    what : str
        How an error calls the table.

    Raises
    ------
    PlacesError
        Saying the mistake, how many rows look like it, and how to mend it.
    """
    counts = reasons.dropna().value_counts()
    if counts.empty or counts.iloc[0] < MOSTLY * given:
        return
    reason, rows = str(counts.index[0]), int(counts.iloc[0])
    if reason in _MEND:
        raise PlacesError(
            f"{what}: of {rows:,} of {given:,} rows it looks as if {_of_rows(reason)}. "
            f"{_MEND[reason]}"
        )
    if rows == given:
        raise PlacesError(
            f"{what}: of all {given:,} rows {_of_rows(reason)}. It may be a table of another "
            "county, or in another reference system. Ask whoever made it."
        )


def _of_rows(reason: str) -> str:
    return reason.replace("its ", "the ", 1)


def _numbers(values: pd.Series) -> pd.Series:
    return pd.to_numeric(values, errors="coerce").astype(float)


def _within(x: pd.Series, y: pd.Series, county: County) -> pd.Series:
    west, south, east, north = county.bounds_with(_MARGIN)
    return x.between(west, east) & y.between(south, north)


def _are_degrees(x: pd.Series, y: pd.Series) -> pd.Series:
    """Whether these are longitude and latitude of Great Britain; nought and nought are not."""
    return x.between(-9, 2.5) & y.between(49.5, 61.5)


def _on_grid(x: pd.Series, y: pd.Series, of: int = 4326) -> tuple[pd.Series, pd.Series]:
    # What lies beyond any map of the system would be turned into nonsense.
    far = 180 if of == 4326 else 20_040_000
    sane = x.abs().le(far) & y.abs().le(90 if of == 4326 else far)
    easting, northing = to_grid(x.where(sane), y.where(sane), of=of)
    return pd.Series(easting, index=x.index), pd.Series(northing, index=x.index)


def _reasons(first: pd.Series, second: pd.Series, cases: dict[str, pd.Series]) -> pd.Series:
    given = first.notna() | second.notna()
    numbers = _numbers(first).notna() & _numbers(second).notna()
    names = [NOT_A_NUMBER, *cases]
    found = np.select([~numbers, *cases.values()], names, default=OUTSIDE_BRITAIN)
    reasons = pd.Series(found, index=first.index, dtype="string")
    return reasons.where(given & reasons.ne(""))
