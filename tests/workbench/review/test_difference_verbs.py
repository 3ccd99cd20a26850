"""`woda diff`, and what `woda review` prints, as they are typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.workbench.review.runs import AFTER, BEFORE, DAYS, inputs, record, workbench, write_run
from woda_lib import cli

LATER = DAYS.model_copy(update={"value": 4.4, "low": 3.9, "high": 4.9})


@pytest.fixture
def outputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two runs, of which the later one read other data, in the working directory."""
    settings = workbench(tmp_path)
    monkeypatch.setenv("WODA_ROOT", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "140")
    monkeypatch.chdir(tmp_path)
    write_run(settings.outputs_folder, BEFORE)
    march = inputs({"hospital_spells": {"spells_2025-03.csv": "march"}})
    write_run(settings.outputs_folder, AFTER, record(values=(LATER,), inputs=march))
    return settings.outputs_folder


def woda(*words: str) -> Result:
    return CliRunner().invoke(cli.app, words, prog_name="woda")


def test_diff_says_what_moved_why_and_how_it_is_read(outputs: Path) -> None:
    result = woda("diff", "patient_flow")
    assert result.exit_code == 0, result.output
    said = " ".join(result.stdout.split())
    assert "Only the data changed, so whatever moved, moved because of that." in said
    assert "2.4 days (1.7 to 3.1) 4.4 days (3.9 to 4.9) up 2.0 days" in said
    assert "more than chance" in said
    page = outputs / "site" / "patient_flow" / f"{BEFORE}..{AFTER}.html"
    assert page.is_file()
    assert f"Page: {page.relative_to(outputs.parent)}" in result.stdout


def test_diff_for_programs_holds_values_reasons_and_readings(outputs: Path) -> None:
    found = json.loads(woda("diff", "patient_flow", BEFORE, AFTER, "--json").stdout)
    assert (found["before"], found["after"]) == (BEFORE, AFTER)
    assert [reason["cause"] for reason in found["reasons"]] == ["data"]
    (value,) = found["values"]
    assert (value["reading"], value["because"]) == ("more than chance", ["data"])
    assert value["change"]["new"]["value"] == 4.4


def test_diff_of_a_version_that_is_not_there_fails_with_what_there_is(outputs: Path) -> None:
    result = woda("diff", "patient_flow", "1.9")
    assert result.exit_code == 2
    assert AFTER in result.stderr
    assert not (outputs / "site").exists()


def test_the_pack_is_written_without_a_browser(outputs: Path) -> None:
    result = woda("review", "pack")
    assert result.exit_code == 0, result.output
    assert (outputs / "site" / "pack.html").is_file()


def test_a_pdf_is_of_a_release_or_of_a_run_and_not_of_both(outputs: Path) -> None:
    result = woda("review", "pdf", "patient_flow", "--release", "1.0", "--run", "x")
    assert result.exit_code == 2
    assert "not both" in result.stderr
