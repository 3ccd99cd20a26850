"""One run of a pilot at a time; a hold ends with its process, whatever a file says."""

from __future__ import annotations

import subprocess
import sys

import pytest

from woda_lib.workbench import PilotIsRunning
from woda_lib.workbench.execution.locks import Holder, Locks

HOLD = (
    "import sys, time\n"
    "from pathlib import Path\n"
    "from woda_lib.workbench.execution.locks import Locks\n"
    "held = Locks(Path(sys.argv[1]), ['tiny'], wait=True, on_wait=print)\n"
    "print('held', flush=True)\n"
    "time.sleep(float(sys.argv[2]))\n"
)


def held_elsewhere(folder, seconds: float) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder), str(seconds)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_whoever_is_not_to_wait_is_told_who_holds_the_pilot(tmp_path):
    with held_elsewhere(tmp_path, 600) as other:
        with pytest.raises(PilotIsRunning) as caught:
            Locks(tmp_path, ["another", "tiny"], wait=False, on_wait=print)
        holder = Holder.model_validate_json((tmp_path / ".locks" / "tiny").read_text())
        assert holder.process == other.pid
        assert str(caught.value).startswith(f"tiny is being run by {holder.user} on {holder.host}")
        Locks(tmp_path, ["another"], wait=False, on_wait=print).close()  # it let go of the other
        other.kill()


def test_whoever_waits_is_told_for_whom_once_and_goes_on_when_that_has_ended(tmp_path):
    told: list[str] = []
    with held_elsewhere(tmp_path, 1.5):
        Locks(tmp_path, ["tiny"], wait=True, on_wait=told.append).close()
    assert len(told) == 1
    assert told[0].endswith("Waiting for it to end.")


def test_what_a_killed_process_left_in_the_file_keeps_nobody_out(tmp_path):
    with held_elsewhere(tmp_path, 600) as other:
        other.kill()
    assert (tmp_path / ".locks" / "tiny").read_text() != ""
    Locks(tmp_path, ["tiny"], wait=False, on_wait=print).close()
    assert (tmp_path / ".locks" / "tiny").read_text() == ""


def test_a_pilot_can_be_released_before_the_others(tmp_path):
    locks = Locks(tmp_path, ["tiny", "other"], wait=False, on_wait=print)
    locks.release("tiny")
    Locks(tmp_path, ["tiny"], wait=False, on_wait=print).close()
    locks.close()
