"""The part of a door that writes tables: several that are saved together, in threads.

Of each table it is first put on the record whose rows it holds. Meanwhile those that are on the
record are put into Arrow's form, compressed and encrypted, most of which holds no lock of Python's.
Another process writes a county's tables a tenth sooner, and needs half a gigabyte more: Python
notes in each text how often it is in use, so that a fork which reads the texts copies them all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from woda_lib.beside import MANY_ROWS
from woda_lib.partners.restricted import write_restricted
from woda_lib.partners.settling import Settling

AT_ONCE = 2
"""So many tables are written at a time: of each, some rows are held in Arrow's form."""


class Writing(Settling):
    """The part of a door that writes."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._writers: ThreadPoolExecutor | None = None
        self._written: list[Future[None]] = []

    @contextmanager
    def writing_beside(self, frames: Sequence[pd.DataFrame]) -> Iterator[None]:
        """While tables are saved one after another, write in threads those that are on the record.

        All of these are written at the end, also where the next may not be saved. Until then none
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
        if sum(map(len, frames)) < MANY_ROWS:
            yield
            return
        written = self._written = []
        try:
            with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="woda-writing") as self._writers:
                yield
        finally:
            self._writers = None
        for each in written:
            each.result()

    def _write(self, path: Path, frame: pd.DataFrame, notes: Mapping[str, str]) -> None:
        """Write a table, or have a thread write it."""
        if self._writers is None:
            write_restricted(path, frame, self.key, notes)
        else:
            self._written.append(
                self._writers.submit(write_restricted, path, frame, self.key, dict(notes))
            )
