"""A call made by a thread of its own while this one goes on.

For what NumPy, Arrow and compiled loops do, which hold no lock out while they run. Nothing has to
be handed over: a fork of a process that holds a county (`beside`) copies each page that either of
the two then writes to, and what it found comes back through a pipe.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from woda_lib.linkage.fast.threads import threads

T = TypeVar("T")


def meanwhile(call: Callable[[], T], *, worth_it: bool = True) -> Callable[[], T]:
    """Begin a call; return what waits for its end, and then returns or raises what it does.

    Parameters
    ----------
    call
        Without arguments. It only works something out.
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
