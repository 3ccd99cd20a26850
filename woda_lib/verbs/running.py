"""`woda run` and `woda status`: pilots are run, and what each found is said."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import indent
from typing import TYPE_CHECKING, Any

from woda_lib.records import (
    Manifest,
    Pilot,
    RunFolder,
    say_amount,
    say_interval,
    say_unexpected,
    unexpected,
)
from woda_lib.verbs.saying import ERR, say, say_aligned, short

if TYPE_CHECKING:
    from woda_lib.workbench import CompleteRun
    from woda_lib.workbench.review.index import IndexedRun


def run_and_say(
    asked: list[Pilot],
    *,
    on_complete: Callable[[CompleteRun], None] = lambda done: None,
    **how: Any,
) -> None:
    """Run pilots as `run_pilots` does, showing progress, and say what each complete one found.

    `on_complete` is told of each as it is complete, also where another fails later.
    """
    from woda_lib.workbench import run_pilots, shown_progress

    complete: dict[str, CompleteRun] = {}
    try:
        with shown_progress(ERR) as board:
            for done in run_pilots(
                asked,
                on_progress=board,
                on_state=board.state,
                on_wait=lambda sentence: say(sentence, to=ERR),
                **how,
            ):
                complete[done.manifest.pilot] = done
                on_complete(done)
    finally:  # what succeeded is said also where another pilot failed
        for pilot in asked:
            if pilot.pilot in complete:
                say_run(pilot, complete[pilot.pilot].folder, complete[pilot.pilot].manifest)
        if complete:
            say(f"All reports: {short(next(iter(complete.values())).site)}")


def say_run(
    pilot: Pilot, folder: RunFolder, manifest: Manifest | IndexedRun, standing: str = ""
) -> None:
    """Say what a run found: its answer, its values, and where the report is."""
    from woda_lib.workbench.review.answers import answer_paragraphs

    say(f"{pilot.pilot}: {pilot.question}")
    say(f"  {manifest.finished.astimezone():%-d %B %Y, %H:%M}, on {manifest.extracts}")
    for paragraph in answer_paragraphs(manifest.answer):
        say(f"  {paragraph.striptags()}")
    if standing:
        say(indent(standing, "  "))
    values = []
    for value in manifest.values.values():
        interval = say_interval(value)
        amount = say_amount(value)
        values.append((value.name, f"{amount} ({interval})" if interval else amount))
    say_aligned("Values", values)
    # By the ranges of today: a run that still stands may be older than they are.
    for found in unexpected(pilot.expected, manifest.values):
        say(f"  Not as expected: {say_unexpected(found)}", style="yellow")
    say(f"  Report: {short(folder.report(pilot.answered_by))}\n")
