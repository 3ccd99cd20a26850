"""A workbench of two small notebooks in a folder of its own, and the means to spoil it.

The notebooks write their records with `HAND`, which does in a few lines what `woda_lib.notebook`
does in earnest, so that a kernel need not import half the library to test how one is run.
"""

from __future__ import annotations

import json
import os
import sys
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import yaml
from nbformat import NotebookNode, v4

from woda_lib.records import KeyRecord, Pilot, read_pilot
from woda_lib.settings import Settings
from woda_lib.workbench import CompleteRun, Progress, run_pilots
from woda_lib.workbench.execution.warm import WarmKernels, modules_of

HAND = """
from datetime import UTC, date, datetime
from pathlib import Path

from IPython.display import display

from woda_lib.records import StepRecord, Value, text_sha256, write_json
from woda_lib.settings import Settings

settings = Settings()
started = datetime.now(UTC)
displayed = []


def show(kind, text):
    bundle = {"text/html": f"<p>{text}</p>", "text/plain": text}
    displayed.append(text_sha256(bundle["text/html"]))
    display(bundle, raw=True, metadata={"woda": {"kind": kind, "name": kind}})


def finish(step, parameters, answer, **values):
    last = f"Finished: tiny/{settings.run_id}"
    record = StepRecord(
        pilot="tiny", step=step, question="How many?", parameters=parameters, seed=1,
        as_of=date(2025, 3, 31), synthetic=True, agreement="none", purpose="test",
        started=started, finished=datetime.now(UTC), answer=answer,
        values=[Value(name=n, value=v, low=v - 1, high=v + 1, unit="days")
                for n, v in values.items()],
        inputs=(), rows={}, shown=(), saved=(),
        displayed=(*displayed, text_sha256(f"<p>{last}</p>")),
    )
    write_json(settings.step_folder / "steps" / f"{step}.json", record)
    show("provenance", last)
"""

STALE = "an output from JupyterLab that somebody saved"

COUNT = [
    "# How many are there?",
    ("start: int = 3     # visits", "parameters"),
    HAND,
    "## What we counted",
    'kept = settings.step_folder / "restricted" / "1_count"\nkept.mkdir(parents=True)\n'
    '(kept / "count.txt").write_text(str(start), "ascii") and None',
    'finish("1_count", {"start": start}, f"There are <strong>{start} days</strong>.", count=start)',
]
DOUBLE = [
    "# How many are that twice over?",
    (
        "factor: float = 2.0          # times\nsince: str = '2023-10-01'     # first day",
        "parameters",
    ),
    HAND,
    "## How sure are we",
    'kept = settings.step_folder / "restricted" / "1_count"\n'
    'count = int((kept / "count.txt").read_text("ascii"))\n'
    'doubled = count * factor\nshow("answer", f"{doubled} &amp; more")',
    'finish("2_double", {"factor": factor, "since": since},\n'
    '       f"There are <strong>{doubled:.1f} days</strong> &amp; more.", doubled=doubled)',
]

PILOT = {
    "pilot": "tiny",
    "title": "Tiny",
    "question": "How many are that twice over?",
    "owner": "The test board",
    "agreement": "tiny",
    "answered_by": "2_double",
    # The later step stands first, so that order can only come from needs.
    "steps": [
        {
            "name": "2_double",
            "question": "How many are that twice over?",
            "needs": ["1_count"],
            "parameters": ["factor", "since"],
            "purpose": "test",
        },
        {
            "name": "1_count",
            "question": "How many are there?",
            "datasets": ["hospital_spells"],
            "parameters": ["start"],
            "purpose": "test",
        },
    ],
    "parameters": {
        "start": {"type": "int", "value": 3, "unit": "visits", "description": "To begin with."},
        "factor": {
            "type": "float",
            "value": 2.0,
            "unit": "times",
            "minimum": 0,
            "maximum": 10,
            "description": "How often.",
        },
        "since": {"type": "date", "value": date(2023, 10, 1), "description": "First day."},
    },
}

PARTY = {"role": "controller", "signed_by": "Board", "signed_on": date(2025, 1, 1)}
AGREEMENT = {
    "id": "tiny",
    "title": "Counting",
    "parties": [PARTY | {"partner": "county_trust"}, PARTY | {"partner": "county_council"}],
    "necessity": "To test.",
    "lawful_basis": {"article_6": "e", "article_9": "h", "gateway": "an Act"},
    "purposes": {"test": {"description": "To test.", "uses": ["attribute"]}},
    "data_subjects": "Nobody.",
    "datasets": {"hospital_spells": {"ward": "attribute"}},
    "flows": {"hospital_spells": {"direction": "to the hub", "frequency": "once"}},
    "onward_use": "None.",
    "retention": {"data_months": 12, "results_months": 12},
    "dpia": "None.",
    "starts": date(2025, 1, 1),
    "review": date(2025, 6, 30),
    "ends": date(2025, 12, 31),
    "contact": "Board",
    "disclosure": {"threshold": 5, "rounding": 5},
}

REASON = "The bench stands still in April 2025."
KEY_RING = json.dumps({"tiny": b64encode(b"k" * 32).decode()})

Cell = str | tuple[str, str]


def notebook(cells: Sequence[Cell]) -> NotebookNode:
    """A notebook of these cells; text that begins with # is prose, a pair is a cell and its tag."""
    made = v4.new_notebook()
    for cell in cells:
        source, tags = (cell, []) if isinstance(cell, str) else (cell[0], [cell[1]])
        make = v4.new_markdown_cell if source.startswith("#") else v4.new_code_cell
        made.cells.append(make(source.strip(), metadata={"tags": tags}))
    return made


@cache
def kernels_of_this_worker(source: str = HAND) -> WarmKernels | None:
    """A fork server that has imported what `source` does, for every run; it ends with this process.

    That a run starts one where it is given none is tested with commands in processes of their own.
    """
    return WarmKernels(modules_of([source])) if sys.platform == "linux" else None


class Bench:
    """A checkout in a folder of its own, with the pilot ``tiny``."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write_notebook("1_count", COUNT)
        self.write_notebook("2_double", DOUBLE)
        self.write_pilot()
        (root / "requirements.lock").write_text("papermill==2.7.0\n")
        self.write("parameters/agreements/tiny.yaml", yaml.safe_dump(AGREEMENT))
        record = KeyRecord(name="tiny", locked_with="passphrase", versions=())
        self.write("keys/tiny.json", record.model_dump_json())
        for trust in ("worcestershire_acute", "severnside_acute"):
            name = f"data/extracts/demo/{trust}/hospital_spells_2025-03.csv"
            self.write(name, "spell_id\n1\n")

    @property
    def settings(self) -> Settings:
        return Settings(
            root=self.root,
            data=None,
            outputs=None,
            extracts=None,
            profile="demo",
            today=date(2025, 4, 1),
            as_of_reason=REASON,
        )

    @property
    def pilot(self) -> Pilot:
        return read_pilot(self.root / "parameters" / "tiny.yaml")

    @property
    def environment(self) -> dict[str, str]:
        """For a `woda` command in a process of its own."""
        mine = {name: text for name, text in os.environ.items() if not name.startswith("WODA_")}
        return mine | {
            "WODA_ROOT": str(self.root),
            "WODA_TODAY": "2025-04-01",
            "WODA_AS_OF_REASON": REASON,
            "WODA_KEY_RING": KEY_RING,
        }

    def write(self, path: str, text: str) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def write_notebook(self, step: str, cells: Sequence[Cell]) -> None:
        self.write(f"notebooks/tiny/{step}.ipynb", nbformat.writes(notebook(cells)))

    def write_pilot(self, **changes: Any) -> None:
        self.write("parameters/tiny.yaml", yaml.safe_dump(PILOT | changes, sort_keys=False))

    def ask_one_step(self, *cells: Cell) -> None:
        """Make the pilot a single notebook, without parameters or extracts."""
        step = {"name": "1_only", "question": "What goes wrong?", "purpose": "test"}
        self.write_pilot(steps=[step], answered_by="1_only", parameters={})
        self.write_notebook("1_only", cells)

    def run(
        self,
        overrides: Mapping[str, Any] | None = None,
        on_progress: Callable[[Progress], None] = lambda progress: None,
    ) -> CompleteRun:
        [complete] = run_pilots(
            [self.pilot],
            settings=self.settings,
            overrides=overrides,
            on_progress=on_progress,
            warm=kernels_of_this_worker(),
        )
        return complete

    def runs(self) -> list[str]:
        """Every folder among the pilot's runs, hidden or not, and whatever holds one."""
        folder = self.root / "outputs" / "tiny"
        found = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
        return [name for name in found if name not in ("attempt.json", "attempt.jsonl")]
