"""How far a linkage is: its stages, on a bar in a terminal, and nowhere that nobody looks.

A stage is announced by whoever begins it, with `stage`. Whether anybody is told is decided once,
where a linkage begins.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

Stage = Literal["standardise", "block", "compare", "fit", "score", "cluster"]
STAGES: tuple[Stage, ...] = get_args(Stage)
Announce = Callable[[Stage], None]


def _nobody(name: Stage) -> None:
    pass


_announce: ContextVar[Announce] = ContextVar("announce", default=_nobody)


def stage(name: Stage) -> None:
    """Say that a stage begins; the one before has ended."""
    _announce.get()(name)


@contextmanager
def shown_stages(progress: bool | None, console: Console | None = None) -> Iterator[None]:
    """Show the stages of the linkage inside.

    Parameters
    ----------
    progress
        Whether to show them; ``None`` shows them in a terminal only. In a scheduled run nothing
        is ever shown, because only what passed the disclosure gate may stand in its output.
    console
        Where to; by default the standard error, or the output of a notebook's cell.
    """
    if progress is False or (progress is None and console is None and not _in_a_terminal()):
        with _announced(_nobody):
            yield
        return
    # Here, so that a script which shows nothing need not wait for them.
    from rich.console import Console

    from woda_lib.settings import in_a_run

    console = console or Console(stderr=True)
    wanted = progress or (console.is_terminal and not console.is_jupyter)
    if not wanted or in_a_run():
        with _announced(_nobody):
            yield
    elif console.is_terminal or console.is_jupyter:
        with _bar(console) as bar, _announced(_on(bar)):
            yield
            bar.update(bar.task_ids[0], completed=len(STAGES), description="Linked")
    else:
        with _announced(lambda name: _say(console, name)):
            yield


def _in_a_terminal() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()  # a program without a window has none


@contextmanager
def _announced(announce: Announce) -> Iterator[None]:
    token = _announce.set(announce)
    try:
        yield
    finally:
        _announce.reset(token)


def _bar(console: Console) -> Progress:
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (
        TextColumn("{task.description:<20}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("stages"),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=console)


def _on(bar: Progress) -> Announce:
    task = bar.add_task("Linking", total=len(STAGES))

    def show(name: Stage) -> None:
        bar.update(task, completed=STAGES.index(name), description=f"Linking: {name}")
        bar.refresh()

    return show


def _say(console: Console, name: Stage) -> None:
    console.print(f"Linking: {name} ({STAGES.index(name) + 1} of {len(STAGES)})", highlight=False)
