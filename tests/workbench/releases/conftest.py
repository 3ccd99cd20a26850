"""A hub to start from, for each test its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.absent import absent
from tests.workbench.bench import Bench
from tests.workbench.releases.hub import AUTHOR, COMMIT, PEOPLE, Hub, make_key
from tests.workbench.releases.study import Study, made_up


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
    return copied(_ready, tmp_path / "hub", keys)


@pytest.fixture(scope="package")
def _cited(_ready: Path, keys: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hub whose release is signed, and a study with a run that cites it."""
    root = tmp_path_factory.mktemp("cited") / "hub"
    hub = copied(_ready, root, keys)
    made_up(hub.bench)
    hub.change_run(step=lambda record: {"extracts": "data/extracts/demo"})
    hub.release()
    hub.signed()
    study = Study(hub)
    study.write()
    with pytest.MonkeyPatch.context() as patch:
        _set_out(hub, patch)
        study.run()
    return root


@pytest.fixture
def study(_cited: Path, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    hub = copied(_cited, tmp_path / "hub", keys)
    _set_out(hub, monkeypatch)
    return Study(hub)


def copied(root: Path, to: Path, keys: Path) -> Hub:
    """Copy a hub, with the times of its files, by which they are known again."""
    shutil.copytree(root, to)
    bench = Bench.__new__(Bench)
    bench.root = to
    return Hub(bench, keys)


def _set_out(hub: Hub, patch: pytest.MonkeyPatch) -> None:
    for name, text in hub.bench.environment.items():
        if name.startswith("WODA_"):
            patch.setenv(name, text)
