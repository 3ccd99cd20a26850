"""A workbench of its own on a handful of people, in runs and steps that tests write by hand."""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.partners.small_county import ACUTE, AGREEMENTS, deliver
from woda_lib.notebook import Run, begin, displays
from woda_lib.partners import CONTRACTS, load_agreement
from woda_lib.pilots.single_view.registers import REGISTERS

KNOWN_BY = {each.dataset: each for each in REGISTERS}
Said = dict[str, list[dict[str, str]]]
"""By dataset what its partner says of people, each known by a ``number``."""


def pilot_of(name: str, steps: dict[str, str]) -> dict:
    """Return what a pilot's file says; by step its purpose. All steps need the first."""
    first = next(iter(steps))
    return {
        "pilot": name,
        "title": name.title(),
        "question": "Who is who?",
        "owner": "Nobody",
        "agreement": "single_view",
        "answered_by": first,
        "parameters": {},
        "steps": [
            {"name": step, "question": "Who?", "purpose": purpose}
            | ({} if step == first else {"needs": [first]})
            for step, purpose in steps.items()
        ],
    }


def workbench(root: Path, said: Said, *pilots: dict) -> Path:
    """Write the pilots, and one delivery of everything that the agreement knows."""
    parameters = root / "parameters"
    parameters.mkdir()
    (parameters / "agreements").symlink_to(AGREEMENTS)
    for pilot in pilots:
        (parameters / f"{pilot['pilot']}.yaml").write_text(yaml.safe_dump(pilot))
    agreement = load_agreement("single_view", AGREEMENTS)
    for dataset in (*agreement.datasets, "opt_outs"):
        rows = []
        for person in said.get(dataset, []):
            register, number = KNOWN_BY[dataset], person["number"]
            rows.append(person | {register.row: f"row{number}", register.number: number})
        for partner in agreement.partners & set(CONTRACTS[dataset].partners):
            deliver(root / "data/extracts/demo", partner, dataset, rows, month="2025-02")
    return root


@dataclass
class Bench:
    """A workbench in whose folder one works."""

    root: Path

    def begin(self, step: str, pilot: str = "tiny") -> Run:
        """Start a step as its notebook would."""
        namespace = {"begin": begin}
        exec(f"run = begin({pilot!r}, {step!r})", namespace)
        return namespace["run"]

    def choose(self, *choices: dict[str, str]) -> None:
        """Somebody chooses, in the hospital's next list."""
        deliver(self.root / "data/extracts/demo", ACUTE, "opt_outs", list(choices), "2025-03")


def at(root: Path, patch: pytest.MonkeyPatch) -> Bench:
    """Work in a folder from here on."""
    for name in [name for name in os.environ if name.startswith("WODA_")]:
        patch.delenv(name)
    patch.setenv("WODA_ROOT", str(root))
    ring = {"single_view": base64.b64encode(b"k" * 32).decode()}
    patch.setenv("WODA_KEY_RING", json.dumps(ring))
    patch.setattr(displays, "display", lambda *_, **__: None)
    return Bench(root)
