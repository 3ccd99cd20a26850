"""Maps that open without a network: folium's, with everything that they need inside.

`seal` turns a folium map into one page. `SealedMap` is what an analysis hands to `run.show`: its
layers pass the disclosure gate before anything is drawn of them.
"""

from __future__ import annotations

from woda_lib.places.sealed.base import base_map
from woda_lib.places.sealed.elements import HouseElement
from woda_lib.places.sealed.field import PointField
from woda_lib.places.sealed.geojson import as_geojson, degrees
from woda_lib.places.sealed.layers import GRID, GatedLayer, MapLayer, SealedMap
from woda_lib.places.sealed.page import SealError, seal, shipped_scripts
from woda_lib.places.sealed.requests import requests_left
from woda_lib.places.sealed.still import draw_points, draw_still, lighter, map_axes
from woda_lib.places.sealed.words import safe_word, safe_words

__all__ = [
    "GRID",
    "GatedLayer",
    "HouseElement",
    "MapLayer",
    "PointField",
    "SealError",
    "SealedMap",
    "as_geojson",
    "base_map",
    "degrees",
    "draw_points",
    "draw_still",
    "lighter",
    "map_axes",
    "requests_left",
    "safe_word",
    "safe_words",
    "seal",
    "shipped_scripts",
]
