"""What an attempt to run a pilot writes down while it lasts and when it ends, however it ends.

``outputs/<pilot>/attempt.json`` says how the last attempt ended (`records.Attempt`), and
``attempt.jsonl`` beside it is its log for machines: a line an event, as it happens::

    {"at": "2026-11-25T22:10:03.120+00:00", "pilot": "patient_flow", "run": "…",
     "event": "step started", "step": "1_link", "cells": 14}

Events are *started*, *step started* (with ``cells``), *cell done* (with ``done`` and ``cells``),
*step ended* (with ``state`` and ``seconds``), *kernel died* (with ``again_in``, seconds) and
*ended* (with ``outcome``). Neither file ever holds a value or a row.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from woda_lib.records import Attempt, StepOutcome, write_json
from woda_lib.settings import Settings

Outcome = Literal["complete", "failed", "interrupted"]


class AttemptLog:
    """The record of one attempt, in the making.

    A disk that is full does not stop a run from saying why it failed: what cannot be written is
    left out.

    Parameters
    ----------
    settings : Settings
        Where results lie, and the checkout, whose place on this machine no record tells.
    pilot, run_id : str
    steps : list of str
        All of the pilot's.
    """

    def __init__(self, settings: Settings, pilot: str, run_id: str, steps: list[str]) -> None:
        self._folder = settings.runs_folder(pilot)
        self._root = settings.root.resolve()
        self._pilot, self._run_id = pilot, run_id
        self._started = datetime.now(UTC)
        self._steps = {step: StepOutcome(state="not run") for step in steps}
        self._ended = False
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            self._log.unlink(missing_ok=True)
        self.event("started")

    @property
    def _log(self) -> Path:
        return self._folder / "attempt.jsonl"

    def event(self, event: str, **facts: str | int | float) -> None:
        """Add a line to the log."""
        line = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "pilot": self._pilot,
            "run": self._run_id,
            "event": event,
            **facts,
        }
        with suppress(OSError), self._log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def step_ended(self, step: str, outcome: StepOutcome) -> None:
        """Remember where a step ended."""
        self._steps[step] = outcome
        seconds = round(outcome.seconds, 3)
        self.event("step ended", step=step, state=outcome.state, seconds=seconds)

    def ended(self, outcome: Outcome, message: str = "", notebook: Path | None = None) -> None:
        """Write the record down; only the first call counts."""
        if self._ended:
            return
        self._ended = True
        self.event("ended", outcome=outcome)
        attempt = Attempt(
            pilot=self._pilot,
            run_id=self._run_id,
            started=self._started,
            finished=datetime.now(UTC),
            outcome=outcome,
            steps=self._steps,
            message=self.without_machine(message),
            notebook=self.without_machine(str(notebook)) if notebook else None,
        )
        with suppress(OSError):
            write_json(self._folder / "attempt.json", attempt)

    def state(self, step: str) -> str:
        """Return where a step stands now, as `StepOutcome` calls it."""
        return self._steps[step].state

    def without_machine(self, text: str) -> str:
        """Return a text with paths from the checkout."""
        return text.replace(f"{self._root}/", "")
