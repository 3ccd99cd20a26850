"""A made-up county's workbench to show the whole way on, for each test its own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.absent import absent
from tests.workbench.bench import Bench
from tests.workbench.releases.hub import Hub

MARKER = {"generator": "tests", "profile": "demo", "seed": 1, "truth": "demo"}


@pytest.fixture(scope="package")
def _ready(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A bench whose extracts say that they are made up, with one run; to be copied."""
    if shutil.which("ssh-keygen") is None:
        absent("ssh", "ssh-keygen is not installed (Debian: openssh-client)")
    bench = Bench(tmp_path_factory.mktemp("ready"))
    bench.write("data/extracts/demo/SYNTHETIC.json", json.dumps(MARKER))
    bench.run()
    yield bench.root


@pytest.fixture
def hub(_ready: Path, tmp_path: Path) -> Hub:
    """A hub with one complete run, and no reviewer but those that a demonstration makes."""
    shutil.copytree(_ready, tmp_path / "hub")
    bench = Bench.__new__(Bench)
    bench.root = tmp_path / "hub"
    return Hub(bench, bench.root / "data" / "demonstration")
