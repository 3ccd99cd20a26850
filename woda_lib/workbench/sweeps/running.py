"""Running a grid: each scenario a whole run, in a folder apart from the pilot's own runs.

What no swept parameter reaches is run once: a scenario takes such steps over from the one before
it, or from the pilot's last runs. The folder is hidden until the last scenario is done and the
report is written. A scenario that fails keeps no other from being run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from woda_lib.errors import WodaError
from woda_lib.records import SWEEPS, Manifest, Scenario, Sweep, new_run_id, write_json
from woda_lib.settings import Settings
from woda_lib.workbench.execution.partial import writing_to
from woda_lib.workbench.execution.progress import OnProgress, OnState
from woda_lib.workbench.execution.running import run_pilots
from woda_lib.workbench.execution.warm import WarmKernels
from woda_lib.workbench.held import clear_abandoned, held
from woda_lib.workbench.planning.plan import make_plan
from woda_lib.workbench.sweeps.grid import Grid
from woda_lib.workbench.sweeps.report import write_list, write_report

OnScenario = Callable[[int, int, dict[str, object]], None]


class SweepFailed(WodaError):
    """No scenario of a sweep came to its end."""


@dataclass(frozen=True)
class CompleteSweep:
    """A sweep that readers can see."""

    folder: Path
    sweep: Sweep

    @property
    def report(self) -> Path:
        """The page that compares the scenarios."""
        return self.folder / "index.html"


def run_sweep(
    grid: Grid,
    *,
    settings: Settings,
    on_scenario: OnScenario = lambda number, count, swept: None,
    on_progress: OnProgress = lambda progress: None,
    on_state: OnState = lambda state: None,
    side_by_side: int | None = None,
    warm: WarmKernels | None = None,
) -> CompleteSweep:
    """Run a pilot at every point of a grid, and write the report that compares them.

    Parameters
    ----------
    grid : Grid
    settings : Settings
    on_scenario : callable, optional
        Told the number of each scenario before it starts, of how many, and its swept values.
    on_progress, on_state, side_by_side, warm
        As for `run_pilots`.

    Raises
    ------
    ParameterError, PlanError, AgreementError, ExtractError, LockNotFound
        If no scenario can start.
    SweepFailed
        If every scenario failed; nothing is kept then.
    OutputsError
        If the results cannot be written.
    """
    pilot, started = grid.pilot, datetime.now(UTC)
    make_plan(pilot, settings=settings, overrides=grid.fixed)
    home = settings.outputs_folder / pilot.pilot / SWEEPS
    sweep_id = new_run_id(started)
    with writing_to(home):
        home.mkdir(parents=True, exist_ok=True)
        clear_abandoned(home.glob(".*.partial"))
    with held(home / f".{sweep_id}.partial") as folder:
        apart = settings.model_copy(update={"sweep": folder})
        scenarios, manifests = [], []
        points = grid.scenarios
        for number, swept in enumerate(points, start=1):
            on_scenario(number, len(points), swept)
            scenario = Scenario(swept=swept, base=swept == grid.base)
            try:
                [done] = run_pilots(
                    [pilot],
                    settings=apart,
                    overrides=grid.fixed | swept,
                    on_progress=on_progress,
                    on_state=on_state,
                    side_by_side=side_by_side,
                    warm=warm,
                )
            except WodaError as error:
                scenarios.append(scenario.model_copy(update={"message": str(error)}))
                continue
            manifests.append(done.manifest)
            found = {
                "run_id": done.manifest.run_id,
                "values": tuple(done.manifest.values.values()),
            }
            scenarios.append(scenario.model_copy(update=found))
        if not manifests:
            raise SweepFailed(
                f"None of the {len(points)} scenarios came to its end, so nothing is kept. The "
                f"first one says:\n{scenarios[0].message}"
            )
        sweep = _sweep(grid, sweep_id, started, tuple(scenarios), manifests[-1])
        with writing_to(home):
            _clear_workings(folder)
            write_report(folder, sweep, pilot)
            write_json(folder / "sweep.json", sweep)
            folder.rename(home / sweep_id)
            write_list(home, pilot)
    return CompleteSweep(home / sweep_id, sweep)


def _sweep(
    grid: Grid,
    sweep_id: str,
    started: datetime,
    scenarios: tuple[Scenario, ...],
    manifest: Manifest,
) -> Sweep:
    return Sweep(
        pilot=grid.pilot.pilot,
        sweep_id=sweep_id,
        question=grid.pilot.question,
        started=started,
        finished=datetime.now(UTC),
        synthetic=any(step.synthetic for step in manifest.steps),
        extracts=manifest.extracts,
        swept=tuple(grid.swept),
        fixed=grid.fixed,
        scenarios=scenarios,
    )


def _clear_workings(folder: Path) -> None:
    """Remove what only whoever runs a pilot again has a use for: nobody resumes a sweep."""
    for name in ("attempt.json", "attempt.jsonl"):
        (folder / name).unlink(missing_ok=True)
    clear_abandoned(folder.glob(".*.partial"))
