"""Shared work is done whole, once, and in its order."""

from __future__ import annotations

import gc
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event, get_ident
from weakref import ref

import pytest

from woda_lib.linkage.fast import threads
from woda_lib.linkage.fast.threads import at_once, meanwhile, share_out, stretches


def test_stretches_follow_one_another_to_the_end() -> None:
    assert stretches(7, 3) == [(0, 3), (3, 6), (6, 7)]
    assert stretches(6, 3) == [(0, 3), (3, 6)]
    assert stretches(0, 3) == []


def test_jobs_return_in_the_order_in_which_they_were_given() -> None:
    assert at_once(lambda: "one", lambda: 2, lambda: None) == ["one", 2, None]


def test_an_error_of_a_job_is_raised() -> None:
    def fails() -> None:
        raise ValueError("of this job")

    with pytest.raises(ValueError, match="of this job"):
        at_once(lambda: "done", fails)


def test_of_several_errors_the_first_is_raised_and_nothing_is_begun_after() -> None:
    begins = []

    def fails(place: int) -> None:
        begins.append(place)
        raise ValueError(f"of share {place}")

    for _ in range(20):
        begins.clear()
        with pytest.raises(ValueError, match="of share 0"):
            share_out(fails, [(place,) for place in range(1000)])
        assert len(begins) < 1000


def test_each_share_is_done_once_and_a_share_may_be_shared_out_again() -> None:
    def squares(low: int, high: int) -> list[int]:
        return share_out(lambda number: number**2, [(number,) for number in range(low, high)])

    parts = share_out(squares, stretches(1000, 7))
    assert [number for part in parts for number in part] == [n**2 for n in range(1000)]


@pytest.fixture
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "threads", lambda: 2)


class Made:
    """Something that a share returns."""


def test_after_an_error_nothing_that_was_done_stays_in_memory(two_processors: None) -> None:
    made = []

    def fails_at_the_end(place: int) -> Made:
        if place == 3:
            raise ValueError("of this share")
        one = Made()
        made.append(ref(one))
        return one

    gc.disable()
    try:
        with pytest.raises(ValueError, match="of this share"):
            share_out(fails_at_the_end, [(place,) for place in range(4)])
        assert len(made) == 3
        assert [one() for one in made] == [None] * 3
    finally:
        gc.enable()


def test_an_interrupt_leaves_no_share_to_be_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    begins, interrupted, helpers = [], Event(), []

    class Interrupted(ThreadPoolExecutor):
        def submit(self, *work: Callable) -> Future:  # type: ignore[override]
            if helpers:
                raise KeyboardInterrupt
            helpers.append(super().submit(*work))
            return helpers[0]

    def waits(place: int) -> None:
        begins.append(place)
        interrupted.wait(10)

    with Interrupted(1) as pool:
        monkeypatch.setattr(threads, "threads", lambda: 3)
        monkeypatch.setattr(threads, "_pool", lambda *_: pool)
        with pytest.raises(KeyboardInterrupt):
            share_out(waits, [(place,) for place in range(100)])
        interrupted.set()
    assert len(begins) < 2


def test_a_call_goes_on_while_this_thread_does(two_processors: None) -> None:
    went_on = Event()
    found = meanwhile(lambda: went_on.wait(10) and get_ident())
    went_on.set()
    assert found() not in (False, get_ident())


@pytest.mark.parametrize(("worth_it", "processors"), [(False, 2), (True, 1)])
def test_what_is_not_worth_a_thread_is_done_here_when_it_is_waited_for_and_once(
    monkeypatch: pytest.MonkeyPatch, worth_it: bool, processors: int
) -> None:
    monkeypatch.setattr(threads, "threads", lambda: processors)
    made: list[int] = []
    found = meanwhile(lambda: made.append(get_ident()), worth_it=worth_it)
    assert not made
    found()
    found()
    assert made == [get_ident()]


@pytest.mark.parametrize("worth_it", [True, False])
def test_an_error_is_raised_where_the_call_is_waited_for(
    two_processors: None, worth_it: bool
) -> None:
    def fails() -> None:
        raise ValueError("of this call")

    found: Callable[[], None] = meanwhile(fails, worth_it=worth_it)
    with pytest.raises(ValueError, match="of this call"):
        found()
