"""What is made once in a run of the tests, by whichever worker asks first."""

from __future__ import annotations

from collections.abc import Callable
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest


def once_a_run(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder that `make` has filled, for all workers to read and none to change.

    A worker that asks while another makes it waits; one whose making failed leaves it to the next.

    Parameters
    ----------
    factory : pytest.TempPathFactory
        Of this worker. Those of one run have their folders beside each other.
    name : str
        What is made; another name is another folder.
    make : callable
        Is given an empty folder.
    """
    own = factory.getbasetemp()
    run = own.parent if own.name.startswith("popen-") else own
    folder = run / f"once-{name}"
    with (run / f"{folder.name}.lock").open("w") as lock:
        flock(lock, LOCK_EX)  # ends with the process that holds it, however that ends
        if not folder.exists():
            draft = factory.mktemp(name)
            make(draft)
            draft.rename(folder)
    return folder
