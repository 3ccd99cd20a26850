"""The part of a door that writes tables: several that are saved together, by another process.

Of each table it is first put on the record whose rows it holds. Meanwhile the other process puts
those that are on the record into Arrow's form, compresses and encrypts them; to encrypt holds no
lock of Python's, so that it does so with two threads.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import Pipe
from pathlib import Path

import pandas as pd

from woda_lib.beside import MANY_ROWS, Beside, can_fork
from woda_lib.partners.keys import AgreementKey
from woda_lib.partners.restricted import write_restricted
from woda_lib.partners.settling import Settling

AT_ONCE = 2
"""So many tables are written at a time: of each, some rows are held in Arrow's form."""

PATIENCE = 600.0
"""Seconds that the other process is waited for once it has been told of all tables."""

Task = tuple[int, Path, dict[str, str]]
"""Which of the tables, into which file, and with which notes."""


class Writing(Settling):
    """The part of a door that writes."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._writer: _Writer | None = None

    @contextmanager
    def writing_beside(self, frames: Sequence[pd.DataFrame]) -> Iterator[None]:
        """While tables are saved one after another, let another process write them.

        Each is on the record before it is written, and all are written at the end. Until then none
        of them is to be changed or read back.

        Parameters
        ----------
        frames : sequence of DataFrame
            The tables. Where they have few rows, each is written as it is saved.

        Raises
        ------
        Exception
            What writing the first of those raises that cannot be written.
        """
        if sum(map(len, frames)) < MANY_ROWS or not can_fork():
            yield
            return
        self._writer = writer = _Writer(frames, self.key)
        try:
            yield
        except BaseException:
            writer.stop()
            raise
        finally:
            self._writer = None
        writer.end()

    def _write(self, path: Path, frame: pd.DataFrame, notes: Mapping[str, str]) -> None:
        """Write a table, or have the other process write it."""
        if self._writer is None or not self._writer.takes(path, frame, notes):
            write_restricted(path, frame, self.key, notes)


class _Writer:
    """Another process that holds tables, and writes each when it is told to."""

    def __init__(self, frames: Sequence[pd.DataFrame], key: AgreementKey) -> None:
        self._frames, self._key = frames, key
        self._tasks: list[Task] = []
        self._hearing, self._telling = Pipe(duplex=False)
        self._own = os.getpid()
        self._written = Beside(self._write_as_told, patience=PATIENCE)
        self._hearing.close()  # the other process alone hears: without it, telling fails

    def takes(self, path: Path, frame: pd.DataFrame, notes: Mapping[str, str]) -> bool:
        """Tell it to write a table, if that is one of those which it holds."""
        place = next((n for n, each in enumerate(self._frames) if each is frame), None)
        if place is None:
            return False
        self._tasks.append((place, path, dict(notes)))
        with suppress(OSError):  # it has ended: what it has not written is written at the end
            self._telling.send(self._tasks[-1])
        return True

    def end(self) -> None:
        """Wait until all is written. What it could not write is written here, and raises here."""
        for task in self._tasks[self.stop() :]:
            self._write(task)

    def stop(self) -> int:
        """Wait until what it was told is written, or cannot be; return how many tables are."""
        self._telling.close()
        return self._written.result()

    def _write_as_told(self) -> int:
        """In the other process: write what is told until no more is, and count it."""
        if os.getpid() == self._own:  # it ended without an answer, or was not to be waited for
            return 0
        self._telling.close()
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="woda-writing") as writers:
            writing = [writers.submit(self._write, task) for task in self._told()]
        for each in writing:
            each.result()
        return len(writing)

    def _told(self) -> Iterator[Task]:
        with suppress(EOFError):
            while True:
                yield self._hearing.recv()

    def _write(self, task: Task) -> None:
        place, path, notes = task
        write_restricted(path, self._frames[place], self._key, notes)
