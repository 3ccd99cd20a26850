"""One run of a pilot at a time: whoever comes second waits, or is told who holds it.

The hold is a lock that the operating system lifts when its process ends, in whatever way. What the
file says is for people alone, so that what a killed process left in it never keeps anybody out.
"""

from __future__ import annotations

import fcntl
import os
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from pydantic import BaseModel, ValidationError

from woda_lib.errors import WodaError
from woda_lib.workbench.execution.partial import writing_to
from woda_lib.workbench.execution.provenance import login_name

LOCKS = ".locks"
_EVERY = 0.5


class PilotIsRunning(WodaError):
    """Somebody else runs the pilot at this moment, and we were not to wait."""


class Holder(BaseModel):
    """Who holds a pilot: what a colleague needs to know in order to ask."""

    user: str
    host: str
    process: int
    since: datetime

    def __str__(self) -> str:
        since = f"{self.since.astimezone():%H:%M on %-d %B}"
        return f"{self.user} on {self.host} (process {self.process}), since {since}"


class Locks:
    """The pilots that this process holds.

    Parameters
    ----------
    outputs : Path
        Where results lie: runs that write to different places do not meet.
    pilots : sequence of str
    wait : bool
        Whether to wait for others.
    on_wait : callable
        Told, in a sentence, for whom we wait.

    Raises
    ------
    PilotIsRunning
        If somebody else holds one of them, and we are not to wait.
    OutputsError
        If `outputs` cannot be written to.
    """

    def __init__(
        self, outputs: Path, pilots: Sequence[str], *, wait: bool, on_wait: Callable[[str], None]
    ) -> None:
        self._held = {pilot: ExitStack() for pilot in pilots}
        try:
            for pilot in sorted(pilots):  # in one order, so that no two ever wait for each other
                self._held[pilot].enter_context(_hold(outputs, pilot, wait, on_wait))
        except BaseException:
            self.close()
            raise

    def release(self, pilot: str) -> None:
        """Let others run a pilot."""
        self._held[pilot].close()

    def close(self) -> None:
        """Let others run all of them."""
        for stack in self._held.values():
            stack.close()


@contextmanager
def _hold(outputs: Path, pilot: str, wait: bool, on_wait: Callable[[str], None]) -> Iterator[None]:
    folder = outputs / LOCKS
    with writing_to(outputs):
        folder.mkdir(parents=True, exist_ok=True)
        file = _opened(folder / pilot)
    with file:
        told = False
        while not _taken(file):
            who = f"{pilot} is being run by {_holder(folder / pilot)}"
            if not wait:
                raise PilotIsRunning(f"{who}. Run it again when that has ended.")
            if not told:
                on_wait(f"{who}. Waiting for it to end.")
                told = True
            time.sleep(_EVERY)
        with writing_to(outputs):
            _say_who(file)
        try:
            yield
        finally:
            if file.writable():
                file.truncate(0)


def _opened(path: Path) -> IO[str]:
    """Open a lock; one that another user made can be held without being written to."""
    try:
        return path.open("a+", encoding="utf-8")
    except PermissionError:
        return path.open("r", encoding="utf-8")


def _taken(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _say_who(file: IO[str]) -> None:
    if file.writable():
        holder = Holder(
            user=login_name(),
            host=socket.gethostname(),
            process=os.getpid(),
            since=datetime.now(UTC),
        )
        file.truncate(0)
        os.write(file.fileno(), holder.model_dump_json().encode())


def _holder(path: Path) -> str:
    try:
        return str(Holder.model_validate_json(path.read_text(encoding="utf-8")))
    except (OSError, ValidationError):
        return "somebody who has only just begun"
