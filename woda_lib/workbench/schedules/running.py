"""Running what is due: each pilot's slot once, one pilot's failure no hindrance to the next."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import ValidationError

import woda_lib
from woda_lib.errors import WodaError
from woda_lib.records import (
    Attempt,
    Manifest,
    Notice,
    Pilot,
    SlotState,
    say_unexpected,
    unexpected,
)
from woda_lib.settings import Settings
from woda_lib.workbench.auditing import keys_for_made_up
from woda_lib.workbench.county import county_is_missing, make_county
from woda_lib.workbench.execution.progress import OnProgress, OnState
from woda_lib.workbench.schedules.deciding import Decision, decide, utc_now
from woda_lib.workbench.schedules.messages import (
    Message,
    failure_message,
    unexpected_message,
)
from woda_lib.workbench.schedules.states import read_state, write_state
from woda_lib.workbench.schedules.telling import tell

if TYPE_CHECKING:
    from woda_lib.workbench.execution.running import CompleteRun

_CUT_OFF = (
    "Each attempt was cut off before it could say why: the machine went down, memory ran out, or "
    "somebody ended the command."
)


@dataclass(frozen=True)
class Slot:
    """A slot that is due, before it is run."""

    pilot: Pilot
    decision: Decision
    before: SlotState | None


@dataclass(frozen=True)
class Ran:
    """How running one due slot went; `complete` is the run that came of it, if one did."""

    pilot: Pilot
    state: SlotState
    complete: CompleteRun | None = None


def due_now(pilots: Sequence[Pilot], settings: Settings, now: datetime) -> list[Slot]:
    """Return the slots that are due, in the order of the pilots."""
    found = []
    for pilot in pilots:
        if pilot.schedule is not None:
            state = read_state(settings, pilot.pilot)
            decision = decide(pilot.schedule, state, now)
            if decision.due:
                found.append(Slot(pilot, decision, state))
    return found


def run_due(
    slots: Sequence[Slot],
    *,
    settings: Settings,
    on_progress: OnProgress = lambda progress: None,
    on_state: OnState = lambda state: None,
    clock: Callable[[], datetime] = utc_now,
) -> Iterator[Ran]:
    """Run due slots one after another, each written down before it starts and when it ended.

    Whoever calls holds `states.only_one`.

    Raises
    ------
    ScheduleError
        If a slot's state cannot be written; that slot is then not run.
    """
    for slot in slots:
        yield _run(slot, settings, on_progress, on_state, clock)


def settle_cut_off(
    pilots: Sequence[Pilot], settings: Settings, clock: Callable[[], datetime] = utc_now
) -> list[Ran]:
    """Give up slots whose every attempt was cut off, and tell people, since no process could."""
    settled = []
    for pilot in pilots:
        state = read_state(settings, pilot.pilot)
        if (
            pilot.schedule is None
            or state is None
            or state.outcome not in ("running", "interrupted")
            or state.attempts <= pilot.schedule.retries
        ):
            continue
        settled.append(Ran(pilot, _failed(pilot, state, _CUT_OFF, settings, clock)))
    return settled


def _run(
    slot: Slot,
    settings: Settings,
    on_progress: OnProgress,
    on_state: OnState,
    clock: Callable[[], datetime],
) -> Ran:
    pilot, decision, before = slot.pilot, slot.decision, slot.before
    # Here, because it brings Jupyter, and most calls find nothing due.
    from woda_lib.workbench.execution.running import run_pilots

    assert decision.slot is not None
    again = decision.attempt > 1 and before is not None
    state = SlotState(
        pilot=pilot.pilot,
        slot=decision.slot,
        attempts=decision.attempt,
        started=clock(),
        outcome="running",
        notices=before.notices if again and before else (),
        told=before.told if before else (),
    )
    write_state(settings, state)
    try:
        if county_is_missing(settings):
            make_county(settings, settings.profile)
        keys_for_made_up([pilot], settings)
        [complete] = run_pilots(
            [pilot], settings=settings, on_progress=on_progress, on_state=on_state
        )
    except WodaError as error:
        return Ran(pilot, _failed(pilot, state, str(error), settings, clock))
    except Exception as error:
        return Ran(pilot, _failed(pilot, state, _unforeseen(error), settings, clock))
    except BaseException:
        state = state.model_copy(update={"outcome": "interrupted", "finished": clock()})
        write_state(settings, state)
        raise
    state = state.model_copy(
        update={
            "outcome": "complete",
            "finished": clock(),
            "run_id": complete.manifest.run_id,
        }
    )
    write_state(settings, state)
    return Ran(pilot, _look_at_values(pilot, state, complete.manifest, settings), complete)


def _failed(
    pilot: Pilot,
    state: SlotState,
    reason: str,
    settings: Settings,
    clock: Callable[[], datetime],
) -> SlotState:
    """Write down that an attempt failed, and tell people the first and the last time."""
    schedule = pilot.schedule
    assert schedule is not None
    now = clock()
    left = state.attempts <= schedule.retries
    attempt = _attempt(settings, pilot, state)
    state = state.model_copy(
        update={
            "outcome": "failed",
            "finished": now,
            "retry_at": now + schedule.wait_after(state.attempts) if left else None,
            "run_id": attempt.run_id if attempt else "",
            "message": reason,
        }
    )
    message = failure_message(
        pilot,
        slot=state.slot,
        attempt=state.attempts,
        retry_at=state.retry_at,
        reason=reason,
        run_id=state.run_id,
        step=_failing_step(attempt),
        notebook=(attempt.notebook or "") if attempt else "",
        settings=settings,
    )
    if state.attempts == 1 or not left:
        # Told before it is written down, since a full disk is a thing to be told of.
        state = _told(pilot, state, message, "failure", settings)
    write_state(settings, state)
    return state


def _look_at_values(
    pilot: Pilot, state: SlotState, manifest: Manifest, settings: Settings
) -> SlotState:
    """Tell people of values outside their ranges, unless they were told the very same last time."""
    # By the ranges of today: a run that still stands may be older than they are.
    found = unexpected(pilot.expected, manifest.values)
    sentences = tuple(say_unexpected(one) for one in found)
    if sentences and sentences != state.told:
        message = unexpected_message(pilot, manifest.run_id, found, slot=state.slot)
        sent = len(state.notices)
        state = _told(pilot, state, message, "unexpected", settings)
        if not all(notice.told for notice in state.notices[sent:]):
            sentences = ()  # whoever missed it hears of it next time
    state = state.model_copy(update={"told": sentences})
    write_state(settings, state)
    return state


def _told(
    pilot: Pilot,
    state: SlotState,
    message: Message,
    event: Literal["failure", "unexpected"],
    settings: Settings,
) -> SlotState:
    if pilot.notify is None or event not in pilot.notify.on:
        return state
    notices: tuple[Notice, ...] = tuple(tell(pilot.notify, message, event, settings=settings))
    return state.model_copy(update={"notices": (*state.notices, *notices)})


def _attempt(settings: Settings, pilot: Pilot, state: SlotState) -> Attempt | None:
    """What the run itself wrote down of this attempt."""
    path = settings.outputs_folder / pilot.pilot / "attempt.json"
    try:
        attempt = Attempt.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError, UnicodeDecodeError):
        return None
    return attempt if attempt.started >= state.started else None


def _failing_step(attempt: Attempt | None) -> str:
    steps = attempt.steps.items() if attempt else ()
    return next((name for name, step in steps if step.state == "failed"), "")


def _unforeseen(error: Exception) -> str:
    """Put into words an error that nobody foresaw: where it arose, and never what it says."""
    here = Path(woda_lib.__file__).parent
    lines = [
        f"{Path(frame.filename).relative_to(here.parent)}, line {frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(here)
    ]
    where = f", at {lines[-1]}" if lines else ""
    return (
        f"The workbench itself went wrong with an unforeseen {type(error).__name__}{where}. Its "
        "message is withheld, because it may quote a row."
    )
