"""SHA-256 of files, remembered while they stay as they are, so that planning again is cheap.

What is remembered lies in ``outputs/.cache/hashes.json`` and may be deleted at any time. An entry
holds for the same path, size, inode and times of change, down to the nanosecond. A file that was
written a moment before it was read could be written again without its times telling (file systems
keep them to some milliseconds, some to two seconds), so such a file is read anew until it has
rested: git calls it racy and does the same.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from woda_lib.records import sha256
from woda_lib.settings import Settings

RESTED_NS = 3_000_000_000
"""For how long a file must have been left alone when it is read: more than FAT's two seconds."""

_LARGEST = 50_000
"""Entries; beyond that, files that are gone are forgotten."""


class Remembered:
    """What is known of files from earlier: their hashes, and what was read out of them.

    Parameters
    ----------
    store : Path
        The file in which it is kept; need not exist, and a damaged one is as good as none.
    """

    def __init__(self, store: Path) -> None:
        self._store = store
        self._files: dict[str, list[Any]] = {}
        self._notes: dict[str, list[str]] = {}
        self._new = False
        with suppress(OSError, ValueError, KeyError, TypeError):
            kept = json.loads(store.read_text(encoding="utf-8"))
            self._files, self._notes = dict(kept["files"]), dict(kept["notes"])

    def sha256(self, path: Path) -> str:
        """Return a file's SHA-256.

        Raises
        ------
        OSError
            If it cannot be read.
        """
        at = time.time_ns()
        stat = path.stat()
        mark = [stat.st_size, stat.st_ino, stat.st_mtime_ns, stat.st_ctime_ns]
        match self._files.get(str(path)):
            case [str(digest), *rest] if rest == mark:
                return digest
        digest = sha256(path)
        if at - max(stat.st_mtime_ns, stat.st_ctime_ns) > RESTED_NS:
            self._files[str(path)] = [digest, *mark]
            self._new = True
        return digest

    def note(self, key: str) -> list[str] | None:
        """Return what was kept under a key that names a content, or nothing."""
        return self._notes.get(key)

    def keep(self, key: str, note: list[str]) -> None:
        """Keep what was read out of a content, under a key that names it."""
        self._notes[key] = note
        self._new = True

    def write(self) -> None:
        """Keep everything for the next time; where that cannot be, the next time is slower."""
        if not self._new:
            return
        if len(self._files) > _LARGEST:
            self._files = {path: kept for path, kept in self._files.items() if Path(path).exists()}
        if len(self._notes) > _LARGEST:
            self._notes = {}
        hidden = self._store.with_name(f".{self._store.name}.{os.getpid()}")
        try:
            self._store.parent.mkdir(parents=True, exist_ok=True)
            hidden.write_text(json.dumps({"files": self._files, "notes": self._notes}), "utf-8")
            hidden.replace(self._store)
        except OSError:
            with suppress(OSError):
                hidden.unlink(missing_ok=True)


@contextmanager
def remembered(settings: Settings) -> Iterator[Remembered]:
    """Give what is remembered of a workbench's files, and keep what is added to it."""
    known = Remembered(settings.outputs_folder / ".cache" / "hashes.json")
    try:
        yield known
    finally:
        known.write()
