"""One made-up county, quick, as its tests read it back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.synthetic.reading import latest, read_dataset, sound
from woda_lib.synthetic.county import draw_county

drawn_once = cache(draw_county)
"""A county that tests share; that the same seed draws the same again is a test of its own."""


@dataclass(frozen=True)
class MadeCounty:
    """Where a made-up county lies, and how to read it back."""

    extracts: Path
    truth_folder: Path

    def truth(self, table: str) -> pd.DataFrame:
        return pd.read_parquet(self.truth_folder / f"{table}.parquet")

    @property
    def effect(self) -> dict[str, Any]:
        effect: dict[str, Any] = json.loads((self.truth_folder / "effect.json").read_text())
        return effect

    def delivered(self, partner: str, dataset: str) -> pd.DataFrame:
        """Every row as delivered, planted faults included."""
        return _delivered(self.extracts, partner, dataset)

    def standing(self, partner: str, dataset: str) -> pd.DataFrame:
        """What stands after the last delivery, planted faults left out."""
        rows = sound(self.delivered(partner, dataset), self.truth("planted_faults"))
        return latest(rows, dataset)


@cache
def _delivered(extracts: Path, partner: str, dataset: str) -> pd.DataFrame:
    return read_dataset(extracts, partner, dataset)


@pytest.fixture(scope="session")
def county(quick_data: Path) -> MadeCounty:
    return MadeCounty(quick_data / "extracts" / "quick", quick_data / "truth" / "quick")
