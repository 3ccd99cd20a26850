"""What layers are made of, and how small their pages are."""

from __future__ import annotations

import json
from datetime import date

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from tests.places.county import GRID, area_layer, areas, districts, plain, service_layer, services
from woda_lib.places import PlacesError
from woda_lib.places.sealed import (
    GatedLayer,
    MapLayer,
    PointField,
    SealedMap,
    as_geojson,
    base_map,
    safe_word,
    seal,
)
from woda_lib.places.sealed.field import point_columns


def gated(layer: MapLayer) -> GatedLayer:
    """A layer of which the gate withheld nothing."""
    return GatedLayer(layer, layer.features, layer.properties.isna() & False)


def test_a_layer_is_on_the_national_grid_and_holds_something():
    degrees = services(["x"]).to_crs("EPSG:4326")
    with pytest.raises(PlacesError, match=r"to be in British National Grid .* has another one"):
        service_layer(degrees)
    with pytest.raises(PlacesError, match="no feature with a place"):
        service_layer(services([]))
    with pytest.raises(PlacesError, match="cannot be called 'My layer'"):
        MapLayer("My layer", "x", services(["x"]), "services", "x", date(2025, 1, 1))
    with pytest.raises(PlacesError, match="has two layers called services"):
        plain(service_layer(services(["x"])), service_layer(services(["y"])))
    with pytest.raises(PlacesError, match="has no layers"):
        SealedMap("x", (), lambda _: base_map(districts()))


def test_geojson_is_in_degrees_to_a_metre():
    [feature] = as_geojson(services(["Library"]))["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [-2.2792, 52.16594]}
    assert feature["properties"] == {"service": "Library"}


def test_areas_that_are_thinned_still_share_their_borders():
    wave = [(5000 + 80 * np.sin(y / 90), y) for y in np.arange(0.0, 5001.0, 25.0)]
    left = shapely.Polygon([(0, 0), *wave, (0, 5000)])
    right = shapely.Polygon([(10000, 5000), *wave[::-1], (10000, 0)])
    frame = gpd.GeoDataFrame({"name": ["l", "r"]}, geometry=[left, right], crs=GRID)
    thin = [
        shapely.geometry.shape(f["geometry"]) for f in as_geojson(frame, tolerance=150)["features"]
    ]
    assert (
        shapely.get_num_coordinates(thin).sum()
        < shapely.get_num_coordinates([left, right]).sum() / 3
    )
    assert thin[0].intersection(thin[1]).area == 0
    assert shapely.coverage_is_valid(thin)


def test_words_are_harmless_wherever_they_stand():
    assert (
        safe_word("<b>`${x}` {{ y }} \\ Marks & Sons</b>") == "‹b›’$(x)’ (( y )) / Marks & Sons‹/b›"
    )


def test_a_hostile_name_reaches_the_page_as_words():
    layer = gated(service_layer(services(["</script><img src=x onerror=alert(1)>{{ 7*7 }}"])))
    made = base_map(districts())
    PointField(layer, said=["service"]).add_to(made)
    folium.GeoJson(layer.geojson, popup=folium.GeoJsonPopup(["service"])).add_to(made)
    page = seal(made)
    assert "onerror=alert(1)›(( 7*7 ))" in page
    assert "<img" not in page


def test_points_as_columns_of_steps():
    frame = services(["a", "b", "c"], kind=["shop", "shop", "depot"])
    made = point_columns(gated(service_layer(frame)), ["service", "kind"])
    assert np.cumsum(made["x"]).tolist() == [-227920, -226458, -224996]
    assert np.cumsum(made["y"]).tolist() == [5216594, 5216597, 5216600]
    assert made["columns"]["kind"] == {"values": ["shop", "depot"], "codes": [0, 0, 1]}
    with pytest.raises(PlacesError, match=r"has no column 'sector'\. Name one of: service, kind"):
        point_columns(gated(service_layer(frame)), ["sector"])
    with pytest.raises(PlacesError, match="holds shapes that are no points"):
        point_columns(gated(area_layer(areas())), ["area"])


def test_374_areas_and_5000_points_are_less_than_two_megabytes():
    """As detailed as the county's own neighbourhoods: 25,298 corners in 374 areas."""
    rng = np.random.default_rng(1)
    squares = [(380000 + 2000 * (i % 22), 240000 + 2000 * (i // 22)) for i in range(374)]
    ring = np.linspace(0, 2 * np.pi, 68)
    rough = 900 + 60 * rng.standard_normal((374, 68))
    shapes = [
        shapely.Polygon(np.column_stack([x + r * np.cos(ring), y + r * np.sin(ring)]))
        for (x, y), r in zip(squares, rough, strict=True)
    ]
    people = rng.integers(800, 3000, 374)
    frame = gpd.GeoDataFrame(
        {"code": [f"E010{i:05}" for i in range(374)], "people": people}, geometry=shapes, crs=GRID
    )
    spots = gpd.points_from_xy(*rng.uniform([380000, 240000], [424000, 274000], (5000, 2)).T)
    names = [f"{kind} Number {i}" for i, kind in enumerate(rng.choice(["Library", "Depot"], 5000))]
    sites = gpd.GeoDataFrame(
        {
            "service": names,
            "kind": rng.choice(["a", "b"], 5000),
            "floor": rng.integers(0, 9999, 5000),
        },
        geometry=spots,
        crs=GRID,
    )
    made = base_map(districts(), canvas=True)
    for layer in (area_layer(frame), service_layer(sites)):
        data = gated(layer).geojson
        said = folium.GeoJsonTooltip(list(data["features"][0]["properties"]))
        marker = folium.CircleMarker(radius=4)
        folium.GeoJson(data, tooltip=said, marker=marker).add_to(made)
    page = seal(made)
    assert len(page.encode()) < 2_000_000
    assert page.count('"type": "Feature"') == 5374 + 2


def test_missing_is_null_and_no_number():
    frame = services(["a", "b"], size=pd.array([5, None], dtype="Int64"))
    rows = [feature["properties"] for feature in as_geojson(frame)["features"]]
    assert json.dumps(rows) == '[{"service": "a", "size": 5}, {"service": "b", "size": null}]'
