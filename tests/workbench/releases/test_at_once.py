"""Releases side by side have numbers of their own; a killed one is never seen."""

from __future__ import annotations

import multiprocessing
import os
import random
import subprocess
import time
from collections.abc import Callable
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from tests.workbench.releases.hub import Hub
from woda_lib.records import release_standings
from woda_lib.workbench import OutputsError


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    """Makes processes that have imported what they need."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.workbench.releases.hub", "woda_lib.workbench"])
    return context


def start(context: ForkServerContext, target: Callable[..., None], *arguments: object):
    """Start a process, and wait until it is about to begin."""
    ready = context.Event()
    process = context.Process(target=_begin, args=(ready, target, *arguments))
    process.start()
    assert ready.wait(60)
    return process


def _begin(ready, target, *arguments):
    ready.set()
    target(*arguments)


def release(hub: Hub, run_id: str) -> None:
    hub.release(run_id=run_id)


def sign(hub: Hub, who: str) -> None:
    hub.sign(who)


def ended_well(process: BaseProcess) -> bool:
    process.join(120)
    return process.exitcode == 0


def test_releases_at_once_have_different_numbers(hub, processes):
    runs = [hub.run.path.name]
    for year in (2030, 2031, 2032):
        runs.append(hub.another_run(f"{year}-01-01T06-00-00-ab12", float(year)).path.name)
    at_work = [start(processes, release, hub, run) for run in runs]
    assert all(ended_well(process) for process in at_work)
    standings = release_standings(hub.settings, "tiny")
    assert [standing.release.version for standing in standings] == ["1.0", "1.1", "1.2", "1.3"]
    assert all((standing.state, standing.notes) == ("awaiting", ()) for standing in standings)
    assert {standing.release.run_id for standing in standings} == set(runs)


def test_one_run_is_released_once_however_many_try(hub, processes):
    at_work = [start(processes, release, hub, hub.run.path.name) for _ in range(3)]
    assert sorted(ended_well(process) for process in at_work) == [False, False, True]
    assert [one.release.version for one in release_standings(hub.settings, "tiny")] == ["1.0"]


def test_two_people_sign_at_once(hub, processes):
    hub.release()
    at_work = [start(processes, sign, hub, who) for who in ("anna_price", "ben_shah")]
    assert all(ended_well(process) for process in at_work)
    assert hub.standing().state == "signed"


def test_a_killed_release_is_not_seen_and_the_next_one_clears_up(hub, processes):
    seed = random.Random(4)
    released = 0
    for _ in range(25):
        process = start(processes, release, hub, hub.run.path.name)
        time.sleep(seed.uniform(0, 0.3))
        process.kill()
        process.join()
        standings = release_standings(hub.settings, "tiny")
        assert all(standing.state == "awaiting" for standing in standings)
        if len(standings) > released:  # it was quick enough, and is not released twice
            released = len(standings)
            hub.another_run(f"{2030 + released}-01-01T06-00-00-ab12", float(released))
    hub.another_run("2090-01-01T06-00-00-ab12", 50.0)
    assert hub.release().state == "awaiting"
    visible = [path.name for path in hub.releases.iterdir() if not path.name.startswith(".")]
    assert len(visible) == released + 2  # the last one, and CHANGELOG.md
    assert [path.name for path in hub.releases.glob(".*")] == [".lock"]


def killed_as_it_renames(hub: Hub, name: str) -> None:
    """Release, in a process that is ended at once when it would give a file its name."""
    replace = Path.replace

    def or_end(path: Path, target: Path) -> Path:
        if Path(target).name == name:
            os._exit(9)
        return replace(path, target)

    Path.replace = or_end
    hub.release()


def test_what_a_killed_release_left_of_the_changelog_is_cleared_up(hub, processes):
    process = start(processes, killed_as_it_renames, hub, "CHANGELOG.md")
    process.join(60)
    assert process.exitcode == 9
    left = {path.name for path in hub.releases.glob(".*")} - {".lock"}
    assert len(left) == 1 and "CHANGELOG.md" in left.pop()
    assert hub.standing().state == "awaiting"  # the release stands: only its changelog is behind
    hub.another_run("2090-01-01T06-00-00-ab12", 50.0)
    hub.release()
    assert [path.name for path in hub.releases.glob(".*")] == [".lock"]
    assert "1.1" in (hub.releases / "CHANGELOG.md").read_text()


@pytest.fixture
def small(tmp_path: Path):
    """A file system of a quarter of a megabyte."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small file system cannot be mounted here: that needs root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_leaves_nothing_and_the_next_release_has_its_number(hub, small):
    hub.releases.parent.symlink_to(small)
    filler = small / "filler"
    filler.write_bytes(b"x" * 200_000)
    with pytest.raises(OutputsError, match="No space left on device"):
        hub.release()
    assert hub.standing_or_none() is None
    filler.unlink()
    assert hub.release().release.version == "1.0"
