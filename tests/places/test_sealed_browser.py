"""Sealed maps in a real browser with the network off: drawn, zoomed by keyboard, nothing asked."""

from __future__ import annotations

from pathlib import Path

import folium
import pytest

from tests.browser import Browser, View, open_browser, require_axe
from tests.places.county import areas, districts, service_layer, services
from woda_lib.places.sealed import GatedLayer, PointField, as_geojson, base_map, seal

pytestmark = pytest.mark.browser
MAP = "Object.values(window).find(one => one instanceof L.Map)"


@pytest.fixture(scope="module")
def browser():
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Areas, services with a hostile name among them, a plain marker, and a field of points."""
    made = base_map(districts())
    folium.GeoJson(
        as_geojson(areas()), name="Areas", tooltip=folium.GeoJsonTooltip(["area"])
    ).add_to(made)
    folium.Marker([52.16, -2.2], popup="A </script> popup").add_to(made)
    names = [f"Shop {i} </script><img src=https://example.org/a.png>" for i in range(18)]
    layer = service_layer(services(names))
    gated = GatedLayer(layer, layer.features, layer.properties.isna() & False)
    PointField(gated, said=["service"], noun="services", most=10).add_to(made)
    folium.LayerControl().add_to(made)
    path = tmp_path_factory.mktemp("map") / "map.html"
    path.write_text(seal(made, title="A made-up county"), encoding="utf-8")
    return path


def becomes(view: View, condition: str) -> bool:
    """Whether a condition comes true; the page's policy lets no text be run as a script there."""
    for _ in range(100):
        if view.page.evaluate(condition):
            return True
        view.page.wait_for_timeout(50)
    return False


def test_a_map_draws_and_asks_for_nothing_but_itself(browser: Browser, page: Path):
    with browser.view(page) as view:
        assert view.requests[0].startswith("file:")
        assert [url for url in view.requests[1:] if not url.startswith("data:")] == []
        assert view.complaints == []
        assert view.page.locator("path.leaflet-interactive").count() == 4
        assert view.page.locator(".place").all_inner_texts() == ["Worcester", "West", "East"]
        assert view.page.locator("img.leaflet-marker-icon").evaluate("one => one.naturalWidth") > 0


def test_a_map_moves_and_zooms_by_keyboard(browser: Browser, page: Path):
    with browser.view(page) as view:
        view.page.locator(".leaflet-container").focus()
        before, where = (
            view.page.evaluate(f"{MAP}.{what}") for what in ("getZoom()", "getCenter().lng")
        )
        view.page.keyboard.press("+")
        assert becomes(view, f"{MAP}.getZoom() > {before}")
        view.page.keyboard.press("ArrowRight")
        assert becomes(view, f"{MAP}.getCenter().lng > {where}")


def test_many_points_are_counted_until_there_is_room(browser: Browser, page: Path):
    with browser.view(page) as view:
        said = view.page.locator(".field-said")
        assert said.inner_text() == "18 of 18 services in view; circles say how many"
        view.page.evaluate(f"{MAP}.setView([52.166, -2.279], 14, {{animate: false}})")
        shown = int(view.page.locator("canvas.point-field").get_attribute("data-drawn"))
        assert 0 < shown <= 10
        assert said.inner_text() == f"{shown} of 18 services in view"


def test_a_tooltip_says_a_hostile_name_as_words(browser: Browser, page: Path):
    with browser.view(page) as view:
        view.page.evaluate(f"{MAP}.setView([52.16594, -2.2792], 15, {{animate: false}})")
        box = view.measure(".leaflet-container")
        view.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        said = view.page.locator(".leaflet-tooltip:visible").inner_text()
        assert said == "Shop 0 ‹/script›‹img src=https://example.org/a.png›"
        assert len(view.requests) == len([u for u in view.requests if u[:5] in ("file:", "data:")])


def test_layers_are_switched(browser: Browser, page: Path):
    with browser.view(page) as view:
        view.page.locator(".leaflet-control-layers").hover()
        view.page.get_by_label("Services").uncheck()
        assert view.page.locator("canvas.point-field").count() == 0


@pytest.mark.parametrize("width", [1440, 320])
def test_a_map_is_accessible(browser: Browser, page: Path, width: int):
    require_axe()
    with browser.view(page, width=width, height=700) as view:
        assert view.accessibility_faults() == []
        assert view.overflow == 0
