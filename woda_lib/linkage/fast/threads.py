"""Share compiled work out among the processors that this process may use."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any

from numba import config


def threads() -> int:
    """How many processors this process may use; numba's setting NUMBA_NUM_THREADS lowers it."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(allowed or 1, _numba_threads()))


def _numba_threads() -> int:
    return int(getattr(config, "NUMBA_NUM_THREADS", 1))


def share_out(work: Callable[..., Any], shares: list[tuple]) -> list[Any]:
    """Do shares of a job in threads; compiled code holds no lock while it runs."""
    if len(shares) < 2 or threads() == 1:
        return [work(*share) for share in shares]
    return list(_pool(threads(), os.getpid()).map(lambda share: work(*share), shares))


@lru_cache(maxsize=1)
def _pool(workers: int, process: int) -> ThreadPoolExecutor:
    """Return this process's threads; a forked one, in which they do not run, gets its own."""
    return ThreadPoolExecutor(workers, thread_name_prefix="woda-linkage")
