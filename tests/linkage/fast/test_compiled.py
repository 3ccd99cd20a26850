"""Machine code on disk: never older than the source, never another signature's."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from woda_lib.linkage.fast import compiled, kernels
from woda_lib.linkage.fast.compiled import fingerprint

SOURCE = """
from numba import njit
from woda_lib.linkage.fast.compiled import kept

STEP = 1

@njit
def next_to(number):
    return number + STEP

@kept
def total(numbers):
    found = 0
    for number in numbers:
        found += next_to(number)
    return found
"""
SMALL, LARGE = np.array([1, 2], dtype=np.uint8), np.array([1, 2], dtype=np.uint64)


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., ModuleType]:
    """Import the module as a new process would."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    path = tmp_path / "some_kernel.py"

    def start(source: str | None = None) -> ModuleType:
        if source is not None:
            path.write_text(source)
        spec = importlib.util.spec_from_file_location("some_kernel", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, "some_kernel", module)
        spec.loader.exec_module(module)
        return module

    return start


def files(folder: Path, ending: str) -> list[Path]:
    return sorted((folder / "__pycache__").glob(f"*.{ending}"))


def hits(module: ModuleType) -> int:
    return sum(module.total.stats.cache_hits.values())


def test_code_is_kept_for_the_next_process(session: Callable[..., ModuleType]) -> None:
    assert session(SOURCE).total(SMALL) == 5
    again = session()
    assert again.total(SMALL) == 5
    assert hits(again) == 1


HALVES = """
import numpy as np
from woda_lib.linkage.fast.compiled import kept

@kept
def total(numbers):
    halves = np.empty(len(numbers))
    for place in range(len(numbers)):
        halves[place] = numbers[place] / 2
    return halves
"""
ANOTHER_PROCESS = """
import sys
import numba
import numpy as np
from numba.core import entrypoints
from numba.core.runtime import rtsys
sys.path.insert(0, {folder!r})
import some_kernel
print(some_kernel.total(np.array([1, 2], dtype=np.uint8)).tolist())
print(sum(some_kernel.total.stats.cache_hits.values()))
print("numba.np.arrayobj" in sys.modules, entrypoints._already_initialized, rtsys._init)
print(numba.njit(lambda number: np.ones(number))(2).tolist(), rtsys._init)
"""


def test_kept_code_runs_without_what_only_the_compiler_needs_which_gets_it_where_it_is_asked(
    session: Callable[..., ModuleType], tmp_path: Path
) -> None:
    assert session(HALVES).total(SMALL).tolist() == [0.5, 1.0]
    code = ANOTHER_PROCESS.format(folder=str(tmp_path))
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded, compiled_now = ["[0.5, 1.0]", "1", "False False False"], "[1.0, 1.0] True"
    assert run.stdout.splitlines() == [*loaded, compiled_now]


def test_two_processes_that_compile_at_once_never_take_each_others_code(
    session: Callable[..., ModuleType], tmp_path: Path
) -> None:
    session(SOURCE).total(SMALL)
    (index,) = files(tmp_path, "nbi")
    of_the_first = index.read_bytes()
    index.unlink()  # the second had looked for it before the first wrote it
    session().total(LARGE)
    assert len(files(tmp_path, "nbc")) == 2
    for last in (index.read_bytes(), of_the_first):
        index.write_bytes(last)
        reader = session()
        assert (reader.total(SMALL), reader.total(LARGE)) == (5, 5)
        assert [each.args[0].dtype.name for each in reader.total.nopython_signatures] == [
            "uint8",
            "uint64",
        ]


def test_who_is_killed_while_saving_leaves_no_older_code_behind(
    session: Callable[..., ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    session(SOURCE).total(SMALL)
    changed = session(SOURCE.replace("found = 0", "found = 1000"))

    def killed(*arguments: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(compiled.SharedFiles, "_save_data", killed)
        with pytest.raises(KeyboardInterrupt):
            changed.total(SMALL)
    assert session().total(SMALL) == 1005


def test_the_fingerprint_is_of_what_was_imported_and_not_of_the_file(
    session: Callable[..., ModuleType], tmp_path: Path
) -> None:
    imported = session(SOURCE)
    before = fingerprint(imported)
    (tmp_path / "some_kernel.py").write_text(SOURCE.replace("number + STEP", "number - STEP"))
    assert fingerprint(imported) == before
    assert fingerprint(session()) != before


@pytest.mark.parametrize(
    ("old", "new"),
    [("STEP = 1", "STEP = 2"), ("number + STEP", "number - STEP"), ("found = 0", "found = 7")],
    ids=["constant", "compiled function", "kept function"],
)
def test_every_change_of_meaning_changes_the_fingerprint(
    session: Callable[..., ModuleType], old: str, new: str
) -> None:
    before = fingerprint(session(SOURCE))
    assert fingerprint(session("# a comment more\n" + SOURCE)) == before
    assert fingerprint(session(SOURCE.replace(old, new))) != before


def test_a_kernel_is_named_by_the_layout_of_the_tables_that_it_reads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = fingerprint(kernels)
    monkeypatch.setattr(kernels, "WIDTH_OF_HEADS", kernels.WIDTH_OF_HEADS + 1)
    assert fingerprint(kernels) != before


NAMES = """
import os
import numpy as np
from numba import njit
from woda_lib.linkage.fast import compiled

def named():
    places = njit(lambda numbers: np.argsort(numbers))
    places(np.arange(3))
    return places.overloads[places.signatures[0]].fndesc.mangled_name

other = os.fork()
os.write(1, f"{named()}\\n".encode())  # one write a line, which the other's cannot fall between
os._exit(0) if not other else os._exit(os.waitstatus_to_exitcode(os.waitpid(other, 0)[1]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here")
def test_no_two_processes_give_what_they_compile_the_same_name() -> None:
    runs = [
        subprocess.run([sys.executable, "-c", NAMES], capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    names = [name for run in runs for name in run.stdout.split()]
    assert len(names) == 4
    assert len(set(names)) == 4
