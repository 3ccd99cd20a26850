"""What became of a scheduled pilot's last slot: ``data/schedules/<pilot>.json``."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Notice(_Record):
    """That somebody was told something, or should have been: `problem` says why they were not.

    `by` is the means and never an address, because this file is nobody's list of people.
    """

    at: datetime
    event: Literal["failure", "unexpected", "test"]
    by: Literal["email", "command"]
    told: bool
    problem: str = ""


class SlotState(_Record):
    """The slot that was last attempted, and how that went.

    Attributes
    ----------
    pilot : str
    slot : datetime
        In UTC.
    attempts : int
        How often it has been tried.
    started : datetime
        When the last of these began.
    outcome : {"running", "complete", "failed", "interrupted"}
        *running* is also what a process that was killed leaves behind.
    finished, retry_at : datetime, optional
        When the last attempt ended; before when it is not tried again, None if never again.
    run_id, message : str
        What it made, or why it failed.
    notices : tuple of Notice
        Who was told of this slot.
    told : tuple of str
        The sentences on unexpected values that were last told, so that none is told every day.
    """

    pilot: str
    slot: datetime
    attempts: int
    started: datetime
    outcome: Literal["running", "complete", "failed", "interrupted"]
    finished: datetime | None = None
    retry_at: datetime | None = None
    run_id: str = ""
    message: str = ""
    notices: tuple[Notice, ...] = ()
    told: tuple[str, ...] = ()
