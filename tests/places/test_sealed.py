"""A sealed map: everything inside, nothing fetched, the same bytes each time."""

from __future__ import annotations

import re

import folium
import pytest
from bs4 import BeautifulSoup
from folium.plugins import FastMarkerCluster, HeatMap, MarkerCluster

from tests.places.county import districts, services
from woda_lib.places import PlacesError
from woda_lib.places.sealed import (
    SealError,
    as_geojson,
    base_map,
    requests_left,
    seal,
    shipped_scripts,
)

CIRCLE = "function(row) { return L.circleMarker(new L.LatLng(row[0], row[1])); }"


def blank() -> folium.Map:
    return folium.Map([52.2, -2.2], tiles=None)


def full() -> folium.Map:
    """A map with most of what folium draws without plug-ins of others."""
    made = base_map(districts())
    data = as_geojson(services(["Library", "Depot"]))
    folium.GeoJson(
        data,
        name="Services",
        tooltip=folium.GeoJsonTooltip(["service"]),
        style_function=lambda _: {"color": "#74214f"},
        highlight_function=lambda _: {"weight": 3},
    ).add_to(made)
    folium.Marker([52.2, -2.2], popup="A popup", tooltip="A tooltip").add_to(made)
    MarkerCluster([[52.2, -2.2], [52.21, -2.2]], popups=["one", "two"]).add_to(made)
    FastMarkerCluster([[52.2, -2.2]], callback=CIRCLE).add_to(made)
    folium.PolyLine([[52.2, -2.2], [52.3, -2.1]]).add_to(made)
    folium.LayerControl().add_to(made)
    return made


def with_layer(add) -> folium.Map:
    made = blank()
    add(made)
    return made


def test_the_same_map_gives_the_same_bytes():
    one, other = seal(full(), title="County"), seal(full(), title="County")
    assert one == other
    assert re.search(r"_[0-9a-f]{32}\b", one) is None


def test_a_hash_in_the_data_is_no_name_of_a_part():
    digest = "run_" + "0123456789abcdef" * 2
    made = with_layer(lambda m: folium.GeoJson(as_geojson(services([digest]))).add_to(m))
    assert digest in seal(made)


def test_a_page_asks_for_nothing():
    page = seal(full())
    assert requests_left(page, shipped=shipped_scripts()) == []
    assert BeautifulSoup(page, "html.parser").select("link, iframe, object, script[src]") == []


def test_a_page_forbids_every_request_and_runs_known_scripts_alone():
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', seal(full()))[1]
    assert policy.startswith("default-src 'none'; img-src data: blob:; ")
    assert "'unsafe-inline'" not in policy.partition("script-src")[2]


def test_what_a_page_does_not_use_is_left_out():
    page = seal(blank())
    assert "jQuery" not in page
    assert "bootstrap" not in page
    assert "markerClusterGroup" not in page


REFUSED = {
    "tiles": (lambda m: folium.TileLayer("OpenStreetMap").add_to(m), r"tile\.openstreetmap\.org"),
    "a picture of elsewhere": (
        lambda m: folium.raster_layers.ImageOverlay(
            "https://example.org/a.png", [[52, -2], [53, -1]]
        ).add_to(m),
        "https://example.org/a.png",
    ),
    "awesome markers": (
        lambda m: folium.Marker([52, -2], icon=folium.Icon()).add_to(m),
        "folium.Icon.*Use folium.CircleMarker",
    ),
    "font awesome": (
        lambda m: folium.Marker([52, -2], popup="<i class='fa fa-home'></i>").add_to(m),
        "Font Awesome.*Use folium.CircleMarker",
    ),
    "bootstrap": (
        lambda m: folium.Marker([52, -2], popup="<div class='btn'>x</div>").add_to(m),
        "Bootstrap.*folium.Element",
    ),
    "a plug-in of others": (lambda m: HeatMap([[52, -2]]).add_to(m), "leaflet_heat.min.js"),
    "an image in a popup": (
        lambda m: folium.Marker([52, -2], popup="<img src='//example.org/a.png'>").add_to(m),
        r"//example\.org/a\.png \(markup in a text\)",
    ),
    "an expression in a name": (
        lambda m: folium.Marker([52, -2], tooltip="{{ 7 * 7 }}").add_to(m),
        "take for an expression",
    ),
    "an icon of elsewhere": (
        lambda m: folium.Marker(
            [52, -2], icon=folium.CustomIcon("https://example.org/pin.png")
        ).add_to(m),
        "https://example.org/pin.png",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_would_be_fetched_fails_the_build_by_name(case):
    add, message = REFUSED[case]
    with pytest.raises(SealError, match=f"(?s){message}"):
        seal(with_layer(add))


def test_a_plain_link_is_no_request():
    add = lambda m: folium.Marker([52, -2], popup="<a href='https://x.org/a'>more</a>").add_to(m)  # noqa: E731
    assert "https://x.org/a" in seal(with_layer(add))


ASKED = {
    '<script src="a.js"></script>': "a.js (src of <script>)",
    '<link rel="stylesheet" href="//x.org/a.css">': "//x.org/a.css (href of <link>)",
    '<img srcset="a.png 2x">': "a.png 2x (srcset of <img>)",
    "<style>@import 'a.css';</style>": "'a.css' (a style)",
    "<style>p{background:url(https://x.org/a.png)}</style>": "https://x.org/a.png (a style)",
    '<p style="background:url(a.png)"></p>': "a.png (a style)",
    "<script>fetch(where)</script>": "fetch (a call in a script)",
    "<script>new XMLHttpRequest()</script>": "XMLHttpRequest (a call in a script)",
    "<script>$.getJSON(where)</script>": "getJSON (a call in a script)",
    '<script>image.src = "a.png"</script>': "a.png (a call in a script)",
    '<script>L.imageOverlay("//x.org/a.png")</script>': "//x.org/a.png (an address in a script)",
    '<script>t("{s}/{z}/{x}/{y}.png")</script>': "{s}/{z}/{x}/{y}.png (a tile template)",
    '<iframe srcdoc="x"></iframe>': "a <iframe>",
    '<meta http-equiv="refresh" content="0;url=a">': "0;url=a (a refresh)",
    '<svg><use href="a.svg#b"></use></svg>': "a.svg#b (href of <use>)",
}


@pytest.mark.parametrize("page", ASKED)
def test_every_way_to_fetch_is_seen(page):
    assert ASKED[page] in requests_left(page)


@pytest.mark.parametrize(
    "page",
    [
        '<a href="https://x.org">x</a>',
        '<img src="data:image/png;base64,AAAA">',
        '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
        '<script>const ns = "http://www.w3.org/2000/svg";</script>',
        '<script>add({"properties": {"web": "https://x.org"}, "type": "Feature"})</script>',
        "<style>p{background:url(#shape)}</style>",
        "<script>// a remark\n  // another</script>",
    ],
)
def test_what_is_no_request(page):
    assert requests_left(page) == []


def test_a_script_cannot_be_ended_from_a_name():
    made = blank()
    folium.Marker([52, -2], popup="</script><script>alert(1)</script>").add_to(made)
    folium.GeoJson(
        as_geojson(services(["</script><script>alert(2)</script>"])),
        tooltip=folium.GeoJsonTooltip(["service"]),
    ).add_to(made)
    page = seal(made)
    assert "</script><script>alert" not in page
    assert page.count("<script>") == page.count("</script>")


def test_a_base_map_needs_districts_on_the_grid():
    with pytest.raises(PlacesError, match="needs districts in British National Grid"):
        base_map(districts().to_crs("EPSG:4326"))
    with pytest.raises(PlacesError, match="needs districts"):
        base_map(districts().iloc[:0])


def test_a_base_map_names_its_districts_and_the_towns_inside():
    page = seal(base_map(districts()))
    names = re.search(r'id="place_names_\w+_data">(.*?)</script>', page)[1]
    assert re.findall(r'\["([^"]+)","(\w+)"', names) == [
        ("Worcester", "town"),
        ("West", "district"),
        ("East", "district"),
    ]


def test_a_made_up_county_is_said_on_the_page_itself():
    said = BeautifulSoup(seal(full(), synthetic=True), "html.parser").select("main .synthetic")
    assert said[0].get_text().startswith("Synthetic data: a county that never was.")
    assert not BeautifulSoup(seal(full()), "html.parser").select(".synthetic")
