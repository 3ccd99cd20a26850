"""Progress on a screen is a bar a step; elsewhere it is plain lines."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from woda_lib.workbench import Progress, shown_progress

TOLD = [Progress("tiny", step, done, 2) for step in ("1_count", "2_double") for done in (0, 1, 2)]


def shown(*, screen: bool) -> str:
    console = Console(file=StringIO(), force_terminal=screen, width=100, color_system=None)
    with shown_progress(console) as on_progress:
        for progress in TOLD:
            on_progress(progress)
    return console.file.getvalue()


def test_without_a_screen_a_step_is_two_plain_lines():
    assert shown(screen=False).splitlines() == [
        "tiny/1_count: started, 2 cells",
        "tiny/1_count: all cells done after 0 s",
        "tiny/2_double: started, 2 cells",
        "tiny/2_double: all cells done after 0 s",
    ]


def test_on_a_screen_every_step_has_a_full_bar_at_the_end():
    last = [line for line in shown(screen=True).splitlines() if "cells" in line][-2:]
    for line, name in zip(last, ("tiny/1_count", "tiny/2_double"), strict=True):
        assert name in line
        assert "2/2 cells" in line
