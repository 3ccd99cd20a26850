"""A partner whose deliveries were measured anew makes stale what asks for their quality."""

from __future__ import annotations

import pytest

from tests.workbench.bench import COUNT, HAND
from tests.workbench.planning.county import County
from woda_lib.records import quality_file

# It reads what was measured, as `Run.deliveries` does.
MEASURED = [
    HAND.replace("inputs=()", "inputs=read"),
    """
from woda_lib.records import DELIVERIES, describe_input, quality_files


class Verbs:
    def deliveries(self):
        paths = quality_files(settings.accepted_of_extracts)
        return tuple(describe_input(DELIVERIES, path, settings.root) for path in paths)


read = Verbs().deliveries()
""",
]
FRESH = {"1_count": "take over", "2_double": "take over"}


def stale(what: str) -> dict[str, str]:
    return {
        "1_count": f"run: what was measured of deliveries changed ({what})",
        "2_double": "run: 1_count is run again",
    }


@pytest.fixture(scope="module")
def county(tmp_path_factory) -> County:
    """A county of which nothing has been loaded yet."""
    county = County(tmp_path_factory.mktemp("bench"))
    county.write_notebook("1_count", [*COUNT[:2], *MEASURED, *COUNT[3:]])
    with pytest.MonkeyPatch.context() as patch:
        for name, value in county.environment.items():
            patch.setenv(name, value)
        county.make()
    return county


def test_a_first_and_a_changed_measurement_make_stale_the_step_and_what_needs_it(county):
    assert county.said() == FRESH

    def measure(dataset: str, text: str) -> None:
        path = quality_file(county.settings.accepted_of_extracts / "flow", dataset)
        county.write(path.relative_to(county.root).as_posix(), text)

    measure("hospital_spells", "{}")
    assert county.said() == stale("hospital_spells")
    assert county.make() is not None
    assert county.said() == FRESH

    measure("hospital_spells", "{ }")
    assert county.said() == stale("hospital_spells")
    for dataset in ("school_roll", "gazetteer", "companies", "premises"):
        measure(dataset, "{}")
    assert county.said() == stale("companies, gazetteer, hospital_spells, and two more")
