"""A small county on the National Grid for tests of maps: districts, areas, services."""

from __future__ import annotations

from datetime import date

import folium
import geopandas as gpd
import pandas as pd
import shapely

from woda_lib.places.sealed import MapLayer, SealedMap, base_map

GRID = "EPSG:27700"


def districts() -> gpd.GeoDataFrame:
    """Two squares of 10 km, side by side; Worcester lies in the first."""
    shapes = [
        shapely.box(380000, 250000, 390000, 260000),
        shapely.box(390000, 250000, 400000, 260000),
    ]
    return gpd.GeoDataFrame({"name": ["West", "East"]}, geometry=shapes, crs=GRID)


def areas(**columns: list[object]) -> gpd.GeoDataFrame:
    """Four squares of 5 km in the western district, with columns of one's own."""
    shapes = [
        shapely.box(x, y, x + 5000, y + 5000) for x in (380000, 385000) for y in (250000, 255000)
    ]
    frame = {"area": ["A", "B", "C", "D"], **columns}
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=GRID)


def services(names: list[str], **columns: list[object]) -> gpd.GeoDataFrame:
    """Services along a line, a kilometre apart."""
    points = gpd.points_from_xy(
        [381000.0 + 1000 * i for i in range(len(names))], [252000.0] * len(names)
    )
    return gpd.GeoDataFrame({"service": names, **columns}, geometry=points, crs=GRID)


def area_layer(frame: gpd.GeoDataFrame, **more: object) -> MapLayer:
    return MapLayer("areas", "Areas", frame, "areas", "Made up", date(2025, 3, 31), **more)


def service_layer(frame: gpd.GeoDataFrame, **more: object) -> MapLayer:
    more = {"counts": ()} | more
    return MapLayer("services", "Services", frame, "services", "Made up", date(2025, 3, 31), **more)


def plain(*layers: MapLayer) -> SealedMap:
    """A map that says every property of its layers in a tooltip."""

    def draw(gated):
        made = base_map(districts())
        for one in gated.values():
            data = one.geojson
            said = folium.GeoJsonTooltip(list(data["features"][0]["properties"]))
            marker = folium.CircleMarker(radius=5)
            folium.GeoJson(data, name=one.layer.title, tooltip=said, marker=marker).add_to(made)
        folium.LayerControl().add_to(made)
        return made

    return SealedMap("A made-up county", layers, draw)


def as_table(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    return pd.DataFrame(frame.drop(columns="geometry"))
