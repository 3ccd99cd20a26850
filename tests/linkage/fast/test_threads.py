"""Shared work is done whole, once, and in its order."""

from __future__ import annotations

import pytest

from woda_lib.linkage.fast import threads
from woda_lib.linkage.fast.threads import at_once, begun, share_out, stretches


def test_stretches_follow_one_another_to_the_end() -> None:
    assert stretches(7, 3) == [(0, 3), (3, 6), (6, 7)]
    assert stretches(6, 3) == [(0, 3), (3, 6)]
    assert stretches(0, 3) == []


def test_jobs_return_in_the_order_in_which_they_were_given() -> None:
    assert at_once(lambda: "one", lambda: 2, lambda: None) == ["one", 2, None]


def test_a_job_that_was_begun_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert begun(lambda: "done")() == "done"
    monkeypatch.setattr(threads, "threads", lambda: 1)
    assert begun(lambda: "done")() == "done"


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
