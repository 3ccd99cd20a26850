"""How far a run is, for a person: a live table of steps, or lines where there is no screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic

from rich.bar import Bar
from rich.console import Console, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from woda_lib.workbench.execution.progress import Progress, State, StepState

_LOOKS: dict[State, str] = {
    "waiting": "dim",
    "running": "bold",
    "dead": "yellow",
    "done": "green",
    "taken over": "dim",
    "failed": "bold red",
    "not run": "dim",
}
_SAID: dict[State, str] = {"dead": "died, again soon", "taken over": "fresh"}
_WIDTH = 20
"""Of a bar, in characters."""


class Board:
    """Told of cells when it is called, and of steps by `state`."""

    def __call__(self, progress: Progress) -> None:
        """Show how many cells of a step are done."""
        raise NotImplementedError

    def state(self, state: StepState) -> None:
        """Show what has become of a step."""
        raise NotImplementedError


@contextmanager
def shown_progress(console: Console, clock: Callable[[], float] = monotonic) -> Iterator[Board]:
    """Give something that shows on `console` whatever it is told."""
    if not console.is_terminal:
        yield _Lines(console, clock)
        return
    table = _Table(clock)
    with Live(get_renderable=table.drawn, console=console, refresh_per_second=4):
        yield table


@dataclass
class _Row:
    """A step, as the table shows it."""

    state: State = "running"
    done: int = 0
    cells: int = 0
    expected: tuple[float, ...] = ()
    began: float | None = None
    ended: float | None = None

    def elapsed(self, now: float) -> str:
        if self.began is None:
            return ""
        return say_seconds((self.ended or now) - self.began)

    def left(self, now: float) -> str:
        """About how long it still takes, by what its cells took before."""
        total = sum(self.expected)
        if not total or self.state not in ("running", "waiting"):
            return ""
        if self.began is None:
            return f"about {say_seconds(total)}"
        left = max(0.0, total - (now - self.began))
        return f"about {say_seconds(left)} left" if left else "longer than last time"

    def part(self) -> float:
        """How much of it is done, by time where the cells' times are known."""
        if not self.cells:
            return 1.0 if self.state == "taken over" else 0.0
        if len(self.expected) == self.cells and (total := sum(self.expected)):
            return sum(self.expected[: self.done]) / total
        return self.done / self.cells


@dataclass
class _Table(Board):
    """Pilots' steps, one a row."""

    clock: Callable[[], float]
    rows: dict[str, _Row] = field(default_factory=dict)

    def __call__(self, progress: Progress) -> None:
        row = self.rows.setdefault(f"{progress.pilot}/{progress.step}", _Row())
        row.done, row.cells = progress.done, progress.cells
        if progress.done == 0:
            row.began, row.ended = self.clock(), None
        if progress.done == progress.cells:
            row.ended = self.clock()

    def state(self, state: StepState) -> None:
        row = self.rows.setdefault(f"{state.pilot}/{state.step}", _Row())
        row.state, row.expected = state.state, state.expected
        if row.began is not None and state.state in ("failed", "dead"):
            row.ended = self.clock()

    def drawn(self) -> RenderableType:
        """The table as it is now."""
        now = self.clock()
        table = Table.grid(padding=(0, 2))
        for name, row in list(self.rows.items()):
            table.add_row(
                name,
                Text(_SAID.get(row.state, row.state), style=_LOOKS[row.state]),
                Bar(1, 0, row.part(), width=_WIDTH),
                f"{row.done}/{row.cells} cells" if row.cells else "",
                row.elapsed(now),
                row.left(now),
            )
        return table


@dataclass
class _Lines(Board):
    """A line when a step starts, and one when it ends in whatever way."""

    console: Console
    clock: Callable[[], float]
    started: dict[str, float] = field(default_factory=dict)

    def __call__(self, progress: Progress) -> None:
        name = f"{progress.pilot}/{progress.step}"
        if progress.done == 0:
            self.started[name] = self.clock()
            self._say(f"{name}: started, {progress.cells} cells")
        elif progress.done == progress.cells:
            elapsed = self.clock() - self.started[name]
            self._say(f"{name}: all cells done after {elapsed:.0f} s")

    def state(self, state: StepState) -> None:
        name = f"{state.pilot}/{state.step}"
        match state.state:
            case "taken over":
                self._say(f"{name}: fresh, as run {state.source} made it")
            case "dead":
                self._say(f"{name}: its kernel died, and it is going to be run again")
            case "failed":
                self._say(f"{name}: failed")
            case "not run":
                self._say(f"{name}: not run, since it needs what failed")

    def _say(self, text: str) -> None:
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)


def say_seconds(seconds: float) -> str:
    """Say a time as a person would: 8 s, 3 min 20 s, 1 h 5 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
