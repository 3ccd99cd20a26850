"""What every test starts from."""

from __future__ import annotations

import atexit
import gc
import os
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import pytest

import woda_lib  # noqa: F401, before any test imports nbformat without it
from tests.once import once_a_run

# Compiled linkage kernels, which the workers share: their files are never half written.
os.environ["WODA_CACHE"] = str(Path(__file__).parents[1] / ".cache" / "kernels")

# A worker of pytest-xdist says that it is 80 columns wide, which a console would keep to for good.
os.environ.pop("COLUMNS", None)

# The workers fill the processors. Threads of linear algebra that wait for a processor turn on the
# spot, which took twenty times the seconds that the sums of some tests need.
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[name] = "1"

# What is imported and collected stays until the end. To look through it for garbage, again and
# again as it grew, took a third of the time that collecting takes.
gc.disable()
# The interpreter lets everything go as it ends; pytest, which looks for garbage twice before that,
# need not go through what nothing here has made.
atexit.register(gc.unfreeze)


OBJECTS = (20_000, 20, 20)
"""Python's own 700, 10, 10 took 5.9 of 166 processor seconds, 50,000 took 3.7."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Let the second worker import the modules of tests from the last to the first.

    In a fresh checkout assertions are written out before a module is first imported, which takes
    longer than to import it, and workers that collect in one order would write out the same module
    at the same time. So each finds half of them written by the other. What cannot be imported is
    left to say so when it is collected.
    """
    everything = session.config.args_source is pytest.Config.ArgsSource.TESTPATHS
    if not everything or os.environ.get("PYTEST_XDIST_WORKER") != "gw1":
        return
    root = session.config.rootpath
    for path in sorted((root / "tests").rglob("test_*.py"), reverse=True):
        with suppress(Exception, pytest.skip.Exception):
            import_module(".".join(path.relative_to(root).with_suffix("").parts))


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """Look for garbage from here on, among what tests make; the rest ends with the process."""
    gc.freeze()
    gc.set_threshold(*OBJECTS)
    gc.enable()


@pytest.fixture(scope="session")
def quick_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that holds the quick county and its truth, made once for all workers."""

    def make(folder: Path) -> None:
        from woda_lib.synthetic import make_extracts

        make_extracts(folder / "extracts" / "quick", folder / "truth", profile="quick")

    return once_a_run(tmp_path_factory, "quick", make)


@pytest.fixture(scope="session")
def other_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a county of the same profile that was drawn from another seed, 101."""

    def make(folder: Path) -> None:
        from woda_lib.synthetic import make_extracts

        make_extracts(folder / "extracts", folder / "truth", profile="quick", seed=101)

    return once_a_run(tmp_path_factory, "other", make)
