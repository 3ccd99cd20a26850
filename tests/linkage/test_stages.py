"""Who is told how far a linkage is, and who is not."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from tests.linkage.people import specification, table
from woda_lib.linkage import LinkageResult, link
from woda_lib.linkage.stages import STAGES, shown_stages, stage

PEOPLE = table(
    """
    id forename surname born       postcode
    1  Ann      Lee     1931-09-20 WR1_2AB
    2  Ann      Lee     1931-09-20 WR1_2AB
    """
)


def linked(progress: bool | None) -> LinkageResult:
    return link(
        {"a": PEOPLE}, specification(sources=[{"name": "a", "id": "id"}]), progress=progress
    )


def written(progress: bool | None, *, terminal: bool, jupyter: bool = False) -> str:
    file = StringIO()
    console = Console(file=file, force_terminal=terminal, force_jupyter=jupyter, width=100)
    with shown_stages(progress, console):
        for name in STAGES:
            stage(name)
    return file.getvalue()


def test_lines_name_the_stages_in_their_order(capfd: pytest.CaptureFixture[str]) -> None:
    linked(True)
    out, err = capfd.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "Linking: standardise (1 of 6)",
        "Linking: block (2 of 6)",
        "Linking: compare (3 of 6)",
        "Linking: fit (4 of 6)",
        "Linking: score (5 of 6)",
        "Linking: cluster (6 of 6)",
    ]


@pytest.mark.parametrize("engine", ["fast", "recordlinkage"])
def test_every_engine_passes_every_stage(engine: str, capfd: pytest.CaptureFixture[str]) -> None:
    spec = specification(sources=[{"name": "a", "id": "id"}])
    link({"a": PEOPLE}, spec, engine=engine, progress=True)  # type: ignore[arg-type]
    said = [line.split()[1] for line in capfd.readouterr().err.splitlines()]
    assert said == list(STAGES)


@pytest.mark.parametrize("progress", [None, False])
def test_nothing_is_said_where_nobody_looks(
    progress: bool | None, capfd: pytest.CaptureFixture[str]
) -> None:
    linked(progress)
    assert capfd.readouterr() == ("", "")
    assert written(progress, terminal=False) == ""


def test_a_terminal_shows_a_bar_unless_told_not_to() -> None:
    assert "cluster" in written(None, terminal=True)
    assert "6/6" in written(True, terminal=True)
    assert written(False, terminal=True) == ""


def test_a_notebook_shows_nothing_unless_asked() -> None:
    assert written(None, terminal=True, jupyter=True) == ""


def test_a_scheduled_run_shows_nothing_even_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WODA_STEP_FOLDER", str(tmp_path))
    linked(True)
    assert capfd.readouterr() == ("", "")
    assert written(True, terminal=True) == ""


def test_a_linkage_that_fails_leaves_nobody_to_be_told(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RuntimeError), shown_stages(True):
        raise RuntimeError
    stage("fit")
    assert "fit" not in capfd.readouterr().err
