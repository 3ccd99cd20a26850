"""Where the states of slots are kept, and the lock by which only one process works on them."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from woda_lib.errors import WodaError
from woda_lib.records import SlotState, write_json
from woda_lib.settings import Settings


class ScheduleError(WodaError):
    """What became of slots cannot be written down, so that none may be run."""


def read_state(settings: Settings, pilot: str) -> SlotState | None:
    """Return what became of a pilot's last slot; None if nothing is known, or the file is damaged.

    A damaged file costs one run too many, which is better than a schedule that stands still.
    """
    try:
        return SlotState.model_validate_json(_file(settings, pilot).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValidationError, UnicodeDecodeError):
        return None


def write_state(settings: Settings, state: SlotState) -> None:
    """Keep what became of a slot, whole or not at all.

    Raises
    ------
    ScheduleError
        If it cannot be written.
    """
    path = _file(settings, state.pilot)
    try:
        write_json(path, state)
    except OSError as error:
        raise ScheduleError(
            f"What became of {state.pilot}'s slot cannot be written to {path.parent}: "
            f"{error.strerror}. Make room, or give this user the right to write there. Until then "
            "nothing is run by schedule, because it would be run again and again."
        ) from None


@contextmanager
def only_one(settings: Settings) -> Iterator[bool]:
    """Say whether this process is the only one that runs what is due, and keep it so meanwhile.

    The operating system lifts the lock when the process ends, in whatever way.
    """
    path = settings.schedules_folder / "lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a")
    except OSError as error:
        raise ScheduleError(
            f"{path.parent} cannot be written to: {error.strerror}. Make room, or give this user "
            "the right to write there."
        ) from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _file(settings: Settings, pilot: str) -> Path:
    return settings.schedules_folder / f"{pilot}.json"
