"""What is told when a scheduled run failed, or found a value that nobody expected.

A message is written for whoever reads e-mail on a train: what happened, what still stands, what
happens next, how to look. It is made of a failure's own words, which quote no row, and of headline
values, which passed the gate; whatever looks like an identifier all the same is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from woda_lib.records import (
    Event,
    ManifestError,
    Pilot,
    Unexpected,
    complete_runs,
    read_manifest,
    say_unexpected,
)
from woda_lib.settings import Settings


@dataclass(frozen=True)
class Message:
    """One message: a subject and a text for people, and the same facts for a program."""

    subject: str
    text: str
    facts: dict[str, Any] = field(default_factory=dict)


def failure_message(
    pilot: Pilot,
    *,
    slot: datetime,
    attempt: int,
    retry_at: datetime | None,
    reason: str,
    run_id: str,
    step: str,
    notebook: str,
    settings: Settings,
) -> Message:
    """Say that a scheduled run failed.

    Parameters
    ----------
    pilot : Pilot
    slot : datetime
    attempt : int
        Which attempt at the slot this was.
    retry_at : datetime, optional
        After when it is tried again; None where it is not.
    reason : str
        In words.
    run_id, step, notebook : str
        Blank where nothing is known of them.
    settings : Settings
    """
    schedule = pilot.schedule
    assert schedule is not None
    following = schedule.next_slot(slot)
    if retry_at is not None:
        then = f"It is tried again after {schedule.say(retry_at)}."
    elif following is not None:
        then = f"It is not tried again before its next slot, {schedule.say(following)}."
    else:
        then = "It is not tried again."
    look = [f"On the server: `woda run {pilot.pilot}` runs it by hand and shows what goes wrong."]
    if notebook:
        look.append(f"The failing notebook lies in {notebook}, with the cell marked.")
    return _message(
        f"{pilot.pilot} failed" + (f" in step {step}" if step else ""),
        pilot,
        "failure",
        {
            "Question": pilot.question,
            "Slot": f"{schedule.say(slot)}, attempt {attempt} of {schedule.retries + 1}",
            "Run": f"{pilot.pilot}/{run_id}" if run_id else "",
            "Step": step,
            "Reason": _without_people(reason),
            "What still stands": _what_stands(pilot, settings),
            "What happens next": then,
            "How to look": " ".join(look),
        },
        slot=slot,
    )


def unexpected_message(
    pilot: Pilot, run_id: str, found: tuple[Unexpected, ...], *, slot: datetime
) -> Message:
    """Say that a complete run found values outside the ranges that its file expects."""
    schedule = pilot.schedule
    assert schedule is not None
    names = ", ".join(one.name for one in found)
    report = f"outputs/{pilot.pilot}/{run_id}/{pilot.answered_by}.html"
    return _message(
        f"{pilot.pilot}: {names} not as expected",
        pilot,
        "unexpected",
        {
            "Question": pilot.question,
            "Slot": schedule.say(slot),
            "Run": f"{pilot.pilot}/{run_id}",
            "Not as expected": "\n".join(_sentences(found)),
            "What still stands": "The run is complete, and its values are what readers now see.",
            "What happens next": "Nothing by itself. The same is not told again until it changes.",
            "How to look": (
                f"The report is {report}. If the value is right, widen the range under `expected` "
                f"in parameters/{pilot.pilot}.yaml, with the reason."
            ),
        },
        slot=slot,
        unexpected=[one.model_dump(mode="json") for one in found],
    )


def trial_message(pilot: Pilot) -> Message:
    """Say nothing but that messages arrive."""
    return _message(
        f"{pilot.pilot}: a message to try the way",
        pilot,
        "test",
        {
            "Question": pilot.question,
            "What happened": "Nothing. Somebody asked whether messages arrive here.",
            "How to look": f"`woda schedule` on the server shows when {pilot.pilot} runs.",
        },
    )


def _sentences(found: tuple[Unexpected, ...]) -> list[str]:
    return [_without_people(say_unexpected(one)) for one in found]


def _message(
    subject: str,
    pilot: Pilot,
    event: Event | str,
    parts: dict[str, str],
    *,
    slot: datetime | None = None,
    **more: Any,
) -> Message:
    said = {name: text for name, text in parts.items() if text}
    text = "\n\n".join(f"{name}\n{_indented(words)}" for name, words in said.items())
    facts = {name.lower().replace(" ", "_"): words for name, words in said.items()}
    facts |= {"event": event, "pilot": pilot.pilot, "subject": subject, **more}
    if slot is not None:
        facts["slot"] = slot.isoformat()
    return Message(f"[WODA] {subject}", f"{text}\n", facts)


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())


def _what_stands(pilot: Pilot, settings: Settings) -> str:
    for run in reversed(complete_runs(settings.outputs_folder, pilot.pilot)):
        try:
            finished = read_manifest(run).finished
        except ManifestError:
            continue
        return (
            f"The last complete run, {pilot.pilot}/{run.path.name}, which ended on "
            f"{finished.day} {finished:%B %Y, %H:%M} UTC. Readers still see its answer."
        )
    return f"{pilot.pilot} has no complete run yet, so readers see no answer."


def _without_people(text: str) -> str:
    from woda_lib.disclosure import personal_kinds  # here: it brings pandas, and few runs fail

    kept = [
        "(a line is left out, because it holds what looks like a person's identifier)"
        if personal_kinds([line])
        else line
        for line in text.splitlines()
    ]
    return "\n".join(kept)
