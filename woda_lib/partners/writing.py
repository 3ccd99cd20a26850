"""The part of a door that writes tables: several that are saved together, by threads.

To compress a table and to encrypt it holds no lock of Python's. So while one is written, another is
put into Arrow's form, and of a third it is put on the record whose rows it holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

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
    def writing_beside(self) -> Iterator[None]:
        """While tables are saved one after another, let threads write them.

        Each is on the record before it is written, in the order of the saving, and all are written
        at the end. Until then none of them is to be changed or read back.

        Raises
        ------
        Exception
            What writing the first of those raises that cannot be written.
        """
        try:
            with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="woda-writing") as self._writers:
                yield
            self._wait_until(left=0)
        finally:
            self._writers, self._written = None, []

    def _write(self, path: Path, frame: pd.DataFrame, notes: Mapping[str, str]) -> None:
        """Write a table, or let a thread do so once one has nothing to write."""
        if self._writers is None:
            write_restricted(path, frame, self.key, notes)
            return
        self._wait_until(left=AT_ONCE - 1)
        self._written.append(self._writers.submit(write_restricted, path, frame, self.key, notes))

    def _wait_until(self, *, left: int) -> None:
        """Wait until at most so many tables are left to be written, the first of them first."""
        while len(self._written) > left:
            self._written.pop(0).result()
