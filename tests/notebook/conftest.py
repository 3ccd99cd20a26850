"""A pilot of one step over the messy extracts, begun as a notebook begins it."""

from __future__ import annotations

import json
import os
from base64 import b64encode
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import yaml

from woda_lib.notebook import Run, begin, displays
from woda_lib.records import StepRecord

ROOT = Path(__file__).parents[2]
MESSY = ROOT / "tests" / "partners" / "messy"
PILOT = {
    "pilot": "tiny",
    "title": "Tiny",
    "question": "How many clients are there?",
    "owner": "Nobody",
    "agreement": "patient_flow",
    "answered_by": "1_count",
    "steps": [
        {
            "name": "1_count",
            "question": "How many clients are there?",
            "purpose": "linkage",
            "parameters": ["start", "rate"],
        },
        {"name": "2_more", "question": "And now?", "purpose": "linkage", "needs": ["1_count"]},
    ],
    "parameters": {
        "start": {"type": "date", "value": "2022-01-01", "description": "First day."},
        "rate": {
            "type": "float",
            "value": 1.5,
            "minimum": 0,
            "low": 1.0,
            "high": 3.0,
            "distribution": "gamma",
            "price_year": "2015-16",
            "unit": "pounds a day, 2015/16 prices",
            "called": "rate of pay",
            "description": "A rate.",
        },
    },
}


@dataclass
class Cell:
    """What one call of display was given."""

    bundle: dict[str, str]
    metadata: dict[str, Any]
    updates: list[dict[str, str]] = field(default_factory=list)

    def update(self, bundle: dict[str, str], **_: Any) -> None:
        self.updates.append(bundle)


@dataclass
class Desk:
    """A workbench in a folder of its own, and what its notebook displayed."""

    root: Path
    cells: list[Cell]

    def begin(self, step: str = "1_count", **parameters: Any) -> Run:
        """Begin as a notebook whose parameters cell sets these."""
        given = {"start": "2022-01-01", "rate": 1.5} | parameters
        namespace = {"begin": begin} | {k: v for k, v in given.items() if v is not None}
        exec(f"run = begin('tiny', {step!r})", namespace)
        return namespace["run"]

    @property
    def draft(self) -> Path:
        return self.root / "outputs" / "tiny" / "draft"

    def record(self, step: str = "1_count") -> StepRecord:
        return StepRecord.model_validate_json((self.draft / f"steps/{step}.json").read_text())

    @property
    def kinds(self) -> list[str]:
        return [cell.metadata["woda"]["kind"] for cell in self.cells]


@pytest.fixture
def desk(tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.startswith("WODA_")]:
        monkeypatch.delenv(name)
    (tmp_path / "notebooks").mkdir()
    copytree(ROOT / "parameters" / "agreements", tmp_path / "parameters" / "agreements")
    (tmp_path / "parameters" / "tiny.yaml").write_text(yaml.safe_dump(PILOT))
    extracts = tmp_path / "data" / "extracts" / "demo"
    for partner in ("county_council", "severnside_council"):
        (extracts / partner).mkdir(parents=True)
        name = "social_care_clients_2022-01.csv"
        (extracts / partner / name).write_bytes((MESSY / partner / name).read_bytes())
    monkeypatch.setenv("WODA_ROOT", str(tmp_path))
    ring = {"patient_flow": b64encode(b"k" * 32).decode()}
    monkeypatch.setenv("WODA_KEY_RING", json.dumps(ring))
    cells: list[Cell] = []

    def display(bundle, *, raw, metadata, display_id=False):
        cells.append(Cell(bundle, metadata))
        return cells[-1] if display_id else None

    monkeypatch.setattr(displays, "display", display)
    return Desk(tmp_path, cells)
