"""Means to break runs of the tiny bench, and to look at what readers see afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.workbench.bench import Bench
from woda_lib.records import Attempt, Manifest, complete_runs, read_manifest, sha256

WODA = Path(sys.executable).with_name("woda")


@dataclass(frozen=True)
class Broken:
    """What one round did, and what was seen after it."""

    kind: str
    how: str
    said: str
    taken_over: int


def started(bench: Bench, *words: str) -> subprocess.Popen[str]:
    """A `woda run` in a process of its own."""
    return subprocess.Popen(
        [WODA, "run", "tiny", *words],
        cwd=bench.root,
        env=bench.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(bench: Bench, *words: str) -> Manifest:
    """The manifest of the run that stands after a `woda run`, which must end well."""
    command = started(bench, *words)
    _, said = command.communicate()
    assert command.returncode == 0, said
    return read_manifest(complete_runs(bench.settings.outputs_folder, "tiny")[-1])


def attempt(bench: Bench) -> Attempt:
    """How the last attempt ended, as it says itself."""
    text = (bench.root / "outputs" / "tiny" / "attempt.json").read_text(encoding="utf-8")
    return Attempt.model_validate_json(text)


def digests(bench: Bench) -> dict[str, str]:
    """Every file that readers can see among the pilot's runs, with its SHA-256."""
    folder = bench.root / "outputs" / "tiny"
    return {
        path.relative_to(folder).as_posix(): sha256(path)
        for run in folder.glob("[!.]*/")
        for path in run.rglob("*")
        if path.is_file()
    }


def look(bench: Bench, before: dict[str, str]) -> None:
    """Assert that no partial run is visible, and that no complete one was lost or changed."""
    seen = digests(bench)
    assert {name: seen.get(name) for name in before} == before
    for run in (bench.root / "outputs" / "tiny").glob("[!.]*/"):
        manifest = Manifest.model_validate_json((run / "manifest.json").read_text("utf-8"))
        assert sorted(manifest.made) == ["1_count", "2_double"]
        for made in manifest.made.values():
            assert made.files
            for name, digest in made.files.items():
                assert seen[f"{run.name}/{name}"] == digest


def killed_after(bench: Bench, seconds: float, *words: str) -> bool:
    """Kill a run with its own signal 9, and say whether it still ran."""
    command = started(bench, *words)
    time.sleep(seconds)
    still = command.poll() is None
    command.kill()
    command.communicate()
    wait_for_kernels(bench)
    return still


def wait_for_kernels(bench: Bench) -> None:
    """Wait until no process of the bench is left, for it may still be ending."""
    deadline = time.monotonic() + 60
    while left := _processes_of(bench):
        assert time.monotonic() < deadline, left
        time.sleep(0.1)


def _processes_of(bench: Bench) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.cwd().startswith(str(bench.root)):
                found.append(process)
        except psutil.Error:
            continue
    return [each for each in found if each.status() != psutil.STATUS_ZOMBIE]


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[None]:
    """A file system in memory that holds no more."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("A small disk cannot be mounted here: that takes the rights of root.")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def grow(folder: Path, kilobytes: int) -> None:
    """Make room on a `small_disk`."""
    options = f"remount,size={kilobytes}k"
    subprocess.run(["mount", "-o", options, str(folder)], check=True)


def as_an_ordinary_user(ask: Callable[[], int], folders: Sequence[Path]) -> int:
    """Call `ask` in a child whom `chmod` keeps out, and return its exit code.

    root passes permissions by, so the child gives its rights up. It is forked, since an interpreter
    in root's home could not be started by anybody else.
    """
    for folder in folders:
        folder.chmod(0o555)
    if child := os.fork():
        _, status = os.waitpid(child, 0)
        for folder in folders:
            folder.chmod(0o755)
        return os.waitstatus_to_exitcode(status)
    code = 99
    try:
        if os.getuid() == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
        code = ask()
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)
