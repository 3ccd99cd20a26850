"""How each step of a run came about: run or taken over, from what, and how long it took."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Fingerprint(_Record):
    """All that a step's results follow from. Two equal ones give equal results.

    Attributes
    ----------
    code : str
        SHA-256 of the notebook's code cells and their tags.
    prose : str
        SHA-256 of its other cells: they change the report and not the results.
    modules : dict of str to str
        SHA-256 of every module of `woda_lib` that the notebook's imports reach.
    parameters : dict
        As the parameters cell writes them.
    data : dict of str to dict of str to str
        For each dataset that the step loads, SHA-256 by file; for each table of another step, that
        of the table.
    settings : dict of str to str
        Whatever else decides, by a name that people understand: the step's lines in the parameter
        file, the agreement, the linkage specification, the lock, the seed.
    rendering : dict of str to str
        What its report follows from besides, and its results do not: the code and templates that
        make reports, and what the parameter file says for readers.
    """

    code: str
    prose: str
    modules: dict[str, str]
    parameters: dict[str, Any]
    data: dict[str, dict[str, str]]
    settings: dict[str, str]
    rendering: dict[str, str] = {}

    @property
    def results(self) -> str:
        """SHA-256 of all but prose and rendering: equal where the results are."""
        content = self.model_dump(mode="json", exclude={"prose", "rendering"})
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


class StepMade(_Record):
    """How one step of a run came about.

    Attributes
    ----------
    run_id : str
        The run that executed it: an earlier one where its results were taken over.
    reasons : tuple of str
        Why it was run, in words; empty where it was taken over.
    fingerprint : Fingerprint, optional
    seconds : float
        What executing it took, on a wall clock.
    cell_seconds : tuple of float
        The same by cell, so that a later run knows what to expect.
    files : dict of str to str
        SHA-256 of each of the step's files, from the run's folder: whoever takes the step over
        sees by them that nothing was changed since.
    peak_mb : float
        The most memory that its kernel held, in megabytes of 2**20 bytes; nought where not known.
    """

    run_id: str
    reasons: tuple[str, ...] = ()
    fingerprint: Fingerprint | None = None
    seconds: float = 0.0
    cell_seconds: tuple[float, ...] = ()
    files: dict[str, str] = {}
    peak_mb: float = 0.0


class StepOutcome(_Record):
    """Where a step of an attempt ended; `message` says what went wrong, and quotes no row."""

    state: Literal["done", "taken over", "failed", "not run"]
    seconds: float = 0.0
    message: str = ""


class Attempt(_Record):
    """The last attempt to run a pilot: ``outputs/<pilot>/attempt.json``.

    `notebook` is where the failing notebook lies, from the checkout; it may hold rows, so it is
    kept in the data folder and never among what reviewers read.
    """

    pilot: str
    run_id: str
    started: datetime
    finished: datetime
    outcome: Literal["complete", "failed", "interrupted"]
    steps: dict[str, StepOutcome]
    message: str = ""
    notebook: str | None = None
