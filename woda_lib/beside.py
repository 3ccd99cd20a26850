"""A call made by another process, on another processor, while this one goes on.

The other process is a fork: it begins with all that this one holds, so that nothing has to be
handed to it, and hands back through a pipe what the call returns. Whatever becomes of it, the
answer is the same: where none came, the call is made here, and raises here what it raises.

So a call must only work something out. What else it does (a file noted, a message printed) is lost
with the other process. A file that it writes stays: whole or not at all, so that the call can be
made again.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
from collections.abc import Callable
from select import select
from typing import Generic, TypeVar
from weakref import finalize

T = TypeVar("T")

PATIENCE = 60.0
"""Seconds that an answer is waited for, once it is wanted, before the call is made here."""

MANY_ROWS = 100_000
"""Rows from which another process, or thread, is worth beginning for what takes a second in a
million."""

_AT_ONCE = 1 << 20
"""Bytes that are read at a time."""


class Beside(Generic[T]):
    """What a call will return.

    Parameters
    ----------
    call : callable
        Without arguments. What it returns can be pickled.
    worth_it : bool
        Whether it takes longer than another process takes to begin (some hundredths of a second).
        If not, or where there is no second processor or no fork that is safe, the call is made
        here when the result is first asked for.
    """

    def __init__(self, call: Callable[[], T], *, worth_it: bool = True) -> None:
        self._call: Callable[[], T] | None = call
        self._known: list[T] = []
        self._other = _Other(call) if worth_it and can_fork() else None
        if self._other:
            finalize(self, self._other.end)

    def result(self) -> T:
        """Return it, once it is there.

        Raises
        ------
        Exception
            Whatever the call raises.
        """
        if self._call is not None:
            said = self._other.answer() if self._other else b""
            self._known = [pickle.loads(said) if said else self._call()]
            self._call = None
        return self._known[0]


class _Other:
    """The other process."""

    def __init__(self, call: Callable[[], object]) -> None:
        self._reading, writing = os.pipe()
        self._process = os.fork()
        if not self._process:
            os.close(self._reading)
            _make(call, writing)
        os.close(writing)

    def answer(self) -> bytes:
        """Return what it hands back; nothing if it ended without, or does not end."""
        if self._reading < 0:  # it was asked before
            return b""
        parts, whole = [], False
        with os.fdopen(self._reading, "rb", buffering=0) as pipe:
            self._reading = -1
            while not whole and select([pipe], [], [], PATIENCE)[0]:
                parts.append(pipe.read(_AT_ONCE))
                whole = not parts[-1]
        if not whole:
            self.end()
            return b""
        process, self._process = self._process, 0
        return b"".join(parts) if os.waitpid(process, 0)[1] == 0 else b""

    def end(self) -> None:
        """End it, if nobody wants an answer."""
        if self._reading >= 0:
            os.close(self._reading)
        if self._process:
            os.kill(self._process, signal.SIGKILL)  # not waited for yet, so that it is still its
            os.waitpid(self._process, 0)
        self._reading, self._process = -1, 0


def _make(call: Callable[[], object], writing: int) -> None:
    """In the other process: make the call, hand back what it returns, and end."""
    status = 1
    try:
        gc.disable()  # which would copy the pages that the two share
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for standard in (1, 2):  # also of libraries that are not Python
            os.dup2(nowhere, standard)
        with os.fdopen(nowhere, "w", encoding="utf-8") as sys.stdout:
            sys.stderr = sys.stdout
            said = pickle.dumps(call(), protocol=pickle.HIGHEST_PROTOCOL)
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(said)
        status = 0
    finally:
        os._exit(status)  # nothing of the first process is to be tidied up by its copy


def can_fork() -> bool:
    """Say whether a fork is safe and has a processor of its own; on macOS libraries break in it."""
    return sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1
