"""What the review site and `woda plan` say of a pilot."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.workbench.planning.county import County
from woda_lib import cli
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


def lines(text: str) -> list[list[str]]:
    """The cells of a table, a row a line."""
    return [
        [cell.strip() for cell in line.split("  ") if cell.strip()]
        for line in text.splitlines()
        if line.strip()
    ]


def test_a_pilot_is_fresh_while_its_last_run_stands(county):
    assert freshness(county.pilot, county.settings) == Freshness(False, ("never run",))
    county.make()
    assert freshness(county.pilot, county.settings) == Freshness(True)
    county.make({"factor": 5})
    said = Freshness(False, ("the last run was at other values",))
    assert freshness(county.pilot, county.settings) == said
    county.write("requirements.lock", "")
    said = Freshness(False, ("the lock changed", "1_count is run again"))
    assert freshness(county.pilot, county.settings) == said


def test_what_could_not_be_run_is_not_fresh_and_says_why(county):
    county.make()
    county.write_notebook("1_count", ["# No parameters cell"])
    found = freshness(county.pilot, county.settings)
    assert not found.fresh
    assert "the parameters cell does not set 'start'" in found.reasons[0]


def test_woda_plan_says_step_by_step_what_a_run_would_do(county):
    assert lines(woda("plan")) == [
        ["pilot", "step", "state", "why"],
        ["tiny", "1_count", "to run", "never run"],
        ["tiny", "2_double", "to run", "never run"],
        ["2 of 2 steps to run, 0 fresh."],
    ]
    run_id = county.make().run_id
    assert lines(woda("plan", "tiny", "-p", "factor=3")) == [
        ["pilot", "step", "state", "why"],
        ["tiny", "1_count", "fresh", f"from run {run_id}"],
        ["tiny", "2_double", "to run", "factor 2 → 3"],
        ["1 of 2 steps to run, 1 fresh."],
    ]
    before = county.runs()
    woda("plan")
    assert county.runs() == before


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
