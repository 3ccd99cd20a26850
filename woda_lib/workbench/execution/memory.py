"""How much memory there is, what a process holds of it, and whether the system took it back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

import psutil

_CGROUP = Path("/sys/fs/cgroup")
_LIMITS = ("memory.max", "memory/memory.limit_in_bytes")
_USED = ("memory.current", "memory/memory.usage_in_bytes")
_KILLS = (
    (_CGROUP / "memory.events", re.compile(r"^oom_kill (\d+)", re.MULTILINE)),
    (_CGROUP / "memory" / "memory.oom_control", re.compile(r"^oom_kill (\d+)", re.MULTILINE)),
    (Path("/proc/vmstat"), re.compile(r"^oom_kill (\d+)", re.MULTILINE)),
)
_EVERY = 0.2
"""Seconds between two looks at a process that has a limit."""


def available_mb() -> float:
    """Return how much memory may still be taken, in megabytes of 2**20 bytes: in a container,
    what is left of its share."""
    free = psutil.virtual_memory().available
    for limit, used in zip(_LIMITS, _USED, strict=True):
        with suppress(OSError, ValueError):
            most = int((_CGROUP / limit).read_text(encoding="ascii"))
            free = min(free, most - int((_CGROUP / used).read_text(encoding="ascii")))
    return max(free, 0) / 2**20


def held_mb(pid: int | None) -> float:
    """Return what a process and its children hold, in megabytes; nought where it has ended."""
    if pid is None:
        return 0.0
    total = 0
    with suppress(psutil.Error):
        process = psutil.Process(pid)
        for each in (process, *process.children(recursive=True)):
            with suppress(psutil.Error):
                total += each.memory_info().rss
    return total / 2**20


def kills() -> int:
    """Return how many processes the system has ended because memory ran out; nought if unknown."""
    most = 0
    for path, pattern in _KILLS:
        with suppress(OSError):
            if found := pattern.search(path.read_text(encoding="ascii")):
                most = max(most, int(found[1]))
    return most


@contextmanager
def limited(
    pid: Callable[[], int | None], limit_mb: float | None, end: Callable[[], None]
) -> Iterator[Event]:
    """While the block runs, end a process once it holds more than a limit.

    Parameters
    ----------
    pid : callable
        Tells the process, as soon as there is one.
    limit_mb : float or None
        None for no limit.
    end : callable
        Ends it.

    Yields
    ------
    Event
        Set where the limit was passed.
    """
    passed, over = Event(), Event()
    if limit_mb is None:
        yield passed
        return

    def watch() -> None:
        while not over.wait(_EVERY):
            if held_mb(pid()) > limit_mb:
                passed.set()
                end()
                return

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield passed
    finally:
        over.set()
        watcher.join()
