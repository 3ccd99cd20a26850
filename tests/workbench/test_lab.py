"""`woda lab`: what it starts; and in a real browser, from the start page to a draft."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import psutil
import pytest
from typer.testing import CliRunner

from tests.browser import open_browser
from tests.workbench.bench import Bench, notebook
from woda_lib import cli
from woda_lib.records import complete_runs
from woda_lib.workbench import county
from woda_lib.workbench.desk.lab import command_of, environment_of

WODA = Path(sys.executable).parent / "woda"
ASKED = (
    "# How many visits are there?",
    ("start: int = 3  # visits", "parameters"),
    'from woda_lib import begin\nrun = begin("tiny", "1_only")',
    'run.value("visits", start, unit="visits", decimals=0)',
    'run.answer("There are {visits}.")',
    "run.finish()",
)
PATIENCE = 120
"""Seconds: a loaded machine may be slow, and nothing here waits longer than it must."""


@dataclass
class Lab:
    """A running JupyterLab over a bench."""

    bench: Bench
    server: subprocess.Popen[bytes]
    address: str
    token: str


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    bench = Bench(tmp_path_factory.mktemp("lab"))
    step = {"name": "1_only", "question": "How many?", "purpose": "test", "parameters": ["start"]}
    start = {"type": "int", "value": 3, "unit": "visits", "description": "To begin with."}
    bench.write_pilot(steps=[step], answered_by="1_only", parameters={"start": start})
    asked = notebook(ASKED)
    asked.metadata.kernelspec = {"display_name": "Python 3", "name": "python3"}
    bench.write("notebooks/tiny/1_only.ipynb", nbformat.writes(asked))
    home = tmp_path_factory.mktemp("home")
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "HOME")
    environment = bench.environment | {name: str(home / name) for name in names}
    server = subprocess.Popen(
        [WODA, "lab", "--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0"],
        cwd=bench.root,
        env=environment,
        stdin=subprocess.DEVNULL,
    )
    try:
        # `woda lab` becomes JupyterLab, so the process is the same.
        running = home / "JUPYTER_RUNTIME_DIR" / f"jpserver-{server.pid}.json"
        until(lambda: running.is_file() and running.stat().st_size > 0)
        told = json.loads(running.read_text())
        yield Lab(bench, server, f"http://127.0.0.1:{told['port']}", told["token"])
    finally:
        server.kill()
        server.wait()


def until(happened: Callable[[], bool]) -> None:
    """Wait for something, and not for ever."""
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, "It never happened."
        time.sleep(0.2)


def test_it_opens_this_checkout_with_this_interpreter_and_what_the_user_says_comes_last(bench):
    page = bench.root / "Start here.md"
    command = command_of(bench.settings, page, ["--no-browser", "--LabApp.default_url=/lab"])
    assert command[:5] == [
        *(sys.executable, "-m", "jupyterlab"),
        f"--ServerApp.root_dir={bench.root}",
        "--LabApp.default_url=/lab/tree/Start%20here.md",
    ]
    assert command[-2:] == ["--no-browser", "--LabApp.default_url=/lab"]


def test_its_terminals_know_woda_and_its_kernels_this_checkout(bench, monkeypatch):
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "mine")
    environment = environment_of(bench.settings)
    assert environment["WODA_ROOT"] == str(bench.root)
    assert environment["JUPYTER_PREFER_ENV_PATH"] == "1"
    assert environment["PATH"].split(os.pathsep)[0] == str(WODA.parent)
    mine, ours = environment["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert mine == "mine"
    assert (Path(ours) / "labconfig" / "default_setting_overrides.json").is_file()


def test_a_made_up_county_that_is_not_there_is_made_first(bench, monkeypatch):
    shutil.rmtree(bench.root / "data")
    did: list[str] = []
    monkeypatch.setenv("WODA_ROOT", str(bench.root))
    monkeypatch.setattr(county, "make_county", lambda settings, profile: did.append(profile))
    monkeypatch.setattr(os, "execve", lambda program, command, environment: did.append(program))
    result = CliRunner().invoke(cli.app, ["lab"])
    assert result.exit_code == 0, result.output
    assert "Making the demo county, once." in result.stderr
    assert did == ["demo", sys.executable]
    assert (bench.root / "Start here.md").is_file()


@pytest.mark.browser
def test_from_the_start_page_to_a_draft_that_stands_among_no_runs(lab):
    draft = lab.bench.root / "outputs" / "tiny" / "draft"
    with (
        open_browser() as browser,
        browser.visit(f"{lab.address}/?token={lab.token}") as view,
    ):
        page = view.page
        page.set_default_timeout(PATIENCE * 1000)
        page.wait_for_selector(".jp-MarkdownViewer h1:has-text('Start here')")
        assert page.locator(".jp-DirListing-item[title*='notebooks']").count() == 1
        page.locator(".jp-MarkdownViewer a", has_text="1_only").click()
        page.wait_for_selector(".jp-NotebookPanel .jp-Cell")
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
        page.locator(".lm-MenuBar-itemLabel", has_text="Run").click()
        page.get_by_text("Run All Cells", exact=True).click()
        page.locator(".jp-Cell .answer", has_text="There are 3 visits.").wait_for()
        until((draft / "steps" / "1_only.json").is_file)
        assert {urlsplit(address).hostname for address in view.requests} - {None} == {"127.0.0.1"}
        assert view.complaints == []
        assert page.get_by_text("Jupyter news").count() == 0
    settings = lab.bench.settings
    assert json.loads((draft / "steps/1_only.json").read_text())["values"][0]["value"] == 3
    assert complete_runs(settings.outputs_folder, "tiny") == []
    assert said(lab.bench, "status") == "tiny: not run yet. Use `woda run tiny`.\n\n"

    done = lab.bench.run({"start": 4})
    assert [run.path.name for run in complete_runs(settings.outputs_folder, "tiny")] == [
        done.manifest.run_id
    ]
    for page in (settings.outputs_folder / "site").rglob("*.html"):
        assert "draft" not in page.read_text(encoding="utf-8"), page.name
    assert json.loads((draft / "steps/1_only.json").read_text())["values"][0]["value"] == 3


@pytest.mark.browser
def test_when_it_is_told_to_stop_it_ends_its_kernels_and_leaves_in_order(lab):
    family = psutil.Process(lab.server.pid).children(recursive=True)
    assert family, "the notebook of the test before has a kernel"
    lab.server.send_signal(signal.SIGTERM)
    assert lab.server.wait(timeout=PATIENCE) == 0
    _, alive = psutil.wait_procs(family, timeout=PATIENCE)
    assert alive == []


def said(bench: Bench, *words: str) -> str:
    done = subprocess.run(
        [WODA, *words], cwd=bench.root, env=bench.environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
