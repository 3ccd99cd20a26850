"""An attempt to run several pilots: their steps side by side, and what becomes of each pilot."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from nbformat import NotebookNode

from woda_lib.errors import WodaError
from woda_lib.records import Manifest, RunFolder, StepOutcome, complete_runs, new_run_id
from woda_lib.settings import Settings
from woda_lib.workbench.execution.attempts import AttemptLog
from woda_lib.workbench.execution.engine import CellFailed
from woda_lib.workbench.execution.failures import cell_error
from woda_lib.workbench.execution.history import expected_of
from woda_lib.workbench.execution.kept import clear_notebooks, keep_notebook
from woda_lib.workbench.execution.making import Executed, Making
from woda_lib.workbench.execution.partial import (
    OutputsError,
    is_full,
    run_in_making,
    unwritable,
)
from woda_lib.workbench.execution.progress import OnProgress, OnState, Progress, State, StepState
from woda_lib.workbench.execution.provenance import Provenance
from woda_lib.workbench.execution.side_by_side import Ended, Node, SideBySide, Told, cores
from woda_lib.workbench.execution.warm import WarmKernels
from woda_lib.workbench.planning.decide import Decisions
from woda_lib.workbench.planning.graph import waits
from woda_lib.workbench.planning.plan import Plan, PlannedStep

PAUSES = (1.0, 4.0)
"""Seconds before a step whose kernel died is run again; as often as there are pauses."""

_AT_ONCE = 2
_DIED = ("died", "out of memory")


@dataclass
class _PilotAttempt:
    """One pilot of an attempt; `hidden` is left when its run is complete, or never will be.

    `seen` holds, by step, which others were finished when it began.
    """

    plan: Plan
    making: Making
    log: AttemptLog
    hidden: ExitStack
    waiting: set[str]
    errors: list[WodaError] = field(default_factory=list)
    notebook: Path | None = None
    deaths: dict[str, int] = field(default_factory=dict)
    seen: dict[str, frozenset[str]] = field(default_factory=dict)
    over: bool = False


class Attempting:
    """Takes steps over, runs others and completes runs; ends every kernel when it is left.

    Parameters
    ----------
    plans : sequence of Plan
        Of pilots with something to do.
    decisions : Decisions
    code : Provenance
    settings : Settings
    on_progress, on_state : callable
    warm : WarmKernels, optional
        Where kernels are forked from.
    side_by_side : int, optional
        How many steps may run at once.

    Attributes
    ----------
    errors : list of WodaError
        Of steps and pilots that failed, once `complete_runs` is through.
    """

    def __init__(
        self,
        plans: Sequence[Plan],
        decisions: Decisions,
        code: Provenance,
        settings: Settings,
        on_progress: OnProgress,
        on_state: OnState,
        *,
        warm: WarmKernels | None = None,
        side_by_side: int | None = None,
    ) -> None:
        self._plans, self._code = plans, code
        self._settings, self._decisions = settings, decisions
        self._on_progress, self._on_state = on_progress, on_state
        self._at_once = side_by_side or min(_AT_ONCE, cores())
        self._planned: dict[Node, PlannedStep] = {
            (plan.pilot.pilot, step.step.name): step for plan in plans for step in plan.steps
        }
        self._pilots: dict[str, _PilotAttempt] = {}
        self._put_off: deque[tuple[str, Callable[[], None]]] = deque()
        self._completed: list[tuple[RunFolder, Manifest]] = []
        self._warm = warm
        self._running = SideBySide({}, {}, self._at_once)
        self.errors: list[WodaError] = []

    def __enter__(self) -> Attempting:
        try:
            for plan in self._plans:
                self._pilots[plan.pilot.pilot] = self._begin(plan)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        """End kernels, and leave what is not complete so that the next attempt can take it up."""
        try:
            self._running.stop()
        finally:
            for attempt in self._pilots.values():
                if not attempt.over:
                    self._leave(attempt, KeyboardInterrupt())
                    attempt.log.ended("interrupted")

    def complete_runs(self) -> Iterator[tuple[RunFolder, Manifest]]:
        """Do everything, and give each run as soon as it is complete."""
        for node in self._planned:
            self._tell(node, "waiting")
        taken = {node for node in self._planned if not self._is_run(node) and self._take(node)}
        self._running = self._graph(taken)
        for attempt in list(self._pilots.values()):
            self._complete_if_done(attempt)
        yield from self._pop_completed()
        for event in self._running.events(lambda: bool(self._put_off)):
            match event:
                case Told(node, (done, cells)):
                    self._cell_done(node, done, cells)
                case Ended(node, seconds, result, None):
                    self._catch_up(node[0])
                    self._accept(node, result, seconds)
                case Ended(node, seconds, _, error):
                    self._catch_up(node[0])
                    self._ended_badly(node, seconds, error)
                case _:
                    self._put_off.popleft()[1]()
            yield from self._pop_completed()
        for attempt in self._pilots.values():
            if not attempt.over:
                self._fail(attempt)

    def _begin(self, plan: Plan) -> _PilotAttempt:
        settings, pilot = self._settings, plan.pilot
        run_id = new_run_id(datetime.now(UTC))
        hidden = ExitStack()
        home = settings.runs_folder(pilot.pilot)
        folder = hidden.enter_context(run_in_making(home.parent, home.name, run_id))
        expected = expected_of(pilot, settings)
        steps = [planned.step.name for planned in plan.steps]
        return _PilotAttempt(
            plan=plan,
            making=Making(plan, self._code, settings, run_id, folder, expected),
            log=AttemptLog(settings, pilot.pilot, run_id, steps),
            hidden=hidden,
            waiting=set(steps),
        )

    def _is_run(self, node: Node) -> bool:
        return self._decisions[node].action == "run"

    def _graph(self, taken: set[Node]) -> SideBySide:
        """Put what is left in order; a step of another pilot is needed as part of its whole run."""
        needs: dict[Node, set[Node]] = {(pilot, ""): set() for pilot in self._pilots}
        for node, before in waits(self._plans, self._settings).items():
            if node not in taken:
                own = {need for need in before if need[0] == node[0]} - taken
                needs[node] = own | {(need[0], "") for need in before if need[0] != node[0]}
                needs[node[0], ""].add(node)
        work = {
            node: self._pilots[node[0]].making.work(planned, lambda: self._warm)
            for node, planned in self._planned.items()
            if self._is_run(node)
        }
        return SideBySide(needs, work, self._at_once)

    def _take(self, node: Node) -> bool:
        """Take a step over, and say whether that went well."""
        making = self._pilots[node[0]].making
        try:
            making.take(self._planned[node], self._decisions[node])
        except (WodaError, OSError) as error:
            self._step_failed(node, 0.0, error)
            return False
        self._step_done(node, "taken over", 0.0)
        return True

    def _cell_done(self, node: Node, done: int, cells: int) -> None:
        pilot, step = node
        log = self._pilots[pilot].log
        if done == 0:
            self._pilots[pilot].seen[step] = frozenset(self._pilots[pilot].making.records)
            log.event("step started", step=step, cells=cells)
            self._tell(node, "running")
        else:
            log.event("cell done", step=step, done=done, cells=cells)
        self._on_progress(Progress(pilot, step, done, cells))

    def _accept(self, node: Node, executed: Executed, seconds: float) -> None:
        """Let what waits for a step start, if the step left nothing that it must not."""
        beside = {step for pilot, step in self._running.running if pilot == node[0]}
        try:
            making = self._pilots[node[0]].making
            making.admit(self._planned[node], executed, beside=beside)
            unseen = making.records.keys() - self._pilots[node[0]].seen[node[1]] - {node[1]}
            again = bool(unseen) and making.gives_away(node[1], sorted(unseen))
        except (WodaError, OSError) as error:
            self._step_failed(node, seconds, error, executed.notebook)
            return
        if again:
            making.forget(node[1])
            self._pilots[node[0]].log.event(
                "step again", step=node[1], beside=", ".join(sorted(unseen))
            )
            self._running.again(node, 0.0)
            return
        self._running.done(node)
        self._put_off.append((node[0], partial(self._finish, node, executed, seconds)))

    def _finish(self, node: Node, executed: Executed, seconds: float) -> None:
        attempt = self._pilots[node[0]]
        try:
            attempt.making.finish(self._planned[node], self._decisions[node], executed, seconds)
        except (WodaError, OSError) as error:
            self._step_failed(node, seconds, error, executed.notebook)
        else:
            self._step_done(node, "done", seconds)
            self._complete_if_done(attempt)

    def _catch_up(self, pilot: str) -> None:
        """Do what was put off for a pilot: a later step's record rests on the earlier one's."""
        for due in [due for due in self._put_off if due[0] == pilot]:
            self._put_off.remove(due)
            due[1]()

    def _ended_badly(self, node: Node, seconds: float, error: BaseException | None) -> None:
        if not isinstance(error, CellFailed):
            if not isinstance(error, WodaError | OSError):
                assert error is not None
                raise error
            self._step_failed(node, seconds, error)
            return
        attempt, step = self._pilots[node[0]], node[1]
        deaths = attempt.deaths.get(step, 0)
        if error.ending in _DIED and deaths < len(PAUSES):
            attempt.deaths[step] = deaths + 1
            attempt.making.forget(step)
            attempt.log.event("kernel died", step=step, again_in=PAUSES[deaths])
            self._tell(node, "dead")
            self._running.again(node, PAUSES[deaths], needs_mb=error.peak_mb)
            return
        said = cell_error(error, attempt.making.place(self._planned[node]))
        self._step_failed(node, seconds, said, error.notebook, error.index)

    def _step_failed(
        self,
        node: Node,
        seconds: float,
        error: WodaError | OSError,
        notebook: NotebookNode | None = None,
        cell: int | None = None,
    ) -> None:
        attempt, step = self._pilots[node[0]], node[1]
        attempt.making.forget(step)
        outputs = self._settings.outputs_folder
        if isinstance(error, OSError):
            error = unwritable(self._settings.runs_folder(node[0]), error)
        elif is_full(outputs):
            error.args = (
                f"{error}\nThere is no room left in {outputs}. Make some, and run again.",
            )
        if notebook:
            attempt.notebook = keep_notebook(
                notebook,
                cell,
                str(error),
                settings=self._settings,
                pilot=node[0],
                run_id=attempt.making.run_id,
                step=step,
            )
            if attempt.notebook:
                error.args = (f"{error}\nThe notebook as it stopped: {attempt.notebook}",)
        attempt.errors.append(error)
        outcome = StepOutcome(
            state="failed", seconds=seconds, message=attempt.log.without_machine(str(error))
        )
        attempt.log.step_ended(step, outcome)
        self._tell(node, "failed")

    def _step_done(self, node: Node, state: State, seconds: float) -> None:
        attempt, step = self._pilots[node[0]], node[1]
        attempt.waiting.discard(step)
        outcome = StepOutcome(
            state="done" if state == "done" else "taken over", seconds=round(seconds, 3)
        )
        attempt.log.step_ended(step, outcome)
        self._tell(node, state)

    def _complete_if_done(self, attempt: _PilotAttempt) -> None:
        """Let readers see a pilot's run once its last step is done."""
        if attempt.waiting or attempt.over or attempt.errors:
            return
        name, making = attempt.plan.pilot.pilot, attempt.making
        try:
            manifest = making.complete()
            attempt.hidden.close()
        except OSError as error:
            attempt.errors.append(unwritable(self._settings.runs_folder(name), error))
        except WodaError as error:
            if not isinstance(error, OutputsError):
                making.forget_all()
            attempt.errors.append(error)
        if attempt.errors:
            self._fail(attempt)
            return
        attempt.over = True
        attempt.log.ended("complete")
        if not self._settings.sweep:
            clear_notebooks(self._settings, name)
        self._completed.append(
            (RunFolder(self._settings.runs_folder(name) / making.run_id), manifest)
        )
        self._running.done((name, ""))

    def _pop_completed(self) -> Iterator[tuple[RunFolder, Manifest]]:
        while self._completed:
            yield self._completed.pop(0)

    def _fail(self, attempt: _PilotAttempt) -> None:
        name = attempt.plan.pilot.pilot
        for step in attempt.waiting:
            if attempt.log.state(step) == "not run":
                self._tell((name, step), "not run")
        error = attempt.errors[0] if attempt.errors else _needs_another(name)
        kept = [step for step in attempt.making.made if attempt.making.folder.made(step).is_file()]
        self._leave(attempt, error)
        error.add_note(self._what_stands(name, kept))
        attempt.log.ended("failed", str(error), attempt.notebook)
        if not self._settings.sweep:
            clear_notebooks(self._settings, name, but=attempt.making.run_id)
        self.errors += attempt.errors or [error]

    def _leave(self, attempt: _PilotAttempt, error: BaseException) -> None:
        """Leave the hidden folder of a run that will not be complete."""
        attempt.over = True
        attempt.hidden.__exit__(type(error), error, error.__traceback__)

    def _what_stands(self, pilot: str, kept: Sequence[str]) -> str:
        complete = complete_runs(self._settings.outputs_folder, pilot)
        if kept:
            are = "is" if len(kept) == 1 else "are"
            first = (
                f"{', '.join(kept)} {are} finished, and will not be run again if nothing changes."
            )
        else:
            first = "Nothing of this run was kept."
        if not complete:
            return f"{first} {pilot} has no complete run yet."
        return f"{first} The last complete run still stands: {complete[-1].path}"

    def _tell(self, node: Node, state: State) -> None:
        pilot, step = node
        making = self._pilots[pilot].making
        made = making.made.get(step)
        self._on_state(
            StepState(
                pilot,
                step,
                state,
                expected=making.expected[step].cell_seconds,
                source=made.run_id if made and state == "taken over" else "",
            )
        )


class AnotherFailed(WodaError):
    """A pilot that needs another one's tables was not run, because that one failed."""


def _needs_another(pilot: str) -> AnotherFailed:
    return AnotherFailed(
        f"{pilot} was not run to its end: it reads tables of a pilot that failed. Mend that one, "
        "and run both again."
    )
