"""What a reader does on: corners on clusters, towns and postcodes, two maps again, back from paper.

The county is the one of 24 squares; it holds Pershore and two postcodes of one sector.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser import Browser, View

pytestmark = pytest.mark.browser

ZOOM = "woda.sheets[0].views[0].map.getZoom()"
TOWARDS = """([east, north]) => {
    const map = woda.sheets[0].views[0].map, box = map.getContainer().getBoundingClientRect();
    const at = map.latLngToContainerPoint(woda.grid.at(east, north));
    return [box.left + at.x, box.top + at.y]; }"""


def _find(view: View, text: str) -> list[list[str]]:
    view.page.get_by_role("combobox", name="Find a place").fill(text)
    options = view.page.locator(".woda-found li").all_inner_texts()
    return [option.split("\n") for option in options]


def _mark(view: View, centre: str, radius: int = 500) -> None:
    if not view.page.get_by_label("Centre").is_visible():
        view.page.locator(".woda-incident summary").click()
    view.page.get_by_label("Centre").fill(centre)
    view.page.get_by_label("Radius, metres").fill(str(radius))
    view.page.get_by_role("button", name="Mark it").click()


def test_a_corner_can_be_set_on_a_cluster_and_the_map_is_in_sight(
    browser: Browser, sheet: Path
) -> None:
    with browser.view(sheet, width=390, height=844) as view:
        view.page.locator(".woda-incident summary").click()
        view.page.get_by_role("radio", name="Outline").check()
        draw = view.page.get_by_role("button", name="Draw on the map")
        draw.scroll_into_view_if_needed()
        draw.click()
        frame = view.measure(".woda-frame")
        assert frame["y"] > -1
        assert frame["y"] + frame["height"] < 845
        before = view.page.evaluate(ZOOM)
        cluster = view.measure(".woda-cluster")
        view.page.mouse.click(cluster["x"] + 15, cluster["y"] + 15)
        for place in ((389_000, 247_000), (393_000, 247_000)):
            view.page.mouse.click(*view.page.evaluate(TOWARDS, list(place)))
        view.page.get_by_role("button", name="Finish").click()
        assert view.page.get_by_label("Corners").input_value().count("\n") == 2
        assert view.page.evaluate(ZOOM) == before
        view.page.wait_for_timeout(400)
        # once drawing is over, a cluster is a cluster again
        assert view.style(".woda-cluster", "pointerEvents") == "auto"


def test_a_refused_area_leaves_no_command_of_the_one_before(browser: Browser, sheet: Path) -> None:
    with browser.view(sheet, width=1200) as view:
        _mark(view, "385000 251000")
        assert view.page.locator(".woda-result").is_visible()
        _mark(view, "251000 385000")
        assert "wrong way round" in view.page.get_by_role("alert").inner_text()
        assert not view.page.locator(".woda-result").is_visible()
        assert view.page.locator(".leaflet-woda-incident-pane path").count() == 0


def test_a_small_area_is_zoomed_to_cased_in_white_and_above_markers(
    browser: Browser, sheet: Path
) -> None:
    with browser.view(sheet, width=1200) as view:
        _mark(view, "385000 251000", 200)
        paths = view.page.locator(".leaflet-woda-incident-pane path")
        strokes = [path.get_attribute("stroke") for path in paths.all()]
        assert strokes == ["#ffffff", "#a61f1b"]
        box = paths.last.bounding_box()
        frame = view.measure(".woda-frame")
        assert box is not None
        assert box["height"] > frame["height"] / 10
        pane, markers = (
            int(view.style(f".leaflet-{name}-pane", "zIndex"))
            for name in ("woda-incident", "marker")
        )
        assert pane > markers


def test_beside_it_only_the_base_map_and_its_names_are_copied(
    browser: Browser, sheet: Path
) -> None:
    with browser.view(sheet, width=1200) as view:
        assert view.page.locator(".woda-cluster").count() == 1
        view.page.get_by_label("Beside it").select_option("Crime")
        second = view.page.locator(".woda-second")
        assert second.locator(".leaflet-names-pane .place").count() > 0
        assert second.locator(".leaflet-base-pane path").count() == 2  # districts
        assert second.locator(".leaflet-marker-pane > *").count() == 0


def test_a_second_map_follows_when_it_is_opened_again(browser: Browser, two_maps: Path) -> None:
    both = "woda.sheets[0].views.map(view => view.map.getZoom())"
    with browser.view(two_maps, width=1200) as view:
        select = view.page.get_by_label("Beside it")
        select.select_option("")
        view.page.locator(".leaflet-control-zoom-in").click()
        select.select_option("Crime")
        view.page.locator(".leaflet-control-zoom-in").click()
        one, other = view.page.evaluate(both)
        assert one == other
        assert view.complaints == []


@pytest.mark.parametrize("width", [1200, 390])
def test_each_of_two_maps_and_its_legend_say_what_they_show(
    browser: Browser, two_maps: Path, width: int
) -> None:
    with browser.view(two_maps, width=width, height=844) as view:
        frame, drawn = view.measure(".woda-frame"), view.measure(".woda-frame .folium-map")
        assert drawn["y"] + drawn["height"] <= frame["y"] + frame["height"]
        headings = view.page.locator(".woda-which")
        assert headings.all_inner_texts() == ["Deprivation", "Crime"]
        legends = view.page.locator(".woda-legends h2")
        assert legends.all_inner_texts() == ["Legend: Deprivation", "Legend: Crime"]
        if width == 390:  # each legend comes right after its map
            tops = [headings.nth(0), legends.nth(0), headings.nth(1), legends.nth(1)]
            found = [(place.bounding_box() or {})["y"] for place in tops]
            assert found == sorted(found)
        view.page.get_by_label("Beside it").select_option("Land use")
        assert headings.all_inner_texts() == ["Deprivation", "Land use"]
        view.page.get_by_label("Beside it").select_option("")
        assert headings.count() == 0
        assert legends.first.inner_text() == "Legend"


def test_search_finds_towns_districts_and_postcodes(browser: Browser, sheet: Path) -> None:
    with browser.view(sheet, width=1200) as view:
        assert _find(view, "pershore") == [["Pershore", "place"]]
        view.page.keyboard.press("Enter")
        assert view.page.locator(".woda-tip").inner_text() == "Pershore"
        assert view.page.evaluate(ZOOM) >= 13
        assert _find(view, "malvern h") == [["Malvern Hills", "place"]]
        assert _find(view, "WR1 1") == [
            ["WR1 1", "postcodes"],
            ["WR1 1AA", "postcode"],
            ["WR1 1AB", "postcode"],
        ]
        assert _find(view, "wr11ab") == [["WR1 1AB", "postcode"]]
        view.page.keyboard.press("Enter")
        middle = "woda.grid.of(woda.sheets[0].views[0].map.getCenter())"
        assert view.page.evaluate(middle) == pytest.approx([375_000, 245_000], abs=60)


def test_search_says_what_it_does_not_show(browser: Browser, sheet: Path) -> None:
    with browser.view(sheet, width=1200) as view:
        found = _find(view, "ashfield")
        assert [name for name, _ in found] == [f"Ashfield {n:03d}" for n in range(8)]
        assert view.page.locator(".woda-found p").inner_text() == "The first 8 of 24"
        assert _find(view, "atlantis") == []
        assert view.page.locator(".woda-found p").inner_text() == "No place is called so."


@pytest.mark.parametrize("width", [1200, 390])
def test_text_keeps_clear_of_focus_rings(browser: Browser, sheet: Path, width: int) -> None:
    ring = 5  # pixels: an outline of 3, at most 2 away
    with browser.view(sheet, width=width, height=844) as view:
        frame, keys = view.measure(".woda-frame"), view.measure(".woda-keys")
        assert keys["y"] - frame["y"] - frame["height"] >= ring
        label, box = view.measure(".woda-search label"), view.measure(".woda-search input")
        assert box["y"] - label["y"] - label["height"] >= ring


@pytest.mark.parametrize("width", [800, 390])
def test_focus_goes_down_a_narrow_page(browser: Browser, sheet: Path, width: int) -> None:
    with browser.view(sheet, width=width, height=844) as view:
        tops = []
        for selector in (".woda-switch input", ".woda-incident summary", ".woda-table summary"):
            tops.append(view.measure(selector)["y"])
        assert tops == sorted(tops)
        order = """[...document.querySelectorAll('.woda-switch input, .woda summary')]
            .map(node => node.closest('section, details').className)"""
        assert view.page.evaluate(order)[-1] == "woda-table"


def test_districts_are_seen_over_shaded_areas(browser: Browser, sheet: Path) -> None:
    with browser.view(sheet, width=1200) as view:
        lines = view.page.locator(".leaflet-woda-borders-pane path")
        assert lines.count() == 4  # of each of two districts, a casing and a dashed line
        assert {line.get_attribute("fill") for line in lines.all()} == {"none"}
        z = [
            int(view.style(f".leaflet-{name}-pane", "zIndex"))
            for name in ("woda-areas", "woda-borders", "woda-over")
        ]
        assert z == sorted(z)


def test_ranks_are_written_with_grouped_digits(browser: Browser, sheet: Path) -> None:
    written = "heading => woda.written('17500', {heading})"
    with browser.view(sheet, width=1200) as view:
        assert view.page.evaluate(written, "Rank in England") == "17,500"
        assert view.page.evaluate(written, "Account") == "17500"


def test_the_map_comes_back_from_paper_though_nobody_says_so(browser: Browser, sheet: Path) -> None:
    script = """() => {
        window.print = () => dispatchEvent(new Event('beforeprint'));
        const box = () => document.querySelector('.woda-frame').getBoundingClientRect().width;
        const before = box();
        document.querySelector('.woda-take button:last-child').click();
        return [before, box(), woda.sheets[0].printing]; }"""
    with browser.view(sheet, width=1200) as view:
        before, after, printing = view.page.evaluate(script)
        assert before == after
        assert printing is False
