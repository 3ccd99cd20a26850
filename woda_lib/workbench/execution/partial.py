"""A run in the making: hidden until it is whole, then there at once, or never.

What a run that broke off has finished stays in its hidden folder, for the next one to take over.
A finished step is one with a ``<step>.made.json``, which is written last.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from woda_lib.errors import WodaError
from woda_lib.records import RunFolder, partial_folder
from woda_lib.workbench.held import clear_abandoned, held

_MADE = "*.made.json"


class OutputsError(WodaError):
    """Results cannot be written where they belong."""


@contextmanager
def run_in_making(outputs: Path, pilot: str, run_id: str) -> Iterator[RunFolder]:
    """Give a hidden folder to write a run to, which appears under its name if the block ends well.

    If the block raises, or the process is interrupted, the folder stays hidden where steps are
    finished in it, and is removed where none is. If the process is killed, it stays hidden, and the
    next run of the pilot does the same. A run that is complete removes what those before it left.

    Parameters
    ----------
    outputs : Path
    pilot, run_id : str

    Raises
    ------
    OutputsError
        If `outputs` cannot be written to.
    """
    home = outputs / pilot
    with ExitStack() as stack:
        with writing_to(home):
            home.mkdir(parents=True, exist_ok=True)
            clear_abandoned(path for path in home.glob(".*.partial") if not finished_steps(path))
            folder = stack.enter_context(
                held(partial_folder(outputs, pilot, run_id), keep=finished_steps)
            )
        yield RunFolder(folder)
        with writing_to(home):
            reach_the_disk([*folder.rglob("*"), folder])
            for made in folder.glob(f"steps/{_MADE}"):
                made.unlink()  # the manifest says it now
            folder.rename(home / run_id)
            reach_the_disk([home])
            clear_abandoned(home.glob(".*.partial"))


def finished_steps(folder: Path) -> bool:
    """Say whether a run in the making has finished a step."""
    return any(folder.glob(f"steps/{_MADE}"))


@contextmanager
def writing_to(home: Path) -> Iterator[None]:
    """Say of a failure of the block to write that results cannot be written to `home`."""
    try:
        yield
    except OSError as error:
        raise unwritable(home, error) from None


def unwritable(home: Path, error: OSError) -> OutputsError:
    """Say that results cannot be written to `home`, and why."""
    return OutputsError(
        f"Results cannot be written to {home}: {error.strerror or error}. Make room, or give this "
        "user the right to write there, or set WODA_OUTPUTS to another folder."
    )


def reach_the_disk(paths: Iterable[Path]) -> None:
    """Wait until files and folders are on the disk, so that a power cut finds them whole."""
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
