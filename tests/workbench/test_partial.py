"""A run appears whole or not at all, also when it is killed; a living run is left alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.workbench.bench import HAND, Bench
from woda_lib import cli
from woda_lib.records import complete_runs
from woda_lib.workbench import OutputsError, Progress
from woda_lib.workbench.execution.partial import run_in_making
from woda_lib.workbench.held import clear_abandoned, held

WODA = Path(sys.executable).with_name("woda")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_run_is_hidden_until_the_block_ends_and_then_there_at_once(tmp_path):
    with run_in_making(tmp_path, "tiny", "one") as run:
        run.manifest.write_text("{}")
        assert complete_runs(tmp_path, "tiny") == []
        assert [name for name in names(tmp_path / "tiny") if not name.startswith(".")] == []
    assert names(tmp_path / "tiny") == ["one"]
    assert [run.path.name for run in complete_runs(tmp_path, "tiny")] == ["one"]


def test_a_run_that_fails_leaves_nothing(tmp_path):
    with (
        pytest.raises(ZeroDivisionError),
        run_in_making(tmp_path, "tiny", "one") as run,
    ):
        run.manifest.write_text("{}")
        raise ZeroDivisionError
    assert names(tmp_path / "tiny") == []


def test_what_a_killed_run_left_is_removed_and_a_living_run_is_not(tmp_path):
    (tmp_path / "tiny" / ".killed.partial" / "steps").mkdir(parents=True)
    (tmp_path / "tiny" / ".killed.partial.lock").touch()
    with (
        run_in_making(tmp_path, "tiny", "living") as living,
        run_in_making(tmp_path, "tiny", "next"),
    ):
        assert living.path.is_dir()
        assert not (tmp_path / "tiny" / ".killed.partial").exists()
    assert names(tmp_path / "tiny") == ["living", "next"]


def test_a_folder_is_held_as_long_as_the_block_runs(tmp_path):
    with held(tmp_path / "mine") as mine:
        clear_abandoned([mine])
        assert mine.is_dir()
    assert names(tmp_path) == []


def test_outputs_that_cannot_be_written_are_named(tmp_path):
    (tmp_path / "outputs").write_text("a file, and not a folder")
    with (
        pytest.raises(OutputsError, match=r"Results cannot be written to .*/outputs/tiny: Not a"),
        run_in_making(tmp_path / "outputs", "tiny", "one"),
    ):
        pytest.fail("the block must not be entered")


@dataclass(frozen=True)
class Started:
    """A `woda run` in a process of its own, whose one step waits to be stopped."""

    bench: Bench
    command: subprocess.Popen[str]

    def kernel(self) -> psutil.Process:
        """The kernel, once it has written something restricted and fallen asleep."""
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline and self.command.poll() is None:
            for path in self.bench.root.glob("outputs/tiny/.*.partial/pid.txt"):
                if pid := path.read_text():
                    return psutil.Process(int(pid))
            time.sleep(0.05)
        pytest.fail(f"The run did not start: {self.command.communicate(timeout=5)}")


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, Started]]:
    """A run for each signal; they start side by side, since starting takes seconds."""
    runs = {}
    for stop in (signal.SIGINT, signal.SIGKILL):
        bench = Bench(tmp_path_factory.mktemp(stop.name))
        bench.ask_one_step(
            "# What happens when it is stopped?",
            HAND,
            'import os\n(settings.step_folder / "pid.txt").write_text(str(os.getpid())) and None',
            "import time\ntime.sleep(600)",
        )
        command = subprocess.Popen(
            [WODA, "run", "tiny"],
            cwd=bench.root,
            env=bench.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=_hear_ctrl_c,
        )
        runs[stop] = Started(bench, command)
    yield runs
    for run in runs.values():
        run.command.kill()
        run.command.communicate()


def _hear_ctrl_c() -> None:
    """Tests that a shell runs in the background ignore Ctrl-C, and so would their children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def gone(kernel: psutil.Process) -> bool:
    """Whether a kernel ends soon: a loaded machine may need more than the usual moment."""
    _, alive = psutil.wait_procs([kernel], timeout=60)
    return not alive


def den_of(kernel: psutil.Process) -> Path:
    """The folder of a kernel's sockets."""
    sockets = [Path(each.laddr) for each in kernel.net_connections("unix") if each.laddr]
    return next(path.parent for path in sockets if path.name.startswith("socket"))


def test_a_run_stopped_with_ctrl_c_ends_its_kernel_and_leaves_nothing(started):
    run = started[signal.SIGINT]
    kernel = run.kernel()
    den = den_of(kernel)
    run.command.send_signal(signal.SIGINT)
    _, said = run.command.communicate(timeout=150)
    assert run.command.returncode == 130
    assert gone(kernel)
    assert run.bench.runs() == []
    assert not den.exists()
    assert said.splitlines() == [
        "tiny/1_only: started, 4 cells",
        "Stopped. What was complete before still stands.",
    ]


def test_a_run_that_its_schedule_terminates_leaves_nothing_either(bench):
    bench.ask_one_step("# What happens when it is stopped?", "x = 1", "y = 2")

    def stop_after_the_first_cell(told: Progress) -> None:
        if told.done == 2:
            signal.raise_signal(signal.SIGTERM)

    before = signal.signal(signal.SIGTERM, cli._leave_in_order)
    try:
        with pytest.raises(SystemExit, match="143"):
            bench.run(on_progress=stop_after_the_first_cell)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert bench.runs() == []


def test_a_killed_run_is_never_seen_and_the_next_one_works_and_clears_up(started):
    run = started[signal.SIGKILL]
    kernel = run.kernel()
    den = den_of(kernel)
    run.command.kill()
    run.command.communicate()
    assert complete_runs(run.bench.settings.outputs_folder, "tiny") == []
    assert any(name.endswith(".partial") for name in run.bench.runs())
    assert gone(kernel)  # it notices that its parent is no more
    run.bench.write_pilot()
    done = run.bench.run()
    assert run.bench.runs() == [done.manifest.run_id]
    assert not den.exists()


def test_the_lock_of_a_held_folder_is_not_handed_down_to_kernels(tmp_path):
    with held(tmp_path / "mine"):
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(30)"])
    try:
        (tmp_path / "mine").mkdir()
        clear_abandoned([tmp_path / "mine"])
        assert names(tmp_path) == []
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
