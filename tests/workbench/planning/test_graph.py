"""What waits for what, over several pilots."""

from __future__ import annotations

import json

import pytest
import yaml

from tests.workbench.bench import COUNT, PILOT, notebook
from tests.workbench.planning.county import County
from woda_lib.records import Input, Pilot, read_pilot
from woda_lib.workbench import PlanError, make_plan
from woda_lib.workbench.notebooks import nbformat
from woda_lib.workbench.planning.decide import decide
from woda_lib.workbench.planning.graph import graph, waits

OTHER = PILOT | {
    "pilot": "other",
    "answered_by": "1_more",
    "steps": [{"name": "1_more", "question": "More?", "purpose": "test"}],
    "parameters": {},
}


@pytest.fixture
def county(tmp_path):
    return County(tmp_path)


def other(county: County, code: str, **changes: object) -> Pilot:
    """Another pilot of one step, whose notebook holds this."""
    path = "notebooks/other/1_more.ipynb"
    county.write(path, nbformat.writes(notebook(["# More?", code])))
    return read_pilot(county.write("parameters/other.yaml", yaml.safe_dump(OTHER | changes)))


def plans(county: County, *pilots: Pilot):
    return [make_plan(pilot, settings=county.settings) for pilot in pilots]


def test_within_a_pilot_steps_wait_for_what_they_need(county):
    assert waits(plans(county, county.pilot), county.settings) == {
        ("tiny", "1_count"): set(),
        ("tiny", "2_double"): {("tiny", "1_count")},
    }


def test_a_table_of_another_pilot_is_waited_for_with_that_pilots_whole_run(county):
    more = other(county, 'rows = run.load("tiny/1_count:rows")')
    edges = waits(plans(county, more, county.pilot), county.settings)
    assert edges["other", "1_more"] == {("tiny", "1_count"), ("tiny", "2_double")}
    order = list(graph(plans(county, more, county.pilot), county.settings).static_order())
    assert order[-1] == ("other", "1_more")


def test_tables_whose_names_are_put_in_are_waited_for(county):
    more = other(county, 'rows = [run.load(f"tiny/1_count:{name}") for name in ("rows", "more")]')
    edges = waits(plans(county, more, county.pilot), county.settings)
    assert edges["other", "1_more"] == {("tiny", "1_count"), ("tiny", "2_double")}


def test_pilots_that_are_not_asked_for_are_not_waited_for(county):
    more = other(county, 'rows = run.load("tiny/1_count:rows")')
    assert waits(plans(county, more), county.settings) == {("other", "1_more"): set()}


def test_a_table_that_only_the_last_run_tells_of_is_waited_for(county):
    manifest = county.make()
    more = other(county, "rows = 1")
    [record] = [record for record in manifest.steps if record.step == "1_count"]
    read = Input(name="tiny/1_count:rows", path="outputs/tiny/r/x", sha256="", bytes=0)
    told = record.model_copy(update={"step": "1_more", "inputs": (read,)})
    last = manifest.model_copy(update={"pilot": "other", "steps": (told,), "made": {}})
    county.write("outputs/other/2025-04-01/manifest.json", last.model_dump_json())
    edges = waits(plans(county, more, county.pilot), county.settings)
    assert edges["other", "1_more"] == {("tiny", "1_count"), ("tiny", "2_double")}


def test_pilots_that_wait_for_each_other_are_refused(county):
    more = other(county, 'rows = run.load("tiny/1_count:rows")')
    county.write_notebook("1_count", [*COUNT, 'rows = run.load("other/1_more:rows")'])
    with pytest.raises(PlanError, match=r"wait for each other in a circle \(.*other/1_more.*\)"):
        decide(plans(county, more, county.pilot), settings=county.settings)


def test_a_step_follows_from_what_another_pilots_step_follows_from(county):
    more = other(county, 'rows = run.load("tiny/1_count:rows")')
    county.make()

    def data(*pilots: Pilot) -> dict[str, str]:
        found = decide(plans(county, *pilots), settings=county.settings)
        return found["other", "1_more"].fingerprint.data["tiny/1_count"]

    # Whether or not the other pilot is asked for too.
    assert data(more) == data(more, county.pilot)
    county.write_notebook("1_count", [*COUNT, "extra = 1"])
    assert data(more) != data(more, county.pilot)
    county.make()
    assert data(more) == data(more, county.pilot)
    assert len(json.dumps(data(more))) > 64
