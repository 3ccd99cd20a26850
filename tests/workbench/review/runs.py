"""Small runs written by hand: a manifest, an executed notebook and what passed the gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import nbformat
import yaml

from tests.workbench import executed
from woda_lib.records import (
    Fingerprint,
    Input,
    Manifest,
    Pilot,
    RowCounts,
    RunFolder,
    Shown,
    Step,
    StepMade,
    StepRecord,
    Value,
    text_sha256,
    write_json,
)
from woda_lib.settings import Settings

PILOT = "patient_flow"
BEFORE, AFTER = "2026-11-18T06-00-02-a1b2", "2026-11-19T06-00-02-c3d4"
DAYS = Value(name="days_saved", value=2.4, low=1.7, high=3.1, unit="days")
ANSWER = "The pathway saved <strong>2.4 days</strong>.\n\nNothing else moved."
PROSE = "# How many days?\n\nOpening words.\n\n## How sure are we\n\n- **Chance** is in it.\n"

WAITS = """\
    district,people,days
    Bromsgrove,330,6.3
    Redditch,305,5.5
    Worcester,480,[c]
"""


def csv(text: str) -> str:
    """A table as it stands in a test, without its indent."""
    return "".join(f"{line.strip()}\n" for line in text.strip().splitlines())


def inputs(files: Mapping[str, Mapping[str, str]]) -> tuple[Input, ...]:
    """Files by dataset: their names with what is in them."""
    return tuple(
        Input(name=name, path=f"acute/{file}", sha256=text_sha256(content), bytes=9)
        for name, by_file in files.items()
        for file, content in by_file.items()
    )


def fingerprint(**changes: Any) -> Fingerprint:
    """What a step's results follow from."""
    usual: dict[str, Any] = {
        "code": "c" * 64,
        "prose": "p" * 64,
        "modules": {"woda_lib.evaluation.its": "m" * 64},
        "parameters": {},
        "data": {},
        "settings": {"lock": "l" * 64, "seed": "1"},
    }
    return Fingerprint(**usual | changes)


def record(step: str = "2_evaluate", **changes: Any) -> StepRecord:
    """What a step wrote down."""
    usual: dict[str, Any] = {
        "pilot": PILOT,
        "step": step,
        "question": "How many days?",
        "parameters": {"horizon_days": 90},
        "seed": 1,
        "as_of": date(2025, 3, 31),
        "synthetic": True,
        "agreement": "flow",
        "purpose": "service_evaluation",
        "started": datetime(2026, 11, 18, 6, tzinfo=UTC),
        "finished": datetime(2026, 11, 18, 6, 1, tzinfo=UTC),
        "answer": ANSWER,
        "values": (DAYS,),
        "inputs": inputs({"hospital_spells": {"spells_2025-02.csv": "february"}}),
        "rows": {
            "hospital_spells": RowCounts(
                delivered=100, kept=97, quarantined=1, superseded=1, duplicates=1
            )
        },
        "shown": (),
        "saved": (),
    }
    return StepRecord(**usual | changes)


def write_run(
    outputs: Path,
    run_id: str,
    *records: StepRecord,
    tables: Mapping[str, str] | None = None,
    figures: Mapping[str, str] | None = None,
    maps: Mapping[str, str] | None = None,
    prose: str = PROSE,
    made: Mapping[str, StepMade] | None = None,
    drawing: str = "",
    **changes: Any,
) -> RunFolder:
    """Write a run whose answering step showed these tables, figures and maps."""
    folder = RunFolder(outputs / str(changes.get("pilot", PILOT)) / run_id)
    *others, last = records or (record(),)
    shown = [
        *_export(folder, last.step, "table", tables or {}),
        *_export(folder, last.step, "figure", figures or {}),
        *_export(folder, last.step, "map", maps or {}),
    ]
    if shown:
        last = last.model_copy(update={"shown": tuple(shown)})
    steps = (*others, last)
    for step in steps:
        begun = executed.made("answer", step.step, executed.answer(drawing))
        cells = [executed.text(prose), executed.code("run = begin()", begun)]
        executed.write_notebook(folder.notebook(step.step), executed.notebook(*cells))
        folder.report(step.step).write_text("a report", encoding="utf-8")
    usual: dict[str, Any] = {
        "pilot": PILOT,
        "run_id": run_id,
        "started": last.started,
        "finished": datetime.strptime(run_id[:19], "%Y-%m-%dT%H-%M-%S").replace(tzinfo=UTC),
        "commit": "a" * 40,
        "dirty": False,
        "lock_sha256": "1" * 64,
        "packages": {"pandas": "2.3.2"},
        "workbench": "0.1.0",
        "extracts": "demo",
        "parameters": {},
        "answer": last.answer,
        "steps": steps,
        "made": dict(made or {}),
    }
    write_json(folder.manifest, Manifest(**usual | changes))
    return folder


def _export(
    folder: RunFolder, step: str, kind: str, exhibits: Mapping[str, str]
) -> Sequence[Shown]:
    shown = []
    for name, text in exhibits.items():
        path = folder.shown(step) / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(csv(text), encoding="utf-8")
        files = [path.relative_to(folder.path).as_posix()]
        if kind != "table":
            path.with_suffix(".svg").write_text(
                '<svg viewBox="0 0 90 40"><text x="4" y="20">as it was</text></svg>'
            )
            files.append(files[0].replace(".csv", ".svg"))
        caption = f"{name.replace('_', ' ').capitalize()}, by district"
        shown.append(Shown(name=name, kind=kind, caption=caption, files=tuple(files)))  # type: ignore[arg-type]
    return shown


def pilot(**changes: Any) -> Pilot:
    """The pilot that these runs answer."""
    usual: dict[str, Any] = {
        "pilot": PILOT,
        "title": "Patient flow",
        "question": "How many days did the pathway save?",
        "owner": "The board",
        "agreement": "flow",
        "answered_by": "2_evaluate",
        "steps": (
            Step(name="1_link", question="Who is who?", purpose="linkage"),
            Step(name="2_evaluate", question="How many days?", purpose="service_evaluation"),
        ),
    }
    return Pilot(**usual | changes)


def workbench(root: Path, *pilots: Pilot) -> Settings:
    """A checkout with these parameter files."""
    (root / "notebooks").mkdir()
    (root / "parameters" / "agreements").mkdir(parents=True)
    for asked in pilots or (pilot(),):
        path = root / "parameters" / f"{asked.pilot}.yaml"
        content = asked.model_dump(mode="json", exclude_none=True)
        path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return Settings(root=root, data=None, outputs=None, extracts=None)


def read_cells(folder: RunFolder, step: str = "2_evaluate") -> list[Any]:
    """The cells of an executed notebook."""
    return list(nbformat.read(folder.notebook(step), as_version=4).cells)
