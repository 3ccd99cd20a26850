"""The page's own National Grid, beside the Ordnance Survey's worked example and pyproj."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyproj import Transformer

from tests.browser import Browser

pytestmark = pytest.mark.browser


def _dms(degrees: int, minutes: int, seconds: float) -> float:
    return degrees + minutes / 60 + seconds / 3600


def test_it_projects_as_ordnance_survey_does(browser: Browser, sheet: Path) -> None:
    """A guide to coordinate systems in Great Britain, annex C: the worked example."""
    latitude, longitude = _dms(52, 39, 27.2531), _dms(1, 43, 4.5177)
    with browser.view(sheet, width=1200) as view:
        east, north = view.page.evaluate(f"woda.grid.project({latitude}, {longitude})")
        back = view.page.evaluate("woda.grid.unproject(651409.903, 313177.270)")
    assert (east, north) == pytest.approx((651409.903, 313177.270), abs=0.002)
    assert back == pytest.approx([latitude, longitude], abs=1e-8)


def test_it_agrees_with_pyproj_across_the_county(browser: Browser, sheet: Path) -> None:
    """Both take Ordnance Survey's seven parameters, where pyproj has no finer grid."""
    there = Transformer.from_crs(27700, 4326, always_xy=True)
    places = [(360_000, 268_000), (385_000, 255_000), (410_000, 238_000), (404_000, 280_000)]
    with browser.view(sheet, width=1200) as view:
        for east, north in places:
            longitude, latitude = there.transform(east, north)
            back = view.page.evaluate(f"woda.grid.of({{lat: {latitude}, lng: {longitude}}})")
            assert back == pytest.approx([east, north], abs=5)


@pytest.mark.parametrize(
    ("reference", "metres"),
    [
        ("SO850546", [385_050, 254_650]),
        ("SP0467", [404_500, 267_500]),
        ("TG5140913177", [651_409, 313_177]),
        ("XX1", None),
    ],
)
def test_grid_references_are_read(
    browser: Browser, sheet: Path, reference: str, metres: list[int] | None
) -> None:
    with browser.view(sheet, width=1200) as view:
        assert view.page.evaluate(f"woda.grid.reference('{reference}')") == metres
