"""Share work that holds no lock out among the processors that this process may use."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any

from numba import config

VALUES_A_STRETCH = 1 << 15


def threads() -> int:
    """How many processors this process may use; numba's setting NUMBA_NUM_THREADS lowers it."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(allowed or 1, _numba_threads()))


def _numba_threads() -> int:
    return int(getattr(config, "NUMBA_NUM_THREADS", 1))


def share_out(work: Callable[..., Any], shares: list[tuple]) -> list[Any]:
    """Do shares of a job in threads; compiled code, Arrow and numpy hold no lock while they run.

    This thread is one of them. Each takes the next share when it is done with its last, without
    being told to: many shares are small. Of several that fail, the error of the first is raised.
    """
    if len(shares) < 2 or threads() == 1:
        return [work(*share) for share in shares]
    pending, done = deque(enumerate(shares)), [None] * len(shares)
    failed: dict[int, BaseException] = {}

    def some() -> None:
        while True:
            try:
                place, share = pending.popleft()
            except IndexError:
                return
            try:
                done[place] = work(*share)
            except BaseException as error:
                failed[place] = error
                pending.clear()

    pool = _pool(threads(), os.getpid())
    helpers = [pool.submit(some) for _ in range(min(threads(), len(shares)) - 1)]
    some()
    for helper in helpers:
        if not helper.cancel():  # no other work kept it from beginning
            helper.result()
    if failed:
        raise failed[min(failed)]
    return done


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Do jobs that do not wait for one another in threads; return what each returns."""
    return share_out(lambda job: job(), [(job,) for job in jobs])


def begun(job: Callable[[], Any]) -> Callable[[], Any]:
    """Begin a job in a thread while this one goes on; what is returned waits for it to end."""
    if threads() == 1:
        return job
    return _pool(threads(), os.getpid()).submit(job).result


def stretches(number: int, length: int) -> list[tuple[int, int]]:
    """Cut a number of things into stretches: the first of each, and the one after its last."""
    return [(low, min(low + length, number)) for low in range(0, number, length)]


@lru_cache(maxsize=1)
def _pool(workers: int, process: int) -> ThreadPoolExecutor:
    """Return this process's threads; a forked one, in which they do not run, gets its own."""
    return ThreadPoolExecutor(workers, thread_name_prefix="woda-linkage")
