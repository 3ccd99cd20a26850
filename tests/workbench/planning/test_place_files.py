"""Whoever puts a boundary file into the places folder makes stale what asks for boundaries."""

from __future__ import annotations

import pytest

from tests.workbench.bench import COUNT, HAND
from tests.workbench.planning.county import County

# It reads the places folder, as `Run.boundaries` does.
BOUNDED = [
    HAND.replace("inputs=()", "inputs=read"),
    """
from woda_lib.records import PLACE_FILES, describe_input, place_files


class Verbs:
    def boundaries(self, level):
        paths = place_files(settings.places_folder)
        return tuple(describe_input(PLACE_FILES, path, settings.root) for path in paths)


read = Verbs().boundaries("ward")
""",
]
FILE = "data/places/ward25.geojson"
CHANGED = f"run: the places folder changed ({FILE})"
FRESH = {"1_count": "take over", "2_double": "take over"}
STALE = {"1_count": CHANGED, "2_double": "run: 1_count is run again"}


@pytest.fixture(scope="module")
def county(tmp_path_factory) -> County:
    """A county without any boundary file."""
    county = County(tmp_path_factory.mktemp("bench"))
    county.write_notebook("1_count", [*COUNT[:2], *BOUNDED, *COUNT[3:]])
    with pytest.MonkeyPatch.context() as patch:
        for name, value in county.environment.items():
            patch.setenv(name, value)
        county.make()
    return county


def test_a_first_and_a_changed_file_make_stale_the_step_and_what_needs_it(county):
    assert county.said() == FRESH

    first = county.write(FILE, "{}")
    assert county.said() == STALE
    assert county.make() is not None
    assert county.said() == FRESH

    county.write(FILE, "{ }")
    assert county.said() == STALE

    first.unlink()
    assert county.said()["1_count"] == "take over"  # as the run before the file was
