"""A call made by another process answers as if it had been made here, whatever becomes of it."""

from __future__ import annotations

import os
import signal
import sys
import time

import pytest

from woda_lib import beside
from woda_lib.beside import Beside

pytestmark = pytest.mark.skipif(not beside.can_fork(), reason="needs Linux and two processors")


def test_another_process_makes_the_call_and_hands_back_what_it_returns():
    assert Beside(os.getpid).result() not in (os.getpid(), 0)
    held = {"a": list(range(1_000_000))}  # more than a pipe holds
    assert Beside(lambda: held).result() == held


def test_it_goes_on_meanwhile_and_answers_as_often_as_it_is_asked():
    other = Beside(lambda: (time.sleep(0.2), os.getpid())[1])
    assert other.result() == other.result()


def test_what_is_not_worth_it_or_cannot_be_is_done_here(monkeypatch):
    assert Beside(os.getpid, worth_it=False).result() == os.getpid()
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0})
    assert Beside(os.getpid).result() == os.getpid()


def test_what_the_call_raises_is_raised_here():
    other = Beside(lambda: 1 // 0)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            other.result()


@pytest.mark.parametrize("after", [0.0, 0.1])
def test_where_the_other_process_is_ended_the_call_is_made_here(after):
    here = os.getpid()

    def call() -> int:
        if os.getpid() != here:
            time.sleep(after)
            os.kill(os.getpid(), signal.SIGKILL)
        return 7

    assert Beside(call).result() == 7


def test_what_cannot_be_handed_back_is_made_here():
    assert Beside(lambda: lambda: 7).result()() == 7


def test_one_that_does_not_end_is_waited_for_so_long_and_ended(monkeypatch):
    monkeypatch.setattr("woda_lib.beside.PATIENCE", 0.1)
    here = os.getpid()
    other = Beside(lambda: time.sleep(60) if os.getpid() != here else 7)
    process = other._other._process
    began = time.monotonic()
    assert other.result() == 7
    assert time.monotonic() - began < 30
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_an_answer_that_nobody_wants_leaves_no_process_behind():
    other = Beside(lambda: time.sleep(60))
    process = other._other._process
    del other
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_what_the_other_process_says_is_not_heard(capfd):
    Beside(lambda: sys.stderr.write("a name")).result()
    assert "a name" not in "".join(capfd.readouterr())
