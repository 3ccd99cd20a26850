"""The tables of the second notebook: who could share, where a service is missing, what is empty."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd

from woda_lib.pilots.asset_map.county import SERVICES, say_partners, say_uses
from woda_lib.places.analysis import (
    Gaps,
    HotSpots,
    LandMix,
    Mode,
    Nearest,
    Neighbours,
    Together,
    gaps,
    hot_spots,
    nearest,
    numbers_of,
    points_in_areas,
)

_THOUSAND = 1_000


def partners_together(found: Together) -> pd.DataFrame:
    """Return the pairs of partners whose buildings stand together, and moves, most pairs first."""
    table = say_partners(found.by_partners(), "partner", "other_partner")
    ordered = table.sort_values(
        ["pairs", "partner", "other_partner"], ascending=[False, True, True], ignore_index=True
    )
    return ordered.rename(
        columns={
            "partner": "Partner",
            "other_partner": "And",
            "pairs": "Pairs of buildings",
            "moves": "Moves in the plan",
        }
    )


def moves_by_use(found: Together) -> pd.DataFrame:
    """Return what the best plan moves where, and what that could save at most, £000 a year."""
    plan = found.plan
    by = plan.assign(guest_use=say_uses(plan["guest_use"]), host_use=say_uses(plan["host_use"]))
    table = by.groupby(["guest_use", "host_use"], sort=True, as_index=False).agg(
        moves=("guest", "size"), low=("saved_low", "sum"), high=("saved_high", "sum")
    )
    table[["low", "high"]] = (table[["low", "high"]] / _THOUSAND).round().astype(int)
    table = table.sort_values(["moves", "guest_use"], ascending=[False, True], ignore_index=True)
    return table.rename(
        columns={
            "guest_use": "Moves out",
            "host_use": "Moves in with",
            "moves": "Moves",
            "low": "At most, low end",
            "high": "At most, high end",
        }
    )


def services_near(
    homes: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame, mode: Mode, minutes: float
) -> dict[str, Nearest]:
    """Return, of each service, the building that is nearest to each home.

    It is called by its partner and number, since two partners may give the same number.
    """
    numbered = buildings.assign(service=numbers_of(buildings))
    return {
        service: nearest(
            homes,
            numbered.loc[numbered["use"].eq(service)],
            mode,
            service="service",
            minutes=(minutes / 2, minutes, 2 * minutes),
        )
        for service in SERVICES
    }


def gaps_of(
    near: Mapping[str, Nearest], *, minutes: float, most_deprived: int, share: float
) -> dict[str, Gaps]:
    """Return, of each service, the areas with how many of their homes are out of reach."""
    return {
        service: gaps(found, minutes=minutes, most_deprived=most_deprived, share=share)
        for service, found in near.items()
    }


def reach_by_fifth(found: Mapping[str, Gaps]) -> pd.DataFrame:
    """Return ``service, fifth, homes, beyond, percent``: homes out of reach by deprivation."""
    parts = []
    for service, one in found.items():
        by = one.table.groupby("deprivation_quintile")[["homes", "beyond"]].sum().reset_index()
        parts.append(by.assign(service=SERVICES[service]))
    table = pd.concat(parts, ignore_index=True)
    table["percent"] = 100 * table["beyond"] / table["homes"]
    table["fifth"] = table["deprivation_quintile"].astype(int)
    return table[["service", "fifth", "homes", "beyond", "percent"]]


def gap_areas(found: Mapping[str, Gaps], homes: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the gaps, a row an area and service, the most homes out of reach first."""
    district = homes.drop_duplicates("area").set_index("area")["district"]
    parts = [
        one.table.loc[one.table["gap"]].assign(service=SERVICES[service])
        for service, one in found.items()
    ]
    table = pd.concat(parts, ignore_index=True)
    table["district"] = table["area"].map(district)
    table = table.sort_values(["beyond", "area"], ascending=[False, True], ignore_index=True)
    table["median_minutes"] = table["median_minutes"].round().astype(int)
    return table[["service", "district", "area", "homes", "beyond", "median_minutes"]].rename(
        columns={
            "service": "No near",
            "district": "District",
            "area": "Area",
            "homes": "Homes",
            "beyond": "Homes out of reach",
            "median_minutes": "Median minutes",
        }
    )


def say_reach(by_fifth: pd.DataFrame, minutes: float) -> str:
    """Say in a sentence's words how the most deprived fifth fares beside the least deprived."""
    said = []
    for service, of in by_fifth.groupby("service", sort=True):
        ends = of.sort_values("fifth")["percent"].to_numpy(float)
        said.append(f"{str(service).lower()}: {ends[0]:.0f}% against {ends[-1]:.0f}%")
    return (
        f"Homes over {minutes:g} minutes on foot from the nearest, most against least deprived "
        f"fifth, {'; '.join(said)}"
    )


def say_spots(found: HotSpots) -> str:
    """Say how many buildings are in hot and cold spots."""
    spot = found.table["spot"]
    hot, cold = int(spot.eq("hot").sum()), int(spot.eq("cold").sum())
    tested = len(spot) - found.islands
    if not hot and not cold:
        return f"No hot spot of empty floor is found among {tested} buildings"
    return (
        f"Of {tested} buildings with neighbours {hot} stand in hot spots of empty floor and {cold} "
        "in cold ones"
    )


def emptiness(
    buildings: gpd.GeoDataFrame,
    neighbours: Neighbours,
    *,
    seed: int,
    permutations: int,
    rate: float,
) -> HotSpots:
    """Find where much floor stands empty among buildings where much does.

    Parameters
    ----------
    buildings
        From `measured`, in the order in which `neighbours` was made of them.
    """
    return hot_spots(
        buildings, "spare_share", neighbours, seed=seed, permutations=permutations, rate=rate
    )


def measured(buildings: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the buildings of which somebody knows how much stands empty, with ``spare_share``."""
    known = buildings.loc[buildings["spare_area"].notna()].reset_index(drop=True)
    share = known["spare_area"].astype(float) / known["floor_area"].astype(float)
    return known.assign(spare_share=share.clip(upper=1.0))


def spots_by_district(
    found: HotSpots, buildings: gpd.GeoDataFrame, districts: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Return how many buildings of each district are in a hot spot of empty floor."""
    laid = points_in_areas(buildings, districts, code="name").table
    table = laid.assign(
        hot=found.table["spot"].eq("hot").to_numpy(),
        empty=buildings["spare_area"].to_numpy(dtype=float),
    )
    by = table.groupby("name", sort=True, as_index=False).agg(
        buildings=("hot", "size"), hot=("hot", "sum"), empty=("empty", "sum")
    )
    by["empty"] = by["empty"].round(-2)
    return by.rename(
        columns={
            "name": "District",
            "buildings": "Buildings measured",
            "hot": "In a hot spot",
            "empty": "Empty floor, m²",
        }
    )


def mix_table(found: LandMix) -> pd.DataFrame:
    """Return each district's shares of land by class, per cent, and its mix."""
    table = found.table.copy()
    table[list(found.classes)] = (100 * table[list(found.classes)]).round(1)
    table["mix"] = table["mix"].round(2)
    table["known_share"] = (100 * table["known_share"]).round(1)
    kept = [found.area, *found.classes, "known_share", "mix"]
    return table[kept].rename(
        columns={found.area: "District", "known_share": "Land with a use, %", "mix": "Mix, 0 to 1"}
    )
