"""A neutral base map that asks for no tiles: our own boundary, its districts, and place names.

It has no roads and no rivers: it says where in the county a thing is, and leaves the ink to what
is shown. Boundaries come from the caller (an official file, or the derived ones); names of towns
from a short list, of which a map shows those that lie inside its boundary.
"""

from __future__ import annotations

import folium
import geopandas as gpd
import shapely
from folium.map import CustomPane

from woda_lib.figures import TOKENS
from woda_lib.places.errors import PlacesError
from woda_lib.places.sealed.elements import HouseElement
from woda_lib.places.sealed.geojson import as_geojson
from woda_lib.places.sealed.layers import GRID
from woda_lib.places.sealed.words import safe_word

TOWNS: dict[str, tuple[int, int]] = {
    "Worcester": (385000, 255000),
    "Redditch": (404200, 267500),
    "Kidderminster": (383100, 276600),
    "Bromsgrove": (395900, 270700),
    "Malvern": (377600, 245900),
    "Evesham": (403700, 243900),
    "Droitwich Spa": (389900, 263400),
    "Stourport-on-Severn": (381100, 271300),
    "Pershore": (394900, 245900),
    "Bewdley": (378600, 275300),
    "Tenbury Wells": (359600, 268200),
    "Upton-upon-Severn": (385200, 240500),
    "Broadway": (409700, 237600),
}
"""Easting and northing of a town's middle, to about 300 m; the larger towns first.

Where two names would lie over each other, the first is written.
"""

_LAND, _BASE, _NAMES = "#fbfaf8", "base", "names"
_MARGIN = 0.35  # of the boundary's extent, beyond which the map cannot be moved


def base_map(
    districts: gpd.GeoDataFrame, *, tolerance: float = 30.0, canvas: bool = False
) -> folium.Map:
    """Return a folium map of the county, without tiles, on which layers can be drawn.

    Layers that are drawn on it lie above its land and beneath its names.

    Parameters
    ----------
    districts : GeoDataFrame
        In British National Grid, a row a district, with its ``name``.
    tolerance : float
        By how many metres its lines may be simplified.
    canvas : bool
        Whether Leaflet draws its layers on one canvas, for many thousands of features.

    Raises
    ------
    PlacesError
        If there is no district, or they are not in British National Grid.
    """
    if districts.empty or districts.crs != GRID or "name" not in districts:
        raise PlacesError(
            f"A base map needs districts in British National Grid ({GRID}) with their names, as "
            "woda_lib.places gives them. Look whether the boundary file holds the county."
        )
    places = districts[["name", districts.geometry.name]].copy()
    west, south, east, north = places.to_crs("EPSG:4326").total_bounds
    across, up = (east - west) * _MARGIN, (north - south) * _MARGIN
    made = folium.Map(
        tiles=None,
        location=[round((south + north) / 2, 5), round((west + east) / 2, 5)],
        zoom_start=10,
        min_zoom=8,
        max_zoom=18,
        control_scale=True,
        prefer_canvas=canvas,
        maxBounds=_rounded(south - up, west - across, north + up, east + across),
        zoomSnap=0.25,
        zoomDelta=0.5,
        wheelPxPerZoomLevel=120,
        zoomAnimation=False,  # nobody who asked for less motion gets any
        fadeAnimation=False,
    )
    CustomPane(_BASE, z_index=200).add_to(made)
    CustomPane(_NAMES, z_index=620).add_to(made)
    folium.GeoJson(
        as_geojson(places[[places.geometry.name]], tolerance=tolerance),
        name="Districts",
        control=False,
        pane=_BASE,
        interactive=False,
        style_function=_land,
    ).add_to(made)
    made.add_child(HouseElement("names", "placeNames", _names(places), _NAMES))
    made.add_child(HouseElement("frame", "frameCounty", _rounded(south, west, north, east)))
    return made


def _rounded(south: float, west: float, north: float, east: float) -> list[list[float]]:
    return [[round(south, 5), round(west, 5)], [round(north, 5), round(east, 5)]]


def _land(feature: object) -> dict[str, object]:
    return {
        "color": TOKENS["edge"],
        "weight": 1.2,
        "fillColor": _LAND,
        "fillOpacity": 1,
        "dashArray": "4 3",
    }


def _names(places: gpd.GeoDataFrame) -> list[tuple[str, str, float, float]]:
    """The names on the map, towns first, each with its kind, latitude and longitude.

    A district stands where it has room beside its towns; one that is called as a town is named by
    the town alone.
    """
    county = shapely.union_all(places.geometry.to_numpy())
    towns = {name: at for name, at in TOWNS.items() if county.covers(shapely.Point(at))}
    taken = shapely.union_all(
        [shapely.box(x - 6e3, y - 3e3, x + 6e3, y + 1e3) for x, y in towns.values()]
    )
    found = [(name, "town", x, y) for name, (x, y) in towns.items()]
    for name, shape in zip(places["name"].astype(str), places.geometry, strict=True):
        if name not in towns:
            room = shape.difference(taken)
            middle = shapely.maximum_inscribed_circle(shape if room.is_empty else room, 100)
            found.append((name, "district", *middle.coords[0]))
    spots = gpd.GeoSeries.from_xy([f[2] for f in found], [f[3] for f in found], crs=GRID)
    degrees = spots.to_crs("EPSG:4326")
    return [
        (safe_word(name), kind, round(spot.y, 5), round(spot.x, 5))
        for (name, kind, _, _), spot in zip(found, degrees, strict=True)
    ]
