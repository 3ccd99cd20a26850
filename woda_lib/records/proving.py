"""Releases proved once for a piece of work, however many of its parts ask how they stand.

To prove a release every byte of it is read, and each signature proved by `ssh-keygen`; what the
audit log remembers of it is found by reading the log, which grows. A site that is built asks for
the releases of a pilot for its page, and again for every study that cites it. Nothing is kept
beyond the piece of work: the next one proves anew. A folder of extracts, of which a site asks some
thousand times, is looked at once for it too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

_Found = TypeVar("_Found")
_FOUND: ContextVar[dict[tuple[str, ...], Any] | None] = ContextVar("found", default=None)


@contextmanager
def proved_once() -> Iterator[None]:
    """Let each pilot's releases be proved at most once while this lasts; may be nested.

    For work that only looks: what is released, signed, withdrawn or delivered meanwhile is not seen
    by it.
    """
    if _FOUND.get() is not None:
        yield
        return
    token = _FOUND.set({})
    try:
        yield
    finally:
        _FOUND.reset(token)


def once(key: tuple[str, ...], find: Callable[[], _Found]) -> _Found:
    """Return what `find` finds, from the piece of work at hand if it was found before.

    Parameters
    ----------
    key : tuple of str
        What is looked for, and where.
    find : callable
    """
    known = _FOUND.get()
    if known is None:
        return find()
    if key not in known:
        known[key] = find()
    found: _Found = known[key]
    return found
