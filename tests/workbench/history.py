"""Made-up histories: complete runs of a pilot with one value each, written as manifests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from tests.workbench import executed
from woda_lib.records import (
    Input,
    Manifest,
    Release,
    ReleaseStanding,
    RunFolder,
    Signer,
    StepMade,
    StepRecord,
    Value,
    read_manifest,
    text_sha256,
    write_json,
)
from woda_lib.settings import Settings

FIRST = datetime(2026, 1, 5, 6, tzinfo=UTC)


def workbench(root: Path, *pilots: str, **changes: Any) -> Settings:
    """A checkout whose pilots ask what `executed.PILOT` asks."""
    (root / "notebooks").mkdir(parents=True)
    (root / "parameters").mkdir()
    for name in pilots or ("patient_flow",):
        content = executed.PILOT.model_dump(mode="json") | {"pilot": name} | changes
        path = root / "parameters" / f"{name}.yaml"
        path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return Settings(root=root, data=None, outputs=None, extracts=None)


def run_name(number: int) -> str:
    """The name of the run of the nth day."""
    return f"{FIRST + timedelta(days=number):%Y-%m-%dT%H-%M-%S}-{number:04x}"


def add_run(
    settings: Settings,
    number: int,
    days: float = 2.7,
    *,
    pilot: str = "patient_flow",
    data: str = "first delivery",
    taken_over: Mapping[str, str] | None = None,
    parameters: Mapping[str, Any] | None = None,
    write_reports: bool = True,
) -> RunFolder:
    """Write the complete run of the nth day, which found that `days` were saved, ± 0.6."""
    run_id = run_name(number)
    started = FIRST + timedelta(days=number)
    value = Value(name="days_saved", value=days, low=days - 0.6, high=days + 0.6, unit="days")
    link = Value(name="linkage_rate", value=93.1, low=92.6, high=93.5, unit="%")
    file = Input(name="hospital_spells", path="a.csv", sha256=text_sha256(data), bytes=9)
    records = [
        executed.step_record(step).model_copy(
            update={
                "pilot": pilot,
                "values": values,
                "inputs": (file,),
                "answer": f"The pathway saved <strong>{days} days</strong>.",
                "started": started,
                "finished": started + timedelta(seconds=40),
            }
        )
        for step, values in (("1_link", (link,)), ("2_evaluate", (value,)))
    ]
    run = RunFolder(settings.outputs_folder / pilot / run_id)
    run.path.mkdir(parents=True)
    if write_reports:
        for record in records:
            run.report(record.step).write_text("a report", encoding="utf-8")
    write_json(run.manifest, _manifest(run_id, pilot, records, taken_over or {}, parameters or {}))
    return run


def _manifest(
    run_id: str,
    pilot: str,
    records: list[StepRecord],
    taken_over: Mapping[str, str],
    parameters: Mapping[str, Any],
) -> Manifest:
    made = {
        record.step: StepMade(
            run_id=taken_over.get(record.step, run_id),
            reasons=() if record.step in taken_over else ("never run before",),
            seconds=20.0,
        )
        for record in records
    }
    return executed.manifest(run_id, *records).model_copy(
        update={"pilot": pilot, "made": made, "parameters": dict(parameters), "author": "Ada Plumb"}
    )


def release_of_run(
    settings: Settings,
    version: str,
    number: int,
    *,
    pilot: str = "patient_flow",
    state: str = "signed",
    signers: Sequence[str] = (),
    why: str = "",
) -> ReleaseStanding:
    """How a release of the nth day's run stands."""
    run = RunFolder(settings.outputs_folder / pilot / run_name(number))
    manifest = read_manifest(run)
    release = Release(
        pilot=pilot,
        version=version,
        run_id=manifest.run_id,
        author=manifest.author,
        released=manifest.finished,
        question=executed.QUESTION,
        answer=manifest.answer,
        values=tuple(manifest.values.values()),
        parameters=manifest.parameters,
        synthetic=True,
        files={},
    )
    return ReleaseStanding(
        release=release,
        folder=settings.outputs_folder / "releases" / pilot / version,
        state=state,  # type: ignore[arg-type]
        signers=tuple(Signer(name, "statistician") for name in signers),
        why=why,
    )
