"""How a run tells a person how far it is: a bar a step, or plain lines where there is no screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from woda_lib.workbench.execution.running import OnProgress, Progress


@contextmanager
def shown_progress(console: Console) -> Iterator[OnProgress]:
    """Give a function that shows on `console` whatever progress it is told."""
    if not console.is_terminal:
        yield _in_lines(console)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("cells"),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=console) as bars:
        yield _in_bars(bars)


def _in_bars(bars: Bars) -> OnProgress:
    tasks: dict[str, int] = {}

    def show(progress: Progress) -> None:
        name = f"{progress.pilot}/{progress.step}"
        if name not in tasks:
            tasks[name] = bars.add_task(name)
        bars.update(tasks[name], completed=progress.done, total=progress.cells)  # type: ignore[arg-type]

    return show


def _in_lines(console: Console, clock: Callable[[], float] = monotonic) -> OnProgress:
    started: dict[str, float] = {}

    def say(text: str) -> None:
        console.print(text, markup=False, highlight=False, soft_wrap=True)

    def show(progress: Progress) -> None:
        name = f"{progress.pilot}/{progress.step}"
        if name not in started:
            started[name] = clock()
            say(f"{name}: started, {progress.cells} cells")
        elif progress.done == progress.cells:
            say(f"{name}: all cells done after {clock() - started[name]:.0f} s")

    return show
