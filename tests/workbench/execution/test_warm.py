"""A forked kernel is what a fresh one would be, and ends with whoever asked for it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from tests.workbench.bench import notebook
from woda_lib.records import read_pilots
from woda_lib.workbench.execution.engine import execute
from woda_lib.workbench.execution.warm import Forks, WarmKernels, begun_early, modules_of

PROBE = """
import json, os, random, sys
from contextlib import closing
from pathlib import Path
import numpy
from threadpoolctl import threadpool_info
Path(target).write_text(json.dumps({
    "pid": os.getpid(), "leads": os.getsid(0) == os.getpid(), "ours": os.environ.get("WODA_X"),
    "hash": hash("ward"), "random": [random.random(), float(numpy.random.rand())],
    "first": len(Out) == 0, "main": __name__, "backend": os.environ["MPLBACKEND"],
    "folder": os.getcwd(), "threads": float((numpy.eye(300) @ numpy.eye(300)).sum()),
    "argv": sys.argv[0], "blas": [pool["num_threads"] for pool in threadpool_info()],
})) and None
"""
FORKED = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux alone")


def seen(folder: Path, name: str, warm: Forks | None, **environment: str) -> dict:
    """What a kernel sees of itself."""
    source = PROBE.replace("target", repr(str(folder / name)))
    execute(
        notebook([source]),
        {},
        folder=folder,
        environment=environment,
        cell_done=lambda done, cells: None,
        warm=warm,
    )
    return json.loads((folder / name).read_text())


@FORKED
def test_whoever_inherits_the_descriptor_may_ask_and_ends_nothing_but_his_asking(tmp_path):
    with closing(WarmKernels(modules_of([PROBE]))) as warm:
        with closing(Forks(socket.socket(fileno=os.dup(warm.number)))) as lent:
            theirs = seen(tmp_path, "theirs", lent, WODA_X="theirs")
        ours = seen(tmp_path, "ours", warm, WODA_X="ours")
    assert (theirs["ours"], ours["ours"]) == ("theirs", "ours")
    assert theirs["pid"] != ours["pid"]


@FORKED
def test_two_kernels_of_one_server_have_nothing_in_common_but_what_they_imported(
    tmp_path, monkeypatch
):
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        monkeypatch.delenv(name)
    with closing(WarmKernels(modules_of([PROBE]))) as warm:
        one = seen(tmp_path, "one", warm, WODA_X="one")
        two = seen(tmp_path, "two", warm)
    fresh = seen(tmp_path, "fresh", None)
    for kernel in (one, two):
        assert kernel["leads"]
        assert kernel["first"]
        assert set(kernel["blas"]) == {1}, "steps side by side have a processor each"
        for same in ("hash", "main", "backend", "folder", "threads", "argv", "blas"):
            assert kernel[same] == fresh[same], same
        assert not psutil.pid_exists(kernel["pid"])
    assert (one["ours"], two["ours"]) == ("one", None)
    assert len({*one["random"], *two["random"]}) == 4


@FORKED
def test_when_the_asker_is_killed_server_and_kernels_end(tmp_path):
    asker = (
        "import sys, time\n"
        "from woda_lib.workbench.execution.warm import WarmKernels\n"
        "warm = WarmKernels(['json'])\n"
        "log = open(sys.argv[1], 'wb')\n"
        "kernel = warm.fork([sys.argv[2]], folder='/', environment={}, log=log)\n"
        "print(kernel.pid, warm._server.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    sleeper = tmp_path / "sleeper.py"
    sleeper.write_text("import time\ntime.sleep(600)\n")
    command = [sys.executable, "-c", asker, str(tmp_path / "log"), str(sleeper)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        pids = [int(word) for word in process.stdout.readline().split()]
        assert len(pids) == 2
        processes = [psutil.Process(pid) for pid in pids]
        process.kill()
    _, alive = psutil.wait_procs(processes, timeout=60)
    assert alive == []


@FORKED
def test_how_a_process_ended_and_what_it_held_is_told(tmp_path):
    script = tmp_path / "big.py"
    script.write_text("import os\nx = bytearray(50_000_000)\nos.kill(os.getpid(), 11)\n")
    warm = WarmKernels([])
    with (tmp_path / "log").open("wb") as log:
        kernel = warm.fork([str(script)], folder="/", environment={"A": "b"}, log=log)
        assert kernel.wait() == -signal.SIGSEGV
    assert kernel.peak_mb > 48
    warm.close()


@FORKED
def test_a_server_that_has_ended_is_an_error_and_no_wait_for_ever(tmp_path):
    warm = WarmKernels([])
    os.kill(warm._server.pid, signal.SIGKILL)
    warm._server.wait()
    with (tmp_path / "log").open("wb") as log, pytest.raises(OSError):
        warm.fork(["x.py"], folder="/", environment={}, log=log)
    warm.close()


def test_imported_is_what_cells_import_and_what_the_hand_brings_if_they_take_it():
    plain = ["import json\nfrom pathlib import Path", "# import prose", "%magic"]
    assert modules_of(plain) == ["json", "pathlib", "pathlib.Path"]
    hand = modules_of(["from woda_lib import begin, linkage"])
    assert {"woda_lib.linkage", "woda_lib.notebook", "duckdb"} <= set(hand)


@FORKED
def test_imports_begin_early_where_a_kernel_will_be_wanted_and_nowhere_else(bench):
    pilot = read_pilots(bench.settings.parameters_folder)["tiny"]

    def early(again: bool = False) -> bool:
        with begun_early([pilot], bench.settings, again=again) as warm:
            return warm is not None

    assert early()
    bench.run()
    assert not early()
    assert early(again=True)
