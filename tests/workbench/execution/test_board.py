"""What a person at a screen sees of a run, and what a schedule's log says."""

from __future__ import annotations

import re
from io import StringIO

from rich.console import Console

from woda_lib.workbench import Progress, StepState, shown_progress
from woda_lib.workbench.execution.board import say_seconds

CURSOR = re.compile(r"\x1b\[\?25[lh]")
RUN = "2026-11-24T06-00-00-ab12"


class Watch:
    """A clock that stands still until it is told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def shown(*, screen: bool) -> list[str]:
    """A run of four steps: one fresh, one done, one failed, one that needs it."""
    console = Console(file=StringIO(), force_terminal=screen, width=110, color_system=None)
    watch = Watch()
    with shown_progress(console, watch) as board:
        for step, state in (("1_a", "waiting"), ("2_b", "waiting"), ("3_c", "waiting")):
            board.state(StepState("tiny", step, state, expected=(1.0, 9.0)))
        board.state(StepState("tiny", "1_a", "taken over", source=RUN))
        board.state(StepState("tiny", "2_b", "running", expected=(1.0, 9.0)))
        board(Progress("tiny", "2_b", 0, 2))
        watch.now = 4.0
        board(Progress("tiny", "2_b", 1, 2))
        board(Progress("tiny", "2_b", 2, 2))
        board.state(StepState("tiny", "2_b", "done"))
        board(Progress("tiny", "3_c", 0, 2))
        watch.now = 70.0
        board.state(StepState("tiny", "3_c", "dead"))
        board.state(StepState("tiny", "3_c", "failed"))
        board.state(StepState("tiny", "4_d", "not run"))
    return CURSOR.sub("", console.file.getvalue()).splitlines()


def test_a_log_has_a_line_for_whatever_becomes_of_a_step():
    assert shown(screen=False) == [
        f"tiny/1_a: fresh, as run {RUN} made it",
        "tiny/2_b: started, 2 cells",
        "tiny/2_b: all cells done after 4 s",
        "tiny/3_c: started, 2 cells",
        "tiny/3_c: its kernel died, and it is going to be run again",
        "tiny/3_c: failed",
        "tiny/4_d: not run, since it needs what failed",
    ]


def test_a_screen_shows_each_step_in_a_row_with_its_state_cells_and_time():
    rows = {line.split()[0]: " ".join(line.split()) for line in shown(screen=True) if line.strip()}
    assert "fresh" in rows["tiny/1_a"]
    assert rows["tiny/2_b"].endswith("2/2 cells 4 s")
    assert " failed " in rows["tiny/3_c"]
    assert rows["tiny/3_c"].endswith("0/2 cells 1 min 6 s")
    assert "not run" in rows["tiny/4_d"]


def test_what_is_expected_counts_down_and_says_when_it_takes_longer():
    console = Console(file=StringIO(), force_terminal=True, width=110, color_system=None)
    watch = Watch()
    with shown_progress(console, watch) as board:
        board.state(StepState("tiny", "1_a", "running", expected=(2.0, 8.0)))

        def last() -> str:
            with console.capture() as capture:
                console.print(board.drawn())
            return " ".join(capture.get().split())

        assert last().endswith("about 10 s")
        board(Progress("tiny", "1_a", 0, 2))
        watch.now = 3.0
        assert last().endswith("about 7 s left")
        watch.now = 30.0
        assert last().endswith("longer than last time")


def test_times_are_said_as_people_say_them():
    assert [say_seconds(s) for s in (8.4, 200, 3900)] == ["8 s", "3 min 20 s", "1 h 5 min"]
