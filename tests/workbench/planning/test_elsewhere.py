"""A run that reads another pilot's tables starts only where these are there, or come first."""

from __future__ import annotations

import pytest
import yaml
from nbformat import writes
from typer.testing import CliRunner

from tests.workbench.bench import notebook
from tests.workbench.planning.county import County
from tests.workbench.planning.test_graph import OTHER, plans
from woda_lib import cli
from woda_lib.records import read_pilot
from woda_lib.workbench import PlanError, run_pilots
from woda_lib.workbench.planning.decide import decide
from woda_lib.workbench.planning.elsewhere import require_tables

SAYS = (
    "other/1_more reads what tiny/1_count saves. There is no complete run of tiny on "
    "data/extracts/demo. On the same extracts `woda run tiny other` runs what must come first, and "
    "then the rest."
)


@pytest.fixture
def county(tmp_path):
    return County(tmp_path)


@pytest.fixture
def reader(county):
    cells = ["# More?", 'rows = run.load("tiny/1_count:rows")']
    county.write("notebooks/other/1_more.ipynb", writes(notebook(cells)))
    return read_pilot(county.write("parameters/other.yaml", yaml.safe_dump(OTHER)))


def require(county, *pilots):
    asked = plans(county, *pilots)
    require_tables(asked, decide(asked, settings=county.settings), county.settings)


def test_a_run_says_before_any_work_what_is_missing_and_the_command_that_makes_it(county, reader):
    with pytest.raises(PlanError) as refused:
        next(run_pilots([reader], settings=county.settings))
    assert str(refused.value) == SAYS
    assert not (county.root / "outputs" / "other").exists()


def test_woda_plan_says_the_same(county, reader, monkeypatch):
    monkeypatch.setenv("WODA_ROOT", str(county.root))
    monkeypatch.setenv("WODA_TODAY", "2025-04-01")
    monkeypatch.setenv("WODA_AS_OF_REASON", county.settings.as_of_reason)
    told = CliRunner().invoke(cli.app, ["plan", "other"], prog_name="woda")
    assert (told.exit_code, told.stderr) == (2, f"{SAYS}\n")


def test_who_is_asked_for_as_well_comes_first_and_makes_it(county, reader):
    require(county, reader, county.pilot)


def test_what_a_complete_run_on_the_same_extracts_made_is_there(county, reader):
    manifest = county.make()
    require(county, reader)
    elsewhere = manifest.model_copy(update={"extracts": "data/extracts/quick"})
    path = f"outputs/tiny/{manifest.run_id}/manifest.json"
    county.write(path, elsewhere.model_dump_json())
    with pytest.raises(PlanError, match="no complete run of tiny on data/extracts/demo"):
        require(county, reader)
