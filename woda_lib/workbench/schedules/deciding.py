"""Whether a pilot is due: its last slot against what became of the slot that was last attempted.

A slot is attempted once, however many came and went before it; only the last of them counts. What
failed is tried again as often as the schedule says, with growing waits, and not for ever. A process
that was killed leaves the word *running* behind; that counts as an attempt like any other, so that
a pilot which takes its machine down does not do so all night.

The first time that a schedule is seen, its last slot counts as missed, so that whoever sets one up
sees at once that it works.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from woda_lib.records import Schedule, SlotState


@dataclass(frozen=True)
class Decision:
    """Whether to run now.

    Attributes
    ----------
    due : bool
    slot : datetime, optional
        In UTC: the one to run or, where nothing is due, the last one.
    attempt : int
        The number of the attempt that is due; nought where none is.
    why : str
        In words, for people.
    """

    due: bool
    slot: datetime | None
    attempt: int
    why: str


def decide(schedule: Schedule, state: SlotState | None, now: datetime) -> Decision:
    """Say whether a pilot is due at `now` (which bears a time zone).

    Where the machine's clock was set back, a slot that was attempted is waited for and not run
    again. A state that lies even beyond the next slot is of a clock that went wrong: it is passed
    over, since one run too many is better than none for years.
    """
    last = schedule.last_slot(now)
    if last is None:
        return Decision(False, None, 0, "has no slot yet")
    if state is None:
        return Decision(True, last, 1, "has never run by this schedule")
    if state.slot > now:
        coming = schedule.next_slot(now)
        if coming is not None and state.slot <= coming:
            return Decision(False, state.slot, 0, "was run before the clock was set back")
        return Decision(True, last, 1, "last ran by a clock that was far ahead")
    if last > state.slot:
        missed = schedule.missed(state.slot, last) - 1
        also = "" if missed <= 0 else f"; {missed} before it {_was(missed)} missed"
        return Decision(True, last, 1, f"has a new slot{also}")
    return _again(schedule, state, now)


def _again(schedule: Schedule, state: SlotState, now: datetime) -> Decision:
    """Whether the slot that was attempted last is to be tried once more."""
    if state.outcome == "complete":
        return Decision(False, state.slot, 0, "is complete")
    if state.attempts > schedule.retries:
        tried = "once" if state.attempts == 1 else f"{state.attempts} times"
        return Decision(False, state.slot, 0, f"failed, was tried {tried} and is given up")
    attempt = state.attempts + 1
    if state.outcome == "failed" and state.retry_at is not None and now < state.retry_at:
        at = schedule.say(state.retry_at)
        return Decision(False, state.slot, 0, f"failed, and is tried again after {at}")
    what = {"failed": "failed", "interrupted": "was interrupted", "running": "was cut off"}
    return Decision(True, state.slot, attempt, f"{what[state.outcome]}, and is tried again")


def utc_now() -> datetime:
    """The time by this machine's clock, in UTC."""
    return datetime.now(UTC)


def _was(number: int) -> str:
    return "was" if number == 1 else "were"
