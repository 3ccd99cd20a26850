"""One at a time among the releases of a pilot, and what a release writes: whole or not at all."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from woda_lib.partners import audit_log
from woda_lib.records import AuditEvent, releases_of
from woda_lib.records.standing import release_standings
from woda_lib.settings import Settings
from woda_lib.workbench.execution.partial import reach_the_disk, writing_to
from woda_lib.workbench.releases.changes import changelog

_LOCK = ".lock"
_COMING = ".{name}.coming"


@contextmanager
def turn(pilot: str, settings: Settings) -> Iterator[Path]:
    """Let nobody else write to a pilot's releases while the block runs; others wait.

    Gives the folder of the pilot's releases, where what a killed process left behind is removed.

    Raises
    ------
    OutputsError
        If it cannot be written to.
    """
    home = releases_of(settings, pilot)
    with writing_to(home):
        home.mkdir(parents=True, exist_ok=True)
        lock = (home / _LOCK).open("a")
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with writing_to(home):
            for left in home.glob(_COMING.format(name="*")):
                left.unlink()
            yield home


def place(content: bytes, path: Path, home: Path, *, mode: int = 0o444) -> None:
    """Put a file into a release: written beside the release first, so that none is seen half."""
    coming = home / _COMING.format(name=f"{path.name}.{os.getpid()}")
    coming.write_bytes(content)
    coming.chmod(mode)
    reach_the_disk([coming])
    path.parent.mkdir(exist_ok=True)
    coming.replace(path)
    reach_the_disk([path.parent])


def record(event: AuditEvent, settings: Settings, *, undo: Callable[[], object]) -> None:
    """Write down what was done, or undo it: nothing stands that is not recorded."""
    try:
        audit_log(settings).append(event)
    except BaseException:
        undo()
        raise


def write_changelog(pilot: str, settings: Settings) -> None:
    """Write the CHANGELOG of a pilot's releases anew; only in one's `turn`."""
    home = releases_of(settings, pilot)
    text = changelog(pilot, release_standings(settings, pilot))
    place(text.encode(), home / "CHANGELOG.md", home, mode=0o644)
