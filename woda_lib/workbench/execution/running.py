"""Runs of pilots from the first check to the folders that readers find."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from woda_lib.errors import WodaError
from woda_lib.records import (
    Manifest,
    Pilot,
    RunFolder,
    StepOutcome,
    read_manifest,
)
from woda_lib.settings import Settings
from woda_lib.workbench.execution.attempts import AttemptLog
from woda_lib.workbench.execution.locks import Locks
from woda_lib.workbench.execution.partial import OutputsError, writing_to
from woda_lib.workbench.execution.progress import OnProgress, OnState, StepState
from woda_lib.workbench.execution.provenance import describe_code
from woda_lib.workbench.execution.warm import WarmKernels, begun_early, warm_kernels
from woda_lib.workbench.planning.plan import Plan, make_plan, share_overrides
from woda_lib.workbench.review.site import build_site


@dataclass(frozen=True)
class CompleteRun:
    """A run that readers can see, and the front page that now shows it.

    `new` is false where nothing had changed, so that the last complete run says it all.
    """

    folder: RunFolder
    manifest: Manifest
    site: Path
    new: bool = True


class SeveralFailed(WodaError):
    """Several steps failed, each for a reason of its own."""

    def __init__(self, errors: Sequence[WodaError]) -> None:
        texts = ["\n".join([str(e), *getattr(e, "__notes__", ())]) for e in errors]
        super().__init__("\n\n".join([*texts, f"{len(errors)} steps failed."]))
        self.errors = tuple(errors)
        self.exit_code = max(error.exit_code for error in errors)


def run_pilot(
    pilot: Pilot,
    *,
    settings: Settings,
    overrides: Mapping[str, Any] | None = None,
    on_progress: OnProgress = lambda progress: None,
    again: bool = False,
    wait: bool = True,
) -> CompleteRun:
    """Run a pilot's notebooks, as far as they are not fresh, in the order of their needs.

    See `run_pilots`, which this is for one pilot.
    """
    [complete] = run_pilots(
        [pilot],
        settings=settings,
        overrides=overrides,
        on_progress=on_progress,
        again=again,
        wait=wait,
    )
    return complete


def run_pilots(
    pilots: Sequence[Pilot],
    *,
    settings: Settings,
    overrides: Mapping[str, Any] | None = None,
    on_progress: OnProgress = lambda progress: None,
    on_state: OnState = lambda state: None,
    again: bool = False,
    wait: bool = True,
    on_wait: Callable[[str], None] = lambda sentence: None,
    side_by_side: int | None = None,
    warm: WarmKernels | None = None,
) -> Iterator[CompleteRun]:
    """Run pilots, each with those overrides that are its own parameters, steps side by side.

    Everything is checked before any work. A step whose notebook, helper code, parameters, data and
    packages are those of an earlier run is not run: its results are taken over. A pilot of which
    that holds altogether gets no new run. The others' results are written to a hidden folder,
    which appears under its name when the last step is done; until then, and after any failure,
    readers find the last complete run. When a step fails, whatever does not need it goes on; the
    next run takes over what was finished.

    Parameters
    ----------
    pilots : sequence of Pilot
    settings : Settings
    overrides : mapping of str to value, optional
        Parameter values that stand in for the parameter files'.
    on_progress : callable, optional
        Told when a step starts, and after every cell.
    on_state : callable, optional
        Told what becomes of each step.
    again : bool
        Run every step, fresh or not.
    wait : bool
        Wait while somebody else runs one of the pilots.
    on_wait : callable, optional
        Told for whom we wait.
    side_by_side : int, optional
        How many steps may run at once; two where nothing is said, or one on a single core.
    warm : WarmKernels, optional
        A fork server that has been started already, and that the caller ends.

    Yields
    ------
    CompleteRun
        As soon as a run stands, or is found to stand already.

    Raises
    ------
    ParameterError, PlanError, AgreementError, ExtractError, LockNotFound
        If the runs cannot start.
    PilotIsRunning
        If somebody else runs one of the pilots, and we are not to wait.
    CellError, KernelDied, CellHung, ForeignOutput, UnfinishedStep
        If a step fails; raised when the other pilots are done.
    DisclosureError
        If anything personal is found in what would be published.
    OutputsError
        If the results cannot be written.
    SeveralFailed
        If several steps fail.
    """
    from woda_lib.workbench.planning.decide import decide, standing
    from woda_lib.workbench.planning.elsewhere import require_tables

    shares = share_overrides(overrides or {}, pilots)
    names = [pilot.pilot for pilot in pilots]
    with ExitStack() as stack:
        if warm is None:
            warm = stack.enter_context(begun_early(pilots, settings, again=again))
        plans = [make_plan(p, settings=settings, overrides=shares[p.pilot]) for p in pilots]
        code = describe_code(settings.root)
        locks = Locks(settings.outputs_folder, names, wait=wait, on_wait=on_wait)
        stack.callback(locks.close)
        decisions = decide(plans, settings=settings, again=again)
        require_tables(plans, decisions, settings)
        stand = {plan.pilot.pilot: standing(plan, decisions, settings) for plan in plans}
        for plan in plans:
            if folder := stand[plan.pilot.pilot]:
                _say_it_stands(plan, folder, settings, on_state)
                locks.release(plan.pilot.pilot)
                yield CompleteRun(folder, read_manifest(folder), _site(settings), new=False)
        to_do = [plan for plan in plans if not stand[plan.pilot.pilot]]
        if not to_do:
            return
        own = [decisions[plan.pilot.pilot, step.step.name] for plan in to_do for step in plan.steps]
        if warm is None and any(decision.action == "run" for decision in own):
            warm = stack.enter_context(warm_kernels([plan.pilot for plan in to_do], settings))
        # Here, because it brings papermill and Jupyter, and a run that finds all fresh needs
        # neither.
        from woda_lib.workbench.execution.attempting import Attempting

        attempting = stack.enter_context(
            Attempting(
                to_do,
                decisions,
                code,
                settings,
                on_progress,
                on_state,
                warm=warm,
                side_by_side=side_by_side,
            )
        )
        for folder, manifest in attempting.complete_runs():
            locks.release(manifest.pilot)
            yield CompleteRun(folder, manifest, _built_site(settings))
        if attempting.errors:
            with suppress(OutputsError):  # what failed before is what counts
                _built_site(settings)
        if len(attempting.errors) == 1:
            raise attempting.errors[0]
        if attempting.errors:
            raise SeveralFailed(attempting.errors)


def _say_it_stands(plan: Plan, folder: RunFolder, settings: Settings, on_state: OnState) -> None:
    """Write down, and tell, that nothing is to be done for a pilot."""
    pilot, run_id = plan.pilot.pilot, folder.path.name
    steps = [planned.step.name for planned in plan.steps]
    log = AttemptLog(settings, pilot, run_id, steps)
    for step in steps:
        log.step_ended(step, StepOutcome(state="taken over"))
        on_state(StepState(pilot, step, "taken over", source=run_id))
    log.ended("complete")


def _site(settings: Settings) -> Path:
    """The front page, made where somebody has removed it."""
    page = settings.outputs_folder / "site" / "index.html"
    return page if page.is_file() else _built_site(settings)


def _built_site(settings: Settings) -> Path:
    """The front page, made anew; but for a sweep, whose scenarios do not stand on it."""
    if settings.sweep:
        return settings.outputs_folder / "site" / "index.html"
    with writing_to(settings.outputs_folder / "site"):
        return build_site(settings)
