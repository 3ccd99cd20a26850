"""What a step's own last run left, from which it begins: an input that never makes it stale."""

from __future__ import annotations

import pytest

from tests.workbench.bench import COUNT, HAND
from tests.workbench.planning.county import County
from woda_lib.records import complete_runs, read_manifest

# It keeps a table, and begins from that of the last complete run, as `run.identities` does.
FROM_THE_LAST = [
    HAND.replace("inputs=()", "inputs=earlier"),
    """
from woda_lib.records import Input, complete_runs, describe_input

name = ":".join(["tiny/1_count", "people_records"])
earlier = ()
for before in complete_runs(settings.outputs_folder, "tiny")[-1:]:
    path = before.table("1_count", "people_records")
    found = describe_input(name, path, settings.root)
    earlier = (found.model_copy(update={"previous": True}),)
""",
]
KEEP = """
(kept / "people_records.parquet").write_text(f"{start} {settings.run_id}", "ascii") and None
"""


@pytest.fixture(scope="module")
def county(tmp_path_factory) -> County:
    """Run twice, at two values."""
    county = County(tmp_path_factory.mktemp("bench"))
    county.write_notebook("1_count", [*COUNT[:2], *FROM_THE_LAST, *COUNT[3:5], KEEP, COUNT[5]])
    with pytest.MonkeyPatch.context() as patch:
        for name, value in county.environment.items():
            patch.setenv(name, value)
        county.make()
        county.make({"start": 4})
    return county


def test_the_record_says_from_what_it_began(county):
    first, second = complete_runs(county.settings.outputs_folder, "tiny")
    began = [
        [each.path for each in record.inputs if each.previous]
        for run in (first, second)
        for record in read_manifest(run).steps
        if record.step == "1_count"
    ]
    kept = "restricted/1_count/people_records.parquet"
    assert began == [[], [f"outputs/tiny/{first.path.name}/{kept}"]]


def test_it_alone_makes_no_step_stale(county):
    # The last complete run is another one now than that from which the last one began.
    assert county.said({"start": 4}) == {"1_count": "take over", "2_double": "take over"}
    assert county.make({"start": 4}) is None


def test_whatever_else_changes_still_does(county):
    county.write("requirements.lock", "")
    assert county.said({"start": 4})["1_count"] == "run: the lock changed"
