"""A call is made by another thread while this one goes on, or here when it is waited for."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, get_ident

import pytest

from woda_lib.pilots.single_view import meanwhile as here
from woda_lib.pilots.single_view.meanwhile import meanwhile


@pytest.fixture(autouse=True)
def _two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(here, "threads", lambda: 2)


def test_a_call_goes_on_while_this_thread_does() -> None:
    went_on = Event()
    found = meanwhile(lambda: went_on.wait(10) and get_ident())
    went_on.set()
    assert found() not in (False, get_ident())


@pytest.mark.parametrize(("worth_it", "processors"), [(False, 2), (True, 1)])
def test_what_is_not_worth_a_thread_is_done_here_when_it_is_waited_for_and_once(
    monkeypatch: pytest.MonkeyPatch, worth_it: bool, processors: int
) -> None:
    monkeypatch.setattr(here, "threads", lambda: processors)
    made: list[int] = []
    found = meanwhile(lambda: made.append(get_ident()), worth_it=worth_it)
    assert not made
    found()
    found()
    assert made == [get_ident()]


@pytest.mark.parametrize("worth_it", [True, False])
def test_an_error_is_raised_where_the_call_is_waited_for(worth_it: bool) -> None:
    def fails() -> None:
        raise ValueError("of this call")

    found: Callable[[], None] = meanwhile(fails, worth_it=worth_it)
    with pytest.raises(ValueError, match="of this call"):
        found()
