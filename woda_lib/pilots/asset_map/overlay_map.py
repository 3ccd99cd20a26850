"""The overlay's map: homes out of reach by area, and buildings by what is found around each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import folium
import geopandas as gpd
import pandas as pd

from woda_lib.pilots.asset_map.county import SERVICES, say_partners, say_uses
from woda_lib.places.analysis import Gaps, HotSpots, Together
from woda_lib.places.drawing import Choropleth, Field, Points, Sheet
from woda_lib.places.sealed import GatedLayer, MapLayer, SealedMap, base_map

_FOUND = {
    "hot": "In a hot spot of empty floor",
    "cold": "Little empty floor among little",
    "nothing found": "Nothing found",
    "no neighbours": "No other building near",
}
_NOT_MEASURED = "Empty floor not known"
_LETTERS = {
    _FOUND["hot"]: "H",
    _FOUND["cold"]: "C",
    _FOUND["nothing found"]: "N",
    _FOUND["no neighbours"]: "A",
    _NOT_MEASURED: "?",
}
_STEPS = (20.0, 40.0, 60.0, 80.0)


def overlay_map(
    areas: gpd.GeoDataFrame,
    missing: Mapping[str, Gaps],
    buildings: gpd.GeoDataFrame,
    spots: HotSpots,
    found: Together,
    districts: gpd.GeoDataFrame,
    *,
    minutes: float,
    on: date,
) -> SealedMap:
    """Return the map of the overlay.

    Parameters
    ----------
    areas
        ``code, name, district`` with outlines: the gazetteer's own small areas.
    buildings
        All that could be placed.
    minutes
        What is within reach.
    on
        Of what day the buildings are.
    """
    source = "Partners' lists of buildings, and the gazetteer"
    layers = [
        MapLayer(service, f"No {called.lower()} near", _reach(areas, missing[service]),
                 "areas", source, on, counts=("homes", "out_of_reach"))
        for service, called in SERVICES.items()
    ]  # fmt: skip
    layers.append(
        MapLayer("buildings", "Public buildings", _buildings(buildings, spots, found),
                 "services", source, on, counts=())
    )  # fmt: skip

    def draw(gated: Mapping[str, GatedLayer]) -> folium.Map:
        made = base_map(districts)
        told = [
            Field("district", "District"),
            Field("fifth", "Fifth of deprivation, 1 the most"),
            Field("homes", "Homes"),
            Field("out_of_reach", "Homes out of reach"),
        ]
        for number, (service, called) in enumerate(SERVICES.items()):
            Choropleth(
                gated[service],
                value="percent",
                name=f"No {called.lower()} near",
                heading=f"Homes over {minutes:g} minutes on foot from a {called.lower()}, %",
                scheme="given",
                breaks=_STEPS,
                unit="%",
                hue="plum" if number == 0 else "blue",
                key="code",
                fields=told,
                shown=number == 0,
            ).add_to(made)
        Points(
            gated["buildings"],
            value="found",
            name="Public buildings",
            heading="Empty floor around",
            letters=_LETTERS,
            fields=[
                Field("use", "Use"),
                Field("partner", "Partner"),
                Field("in_the_plan", "In the best plan"),
            ],
        ).add_to(made)
        Sheet(
            "Where is no service near, and where does room stand empty?",
            source=source,
            date=f"{on:%d %B %Y}".lstrip("0"),
            note="Shaded by the share of homes out of reach; buildings by the empty floor around.",
        ).add_to(made)
        return made

    return SealedMap("Services near, and room that stands empty", tuple(layers), draw, height=900)


def _reach(areas: gpd.GeoDataFrame, one: Gaps) -> gpd.GeoDataFrame:
    table = one.table.rename(columns={one.area: "code", "beyond": "out_of_reach"})
    table["percent"] = (100 * table["share_beyond"]).round()
    table["fifth"] = table["deprivation_quintile"].map("{:.0f}".format)
    kept = ["code", "homes", "out_of_reach", "percent", "fifth"]
    return areas[["code", "name", "district", "geometry"]].merge(table[kept], on="code", how="left")


def _buildings(buildings: gpd.GeoDataFrame, spots: HotSpots, found: Together) -> gpd.GeoDataFrame:
    keys = ["partner", "building_id"]
    known = spots.table[[*keys, "spot"]].assign(found=spots.table["spot"].map(_FOUND))
    table = buildings.merge(known[[*keys, "found"]], on=keys, how="left")
    plan = found.plan
    guests = set(zip(plan["guest_partner"], plan["guest"], strict=True))
    hosts = set(zip(plan["host_partner"], plan["host"], strict=True))
    pairs = list(zip(table["partner"], table["building_id"], strict=True))
    part = ["moves" if one in guests else "takes in" if one in hosts else "no" for one in pairs]
    told = say_partners(table, "partner").assign(
        found=table["found"].fillna(_NOT_MEASURED),
        use=say_uses(table["use"]),
        in_the_plan=pd.Series(part, dtype=object),
        name=table["building_name"],
    )
    return told[["name", "use", "partner", "found", "in_the_plan", "geometry"]]
