"""A reader's offline laptop: every map draws, zooms, searches, switches, marks, and is taken along.

The county is made up: 24 squares with scores 1 to 24 of which one is withheld, three libraries near
each other and one fire station far from them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser import Browser, View, require_axe
from tests.places.drawing import county

pytestmark = pytest.mark.browser

MAP = ".woda-frame .folium-map"
ZOOM = "woda.sheets[0].views[0].map.getZoom()"


def _painted(view: View, fill: str) -> int:
    script = "fill => document.querySelectorAll(`path[fill='${fill}']`).length"
    return int(view.page.evaluate(script, fill))


def _shown(view: View) -> str:
    return str(view.page.locator(".woda-state").inner_text())


def _details(view: View) -> str:
    return str(view.page.locator(".woda-details").inner_text())


def test_it_asks_no_network_and_complains_of_nothing(browser: Browser, sheet: Path) -> None:
    with browser.view(sheet, width=1200) as view:
        assert view.requests == [sheet.resolve().as_uri()]
        assert view.complaints == []
        assert view.page.locator("h1").inner_text() == county.TITLE
        assert view.page.locator("main").count() == 1


def test_each_area_is_drawn_in_its_class_and_the_withheld_one_is_hatched(
    browser: Browser, sheet: Path
) -> None:
    with browser.view(sheet, width=1200) as view:
        rows = view.page.locator(".woda-legend").first.locator("li").all_inner_texts()
        # 23 known scores in five quantiles, and one area that was taken by the gate
        assert [row.split("\n") for row in rows] == [
            ["1 to 5", "5"],
            ["6 to 10", "4"],
            ["11 to 15", "5"],
            ["16 to 19", "4"],
            ["20 to 24", "5"],
            ["Withheld: too few to show", "1"],
        ]
        hatched = view.page.locator(".leaflet-woda-areas-pane path[fill^='url(#']")
        assert hatched.count() == 1
        assert view.page.locator(".leaflet-woda-areas-pane path").count() == 24


@pytest.mark.parametrize("width", [1200, 390])
def test_axe_finds_no_violation(browser: Browser, sheet: Path, two_maps: Path, width: int) -> None:
    require_axe()
    for path in (sheet, two_maps):
        with browser.view(path, width=width, height=844) as view:
            view.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            view.page.locator(".woda-table table").wait_for()
            view.page.evaluate("woda.sheets[0].select(woda.sheets[0].views[0].drawn[0].items[0])")
            assert view.accessibility_faults() == []
            assert view.overflow <= 0


@pytest.mark.parametrize("width", [1200, 390])
def test_no_text_is_under_twelve_pixels(browser: Browser, sheet: Path, width: int) -> None:
    small = """() => [...document.querySelectorAll('.woda *')].filter(node =>
        [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim()) &&
        parseFloat(getComputedStyle(node).fontSize) < 12).map(node => node.outerHTML)"""
    with browser.view(sheet, width=width, height=844) as view:
        assert view.page.evaluate(small) == []


@pytest.mark.parametrize("width", [1200, 390])
def test_no_control_or_name_lies_over_another(browser: Browser, sheet: Path, width: int) -> None:
    boxes = """() => [...document.querySelectorAll('.folium-map .leaflet-control, .woda-point, ' +
        '.woda-cluster, .place')].filter(n => getComputedStyle(n).visibility !== 'hidden' &&
        getComputedStyle(n).opacity !== '0').map(n => [n.textContent, n.getBoundingClientRect()])
        .map(([t, b]) => [t.trim(), b.left, b.top, b.right, b.bottom])"""
    with browser.view(sheet, width=width, height=844) as view:
        view.page.wait_for_timeout(100)
        found = view.page.evaluate(boxes)
        meeting = [
            (one[0], other[0])
            for place, one in enumerate(found)
            for other in found[place + 1 :]
            if one[1] < other[3] - 1
            and other[1] < one[3] - 1
            and one[2] < other[4] - 1
            and other[2] < one[4] - 1
        ]
        assert len(found) > 4
        assert meeting == []


def test_it_zooms_by_button_and_by_key(browser: Browser, sheet: Path) -> None:
    with browser.view(sheet, width=1200) as view:
        before = view.page.evaluate(ZOOM)
        view.page.locator(".leaflet-control-zoom-in").click()
        once = view.page.evaluate(ZOOM)
        view.page.locator(MAP).focus()
        view.page.keyboard.press("+")
        assert before < once < view.page.evaluate(ZOOM)


def test_a_place_is_found_by_typing_and_its_details_are_told(browser: Browser, sheet: Path) -> None:
    with browser.view(sheet, width=1200) as view:
        box = view.page.get_by_role("combobox", name="Find a place")
        box.fill("ashfield 02")
        options = view.page.get_by_role("listbox").get_by_role("option")
        assert [text.split("\n")[0] for text in options.all_inner_texts()] == [
            "Ashfield 020",
            "Ashfield 021",
            "Ashfield 022",
            "Ashfield 023",
        ]
        assert box.get_attribute("aria-expanded") == "true"
        box.press("ArrowDown")
        box.press("ArrowDown")
        chosen = view.page.locator("[role=option][aria-selected=true]")
        assert box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
        box.press("Enter")
        assert box.get_attribute("aria-expanded") == "false"
        told = _details(view)
        assert "Ashfield 021" in told
        assert "22" in told  # its score
        assert "20 to 24" in told  # its class
        assert "Wychavon" in told
        live = view.page.locator(".woda-hidden[aria-live]").inner_text()
        assert live.startswith("Ashfield 021.")


def test_a_building_is_found_though_it_stands_in_a_cluster(browser: Browser, sheet: Path) -> None:
    with browser.view(sheet, width=1200) as view:
        assert view.page.locator(".woda-cluster").all_inner_texts() == ["3"]
        box = view.page.get_by_role("combobox", name="Find a place")
        box.fill("mill lib")
        box.press("Enter")
        assert "Mill Library" in _details(view)
        assert view.page.evaluate(ZOOM) >= 14


def test_a_withheld_value_is_told_as_withheld(browser: Browser, sheet: Path) -> None:
    with browser.view(sheet, width=1200) as view:
        box = view.page.get_by_role("combobox", name="Find a place")
        box.fill("ashfield 005")
        box.press("Enter")
        assert "withheld" in _details(view)
        assert "6" not in _details(view).replace("E0100000", "")


def test_layers_are_switched_by_key_and_the_state_is_told(browser: Browser, sheet: Path) -> None:
    with browser.view(sheet, width=1200) as view:
        assert _shown(view) == "Shown: Deprivation; Public buildings."
        view.page.get_by_role("radio", name="Deprivation").focus()
        view.page.keyboard.press("ArrowDown")
        assert _shown(view) == "Shown: Crime; Public buildings."
        view.page.get_by_role("checkbox", name="Public buildings").focus()
        view.page.keyboard.press("Space")
        assert _shown(view) == "Shown: Crime."
        assert view.page.locator(".woda-cluster").count() == 0
        for name in ("Businesses", "Density"):
            view.page.get_by_role("checkbox", name=name).check()
        assert _shown(view) == "Shown: Crime; Businesses; Density."
        assert view.page.locator(".leaflet-woda-over-pane path").count() > 23
        view.page.get_by_role("radio", name="Land use").check()
        patterned = view.page.locator(".leaflet-woda-kinds-pane path")
        assert patterned.count() == 24


def test_places_are_stepped_to_by_arrow_keys_and_tab_leaves(browser: Browser, sheet: Path) -> None:
    with browser.view(sheet, width=1200) as view:
        view.page.get_by_role("checkbox", name="Public buildings").uncheck()
        box = view.page.locator(MAP)
        box.focus()
        box.press("Enter")
        first = _details(view)
        box.press("ArrowRight")
        second = _details(view)
        box.press("ArrowLeft")
        assert "Ashfield" in first
        assert second != first
        assert _details(view) == first
        box.press("Escape")
        assert "Ashfield" not in _details(view)
        for _ in range(4):
            view.page.keyboard.press("Tab")
        inside = "document.activeElement.closest('.folium-map') === null"
        assert view.page.evaluate(inside)


def test_focus_is_seen(browser: Browser, sheet: Path) -> None:
    with browser.view(sheet, width=1200) as view:
        view.page.keyboard.press("Tab")
        for _ in range(12):
            view.page.keyboard.press("Tab")
            width = view.page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
            assert float(width.removesuffix("px")) >= 3


def test_a_circle_is_marked_by_typing_a_postcode(browser: Browser, sheet: Path) -> None:
    with browser.view(sheet, width=1200) as view:
        _mark(view, "wr11ab", 600)
        assert view.page.locator(".woda-result code").inner_text() == (
            "woda run business_register -p incident_area='375000 245000 / 600 m'"
        )
        told = view.page.locator(".woda-result p").first.inner_text()
        assert "1.13 km²" in told  # π 0.6², less what 64 corners cut off
        assert "1 of Public buildings" in told


def test_the_marked_area_is_downloaded_in_metres(browser: Browser, sheet: Path) -> None:
    with browser.view(sheet, width=1200) as view:
        _mark(view, "385000 251000", 1_000)
        with view.page.expect_download() as waiting:
            view.page.get_by_role("button", name="Download GeoJSON").click()
        held = json.loads(Path(waiting.value.path()).read_text())
        assert held["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::27700"
        ring = held["features"][0]["geometry"]["coordinates"][0]
        assert ring[0] == ring[-1] == [385_000, 252_000]  # due north of the centre
        assert len(ring) == 65


def test_an_outline_is_typed_and_a_crossing_one_is_refused(browser: Browser, sheet: Path) -> None:
    with browser.view(sheet, width=1200) as view:
        _open_tool(view)
        view.page.get_by_role("radio", name="Outline").check()
        corners = view.page.get_by_label("Corners")
        corners.fill("380000 250000\n384000 254000\n384000 250000\n380000 254000")
        view.page.get_by_role("button", name="Mark it").click()
        assert "crosses itself" in view.page.get_by_role("alert").inner_text()
        corners.fill("380000 250000\n384000 250000\n384000 254000\n380000 254000")
        view.page.get_by_role("button", name="Mark it").click()
        assert view.page.get_by_role("alert").inner_text() == ""
        assert "16 km²" in view.page.locator(".woda-result p").first.inner_text()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("251000 385000", "wrong way round"),
        ("52.15 -2.22", "degrees"),
        ("535000 181000", "outside"),  # London
        ("WR9 9ZZ", "no such postcode"),
        ("here", "not two numbers"),
    ],
)
def test_a_centre_that_cannot_be_meant_is_refused(
    browser: Browser, sheet: Path, typed: str, said: str
) -> None:
    with browser.view(sheet, width=1200) as view:
        _mark(view, typed, 500)
        assert said in view.page.get_by_role("alert").inner_text()
        assert not view.page.locator(".woda-result").is_visible()


def test_an_outline_and_a_circle_are_drawn_by_clicks(browser: Browser, sheet: Path) -> None:
    with browser.view(sheet, width=1200) as view:
        _open_tool(view)
        draw = view.page.get_by_role("button", name="Draw on the map")
        draw.click()
        _click(view, (385_000, 251_000), (385_000, 253_000))
        command = view.page.locator(".woda-result code").inner_text()
        east, north, metres = (
            float(part)
            for part in command.split("'")[1].removesuffix(" m").replace(" / ", " ").split(" ")
        )
        # a pixel is about 50 m at this scale
        assert (east, north, metres) == pytest.approx((385_000, 251_000, 2_000), abs=80)
        view.page.get_by_role("radio", name="Outline").check()
        view.page.wait_for_timeout(350)
        view.page.get_by_role("button", name="Draw on the map").click()
        _click(view, (380_000, 250_000), (384_000, 250_000), (384_000, 254_000))
        view.page.get_by_role("button", name="Finish").click()
        assert "3 corners: 8" in view.page.locator(".woda-result p").first.inner_text()


def test_the_picture_holds_map_legend_and_source(
    browser: Browser, sheet: Path, tmp_path: Path
) -> None:
    from PIL import Image

    with browser.view(sheet, width=1200) as view:
        with view.page.expect_download() as waiting:
            view.page.get_by_role("button", name="Save as PNG").click()
        assert waiting.value.suggested_filename == "what_stands_where.png"
        picture = Image.open(waiting.value.path()).convert("RGB")
        colours = {colour for _, colour in picture.getcolors(maxcolors=1 << 24) or []}
        shades = view.page.evaluate("woda.sheets[0].specs[0].classes.map(c => c.fill).slice(0, 5)")
        for shade in shades:
            assert tuple(int(shade[i : i + 2], 16) for i in (1, 3, 5)) in colours
        assert picture.width > 2_000


def test_paper_is_one_page_with_map_legend_and_source(
    browser: Browser, sheet: Path, two_maps: Path
) -> None:
    pypdf = pytest.importorskip("pypdf")
    import io

    for path in (sheet, two_maps):
        with browser.view(path, width=1200) as view:
            printed = pypdf.PdfReader(
                io.BytesIO(view.page.pdf(prefer_css_page_size=True, print_background=True))
            )
            text = printed.pages[0].extract_text()
            assert len(printed.pages) == 1
            assert county.TITLE in text
            assert "20 to 24" in text
            assert "Source: Office for tests" in text


def test_two_maps_move_together(browser: Browser, two_maps: Path) -> None:
    both = """() => woda.sheets[0].views.map(view => {
        const c = view.map.getCenter(); return [c.lat, c.lng, view.map.getZoom()]; })"""
    with browser.view(two_maps, width=1200) as view:
        assert view.page.locator(".folium-map").count() == 2
        one, other = view.page.evaluate(both)
        assert one == pytest.approx(other, abs=1e-3)
        second = view.page.locator(".woda-second")
        second.focus()
        second.press("+")
        second.press("ArrowRight")
        view.page.wait_for_timeout(400)
        moved, with_it = view.page.evaluate(both)
        assert moved[2] > one[2]
        assert moved == pytest.approx(with_it, abs=1e-3)
        view.page.get_by_label("Beside it").select_option("")
        assert view.page.locator(".folium-map").count() == 1


def test_the_table_says_the_same_as_the_map(browser: Browser, sheet: Path) -> None:
    with browser.view(sheet, width=1200) as view:
        view.page.locator(".woda-table summary").click()
        rows = view.page.locator(".woda-table tbody tr")
        expect(rows).to_have_count(24)  # they are written once the table is open
        assert _cells(rows.nth(0)) == ["Ashfield 000", "E010000000", "1", "Malvern Hills", "1 to 5"]
        assert _cells(rows.nth(5))[2:] == [
            "withheld",
            "Wychavon",
            "Withheld: too few to show",
        ]
        view.page.get_by_role("button", name="Score").click()
        assert _cells(rows.nth(0))[0] == "Ashfield 023"
        head = view.page.locator(".woda-table th[aria-sort]")
        assert head.get_attribute("aria-sort") == "descending"
        rows.nth(0).get_by_role("button").click()
        assert "Ashfield 023" in _details(view)
        view.page.get_by_label("Layer", exact=True).select_option("Public buildings")
        expect(rows).to_have_count(4)


def _cells(row: Any) -> list[str]:
    return [str(text) for text in row.locator("th, td").all_inner_texts()]


def _open_tool(view: View) -> None:
    view.page.locator(".woda-incident summary").click()


def _mark(view: View, centre: str, radius: int) -> None:
    _open_tool(view)
    view.page.get_by_label("Centre").fill(centre)
    view.page.get_by_label("Radius, metres").fill(str(radius))
    view.page.get_by_role("button", name="Mark it").click()


def _click(view: View, *places: tuple[int, int]) -> None:
    """Click where metres east and north lie on the map."""
    where = """([east, north]) => {
        const map = woda.sheets[0].views[0].map, box = map.getContainer();
        box.scrollIntoView({block: 'center'});
        const at = map.latLngToContainerPoint(woda.grid.at(east, north));
        const frame = box.getBoundingClientRect();
        return [frame.left + at.x, frame.top + at.y]; }"""
    for place in places:
        x, y = view.page.evaluate(where, list(place))
        view.page.mouse.click(x, y)
