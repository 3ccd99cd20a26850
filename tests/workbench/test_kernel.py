"""The kernel is this interpreter, reachable over no network, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

from tests.workbench.bench import notebook
from woda_lib.workbench.execution.engine import KernelNotStarted, execute
from woda_lib.workbench.execution.kernel import _ThisInterpreter, private_kernel

PROBE = """
import json, os, sys
if not os.fork():
    print("from a child, whose text is dropped", flush=True)
    os._exit(0)
os.wait()
from pathlib import Path
Path("seen.json").write_text(json.dumps({
    "pid": os.getpid(), "python": sys.executable, "folder": os.getcwd(),
    "hashes": os.environ["PYTHONHASHSEED"], "ours": os.environ["WODA_PROFILE"],
    "ipython": os.environ["IPYTHONDIR"],
})) and None
"""


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    """What a kernel saw of itself, what was seen of it from outside, and what it left."""
    folder = tmp_path_factory.mktemp("kernel")
    seen = {}

    def look(done: int, cells: int) -> None:
        if done == 1:
            seen.update(json.loads((folder / "seen.json").read_text()))
            process = psutil.Process(seen["pid"])
            tree = [process, *process.children(recursive=True)]
            seen["sockets"] = [c for p in tree for c in p.net_connections(kind="inet")]
            seen["files"] = [c for c in process.net_connections(kind="unix") if c.laddr]
            seen["mode"] = Path(seen["ipython"]).parent.stat().st_mode & 0o777

    before = dict(os.environ)
    done = execute(
        notebook([PROBE, "x = 1"]),
        {},
        folder=folder,
        environment={"WODA_PROFILE": "quick"},
        cell_done=look,
    )
    seen["outputs"] = done.cells[0].outputs
    seen["untouched"] = dict(os.environ) == before
    return seen


def test_it_is_the_interpreter_that_runs_now_whatever_is_on_the_path(kernel, monkeypatch):
    assert kernel["python"] == sys.executable
    monkeypatch.setenv("JUPYTER_PATH", "/nowhere")
    assert _ThisInterpreter().get_kernel_spec("python3").argv[0] == sys.executable


def test_it_listens_on_files_that_only_this_user_can_reach_and_on_no_port(kernel):
    assert kernel["sockets"] == []
    assert len(kernel["files"]) >= 5  # shell, control, stdin, iopub, heartbeat
    assert kernel["mode"] == 0o700


def test_what_a_forked_child_prints_reaches_nobody_and_hangs_nothing(kernel):
    assert kernel["outputs"] == []


def test_it_has_its_own_environment_and_this_process_keeps_its_own(kernel):
    assert (kernel["ours"], kernel["hashes"]) == ("quick", "0")
    assert kernel["untouched"]


def test_no_process_and_no_file_is_left(kernel):
    assert not psutil.pid_exists(kernel["pid"])
    den = Path(kernel["ipython"]).parent
    assert not den.exists()
    assert not den.with_name(f"{den.name}.lock").exists()


def test_a_socket_has_a_short_path_also_where_temporary_files_lie_deep(tmp_path, monkeypatch):
    deep = tmp_path / ("d" * 90)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    with private_kernel(tmp_path, {}) as kernel:
        assert len(kernel.manager.ip) < 90


def test_a_kernel_that_cannot_start_says_why(tmp_path, monkeypatch):
    monkeypatch.setattr("woda_lib.workbench.execution.engine._PATIENCE", {"startup_timeout": 20})
    with pytest.raises(KernelNotStarted, match=r"did not start.* It last said: .*no_such_library"):
        execute(
            notebook(["x = 1"]),
            {},
            folder=tmp_path,
            environment={"PYTHONPATH": str(_broken(tmp_path))},
            cell_done=lambda done, cells: None,
        )


def _broken(folder: Path) -> Path:
    """A folder whose ipykernel cannot be imported."""
    place = folder / "broken"
    place.mkdir()
    (place / "ipykernel.py").write_text("import no_such_library\n")
    return place
