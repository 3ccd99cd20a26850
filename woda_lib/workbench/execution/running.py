"""A run of a pilot from the first check to the folder that readers find."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbformat import NotebookNode
from pydantic import ValidationError

from woda_lib import __version__
from woda_lib.errors import WodaError
from woda_lib.records import (
    Manifest,
    Pilot,
    RunFolder,
    StepRecord,
    complete_runs,
    new_run_id,
    unexpected,
    write_json,
)
from woda_lib.settings import Settings
from woda_lib.workbench.auditing import audit_head
from woda_lib.workbench.execution.engine import CellFailed, execute
from woda_lib.workbench.execution.failures import Place, cell_error, unfinished
from woda_lib.workbench.execution.partial import run_in_making
from woda_lib.workbench.execution.provenance import Provenance, describe_code
from woda_lib.workbench.execution.strays import (
    refuse_foreign_outputs,
    refuse_forged_outputs,
    refuse_new_files,
    refuse_stray_files,
)
from woda_lib.workbench.planning.plan import Plan, PlannedStep, make_plan, share_overrides
from woda_lib.workbench.review.report import render_report
from woda_lib.workbench.review.site import build_site

if TYPE_CHECKING:
    from woda_lib.disclosure import Rule


@dataclass(frozen=True)
class Progress:
    """How far a run has come: `done` of `cells` cells of one step."""

    pilot: str
    step: str
    done: int
    cells: int


OnProgress = Callable[[Progress], None]


@dataclass(frozen=True)
class CompleteRun:
    """A run that readers can see, and the front page that now shows it."""

    folder: RunFolder
    manifest: Manifest
    site: Path


def run_pilot(
    pilot: Pilot,
    *,
    settings: Settings,
    overrides: Mapping[str, Any] | None = None,
    on_progress: OnProgress = lambda progress: None,
) -> CompleteRun:
    """Run a pilot's notebooks in the order of their needs.

    Everything is checked before any work. Results are written to a hidden folder, which appears
    under its name when the last step is done; until then, and after any failure, readers find the
    last complete run.

    Parameters
    ----------
    pilot : Pilot
    settings : Settings
    overrides : mapping of str to value, optional
        Parameter values that stand in for the parameter file's.
    on_progress : callable, optional
        Told when a step starts, and after every cell.

    Raises
    ------
    ParameterError, PlanError, AgreementError, ExtractError, LockNotFound
        If the run cannot start.
    CellError, KernelDied, ForeignOutput, UnfinishedStep
        If a step fails.
    DisclosureError
        If anything personal is found in what would be published.
    OutputsError
        If the results cannot be written.
    """
    plan = make_plan(pilot, settings=settings, overrides=overrides)
    code = describe_code(settings.root)
    started = datetime.now(UTC)
    run_id = new_run_id(started)
    try:
        with run_in_making(settings.outputs_folder, pilot.pilot, run_id) as folder:
            making = _Making(plan, code, settings, run_id, folder, on_progress)
            records = tuple(making.run(step) for step in plan.steps)
            _write_for_checkers(folder, plan, records, settings)
            manifest = Manifest(
                pilot=pilot.pilot,
                run_id=run_id,
                started=started,
                finished=datetime.now(UTC),
                commit=code.commit,
                dirty=code.dirty,
                lock_sha256=code.lock_sha256,
                packages=code.packages,
                workbench=__version__,
                extracts=_without_machine(settings.extracts_folder, settings.root.resolve()),
                parameters=plan.parameters,
                answer=next(r.answer for r in records if r.step == pilot.answered_by),
                steps=records,
                audit_head=audit_head(settings),
                unexpected=unexpected(
                    pilot.expected, {value.name: value for r in records for value in r.values}
                ),
            )
            write_json(folder.manifest, manifest)
            _look_a_last_time(folder, plan, settings)
    except WodaError as error:
        error.add_note(_what_stands(settings, pilot))
        raise
    complete = RunFolder(settings.outputs_folder / pilot.pilot / run_id)
    return CompleteRun(complete, manifest, build_site(settings))


def run_pilots(
    pilots: Sequence[Pilot],
    *,
    settings: Settings,
    overrides: Mapping[str, Any] | None = None,
    on_progress: OnProgress = lambda progress: None,
) -> Iterator[CompleteRun]:
    """Run pilots one after another, each with those overrides that are its own parameters.

    All of them are checked before the first one starts. Each run stands as soon as it is given.

    Raises
    ------
    ParameterError
        If an override belongs to none of the pilots.
    WodaError
        Whatever `run_pilot` raises; pilots that come later are then not run.
    """
    shares = share_overrides(overrides or {}, pilots)
    for pilot in pilots:
        make_plan(pilot, settings=settings, overrides=shares[pilot.pilot])
    for pilot in pilots:
        own = shares[pilot.pilot]
        yield run_pilot(pilot, settings=settings, overrides=own, on_progress=on_progress)


@dataclass(frozen=True)
class _Making:
    """What the steps of one run have in common."""

    plan: Plan
    code: Provenance
    settings: Settings
    run_id: str
    folder: RunFolder
    on_progress: OnProgress

    def run(self, planned: PlannedStep) -> StepRecord:
        """Execute a step's notebook, look at what came out, and write down what may be kept."""
        place = Place(
            pilot=self.plan.pilot.pilot,
            step=planned.step.name,
            path=planned.shown,
            parameters=planned.parameters,
        )
        beside = set(planned.path.parent.iterdir())
        try:
            notebook = self._execute(planned)
        except CellFailed as failed:
            raise cell_error(failed, place) from None
        refuse_foreign_outputs(notebook, place)
        record = self._record(planned, place)
        refuse_forged_outputs(notebook, record, place)
        steps = {other.step.name for other in self.plan.steps}
        refuse_stray_files(self.folder, record, place, steps=steps)
        new = set(planned.path.parent.iterdir()) - beside
        refuse_new_files(
            (path for path in new if not path.name.startswith(".")), "the notebooks' folder", place
        )
        notebook.metadata.papermill.update(
            input_path=planned.shown, output_path=f"{planned.step.name}.ipynb"
        )
        nbformat.write(notebook, self.folder.notebook(planned.step.name))
        self._report(planned, record)
        return record

    def _execute(self, planned: PlannedStep) -> NotebookNode:
        def tell(done: int, cells: int) -> None:
            pilot = self.plan.pilot.pilot
            self.on_progress(Progress(pilot, planned.step.name, done, cells))

        return execute(
            planned.notebook,
            planned.parameters,
            folder=planned.path.parent,
            environment=self._environment(),
            cell_done=tell,
        )

    def _environment(self) -> dict[str, str]:
        """What `Settings` reads in the kernel: the same places and day for every step of a run."""
        return {
            "WODA_ROOT": str(self.settings.root.resolve()),
            "WODA_DATA": str(self.settings.data_folder),
            "WODA_OUTPUTS": str(self.settings.outputs_folder),
            "WODA_EXTRACTS": str(self.settings.extracts_folder),
            "WODA_PROFILE": self.settings.profile,
            "WODA_TODAY": self.settings.today.isoformat(),
            "WODA_AS_OF_REASON": self.settings.as_of_reason,
            "WODA_KEYS": str(self.settings.keys_folder),
            "WODA_AUDIT_ANCHORS": str(self.settings.anchors_file),
            "WODA_STEP_FOLDER": str(self.folder.path),
            "WODA_RUN_ID": self.run_id,
            "WODA_SMTP_PASSWORD": "",  # no notebook sends mail
        }

    def _record(self, planned: PlannedStep, place: Place) -> StepRecord:
        path = self.folder.record(planned.step.name)
        try:
            return StepRecord.model_validate_json(path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValidationError):
            raise unfinished(place) from None

    def _report(self, planned: PlannedStep, record: StepRecord) -> None:
        render_report(
            self.folder.notebook(planned.step.name),
            self.folder.report(planned.step.name),
            record=record,
            pilot=self.plan.pilot,
            commit=self.code.commit,
            dirty=self.code.dirty,
            lock_sha256=self.code.lock_sha256,
            steps=[other.step for other in self.plan.steps],
        )


def _write_for_checkers(
    folder: RunFolder, plan: Plan, records: Sequence[StepRecord], settings: Settings
) -> None:
    """Add what output checkers' viewers read."""
    from woda_lib.disclosure import write_results  # here: it brings pandas

    write_results(folder.path, records, _rule(plan, settings))


def _rule(plan: Plan, settings: Settings) -> Rule:
    from woda_lib.disclosure import Rule
    from woda_lib.partners import load_agreement

    agreement = load_agreement(plan.pilot.agreement, settings.parameters_folder / "agreements")
    return Rule(**agreement.disclosure.model_dump())


def _look_a_last_time(folder: RunFolder, plan: Plan, settings: Settings) -> None:
    """Refuse a run if anything personal is found in what readers would see of it.

    Raises
    ------
    DisclosureError
        If a file, or its name, holds anything personal.
    """
    from woda_lib.disclosure import read_canaries, scan_folder  # here: it brings pandas
    from woda_lib.partners import synthetic_marker

    marker = synthetic_marker(settings.extracts_folder)
    canaries = read_canaries(settings.truth_folder / marker.truth) if marker else ()
    scan_folder(folder.path, canaries, _rule(plan, settings))


def _what_stands(settings: Settings, pilot: Pilot) -> str:
    complete = complete_runs(settings.outputs_folder, pilot.pilot)
    if not complete:
        return f"Nothing of this run was kept. {pilot.pilot} has no complete run yet."
    return f"Nothing of this run was kept. The last complete run still stands: {complete[-1].path}"


def _without_machine(path: Path, root: Path) -> str:
    """Return a path from the checkout, or else its last part: nothing about this machine."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
