"""The tiny bench with two partners that deliver, and a run of it that skips what is fresh."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from tests.workbench.bench import AGREEMENT, PARTY, Bench
from woda_lib.records import (
    Manifest,
    Pilot,
    RunFolder,
    StepMade,
    StepRecord,
    new_run_id,
    partial_folder,
    write_json,
)
from woda_lib.settings import Settings
from woda_lib.workbench import make_plan
from woda_lib.workbench.execution.partial import run_in_making
from woda_lib.workbench.execution.provenance import describe_code
from woda_lib.workbench.execution.running import (
    _look_a_last_time,
    _Making,
    _write_for_checkers,
)
from woda_lib.workbench.planning.decide import Decisions, decide, standing
from woda_lib.workbench.planning.made import step_made, with_files
from woda_lib.workbench.planning.plan import PlannedStep
from woda_lib.workbench.planning.take_over import take_over

TRUSTS = ("worcestershire_acute", "severnside_acute")
BOTH = AGREEMENT | {"parties": [PARTY | {"partner": trust} for trust in TRUSTS]}


class County(Bench):
    """A bench whose agreement is with the two trusts that deliver."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.write_agreement()

    def write_agreement(self, **changes: Any) -> None:
        self.write("parameters/agreements/tiny.yaml", yaml.safe_dump(BOTH | changes))

    def deliver(self, name: str, text: str = "spell_id\n1\n") -> Path:
        """Write a file of extracts, ``<partner>/<dataset>_<month>``."""
        return self.write(f"data/extracts/demo/{name}.csv", text)

    def decide(self, overrides: Mapping[str, Any] | None = None, **given: Any) -> Decisions:
        plan = make_plan(self.pilot, settings=self.settings, overrides=overrides)
        return decide([plan], settings=self.settings, **given)

    def said(self, overrides: Mapping[str, Any] | None = None) -> dict[str, str]:
        """What is decided for each step, as ``action: reason; reason``."""
        return {
            step: ": ".join(filter(None, [made.action, "; ".join(made.reasons)]))
            for (_, step), made in self.decide(overrides).items()
        }

    def make(
        self, overrides: Mapping[str, Any] | None = None, *, breaks_off: bool = False
    ) -> Manifest | None:
        """Do what is decided; nothing where nothing is to be done."""
        return make_run(self.pilot, self.settings, overrides, breaks_off=breaks_off)


def make_run(
    pilot: Pilot,
    settings: Settings,
    overrides: Mapping[str, Any] | None = None,
    *,
    breaks_off: bool = False,
) -> Manifest | None:
    """Run what is to be run and take over the rest; nothing where nothing is to be done.

    With `breaks_off` the run ends after its first step, as a kill would leave it.
    """
    plan = make_plan(pilot, settings=settings, overrides=overrides)
    decisions = decide([plan], settings=settings)
    if standing(plan, decisions, settings) is not None:
        return None
    code = describe_code(settings.root)
    started = datetime.now(UTC)
    run_id = new_run_id(started)
    if breaks_off:
        path = partial_folder(settings.outputs_folder, pilot.pilot, run_id)
        path.mkdir(parents=True)
        making = _Making(plan, code, settings, run_id, RunFolder(path), _untold)
        _step(making, decisions, plan.steps[0])
        return None
    with run_in_making(settings.outputs_folder, pilot.pilot, run_id) as folder:
        making = _Making(plan, code, settings, run_id, folder, _untold)
        made = {step.step.name: _step(making, decisions, step) for step in plan.steps}
        records = {name: record_of(folder, name) for name in made}
        _write_for_checkers(folder, plan, tuple(records.values()), settings)
        manifest = Manifest(
            pilot=pilot.pilot,
            run_id=run_id,
            started=started,
            finished=datetime.now(UTC),
            commit=None,
            dirty=None,
            lock_sha256="",
            packages={},
            workbench="",
            extracts="",
            parameters=plan.parameters,
            answer=records[pilot.answered_by].answer,
            steps=tuple(records.values()),
            made=made,
        )
        write_json(folder.manifest, manifest)
        _look_a_last_time(folder, plan, settings)
    return manifest


def record_of(folder: RunFolder, step: str) -> StepRecord:
    """What a step wrote down."""
    return StepRecord.model_validate_json(folder.record(step).read_text(encoding="utf-8"))


def _step(making: _Making, decisions: Decisions, planned: PlannedStep) -> StepMade:
    name, folder = planned.step.name, making.folder
    decision = decisions[making.plan.pilot.pilot, name]
    if decision.action == "run":
        record = making.run(planned)
        made = step_made(
            making.plan,
            decision,
            record,
            folder,
            settings=making.settings,
            run_id=making.run_id,
            seconds=1.0,
        )
    else:
        made = take_over(name, decision, folder)
        if decision.action == "render":
            making._report(planned, record_of(folder, name))
            made = with_files(made, name, folder)
    write_json(folder.made(name), made)
    return made


def _untold(progress: object) -> None:
    pass
