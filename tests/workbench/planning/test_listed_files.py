"""Whoever adds or changes an agreement or a pilot makes stale what tells of all of them."""

from __future__ import annotations

import pytest
import yaml

from tests.workbench.bench import AGREEMENT, COUNT, HAND, PILOT
from tests.workbench.planning.county import County

# It reads every file, as `pilots.partnership.roadmap.read_sources` does.
ALL = [
    HAND.replace("inputs=()", "inputs=read"),
    """
from woda_lib.records import LISTED, describe_input

read = tuple(
    describe_input(name, path, settings.root)
    for name, found in LISTED.items()
    for path in found(settings, "tiny")
)
""",
]
FRESH = {"1_count": "take over", "2_double": "take over"}


def stale(what: str, path: str) -> dict[str, str]:
    return {
        "1_count": f"run: {what} changed ({path})",
        "2_double": "run: 1_count is run again",
    }


@pytest.fixture(scope="module")
def county(tmp_path_factory) -> County:
    county = County(tmp_path_factory.mktemp("bench"))
    county.write_notebook("1_count", [*COUNT[:2], *ALL, *COUNT[3:]])
    with pytest.MonkeyPatch.context() as patch:
        for name, value in county.environment.items():
            patch.setenv(name, value)
        county.make()
    return county


@pytest.mark.parametrize(
    ("what", "path", "content"),
    [
        (
            "the agreements",
            "parameters/agreements/other.yaml",
            AGREEMENT | {"id": "other"},
        ),
        ("the parameter files", "parameters/other.yaml", PILOT | {"pilot": "other"}),
    ],
)
def test_a_new_file_and_a_changed_one_make_stale_what_reads_them_all(county, what, path, content):
    assert county.said() == FRESH
    added = county.write(path, yaml.safe_dump(content))
    assert county.said() == stale(what, path)
    added.unlink()
    assert county.said() == FRESH
