"""Share work that holds no lock, or seldom, out among the processors of this process."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache
from typing import Any, TypeVar

from numba import config

VALUES_A_STRETCH = 1 << 15

T = TypeVar("T")


def threads() -> int:
    """How many processors this process may use; numba's setting NUMBA_NUM_THREADS lowers it."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(allowed or 1, _numba_threads()))


def _numba_threads() -> int:
    return int(getattr(config, "NUMBA_NUM_THREADS", 1))


def share_out(work: Callable[..., Any], shares: list[tuple]) -> list[Any]:
    """Do shares of a job in threads; compiled code, Arrow and numpy hold no lock while they run.

    This thread is one of them. Each takes the next share when it is done with its last, without
    being told to: many shares are small. Of several that fail, the error of the first is raised,
    and nothing is begun after it, nor after an interrupt.
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
    try:
        helpers = [pool.submit(some) for _ in range(min(threads(), len(shares)) - 1)]
        some()
        for helper in helpers:
            if not helper.cancel():  # no other work kept it from beginning
                helper.result()
    finally:
        pending.clear()  # of which an interrupt leaves some
    if not failed:
        return done
    try:
        raise failed[min(failed)]
    finally:  # the error holds this frame, and with it all that was done, for as long as it lives
        failed.clear()
        done.clear()


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Do jobs that do not wait for one another in threads; return what each returns."""
    return share_out(lambda job: job(), [(job,) for job in jobs])


def meanwhile(call: Callable[[], T], *, worth_it: bool = True) -> Callable[[], T]:
    """Begin a call in a thread of its own; return what waits for its end, and then what it returns.

    Nothing has to be handed over: a fork of a process that holds a county (`woda_lib.beside`)
    copies each page that either of the two then writes to, and what it found comes back through a
    pipe.

    Parameters
    ----------
    call
        Without arguments. It only works something out; what it raises is raised where it is waited
        for. If nobody waits, because something else failed, it goes on to its end, and what it
        raises is lost.
    worth_it
        Whether it takes longer than a thread takes to begin. If not, or where there is no second
        processor, the call is made when it is first waited for.
    """
    if not worth_it or threads() == 1:
        return cache(call)
    thread = ThreadPoolExecutor(1, thread_name_prefix="woda-meanwhile")
    called = thread.submit(call)
    thread.shutdown(wait=False)  # it ends with the call
    return called.result


def stretches(number: int, length: int) -> list[tuple[int, int]]:
    """Cut a number of things into stretches: the first of each, and the one after its last."""
    return [(low, min(low + length, number)) for low in range(0, number, length)]


@lru_cache(maxsize=1)
def _pool(workers: int, process: int) -> ThreadPoolExecutor:
    """Return this process's threads; a forked one, in which they do not run, gets its own."""
    return ThreadPoolExecutor(workers, thread_name_prefix="woda-linkage")
