"""The map of an incident that opens in a browser: its area, its edge, and services to be found."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import folium
import geopandas as gpd
import pandas as pd

from woda_lib.pilots.business_register.incident.inside import Findings
from woda_lib.pilots.business_register.incident.kinds import drawn
from woda_lib.pilots.business_register.incident.tables import as_one_of
from woda_lib.places import NATIONAL_GRID
from woda_lib.places.drawing import Field, Incident, Kinds, Points, Sheet
from woda_lib.places.sealed import GatedLayer, MapLayer, SealedMap, base_map

_SOURCE = "Partners' buildings and the gazetteer of premises"
_INSIDE, _EDGE = "Incident area", "Edge"
_RECEIVES = "Could receive people"


def incident_sheet(
    found: Findings,
    near: pd.DataFrame,
    districts: gpd.GeoDataFrame,
    *,
    day: date,
    postcodes: pd.DataFrame,
) -> SealedMap:
    """Return a map with a table, a search, and the tool that marks another area.

    Parameters
    ----------
    found, near
        From `inside.look_inside` and `inside.shelters`.
    districts
        Of the base map.
    day
        Of which it is.
    postcodes
        ``postcode, easting, northing``: what may be typed where another area is marked.

    Returns
    -------
    SealedMap
        Points are services: nobody's home is on it, and only partners' buildings have names. Where
        there is none, the area stands alone.
    """
    services = _services(found, near)
    layers = [MapLayer("incident", "Incident area", _shapes(found), "areas", _SOURCE, day, ())]
    # In open country there may be no service, and a layer without a feature is refused.
    if len(services):
        layers.append(MapLayer("services", "Services", services, "services", _SOURCE, day, ()))

    def draw(gated: Mapping[str, GatedLayer]) -> folium.Map:
        made = base_map(districts)
        Kinds(
            gated["incident"],
            value="part",
            name="Incident area",
            heading="Part of the incident",
            title="part",
            key="part",
        ).add_to(made)
        if "services" in gated:
            Points(
                gated["services"],
                value="kind",
                name="Services",
                heading="Kind of service",
                key="name",
                fields=[Field("where", "Where")],
            ).add_to(made)
        Sheet(
            f"Inside {found.area.words}",
            source=_SOURCE,
            date=f"{day:%-d %B %Y}",
            note="Mark another area to get the command that asks for it.",
            incident=Incident(postcodes=postcodes.reset_index()),
        ).add_to(made)
        return made

    return SealedMap(f"Inside {found.area.words}", tuple(layers), draw, height=760)


def _shapes(found: Findings) -> gpd.GeoDataFrame:
    shapes = {_INSIDE: found.area.geometry, _EDGE: found.area.around(found.margin)}
    table = {"part": list(shapes)}
    made = gpd.GeoDataFrame(table, geometry=list(shapes.values()), crs=NATIONAL_GRID)
    return made[~made.geometry.is_empty].reset_index(drop=True)


def _services(found: Findings, near: pd.DataFrame) -> gpd.GeoDataFrame:
    held = drawn(found.properties)
    cared = held.assign(said=as_one_of(held))
    parts = [
        _points(found.buildings, "building_name", _words(found.buildings["use"]), "Inside"),
        _points(cared, "said", cared["vulnerable"].astype(object), "Inside"),
        _points(near, "building_name", pd.Series(_RECEIVES, index=near.index), "Outside"),
    ]
    whole = pd.concat(parts, ignore_index=True)
    whole = whole.drop_duplicates(["name", "easting", "northing"])
    places = gpd.points_from_xy(whole["easting"], whole["northing"])
    named = whole[["name", "kind", "where"]]
    return gpd.GeoDataFrame(named, geometry=places, crs=NATIONAL_GRID).reset_index(drop=True)


def _words(codes: pd.Series) -> pd.Series:
    return codes.astype(object).str.replace("_", " ").str.capitalize()


def _points(rows: pd.DataFrame, name: str, kind: pd.Series, where: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": rows[name].astype(object),
            "kind": kind,
            "where": where,
            "easting": rows["easting"].astype(float),
            "northing": rows["northing"].astype(float),
        }
    )
