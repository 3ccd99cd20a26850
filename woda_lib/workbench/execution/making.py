"""One pilot's run in the making: what is done with each step, and with the whole at the end."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbformat import NotebookNode
from pydantic import ValidationError

from woda_lib import __version__
from woda_lib.records import (
    Manifest,
    RunFolder,
    StepMade,
    StepRecord,
    public_contacts,
    unexpected,
    write_json,
)
from woda_lib.settings import Settings
from woda_lib.workbench.auditing import audit_head
from woda_lib.workbench.execution.engine import Limits, end, execute
from woda_lib.workbench.execution.failures import Place, unfinished
from woda_lib.workbench.execution.history import Expected
from woda_lib.workbench.execution.kernel import Kernel
from woda_lib.workbench.execution.memory import held_mb
from woda_lib.workbench.execution.partial import reach_the_disk
from woda_lib.workbench.execution.provenance import Provenance
from woda_lib.workbench.execution.side_by_side import Work
from woda_lib.workbench.execution.strays import (
    refuse_foreign_outputs,
    refuse_forged_outputs,
    refuse_new_files,
    refuse_stray_files,
)
from woda_lib.workbench.execution.warm import WarmKernels
from woda_lib.workbench.planning.decide import Decision
from woda_lib.workbench.planning.made import step_made, with_files
from woda_lib.workbench.planning.plan import Plan, PlannedStep
from woda_lib.workbench.planning.soundness import step_files
from woda_lib.workbench.planning.take_over import take_over
from woda_lib.workbench.review.report import render_report

if TYPE_CHECKING:
    from woda_lib.disclosure import Rule

_USUAL_MB = 700.0
"""What a step is expected to hold that has never run and declares nothing."""


@dataclass(frozen=True)
class Executed:
    """A notebook that has been run to its end."""

    notebook: NotebookNode
    peak_mb: float
    files_before: frozenset[Path]

    @property
    def cell_seconds(self) -> tuple[float, ...]:
        """What each cell took, as papermill measured it."""
        return tuple(
            round(cell.metadata.get("papermill", {}).get("duration") or 0.0, 3)
            for cell in self.notebook.cells
        )


@dataclass
class Making:
    """What the steps of one run have in common, and how far they are.

    Attributes
    ----------
    plan : Plan
    code : Provenance
    settings : Settings
    run_id : str
    folder : RunFolder
        The hidden one.
    expected : mapping of str to Expected
        By step.
    records : dict of str to StepRecord
        Of the steps that are done.
    made : dict of str to StepMade
        The same.
    """

    plan: Plan
    code: Provenance
    settings: Settings
    run_id: str
    folder: RunFolder
    expected: dict[str, Expected]
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    records: dict[str, StepRecord] = field(default_factory=dict)
    made: dict[str, StepMade] = field(default_factory=dict)

    def work(self, planned: PlannedStep, warm: Callable[[], WarmKernels | None]) -> Work:
        """Return the execution of a step's notebook, for a thread of its own."""
        kernels: list[Kernel] = []
        stopping: list[bool] = []

        def started(kernel: Kernel) -> None:
            if stopping:
                raise RuntimeError("The run is being ended.")
            kernels.append(kernel)

        def do(tell: Callable[[Any], None]) -> Executed:
            kernels.clear()
            before = frozenset(planned.path.parent.iterdir())
            notebook = execute(
                planned.notebook,
                planned.parameters,
                folder=planned.path.parent,
                environment=self._environment(),
                cell_done=lambda done, cells: tell((done, cells)),
                warm=warm(),
                limits=Limits(planned.step.cell_minutes, planned.step.memory_gb),
                kernel_started=started,
            )
            return Executed(notebook, kernels[-1].peak_mb, before)

        def stop() -> None:
            stopping.append(True)
            for kernel in kernels:
                end(kernel)

        declared = planned.step.memory_gb
        known = self.expected[planned.step.name].peak_mb
        return Work(
            do=do,
            held_mb=lambda: held_mb(kernels[-1].pid) if kernels else 0.0,
            end=stop,
            expected_mb=declared * 1024 if declared else known or _USUAL_MB,
        )

    def place(self, planned: PlannedStep) -> Place:
        """Return how failures of a step name it."""
        return Place(
            pilot=self.plan.pilot.pilot,
            step=planned.step.name,
            path=planned.shown,
            parameters=planned.parameters,
            cell_minutes=planned.step.cell_minutes,
            memory_gb=planned.step.memory_gb,
        )

    def admit(
        self, planned: PlannedStep, executed: Executed, *, beside: Collection[str] = ()
    ) -> None:
        """Look at what came out of a step, and write down what may be kept.

        Parameters
        ----------
        planned : PlannedStep
        executed : Executed
        beside : collection of str
            The pilot's steps that are being run at this moment.

        Raises
        ------
        ForeignOutput, UnfinishedStep
        """
        place, notebook = self.place(planned), executed.notebook
        refuse_foreign_outputs(notebook, place)
        record = self._record(planned, place)
        refuse_forged_outputs(notebook, record, place)
        refuse_stray_files(self.folder, record, place, steps=self._steps, beside=beside)
        new = set(planned.path.parent.iterdir()) - executed.files_before
        refuse_new_files(
            (path for path in new if not path.name.startswith(".")), "the notebooks' folder", place
        )
        notebook.metadata.papermill.update(
            input_path=planned.shown, output_path=f"{planned.step.name}.ipynb"
        )
        nbformat.write(notebook, self.folder.notebook(planned.step.name))
        self.records[planned.step.name] = record

    def gives_away(self, step: str, unseen: Collection[str]) -> bool:
        """Say whether a step shows what some others withhold, or the other way about.

        The gate of a step knows what was finished when it showed its tables. Steps that ran beside
        it it does not know; run again, it does.

        Parameters
        ----------
        step : str
        unseen : collection of str
            Steps of this run that finished while it ran.
        """
        # Here, since they bring pandas.
        from woda_lib.disclosure import gives_away
        from woda_lib.notebook.memory import counts_of
        from woda_lib.partners import key_of_tables

        key = key_of_tables(
            self.plan.pilot.agreement,
            synthetic=self.records[step].synthetic,
            settings=self.settings,
        )
        own, *others = (counts_of(self.folder, name, key) or [] for name in (step, *unseen))
        rule, beside = _rule(self.plan, self.settings), [table for each in others for table in each]
        return bool(beside) and any(gives_away(table, beside, rule) for table in own)

    def finish(
        self, planned: PlannedStep, decision: Decision, executed: Executed, seconds: float
    ) -> None:
        """Render an accepted step's report, and say, last of all, that the step is finished."""
        record = self.records[planned.step.name]
        self._report(record, StepMade(run_id=self.run_id, reasons=decision.reasons))
        made = step_made(
            self.plan,
            decision,
            record,
            self.folder,
            settings=self.settings,
            run_id=self.run_id,
            seconds=round(seconds, 3),
            cell_seconds=executed.cell_seconds,
        )
        peak = round(executed.peak_mb, 1)
        self._finished(record.step, made.model_copy(update={"peak_mb": peak}))

    def take(self, planned: PlannedStep, decision: Decision) -> None:
        """Take a step over from the run that made it, with a new report where prose has changed.

        Raises
        ------
        SourceChanged, ForeignOutput
        """
        step = planned.step.name
        made = take_over(step, decision, self.folder)
        self.records[step] = self._record(planned, self.place(planned))
        if decision.action == "render":
            self._report(self.records[step], made)
            made = with_files(made, step, self.folder)
        self._finished(step, made)

    def forget(self, step: str) -> None:
        """Remove what a step that failed has left."""
        self.records.pop(step, None)
        for folder in (self.folder.shown(step), self.folder.restricted(step)):
            shutil.rmtree(folder, ignore_errors=True)
        for file in (self.folder.record, self.folder.notebook, self.folder.report):
            with suppress(OSError):
                file(step).unlink(missing_ok=True)

    def forget_all(self) -> None:
        """See that nothing of this run is taken over: it must not be published."""
        for planned in self.plan.steps:
            self.folder.made(planned.step.name).unlink(missing_ok=True)

    def complete(self) -> Manifest:
        """Write the manifest of a run whose steps are all done, after a last look at everything.

        Raises
        ------
        ForeignOutput, DisclosureError
        """
        records = tuple(self.records[planned.step.name] for planned in self.plan.steps)
        for planned, record in zip(self.plan.steps, records, strict=True):
            refuse_stray_files(self.folder, record, self.place(planned), steps=self._steps)
        _write_for_checkers(self.folder, self.plan, records, self.settings)
        pilot = self.plan.pilot
        manifest = Manifest(
            pilot=pilot.pilot,
            run_id=self.run_id,
            started=self.started,
            finished=datetime.now(UTC),
            commit=self.code.commit,
            dirty=self.code.dirty,
            lock_sha256=self.code.lock_sha256,
            packages=self.code.packages,
            workbench=__version__,
            extracts=_without_machine(self.settings.extracts_folder, self.settings.root.resolve()),
            parameters=self.plan.parameters,
            answer=self.records[pilot.answered_by].answer,
            steps=records,
            audit_head=audit_head(self.settings),
            made={planned.step.name: self.made[planned.step.name] for planned in self.plan.steps},
            author=self.code.author,
            unexpected=unexpected(
                pilot.expected, {value.name: value for r in records for value in r.values}
            ),
        )
        write_json(self.folder.manifest, manifest)
        _look_a_last_time(self.folder, self.plan, self.settings)
        return manifest

    @property
    def _steps(self) -> set[str]:
        return {planned.step.name for planned in self.plan.steps}

    def _environment(self) -> dict[str, str]:
        """What `Settings` reads in the kernel: the same places and day for every step of a run."""
        return {
            "WODA_ROOT": str(self.settings.root.resolve()),
            "WODA_DATA": str(self.settings.data_folder),
            "WODA_OUTPUTS": str(self.settings.outputs_folder),
            "WODA_EXTRACTS": str(self.settings.extracts_folder),
            "WODA_PLACES": str(self.settings.places_folder),
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

    def _report(self, record: StepRecord, made: StepMade) -> None:
        render_report(
            self.folder.notebook(record.step),
            self.folder.report(record.step),
            record=record,
            pilot=self.plan.pilot,
            commit=self.code.commit,
            dirty=self.code.dirty,
            lock_sha256=self.code.lock_sha256,
            steps=[other.step for other in self.plan.steps],
            made=made,
            author=self.code.author,
        )

    def _finished(self, step: str, made: StepMade) -> None:
        reach_the_disk(self.folder.path / path for path in step_files(self.folder, step))
        write_json(self.folder.made(step), made)
        self.made[step] = made


def _write_for_checkers(
    folder: RunFolder, plan: Plan, records: tuple[StepRecord, ...], settings: Settings
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
    public = public_contacts(settings.parameters_folder, plan.pilot.pilot)
    scan_folder(folder.path, canaries, _rule(plan, settings), public=public)


def _without_machine(path: Path, root: Path) -> str:
    """Return a path from the checkout, or else its last part: nothing about this machine."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
