"""A study that cites the hub's pilot, begun in this process or run as a schedule runs it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import yaml

from tests.workbench.bench import Bench, kernels_of_this_worker, notebook
from tests.workbench.releases.hub import AUTHOR, COMMIT, Hub
from woda_lib.notebook import Run, begin
from woda_lib.partners.keys import key_for_made_up
from woda_lib.records import Pilot, ReleaseStanding, RunFolder, complete_runs, read_pilot
from woda_lib.workbench import CompleteRun, run_pilots
from woda_lib.workbench.planning.freshness import Freshness, freshness
from woda_lib.workbench.releases import release_run, sign_release

PILOT = {
    "pilot": "case",
    "title": "Case",
    "question": "Is it worth it?",
    "owner": "The group",
    "agreement": "none",
    "answered_by": "1_case",
    "cites": {"tiny": "newest"},
    "steps": [
        {
            "name": "1_case",
            "question": "Is it worth it?",
            "purpose": "study",
            "parameters": ["team"],
        }
    ],
    "parameters": {
        "team": {"type": "float", "value": 3.0, "unit": "posts", "description": "The team."}
    },
}
BEGIN = "from woda_lib import begin"
CELLS = [
    "# Is it worth it?",
    ("team: float = 3.0  # posts", "parameters"),
    f'{BEGIN}\n\nrun = begin("case", "1_case")',
    "## What was found",
    'run.say("It grew to {tiny/doubled}. There were {tiny/count:value}.", name="found")',
    'run.value("net", run.cite("tiny/doubled").value * team, unit="days")',
    "## How sure are we",
    'run.answer("It is worth {net}, with {assumed/team:value}, for it grew to '
    '{tiny/doubled:value}.")\nrun.show_citations("Where each figure stands")\nrun.finish()',
]


@dataclass
class Study:
    """The study ``case`` in a hub's folder."""

    hub: Hub

    @property
    def root(self) -> Path:
        return self.hub.bench.root

    @property
    def pilot(self) -> Pilot:
        return read_pilot(self.root / "parameters" / "case.yaml")

    @property
    def folder(self) -> RunFolder:
        """Its last complete run."""
        return complete_runs(self.hub.settings.outputs_folder, "case")[-1]

    def write(self, **changes: Any) -> None:
        bench = self.hub.bench
        bench.write("parameters/case.yaml", yaml.safe_dump(PILOT | changes))
        bench.write("notebooks/case/1_case.ipynb", nbformat.writes(notebook(CELLS)))

    def begin(self) -> Run:
        namespace: dict[str, Any] = {"begin": begin, "team": 3.0}
        exec('run = begin("case", "1_case")', namespace)
        run: Run = namespace["run"]
        return run

    def run(self) -> CompleteRun:
        warm = kernels_of_this_worker(BEGIN)
        [done] = run_pilots([self.pilot], settings=self.hub.settings, warm=warm)
        return done

    def committed(self) -> None:
        """Let its last run look as if a colleague had made it from committed code."""
        self.hub.change_run(self.folder, author=AUTHOR, commit=COMMIT, dirty=False)

    def release(self, **how: Any) -> ReleaseStanding:
        return release_run(self.pilot, settings=self.hub.settings, **how)

    def sign(self, version: str = "1.0") -> None:
        for who in ("anna_price", "ben_shah"):
            sign_release("case", version, settings=self.hub.settings, key=self.hub.keys / who)

    @property
    def fresh(self) -> Freshness:
        return freshness(self.pilot, self.hub.settings)


def made_up(bench: Bench) -> None:
    """Mark the extracts as made up, as the tiny pilot says that they are."""
    marker = {"generator": "test", "profile": "demo", "seed": 1, "truth": "demo", "form": 99}
    bench.write("data/extracts/demo/SYNTHETIC.json", json.dumps(marker))
    key_for_made_up("none", bench.settings)
