"""Work that waits for other work, done side by side as far as cores and memory go.

Each piece of work runs in a thread, which for a step does no more than talk to the kernel's own
process. What it tells, and how it ends, comes out of `events` in the caller's thread, so that
everything else (checks, reports, the table on the screen) is done there, one thing after another.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from jupyter_core.utils import ensure_event_loop

from woda_lib.workbench.execution.memory import available_mb

Node = tuple[str, str]
"""A pilot and one of its steps; no step for the whole pilot, which somebody else completes."""

_RESERVE = 0.9
"""The part of free memory that may be given away."""


@dataclass(frozen=True)
class Told:
    """Something that a piece of work tells while it lasts."""

    node: Node
    what: Any


@dataclass(frozen=True)
class Ended:
    """A piece of work has ended: with a result, or with an error."""

    node: Node
    seconds: float
    result: Any = None
    error: BaseException | None = None


@dataclass(frozen=True)
class Idle:
    """Nothing has happened, and the caller may do what it has put off."""


Event = Told | Ended | Idle


@dataclass
class Work:
    """One piece of work.

    Attributes
    ----------
    do : callable
        Run in a thread; is given a function to tell things with.
    held_mb : callable
        Says how much memory it holds now.
    end : callable
        Ends it early, from another thread; `do` then raises.
    expected_mb : float
        The most memory that it is expected to hold.
    """

    do: Callable[[Callable[[Any], None]], Any]
    held_mb: Callable[[], float]
    end: Callable[[], None]
    expected_mb: float


@dataclass
class SideBySide:
    """What is done, what is being done, and what may be done next.

    Attributes
    ----------
    needs : mapping of node to set of node
        What must be done before each node.
    work : mapping of node to Work
        A node without any is marked as done by the caller.
    most : int
        How many may be done at once.
    """

    needs: Mapping[Node, set[Node]]
    work: Mapping[Node, Work]
    most: int
    _running: dict[Node, Thread] = field(default_factory=dict)
    _ready: list[Node] = field(default_factory=list)
    _later: dict[Node, float] = field(default_factory=dict)
    _events: SimpleQueue[Event] = field(default_factory=SimpleQueue)

    def __post_init__(self) -> None:
        self._sorter: TopologicalSorter[Node] = TopologicalSorter(self.needs)
        self._sorter.prepare()

    def events(self, put_off: Callable[[], bool]) -> Iterator[Event]:
        """Start what may start, and yield what happens, until nothing is left to wait for.

        Parameters
        ----------
        put_off : callable
            Whether the caller has put something off, to be done when nothing else happens.
        """
        while True:
            self._start()
            if put_off() and self._events.empty():
                yield Idle()
            elif self._running or not self._events.empty():
                with suppress(Empty):
                    event = self._events.get(timeout=self._until_the_next())
                    if isinstance(event, Ended):
                        self._running.pop(event.node).join()
                    yield event
            elif self._later:
                time.sleep(self._until_the_next() or 0)
            else:
                return

    def done(self, node: Node) -> None:
        """Mark a node as done, so that what waits for it may start."""
        self._ready += self._sorter.get_ready()
        self._sorter.done(node)
        with suppress(ValueError):
            self._ready.remove(node)

    def again(self, node: Node, pause: float, *, needs_mb: float = 0.0) -> None:
        """Do a piece of work again, after a pause in seconds, and when so much memory is free."""
        work = self.work[node]
        work.expected_mb = max(work.expected_mb, needs_mb)
        self._later[node] = time.monotonic() + pause

    @property
    def running(self) -> Collection[Node]:
        """What is being done at this moment."""
        return self._running.keys()

    def stop(self) -> None:
        """End whatever runs, and wait until it has ended."""
        for node, thread in self._running.items():
            while thread.is_alive():  # it may only now be starting its process
                self.work[node].end()
                thread.join(0.2)

    def _start(self) -> None:
        if self._sorter.is_active():
            self._ready += self._sorter.get_ready()
        now = time.monotonic()
        for node in [node for node, when in self._later.items() if when <= now]:
            del self._later[node]
            self._ready.append(node)
        for node in [node for node in self._ready if node in self.work]:
            if len(self._running) >= self.most or not self._has_room_for(node):
                break
            self._ready.remove(node)
            thread = Thread(target=self._do, args=(node,), daemon=True)
            self._running[node] = thread
            thread.start()

    def _has_room_for(self, node: Node) -> bool:
        """Whether memory is left beside what the others will still take; the only one may try."""
        if not self._running:
            return True
        others = sum(
            max(0.0, self.work[other].expected_mb - self.work[other].held_mb())
            for other in self._running
        )
        return self.work[node].expected_mb + others <= available_mb() * _RESERVE

    def _do(self, node: Node) -> None:
        began = time.monotonic()
        result, error = None, None
        try:
            result = self.work[node].do(lambda what: self._events.put(Told(node, what)))
        except BaseException as raised:  # whatever it is, it is the caller's to raise
            error = raised
        finally:
            _close_loop()
        self._events.put(Ended(node, time.monotonic() - began, result, error))

    def _until_the_next(self) -> float | None:
        if not self._later:
            return None
        return max(0.0, min(self._later.values()) - time.monotonic())


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _close_loop() -> None:
    """Close the event loop that Jupyter opened in this thread."""
    loop = ensure_event_loop()
    asyncio.set_event_loop(None)
    loop.close()
