"""Shared work is done whole, once, and in its order."""

from __future__ import annotations

import pytest

from woda_lib.linkage.fast import threads
from woda_lib.linkage.fast.threads import at_once, begun, stretches


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
