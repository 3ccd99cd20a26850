"""What several tests of the workbench start from."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner, Result

from tests.workbench.bench import KEY_RING, STALE, Bench
from woda_lib.workbench import CompleteRun, Progress

Woda = Callable[..., Result]


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("WODA_")]:
        if name != "WODA_REQUIRE":
            monkeypatch.delenv(name)
    monkeypatch.setenv("WODA_KEY_RING", KEY_RING)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.fixture
def woda(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Woda:
    """The command, in the folder of the tests' own `hub`."""
    from woda_lib import cli  # here: most tests of the workbench do without the command

    bench: Bench = request.getfixturevalue("hub").bench
    for name, text in bench.environment.items():
        if name.startswith("WODA_"):
            monkeypatch.setenv(name, text)
    monkeypatch.chdir(bench.root)

    def call(*words: str) -> Result:
        return CliRunner().invoke(cli.app, words, prog_name="woda")

    return call


@dataclass
class Finished:
    """A workbench after one run with another factor, and what was told on the way."""

    bench: Bench
    run: CompleteRun
    told: list[Progress] = field(default_factory=list)


@pytest.fixture(scope="package")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Finished]:
    """One run for all tests that only look at what came out."""
    bench = Bench(tmp_path_factory.mktemp("finished"))
    path = bench.root / "notebooks" / "tiny" / "1_count.ipynb"
    saved = nbformat.read(path, as_version=4)
    saved.cells[-1].outputs = [nbformat.v4.new_output("stream", text=STALE)]
    nbformat.write(saved, path)
    told: list[Progress] = []
    run = bench.run({"factor": "2.5"}, told.append)
    yield Finished(bench, run, told)
