"""A point as people give it: a grid reference, a postcode, or an easting and a northing."""

from __future__ import annotations

import re

import pandas as pd

from woda_lib.pilots.business_register.incident.area import IncidentError
from woda_lib.places.grid import parse_references

_GRID = re.compile(r"^([A-HJ-Z]{2})\s*((?:\d\s*){2,10})$")
_NUMBER = r"-?\d+(?:\.\d+)?"
_PAIR = re.compile(rf"^\(?\s*({_NUMBER})\s*[,\s]\s*({_NUMBER})\s*\)?$")
_POSTCODE = re.compile(r"^([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})$")
_LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"
_SQUARE = 100_000
# The grid's ends: it covers Great Britain (Ordnance Survey, *A guide to coordinate systems in Great
# Britain*).
EASTING_END, NORTHING_END = 700_000, 1_300_000

Bounds = tuple[float, float, float, float]


def read_point(text: str, *, postcodes: pd.DataFrame, county: Bounds) -> tuple[float, float]:
    """Return easting and northing, in metres, of a point as somebody wrote it.

    Parameters
    ----------
    text
        ``SO 850 550``, ``WR1 2AB``, ``385000 255000`` (or with a comma).
    postcodes
        Index: the postcode with its space; ``easting, northing``.
    county
        West, south, east and north of the county, by which swapped figures are known.

    Raises
    ------
    IncidentError
        If it is none of these, there is no such postcode, or the figures are degrees or the wrong
        way round.
    """
    plain = " ".join(text.upper().split())
    if found := _GRID.match(plain):
        return _of_grid(found[1], re.sub(r"\s", "", found[2]), plain)
    if found := _POSTCODE.match(plain):
        return _of_postcode(f"{found[1]} {found[2]}", postcodes)
    if found := _PAIR.match(plain):
        return _of_pair(float(found[1]), float(found[2]), county)
    raise IncidentError(
        f"{text.strip()!r} is no point. Write a grid reference (SO 850 550), a postcode (WR1 2AB), "
        "or easting and northing in metres (385000 255000)."
    )


def _of_grid(letters: str, digits: str, text: str) -> tuple[float, float]:
    if len(digits) % 2:
        raise IncidentError(
            f"The grid reference {text} has {len(digits)} figures. It needs as many for the "
            "easting as for the northing: SO 850 550."
        )
    found = parse_references(pd.Series([letters + digits])).iloc[0]
    if found.isna().any():
        raise IncidentError(
            f"There is no square {letters} on the National Grid. The county lies in SO and SP."
        )
    # A reference names a square; what is meant is somewhere in it, and its middle is taken.
    return float(found["easting"]), float(found["northing"])


def _of_postcode(postcode: str, postcodes: pd.DataFrame) -> tuple[float, float]:
    if postcode not in postcodes.index:
        raise IncidentError(
            f"There is no postcode {postcode} in the county's gazetteer. Look at its letters, or "
            "give a grid reference."
        )
    point = postcodes.loc[postcode]
    return float(point["easting"]), float(point["northing"])


def _of_pair(first: float, second: float, county: Bounds) -> tuple[float, float]:
    said = f"{first:g}, {second:g}" if abs(first) < 1_000 else f"{first:.0f}, {second:.0f}"
    if max(abs(first), abs(second)) <= 180:
        raise IncidentError(
            f"{said} are degrees, and an easting and a northing in metres are wanted. Convert them "
            "first, or give a grid reference: SO 850 550."
        )
    if _holds(county, second, first) and not _holds(county, first, second):
        raise IncidentError(
            f"{said} are the wrong way round: that northing stands where the easting should. Write "
            f"{second:.0f} {first:.0f}."
        )
    if not (0 <= first < EASTING_END and 0 <= second < NORTHING_END):
        raise IncidentError(
            f"{said} is not on the National Grid, whose eastings end at {EASTING_END:,} m and "
            f"northings at {NORTHING_END:,} m."
        )
    return first, second


def _holds(bounds: Bounds, easting: float, northing: float) -> bool:
    west, south, east, north = bounds
    return west <= easting <= east and south <= northing <= north


def grid_references(eastings: pd.Series, northings: pd.Series) -> pd.Series:
    """Return six-figure grid references (SO 850 550): the square of 100 m that a point is in."""
    east, north = eastings.astype(float), northings.astype(float)
    across, up = (east // _SQUARE).astype(int), (north // _SQUARE).astype(int)
    first = (19 - up) // 5 * 5 + (across + 10) // 5
    second = (19 - up) % 5 * 5 + across % 5
    letters = pd.Series(list(_LETTERS))
    named = [part.map(letters).astype(str) for part in (first, second)]
    figures = [
        (axis % _SQUARE // 100).astype(int).astype(str).str.zfill(3) for axis in (east, north)
    ]
    return named[0] + named[1] + " " + figures[0] + " " + figures[1]


def postcode_points(*tables: pd.DataFrame) -> pd.DataFrame:
    """Return the middle of each postcode: index `postcode`; `easting, northing`.

    Parameters
    ----------
    tables
        ``postcode, easting, northing``, a row an address.
    """
    columns = ["postcode", "easting", "northing"]
    whole = pd.concat([table[columns] for table in tables], ignore_index=True).dropna()
    whole = whole.astype({"easting": float, "northing": float})
    return whole.groupby(whole["postcode"].astype(object))[["easting", "northing"]].mean()
