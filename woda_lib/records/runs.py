"""What a run writes down: values, inputs, what was shown, a record a step, and the manifest."""

from __future__ import annotations

import hashlib
import json
import os
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from woda_lib.records.audit import AuditHead
from woda_lib.records.cited import CitedFigure
from woda_lib.records.made import StepMade
from woda_lib.records.protocols import Registered


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Value(_Record):
    """A named headline number with its interval and unit; no number where it was withheld.

    `name` is what it is cited and compared by, and `label` what readers are told that it is.
    """

    name: str
    label: str = ""
    value: float | None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    decimals: int = 1


class Unexpected(_Record):
    """A headline value outside the range that its pilot's file expects.

    `value` is None where no step recorded such a value; a value without a number was withheld.
    """

    name: str
    value: Value | None = None
    low: float | None = None
    high: float | None = None
    reason: str = ""


class RowCounts(_Record):
    """What became of the rows of one dataset.

    ``delivered`` is the sum of ``kept, quarantined, superseded, duplicates`` and ``opted_out``. Of
    the kept rows ``outdated`` had a later delivery that was refused.
    """

    delivered: int
    kept: int
    quarantined: int
    superseded: int
    duplicates: int
    opted_out: int = 0
    blanked_values: int = 0
    outdated: int = 0


class Input(_Record):
    """One file that a step read.

    `previous` says that it is what the step's own last run left, from which it began: no result
    follows from it, and it alone never makes the step stale.
    """

    name: str
    path: str
    sha256: str
    bytes: int
    previous: bool = False


class Shown(_Record):
    """A table, figure or map that passed the gate, with the files written beside the report.

    The files of a map are the table of each layer, its page, and its picture. ``withheld`` holds
    the row and column of each withheld cell, counted from nought (of a map of several layers, in
    its tables one beneath the other), and ``checks``
    how many each rule withheld. ``not_people`` are columns of whole numbers that the analyst says
    do not count people.
    """

    name: str
    kind: Literal["table", "figure", "map"]
    caption: str
    files: tuple[str, ...]
    withheld_cells: int = 0
    withheld: tuple[tuple[int, int], ...] = ()
    checks: dict[str, int] = {}
    not_people: tuple[str, ...] = ()


class StepRecord(_Record):
    """What one step did, written by `run.finish`.

    `fields` holds the fields of each dataset that the step was handed, and `opt_outs` a sentence on
    people's opt-outs: how many rows they left out, or why they were not applied.
    ``displayed`` holds the SHA-256 of each HTML that its verbs displayed: nothing else may stand in
    the executed notebook. ``example`` says that the step is still as `woda new-pilot` laid it out.
    ``protocol`` is the pre-registration that it was held to. ``sources`` say where public geography
    was taken from, with its vintage. ``cited`` are the figures that it says and did not work out.
    """

    pilot: str
    step: str
    question: str
    parameters: dict[str, Any]
    seed: int
    as_of: date
    synthetic: bool
    extracts: str | None = None
    agreement: str
    purpose: str
    started: datetime
    finished: datetime
    answer: str
    values: tuple[Value, ...]
    inputs: tuple[Input, ...]
    rows: dict[str, RowCounts]
    shown: tuple[Shown, ...]
    saved: tuple[Input, ...]
    fields: dict[str, tuple[str, ...]] = {}
    opt_outs: str = ""
    displayed: tuple[str, ...] = ()
    example: bool = False
    protocol: Registered | None = None
    sources: dict[str, str] = {}
    cited: tuple[CitedFigure, ...] = ()


class Manifest(_Record):
    """What one run was made of and what came out; the last file written to a run.

    `audit_head` anchors the audit log: the last record when the run ended. `made` says by step how
    it came about, and `author` who ran it: who may not sign it. `unexpected` holds the values
    outside the ranges that the parameter file expects, which is no failure.
    """

    pilot: str
    run_id: str
    started: datetime
    finished: datetime
    commit: str | None
    dirty: bool | None
    lock_sha256: str
    packages: dict[str, str]
    workbench: str
    extracts: str
    parameters: dict[str, Any]
    answer: str
    steps: tuple[StepRecord, ...]
    audit_head: AuditHead | None = None
    made: dict[str, StepMade] = {}
    author: str = ""
    unexpected: tuple[Unexpected, ...] = ()

    @property
    def values(self) -> dict[str, Value]:
        """Every headline number of the run by name."""
        return {value.name: value for step in self.steps for value in step.values}

    @property
    def protocols(self) -> dict[str, Registered]:
        """The pre-registration of each step that has one."""
        return {step.step: step.protocol for step in self.steps if step.protocol}

    @property
    def example(self) -> bool:
        """Whether a step of it was still the example that a new pilot begins with."""
        return any(step.example for step in self.steps)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def text_sha256(text: str) -> str:
    """Return the SHA-256 of a text as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def bytes_sha256(content: bytes) -> str:
    """Return the SHA-256 of some bytes as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def describe_input(name: str, path: Path, root: Path) -> Input:
    """Return the record of one file; its path is given from `root` where it lies below that."""
    shown = path.relative_to(root) if path.is_relative_to(root) else Path(path.name)
    return Input(name=name, path=shown.as_posix(), sha256=sha256(path), bytes=path.stat().st_size)


def as_json(record: BaseModel) -> str:
    """Return a record as its file has it."""
    return json.dumps(record.model_dump(mode="json"), indent=2, ensure_ascii=False) + "\n"


def write_json(path: Path, record: BaseModel) -> None:
    """Write a record whole or not at all: to a file beside it first, then renamed into place."""
    write_text(path, as_json(record))


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all, as `write_json` does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    hidden = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        hidden.write_text(text, encoding="utf-8")
        hidden.replace(path)
    finally:
        hidden.unlink(missing_ok=True)  # there only where the disk was full
