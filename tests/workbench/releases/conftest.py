"""A hub to start from, for each test its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.absent import absent
from tests.workbench.bench import Bench
from tests.workbench.releases.hub import AUTHOR, COMMIT, PEOPLE, Hub, make_key


@pytest.fixture(scope="package")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of SSH keys, one a person."""
    if shutil.which("ssh-keygen") is None:
        absent("ssh", "ssh-keygen is not installed (Debian: openssh-client)")
    folder = tmp_path_factory.mktemp("keys")
    for name in [*PEOPLE, "stranger"]:
        make_key(folder, name)
    return folder


@pytest.fixture(scope="package")
def _ready(tmp_path_factory: pytest.TempPathFactory, keys: Path) -> Iterator[Path]:
    """A hub with one run, to be copied."""
    bench = Bench(tmp_path_factory.mktemp("ready"))
    bench.run()
    hub = Hub(bench, keys)
    hub.change_run(author=AUTHOR, commit=COMMIT, dirty=False, made={})
    for name in PEOPLE:
        hub.add_reviewer(name)
    yield bench.root


@pytest.fixture
def hub(_ready: Path, keys: Path, tmp_path: Path) -> Hub:
    shutil.copytree(_ready, tmp_path / "hub")
    bench = Bench.__new__(Bench)
    bench.root = tmp_path / "hub"
    return Hub(bench, keys)
