"""The sheet in a browser without a network, opened once for the tests that look at it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import Browser, open_browser
from tests.places.drawing import county


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="package")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of a sealed page with one map."""
    path: Path = tmp_path_factory.mktemp("sheet") / "map.html"
    path.write_text(county.page(), encoding="utf-8")
    return path


@pytest.fixture(scope="package")
def two_maps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of a sealed page that opens with two maps."""
    path: Path = tmp_path_factory.mktemp("two") / "maps.html"
    path.write_text(county.page(beside=("Deprivation", "Crime")), encoding="utf-8")
    return path
