"""What the county has now: buildings in use, homes, land, and the words for them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import geopandas as gpd
import pandas as pd

from woda_lib.partners.names import say_partner_shortly
from woda_lib.places import WORCESTERSHIRE
from woda_lib.places.analysis import points, shapes

CAN_SHARE = ("office", "library", "clinic", "community_centre", "police_station")
"""Uses that could move in with another: desks, counters and rooms that are booked."""

SERVICES: Mapping[str, str] = MappingProxyType({"clinic": "Clinic", "library": "Library"})
LAND_CLASSES: Mapping[str, str] = MappingProxyType(
    {
        "Residential Accommodation": "Homes",
        "Temporary Or Holiday Accommodation": "Homes",
        "Commercial Activity: Retail": "Shops",
        "Commercial Activity: Industrial Or Manufacturing": "Industry",
        "Commercial Activity: Distribution Or Storage": "Industry",
        "Commercial Activity: Other": "Industry",
        "Attraction Or Activity": "Open space and sport",
        "Sports Attraction Or Facility": "Open space and sport",
        "Education": "Public services",
        "Medical Or Health Care": "Public services",
        "Government Services": "Public services",
        "Community Services: Emergency Services": "Public services",
        "Community Services: Other": "Public services",
        "Community Services: Religious Worship": "Public services",
        "Transport: Rail": "Transport",
        "Transport: Road, Track Or Path": "Transport",
        "Agriculture Or Aquaculture": "Farms",
    }
)
"""Ordnance Survey's broad uses of land, gathered into seven classes."""

_APPROVED = "approved"
_DWELLINGS = ("RD", "RH")  # AddressBase: dwellings, and houses in multiple occupation


def in_use(buildings: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Return the buildings that partners use on a day."""
    ended = buildings["ended_on"]
    return buildings.loc[
        buildings["started_on"].le(day) & (ended.isna() | ended.gt(day))
    ].reset_index(drop=True)


def homes(gazetteer: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the county's homes as points: a row a dwelling, as the gazetteer addresses it now."""
    parents = gazetteer["parent_uprn"].dropna().unique()
    now = gazetteer.loc[
        gazetteer["logical_status"].eq(_APPROVED)
        & gazetteer["ended_on"].isna()
        & gazetteer["class_code"].str[:2].isin(_DWELLINGS)
        & ~gazetteer["uprn"].isin(parents)
        & gazetteer["easting"].notna()
        & gazetteer["northing"].notna()
    ]
    columns = ["uprn", "easting", "northing", "district", "area", "deprivation_quintile"]
    return points(now.drop_duplicates("uprn")[columns].reset_index(drop=True))


def land_in_the_county(land: pd.DataFrame) -> tuple[gpd.GeoDataFrame, int]:
    """Return the sites with their shapes, and how many lie outside the county and are left out."""
    sites = shapes(land)
    west, south, east, north = WORCESTERSHIRE.bounds
    bounds = sites.geometry.bounds
    inside = (
        bounds["maxx"].gt(west)
        & bounds["minx"].lt(east)
        & bounds["maxy"].gt(south)
        & bounds["miny"].lt(north)
    )
    return sites.loc[inside].reset_index(drop=True), int((~inside).sum())


def say_partners(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return a table with partners' names in place of what the workbench calls them."""
    return table.assign(
        **{name: table[name].map(say_partner_shortly, na_action="ignore") for name in columns}
    )


def say_uses(uses: pd.Series) -> pd.Series:
    """Return uses as words: *Police station* for ``police_station``."""
    return uses.astype("string").str.replace("_", " ").str.capitalize()
