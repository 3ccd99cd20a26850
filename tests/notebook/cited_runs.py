"""A study that cites, and runs of other pilots as they lie on the disk, with values and no rows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml

from woda_lib.records import Manifest, RunFolder, StepRecord, Value, write_json

EXTRACTS = "data/extracts/demo"
STUDY = {
    "pilot": "tiny",
    "title": "Case",
    "question": "Is it worth it?",
    "owner": "Nobody",
    "agreement": "none",
    "answered_by": "1_count",
    "cites": {"flow": "newest", "abuse": "newest"},
    "steps": [
        {
            "name": "1_count",
            "question": "Is it worth it?",
            "purpose": "study",
            "parameters": ["start", "rate"],
        }
    ],
    "parameters": {
        "start": {"type": "date", "value": "2022-01-01", "description": "First day."},
        "rate": {
            "type": "float",
            "value": 1.5,
            "low": 1.0,
            "high": 2.5,
            "unit": "full-time posts",
            "description": "The team.",
        },
    },
}
REPORTED = {
    "saved_per_month": {
        "value": 153000,
        "unit": "pounds",
        "decimals": 0,
        "says": "What was said to be saved.",
        "source": "The pilot's report of 2016",
    }
}
DAYS = Value(name="days_saved", value=2.71, low=2.14, high=3.32, unit="days")


def write_study(root: Path, **changes: Any) -> None:
    (root / "parameters" / "tiny.yaml").write_text(yaml.safe_dump(STUDY | changes))


def write_reported(root: Path, **changes: Any) -> None:
    folder = root / "parameters" / "tiny"
    folder.mkdir(exist_ok=True)
    (folder / "reported.yaml").write_text(yaml.safe_dump(REPORTED | changes))


def write_run(
    root: Path,
    pilot: str = "flow",
    run_id: str = "2025-04-01T06-00-00-ab12",
    *values: Value,
    synthetic: bool | tuple[bool, ...] = False,
    extracts: str = EXTRACTS,
) -> RunFolder:
    """Write a complete run of a step a kind of data, the first of which records the values."""
    folder = RunFolder(root / "outputs" / pilot / run_id)
    kinds = synthetic if isinstance(synthetic, tuple) else (synthetic,)
    now = datetime(2025, 4, 1, 6, tzinfo=UTC)
    steps = tuple(
        StepRecord(
            pilot=pilot,
            step=f"{number}_step",
            question="How many?",
            parameters={},
            seed=1,
            as_of=date(2025, 3, 31),
            synthetic=kind,
            extracts=extracts,
            agreement=pilot,
            purpose="test",
            started=now,
            finished=now,
            answer="Some.",
            values=(values or (DAYS,)) if number == 1 else (),
            inputs=(),
            rows={},
            shown=(),
            saved=(),
        )
        for number, kind in enumerate(kinds, start=1)
    )
    for record in steps:
        write_json(folder.record(record.step), record)
    manifest = Manifest(
        pilot=pilot,
        run_id=run_id,
        started=now,
        finished=now,
        commit=None,
        dirty=None,
        lock_sha256="",
        packages={},
        workbench="1",
        extracts=extracts,
        parameters={},
        answer="Some.",
        steps=steps,
    )
    write_json(folder.manifest, manifest)
    return folder
