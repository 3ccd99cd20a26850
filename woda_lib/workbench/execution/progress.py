"""What a run tells while it lasts, for a person at a screen or a schedule's log to be told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Progress:
    """How far a run has come: `done` of `cells` cells of one step."""

    pilot: str
    step: str
    done: int
    cells: int


State = Literal["waiting", "running", "dead", "done", "taken over", "failed", "not run"]
"""Where a step stands. *dead*: its kernel died, and it is going to be run again."""


@dataclass(frozen=True)
class StepState:
    """What has become of one step.

    Attributes
    ----------
    pilot, step : str
    state : State
    expected : tuple of float
        Seconds by cell as an earlier run took them; empty where none says.
    source : str
        The run that a step is taken over from.
    """

    pilot: str
    step: str
    state: State
    expected: tuple[float, ...] = ()
    source: str = ""


OnProgress = Callable[[Progress], None]
OnState = Callable[[StepState], None]
