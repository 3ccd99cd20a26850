"""Folders that a living process holds, told apart from those that a killed one left behind."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def held(
    folder: Path, *, mode: int = 0o777, keep: Callable[[Path], bool] = lambda folder: False
) -> Iterator[Path]:
    """Make a folder and hold it while the block runs; remove what is left of it afterwards.

    The hold is a lock on a file beside the folder. The operating system lifts it when the process
    ends, in whatever way, so that nobody has to guess from process numbers or ages. A folder that
    the block has renamed is left alone.

    Parameters
    ----------
    folder : Path
        Must not exist; the folder above it must.
    mode : int
        The new folder's permissions, less the process's umask.
    keep : callable
        Asked of what the block leaves; where it says yes, that stays, and nobody holds it any more.
    """
    lock = _lock_beside(folder)
    with lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            folder.mkdir(mode=mode)
            yield folder
        finally:
            if not keep(folder):
                shutil.rmtree(folder, ignore_errors=True)
            lock.unlink(missing_ok=True)


def clear_abandoned(folders: Iterable[Path]) -> None:
    """Remove those of some folders, made by `held`, whose process has ended without doing so."""
    for folder in folders:
        lock = _lock_beside(folder)
        with lock.open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            shutil.rmtree(folder, ignore_errors=True)
            lock.unlink(missing_ok=True)


def is_held(folder: Path) -> bool:
    """Say whether a living process holds a folder, this one included."""
    try:
        with _lock_beside(folder).open("r") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def _lock_beside(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.lock")
