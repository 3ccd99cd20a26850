"""What may start when, and what goes on after a failure."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event

import pytest

from woda_lib.workbench.execution import side_by_side as module
from woda_lib.workbench.execution.side_by_side import Ended, Idle, SideBySide, Told, Work

A, B, C, D = (("p", step) for step in "abcd")


def work(do: Callable[[Callable], object], mb: float = 1.0) -> Work:
    return Work(do=do, held_mb=lambda: 0.0, end=lambda: None, expected_mb=mb)


def outcome(side: SideBySide) -> list[str]:
    """Mark whatever ends well as done, and return in which order things ended."""
    ended = []
    for event in side.events(lambda: False):
        if isinstance(event, Ended):
            ended.append(f"{event.node[1]} failed" if event.error else event.node[1])
            if not event.error:
                side.done(event.node)
    return ended


def test_what_is_needed_comes_first():
    log: list[str] = []
    each = {node: work(lambda tell, n=node: log.append(n[1])) for node in (A, B, C)}
    assert outcome(SideBySide({A: {C}, C: {B}, B: set()}, each, most=2)) == ["b", "c", "a"]
    assert log == ["b", "c", "a"]


def test_two_that_need_nothing_of_each_other_run_at_the_same_time():
    one, other = Event(), Event()

    def meet(mine: Event, theirs: Event) -> Callable[[Callable], None]:
        def do(tell: Callable) -> None:
            mine.set()
            assert theirs.wait(30), "the other one was not started"

        return do

    each = {A: work(meet(one, other)), B: work(meet(other, one))}
    assert sorted(outcome(SideBySide({A: set(), B: set()}, each, most=2))) == ["a", "b"]


@pytest.mark.parametrize(("most", "mb"), [(1, 1.0), (3, 1e9)])
def test_one_at_a_time_where_cores_or_memory_allow_no_more(most, mb):
    at_once: list[int] = []
    running: set[int] = set()

    def do(tell: Callable) -> None:
        me = id(object())
        running.add(me)
        at_once.append(len(running))
        time.sleep(0.02)
        running.discard(me)

    each = {node: work(do, mb) for node in (A, B, C)}
    assert len(outcome(SideBySide({node: set() for node in each}, each, most=most))) == 3
    assert max(at_once) == 1


def test_memory_that_others_are_still_going_to_take_is_kept_free_for_them(monkeypatch):
    monkeypatch.setattr(module, "available_mb", lambda: 1000.0)
    side = SideBySide({A: set(), B: set()}, {A: work(_wait, 600), B: work(_wait, 400)}, most=2)
    next(side.events(lambda: True))  # starts what may start
    assert list(side.running) == [A]  # 600 and 400 are more than nine tenths of 1,000
    smaller = SideBySide({A: set(), B: set()}, {A: work(_wait, 600), B: work(_wait, 200)}, most=2)
    next(smaller.events(lambda: True))
    assert list(smaller.running) == [A, B]


def _wait(tell: Callable) -> None:
    time.sleep(0.1)


def test_after_a_failure_the_other_branches_go_on_and_what_needs_it_does_not_start():
    def fail(tell: Callable) -> None:
        raise ZeroDivisionError

    each = {node: work(lambda tell: None) for node in (B, C, D)} | {A: work(fail)}
    needs = {A: set(), B: {A}, C: set(), D: {C}}
    assert sorted(outcome(SideBySide(needs, each, most=1))) == ["a failed", "c", "d"]


def test_what_is_told_comes_out_in_order_and_idle_time_is_offered():
    def do(tell: Callable) -> str:
        tell(1)
        tell(2)
        return "done"

    put_off = [1]
    seen = []
    for event in SideBySide({A: set()}, {A: work(do)}, most=1).events(lambda: bool(put_off)):
        if isinstance(event, Idle):
            put_off.clear()
        else:
            seen.append(event.what if isinstance(event, Told) else event.result)
    assert seen == [1, 2, "done"]
    assert put_off == []


def test_work_can_be_done_again_after_a_pause():
    tries: list[float] = []

    def do(tell: Callable) -> None:
        tries.append(time.monotonic())
        if len(tries) == 1:
            raise ZeroDivisionError

    side = SideBySide({A: set()}, {A: work(do)}, most=1)
    for event in side.events(lambda: False):
        if isinstance(event, Ended) and event.error:
            side.again(A, 0.2, needs_mb=77)
    assert tries[1] - tries[0] >= 0.2
    assert side.work[A].expected_mb == 77
