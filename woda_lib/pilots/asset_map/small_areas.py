"""Small areas with what the map shades and counts: deprivation, homes and businesses."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from woda_lib.pilots.asset_map.county import homes
from woda_lib.places.analysis import points, points_in_areas

_ENOUGH_HOMES = 50  # a rate over fewer moves by two with each one
_STEP = 5  # the rounding of the agreement's disclosure rule


def sites_now(sites: pd.DataFrame, day: pd.Timestamp) -> gpd.GeoDataFrame:
    """Return the register's sites that are more than a registered office and open on a day."""
    now = sites.loc[
        sites["kind"].ne("registered_office")
        & (sites["ended_on"].isna() | sites["ended_on"].gt(day))
        & sites["easting"].notna()
        & sites["northing"].notna()
    ]
    return points(now.reset_index(drop=True))


def small_areas(
    areas: gpd.GeoDataFrame,
    gazetteer: pd.DataFrame,
    businesses: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
) -> gpd.GeoDataFrame:
    """Return a row an area: what it is called, and what is in it.

    Parameters
    ----------
    areas
        ``code, name, district`` and shapes, such as those of ``run.boundaries("area")``.
    gazetteer
        Of homes, with the area's fifth of deprivation.
    businesses, buildings
        Points on the National Grid.

    Returns
    -------
    GeoDataFrame
        ``code, name, district, deprivation_fifth`` (1 the most deprived), ``homes, businesses,
        buildings`` (numbers) and ``businesses_per_100_homes`` (one decimal; absent where there
        are fewer than 50 homes). The rate is of the businesses to the nearest five: homes are told
        exactly, and would turn an exact rate back into the exact number.
    """
    lived_in = homes(gazetteer)
    fifth = lived_in.groupby("area")["deprivation_quintile"].agg(_most_frequent)
    made = areas[["code", "name", "district", "geometry"]].reset_index(drop=True)
    made["deprivation_fifth"] = made["code"].map(_by_area(lived_in, areas, fifth)).astype("Int64")
    for name, things in {
        "homes": lived_in,
        "businesses": businesses,
        "buildings": buildings,
    }.items():
        counts = points_in_areas(things[["geometry"]], areas).counts().set_index("code")["count"]
        made[name] = made["code"].map(counts).fillna(0).astype("Int64")
    rounded = (made["businesses"].astype(float) / _STEP).round() * _STEP
    rate = 100 * rounded / made["homes"].astype(float)
    made["businesses_per_100_homes"] = rate.where(made["homes"] >= _ENOUGH_HOMES).round(1)
    return made


def _by_area(lived_in: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, fifth: pd.Series) -> pd.Series:
    """The fifth of each area, by the gazetteer's own code, or else by the homes that lie in it."""
    if areas["code"].isin(fifth.index).any():
        return fifth
    inside = points_in_areas(lived_in[["deprivation_quintile", "geometry"]], areas).table
    return inside.groupby("code")["deprivation_quintile"].agg(_most_frequent)


def _most_frequent(values: pd.Series) -> object:
    found = values.mode()
    return found.iloc[0] if len(found) else pd.NA
