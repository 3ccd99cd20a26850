"""The county as it is: 374 small areas, of which 18 are in England's most deprived tenth.

It needs the official files, which the project does not contain: it skips where they are absent.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.browser import Browser, require_axe
from woda_lib.places import boundaries, deprivation, derived_districts
from woda_lib.places.drawing import Choropleth, Sheet
from woda_lib.places.sealed import base_map, seal

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[3]
FOLDERS = (
    Path(os.environ.get("WODA_PLACES", ROOT / "data" / "places")),
    *(above / "shared" / "data" / "worcestershire" for above in ROOT.parents[:2]),
)
INDEX = "imd2025_lsoa21.csv"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = next((folder for folder in FOLDERS if (folder / INDEX).is_file()), None)
    if folder is None:
        pytest.skip("the official boundaries of Worcestershire and the index are not here")
    areas = boundaries("lsoa", folder=folder)
    told = deprivation(folder / INDEX, areas).areas
    made = base_map(derived_districts())
    Choropleth(
        told,
        value="IMD_decile",
        name="Deprivation",
        heading="Tenth of England's areas by deprivation, 1 the most deprived",
        scheme="given",
        breaks=[1, 3, 5, 7],
        dark_is_low=True,
        key="code",
        tolerance=20,
    ).add_to(made)
    Sheet("Deprivation in Worcestershire", source="MHCLG and ONS", date="2025").add_to(made)
    path: Path = tmp_path_factory.mktemp("county") / "map.html"
    path.write_text(seal(made, title="Deprivation in Worcestershire"), encoding="utf-8")
    return path


def test_the_map_shows_374_areas_and_18_in_the_most_deprived_tenth(
    browser: Browser, page: Path
) -> None:
    require_axe()
    with browser.view(page, width=1200) as view:
        rows = [row.split("\n") for row in view.page.locator(".woda-legend li").all_inner_texts()]
        assert rows[0] == ["1", "18"]
        assert sum(int(count) for _, count in rows) == 374
        darkest = view.page.evaluate("woda.sheets[0].specs[0].classes[0].fill")
        drawn = view.page.locator(".leaflet-woda-areas-pane path")
        assert drawn.count() == 374
        assert view.page.locator(f".leaflet-woda-areas-pane path[fill='{darkest}']").count() == 18
        assert view.accessibility_faults() == []
        assert view.complaints == []


def test_the_page_is_under_two_megabytes(page: Path) -> None:
    assert page.stat().st_size < 2_000_000
