"""Is the single view as right on counties at which nobody looked while its settings were chosen?

Each is a made-up county (profile ``quick``) from a seed of its own, built as the notebook builds
it. `make prove` writes what comes of it into docs/single_view.md.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from benchmarks.marked import write_between_marks
from benchmarks.single_view import BARS, Phases, build_all, marked
from woda_lib.notebook import Identities, Run
from woda_lib.pilots.single_view.registers import DATASETS
from woda_lib.records import read_pilots
from woda_lib.settings import Settings
from woda_lib.synthetic import make_extracts

pytestmark = pytest.mark.prove

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "single_view.md"
SEEDS = (77_101, 77_102, 77_103, 77_104)


def test_counties_that_nobody_looked_at_are_built_as_right(tmp_path):
    marks = pd.DataFrame([marks_of(tmp_path / str(seed), seed) for seed in SEEDS], index=SEEDS)
    write(marks)
    for name in marks:
        _, holds = BARS[name]
        assert holds(marks[name].mean()), marks[name]


def marks_of(folder: Path, seed: int) -> dict[str, float]:
    settings = Settings(
        root=ROOT, data=folder / "data", outputs=folder / "outputs", profile="quick"
    )
    make_extracts(settings.extracts_folder, settings.truth_folder, profile="quick", seed=seed)
    pilot = read_pilots(settings.parameters_folder)["single_view"]
    run = Run(pilot, pilot.step("1_build"), {"relink_after_days": 31}, settings)
    loaded = {name: run.load(name) for name in DATASETS}
    as_of = pd.Timestamp(run.as_of)
    first = Identities(on=run.as_of, run="first", says="")
    built = build_all(run, loaded, run.load("gazetteer"), first, as_of, Phases())
    return marked(run, built, as_of)


def write(marks: pd.DataFrame) -> None:
    heads = ["seed", *marks.columns]
    lines = ["| " + " | ".join(heads) + " |", "|---|" + "--:|" * len(marks.columns)]
    for seed, row in [*marks.iterrows(), ("mean", marks.mean())]:
        lines.append(f"| {seed} | " + " | ".join(f"{value:.2f}" for value in row) + " |")
    write_between_marks(PAGE, "\n".join(lines), name="unseen")
