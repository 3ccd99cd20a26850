"""A map in a report: its frame is as tall as its page, and the legend stands above the layers."""

from __future__ import annotations

from pathlib import Path

import pytest

import woda_lib.workbench.review
from tests.browser import Browser, View

pytestmark = pytest.mark.browser

ASSETS = Path(woda_lib.workbench.review.__file__).parent / "assets"
FRAME = '<iframe class="live" src="{}" sandbox="allow-scripts" style="width:100%;height:560px">'


@pytest.fixture(scope="module")
def report(sheet: Path) -> Path:
    """The path of a page with the map in a frame, under a report's own style and script."""
    style, script = ((ASSETS / f"woda.{kind}").read_text("utf-8") for kind in ("css", "js"))
    framed = f"{FRAME.format(sheet.name)}</iframe>"
    path = sheet.with_name("report.html")
    path.write_text(
        f'<!doctype html><meta charset="utf-8"><title>A report</title><style>{style}</style>'
        f'<figure class="map" style="max-width:912px">{framed}</figure><script>{script}</script>',
        encoding="utf-8",
    )
    return path


def grown(view: View) -> bool:
    """Whether the frame has grown to its page, which takes a moment."""
    for _ in range(50):
        page = view.page.frames[1]
        if page.evaluate("document.querySelector('.woda')?.offsetHeight <= innerHeight"):
            return True
        view.page.wait_for_timeout(100)
    return False


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (1280, 700), (390, 800)])
def test_nobody_scrolls_in_the_frame_and_the_map_fits_the_window(
    browser: Browser, report: Path, width: int, height: int
) -> None:
    with browser.view(report, width=width, height=height) as view:
        assert grown(view)
        page = view.page.frames[1]
        drawn, legend, layers = (
            page.locator(part).first.bounding_box() or {}
            for part in (".woda-frame", ".woda-legends", ".woda-switch")
        )
        assert drawn["height"] < height
        assert legend["y"] + legend["height"] <= layers["y"]
        closed = view.measure(".live")["height"]
        for becomes in (f"> {closed}", f"=== {closed}"):
            page.locator(".woda-table summary").click()
            view.until(f"document.querySelector('.live').offsetHeight {becomes}")
        assert grown(view)
