"""Releases proved once for a piece of work, however many of its parts ask how they stand.

To prove a release every byte of it is read, and each signature proved by `ssh-keygen`. A site that
is built asks for the releases of a pilot for its page, and again for every study that cites it.
Nothing is kept beyond the piece of work: the next one proves anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from woda_lib.records.releases import ReleaseStanding
from woda_lib.settings import Settings

_Key = tuple[Path, Path, Path, str]
_PROVED: ContextVar[dict[_Key, list[ReleaseStanding]] | None] = ContextVar("proved", default=None)


@contextmanager
def proved_once() -> Iterator[None]:
    """Let each pilot's releases be proved at most once while this lasts; may be nested.

    For work that only looks: what is released, signed or withdrawn meanwhile is not seen by it.
    """
    if _PROVED.get() is not None:
        yield
        return
    token = _PROVED.set({})
    try:
        yield
    finally:
        _PROVED.reset(token)


def proved(
    settings: Settings, pilot: str, prove: Callable[[], list[ReleaseStanding]]
) -> list[ReleaseStanding]:
    """Return how a pilot's releases stand, from the piece of work at hand if it has asked before.

    Parameters
    ----------
    settings : Settings
    pilot : str
    prove : callable
        Proves them.
    """
    known = _PROVED.get()
    if known is None:
        return prove()
    key = (
        settings.outputs_folder,
        settings.audit_file,
        settings.reviewers_folder,
        pilot,
    )
    if key not in known:
        known[key] = prove()
    return list(known[key])
