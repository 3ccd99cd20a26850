"""What every measured process reports: seconds, processor seconds, its own peak memory, quality.

Only NumPy and pandas are needed, so that a peer can be measured in an environment of its own.
"""

from __future__ import annotations

import os
import re
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from threading import Event, Thread
from typing import Any, TypeVar

import numpy as np
import pandas as pd

STATUS = Path("/proc/self/status")

T = TypeVar("T")


@dataclass
class Clock:
    """Wall and processor time since it was started, by stage.

    Processor time counts every thread of this process. It is printed beside wall time because
    other work on the machine lengthens only the latter.
    """

    stages: dict[str, float] = field(default_factory=dict)
    cpu_seconds: float = 0.0

    def __post_init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def stage(self, name: str) -> None:
        """End a stage; the next begins."""
        wall, cpu = time.perf_counter(), time.process_time()
        self.stages[name] = wall - self._wall
        self.cpu_seconds += cpu - self._cpu
        self._wall, self._cpu = wall, cpu

    def report(self) -> dict[str, object]:
        """Return seconds, processor seconds, peak memory until now, and the seconds by stage."""
        return {
            "seconds": sum(self.stages.values()),
            "cpu_seconds": self.cpu_seconds,
            "peak_mb": peak_mb(),
            "stages": self.stages,
        }


def peak_mb() -> float:
    """Return the most memory that this process has held, in megabytes of 2**20 bytes.

    On Linux this is the high-water mark of this program alone; `getrusage` would also count what
    the process that started it had held.
    """
    if STATUS.exists():
        kilobytes = re.search(r"VmHWM:\s+(\d+) kB", STATUS.read_text(encoding="ascii"))
        if kilobytes:
            return int(kilobytes[1]) / 1024
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


class Together:
    """The most that this process and those that it started hold, in megabytes of 2**20 bytes.

    A page that several of them hold is shared out among them (``Pss``), as a forked process shares
    nearly all with whom it comes from. While the kernel counts pages they wait for it, so that they
    are looked at once a second at most, and as seldom as takes a twentieth of their time: a short
    peak may go unseen. Without another process nothing is looked at: of one alone the kernel keeps
    the mark.
    """

    EVERY, SHARE = 1.0, 1 / 20

    def __init__(self) -> None:
        self.peak_mb = 0.0
        self._ended = Event()
        self._thread = Thread(target=self._look, daemon=True)

    def __enter__(self) -> Together:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        took = 0.0
        while not self._ended.wait(max(self.EVERY, took / self.SHARE)):
            begun = time.perf_counter()
            if others := _children():
                held = sum(map(_share_held, [os.getpid(), *others]))
                self.peak_mb = max(self.peak_mb, held)
            took = time.perf_counter() - begun


def _children() -> list[int]:
    """Return the processes that any thread of this one started, and that are there."""
    found: list[int] = []
    for path in Path("/proc/self/task").glob("*/children"):
        with suppress(OSError):  # a thread that has just ended
            found += map(int, path.read_text(encoding="ascii").split())
    return found


def _share_held(process: int) -> float:
    with suppress(OSError):  # it has just ended
        rolled = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
        if kilobytes := re.search(r"^Pss:\s+(\d+) kB", rolled, re.MULTILINE):
            return int(kilobytes[1]) / 1024
    return 0.0


def spent_by_children() -> float:
    """Return the processor seconds of the processes that this one started and has waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def alone(work: Callable[..., T], *given: Any) -> T:
    """Do something in a process of its own, which begins with nothing and leaves nothing behind."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *given).result()


def pairwise(found: pd.Series, true: pd.Series) -> dict[str, float]:
    """Count the pairs of records that two groupings put together.

    Parameters
    ----------
    found, true
        The group of every record, indexed by record.

    Returns
    -------
    dict
        ``precision``: of the pairs found, how many are true. ``recall``: of the true pairs, how
        many were found. ``f1``: their harmonic mean. Each is 1 where there is nothing to count.
    """
    groups = pd.DataFrame(
        {
            "found": pd.factorize(found)[0],
            "true": pd.factorize(true.loc[found.index])[0],
        }
    )
    both = _pairs(groups.groupby(["found", "true"]).size().to_numpy())
    made, real = (_pairs(np.bincount(groups[side])) for side in ("found", "true"))
    return {
        "precision": both / made if made else 1.0,
        "recall": both / real if real else 1.0,
        "f1": 2 * both / (made + real) if made + real else 1.0,
    }


def _pairs(sizes: np.ndarray) -> int:
    return int((sizes.astype(np.int64) * (sizes.astype(np.int64) - 1) // 2).sum())


def versions(*packages: str) -> dict[str, str]:
    """Return the installed version of each package."""
    return {package: version(package) for package in packages}


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
