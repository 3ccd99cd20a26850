"""`woda run PILOT -p NAME=ONE,TWO`: a pilot over a grid of parameter values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from woda_lib.records import Pilot, say_amount, say_interval
from woda_lib.settings import Settings
from woda_lib.verbs.saying import ERR, say, short

if TYPE_CHECKING:
    from woda_lib.workbench.execution.warm import WarmKernels
    from woda_lib.workbench.sweeps.grid import Grid


def unquoted(given: dict[str, str]) -> dict[str, str]:
    """Return what was given with ``-p``, each one value, without quotes that kept it one."""
    from woda_lib.workbench.sweeps.grid import read_values

    return {name: read_values(text, name)[0] for name, text in given.items()}


def grid_of(pilots: list[Pilot], given: dict[str, str], most: int | None) -> Grid | None:
    """Return the grid where any parameter is given several values, else None.

    Raises
    ------
    ParameterError
        If what is given is no value of the parameter, or no sweep of one pilot.
    """
    from woda_lib.workbench.sweeps.grid import MOST, SweepError, read_grid, read_values

    if all(len(read_values(text, name)) == 1 for name, text in given.items()):
        return None
    if len(pilots) != 1:
        raise SweepError("A sweep is of one pilot. Name it: woda run PILOT -p NAME=ONE,TWO")
    return read_grid(pilots[0], given, most=MOST if most is None else most)


def run_grid(grid: Grid, settings: Settings, jobs: int | None, warm: WarmKernels | None) -> None:
    """Run the sweep and say what it found; the exit code is 1 if a scenario failed."""
    from woda_lib.workbench import shown_progress
    from woda_lib.workbench.sweeps.running import run_sweep

    with shown_progress(ERR) as board:

        def on_scenario(number: int, count: int, swept: dict[str, object]) -> None:
            said = ", ".join(f"{name}={value}" for name, value in swept.items())
            say(f"Scenario {number} of {count}: {said}", to=ERR)

        done = run_sweep(
            grid,
            settings=settings,
            on_scenario=on_scenario,
            on_progress=board,
            on_state=board.state,
            side_by_side=jobs,
            warm=warm,
        )
    changing, failed = done.sweep.changing, False
    for scenario in done.sweep.scenarios:
        at = ", ".join(f"{name}={value}" for name, value in scenario.swept.items())
        say(f"{at}{' (base)' if scenario.base else ''}")
        for value in scenario.values:
            if value.name in changing:
                interval = say_interval(value)
                say(f"    {value.name}  {say_amount(value)}{f' ({interval})' if interval else ''}")
        if scenario.message:
            say(f"    failed: {scenario.message}", to=ERR, style="red")
            failed = True
    if same := [name for name in done.sweep.names if name not in changing]:
        say(f"The same in all: {', '.join(same)}")
    say(f"Side by side: {short(done.report)}")
    if failed:
        raise typer.Exit(1)
