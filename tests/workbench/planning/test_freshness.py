"""What the review site and `woda plan` say of a pilot."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from tests.workbench.bench import COUNT
from tests.workbench.planning.county import County
from woda_lib import cli
from woda_lib.partners import audit_log
from woda_lib.verbs import planning
from woda_lib.workbench.planning.freshness import Freshness, freshness


@pytest.fixture
def county(tmp_path, monkeypatch):
    county = County(tmp_path)
    for name, value in county.environment.items():
        if name.startswith("WODA_"):
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("COLUMNS", "120")
    return county


def woda(*words: str) -> str:
    done = CliRunner().invoke(cli.app, words, prog_name="woda")
    assert done.exit_code == 0, done.output
    return done.output


def test_a_pilot_is_fresh_while_its_last_run_stands(county):
    assert freshness(county.pilot, county.settings) == Freshness(False, ("never run",))
    county.make()
    assert freshness(county.pilot, county.settings) == Freshness(True)
    county.make({"factor": 5})
    said = Freshness(False, ("the last run was at other values",))
    assert freshness(county.pilot, county.settings) == said
    county.write("requirements.lock", "")
    # Beside the run at the same values, though it is not the last.
    said = Freshness(False, ("the lock changed", "1_count is run again"))
    assert freshness(county.pilot, county.settings) == said


def test_other_prose_leaves_the_results_standing(county):
    county.make()
    county.write_notebook("1_count", ["# In other words", *COUNT[1:]])
    found = freshness(county.pilot, county.settings)
    assert (found.fresh, found.only_look) == (False, True)
    county.make({"factor": 5})
    assert not freshness(county.pilot, county.settings).only_look


def test_what_could_not_be_run_is_not_fresh_and_says_why(county):
    county.make()
    county.write_notebook("1_count", ["# No parameters cell"])
    found = freshness(county.pilot, county.settings)
    assert not found.fresh
    assert "the parameters cell does not set 'start'" in found.reasons[0]


def test_to_ask_is_no_attempt_so_that_a_no_is_not_recorded(county):
    county.write_agreement(ends=date(2025, 3, 1), review=date(2025, 2, 1))
    said = "not in force on 1 April 2025"
    assert said in freshness(county.pilot, county.settings).reasons[0]
    assert said in CliRunner().invoke(cli.app, ["plan"], prog_name="woda").output
    assert list(audit_log(county.settings).records()) == []


def test_woda_plan_says_step_by_step_what_a_run_would_do_and_does_nothing(county):
    assert woda("plan").splitlines() == [
        "tiny/1_count: to run: never run",
        "tiny/2_double: to run: never run",
        "tiny: 2 of 2 steps to run, 0 fresh.",
    ]
    first = county.make().run_id
    assert woda("plan", "tiny", "-p", "factor=3").splitlines() == [
        f"tiny/1_count: fresh: from run {first}",
        "tiny/2_double: to run: factor 2 → 3",
        "tiny: 1 of 2 steps to run, 1 fresh.",
    ]
    assert woda("plan").splitlines()[-1] == f"tiny: nothing to do. Run {first} says it all."
    second = county.make({"factor": 3}).run_id
    assert woda("plan").splitlines() == [
        f"tiny/1_count: fresh: from run {first}",
        f"tiny/2_double: fresh: from run {first}",
        "tiny: a new run, made of what earlier ones found; no step is run.",
    ]
    assert county.runs() == [first, second]


def test_on_a_screen_woda_plan_is_a_table(county, monkeypatch):
    monkeypatch.setattr(planning, "OUT", Console(force_terminal=True, width=100, color_system=None))
    first, second, *_ = woda("plan").splitlines()
    assert first.split() == ["pilot", "step", "state", "why"]
    assert second.split() == ["tiny", "1_count", "to", "run", "never", "run"]


def test_woda_plan_can_ask_as_of_another_day(county, monkeypatch):
    monkeypatch.setenv("WODA_TODAY", "2027-01-01")
    assert CliRunner().invoke(cli.app, ["plan"], prog_name="woda").exit_code != 0
    assert "never run" in woda("plan", "--as-of", "2025-04-01")


def test_woda_plan_tells_programs_the_same(county):
    def told(*words: str) -> list[dict[str, Any]]:
        return json.loads(woda("plan", "--json", *words))

    run_id = county.make().run_id
    assert told("-p", "factor=3") == [
        {"pilot": "tiny", "step": "1_count", "action": "take over", "reasons": [], "run": run_id},
        {
            "pilot": "tiny",
            "step": "2_double",
            "action": "run",
            "reasons": ["factor 2 → 3"],
            "run": None,
        },
    ]
    assert told("--why")[1]["fingerprint"]["parameters"] == {"factor": 2.0, "since": "2023-10-01"}


def test_why_lists_all_that_counts(county):
    said = woda("plan", "--why")
    for part in (
        "tiny/1_count follows from",
        "  parameter start = 3",
        "  seed: 20260101",
        "  agreement tiny: ",
        "  hospital_spells: severnside_acute/hospital_spells_2025-03.csv ",
        "  woda_lib/notebook/run.py ",
    ):
        assert part in said
    assert "woda_lib/evaluation" not in said


def test_a_misspelt_parameter_is_met_with_the_nearest(county):
    done = CliRunner().invoke(cli.app, ["plan", "-p", "facter=3"], prog_name="woda")
    assert done.exit_code == 2
    assert "Did you mean 'factor'?" in done.output
