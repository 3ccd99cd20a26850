"""From one new day's files to the finished pack, on a county with years of history.

::

    python -m benchmarks.triage                     the whole county: 600,000 residents
    python -m benchmarks.triage --profile quick     the quick county, while developing
    python -m benchmarks.triage --write             writes the tables into docs/triage.md as well

What the pilot's partners deliver is made once and run once, so that there are identities of
yesterday; both are kept in the folder. Then police deliver a day more, and the pilot's steps up to
the pack are run as a schedule runs them; the pilot's other steps come after it or beside it. The
watch begins with the command and stops at the end of the pack's step, and again when the reports
are written. Some cells mark what was found against the truth of the made-up county, which no real
county has: another process works the marks out, and the cells wait for them. They are run and timed
like all others, and told apart in the table. Then the same cells are run once more, one after
another, for the processor seconds of each, with those of the processes whose answers it takes:
other work on the machine lengthens wall time alone.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
from IPython.core.interactiveshell import InteractiveShell

from benchmarks.contest import ROOT, watched
from benchmarks.marked import write_between_marks
from benchmarks.measure import cores, spent_by_children
from benchmarks.report import machine, markdown
from benchmarks.workbench import environment

PILOT = "domestic_abuse"
STEPS = ("1_link", "2_triage_pack")
AT_MOST = 60.0
"""Seconds from the day's files to the pack, on two processors."""
MARKING = {"1_link": ("quality", "who_is_missed", "lists"), "2_triage_pack": ("flag_shares",)}
"""By step, what the cells show that wait for marks against the truth."""
PAGE = ROOT / "docs" / "triage.md"
_SHOWN = 16


class Place:
    """Where the benchmark keeps its county: as it was yesterday, and the day that comes."""

    def __init__(self, folder: Path, profile: str) -> None:
        self.work, self.kept, self.next = (
            folder / name for name in (profile, f"{profile}_yesterday", f"{profile}_next")
        )
        self.profile = profile
        os.environ |= environment(self.work, self.work / "outputs", profile)

    def make(self) -> None:
        """Make what the pilot's partners deliver, and the next day apart from it."""
        from woda_lib.settings import Settings
        from woda_lib.synthetic import make_day, make_domestic_abuse, next_day

        settings = Settings()
        extracts, truth = settings.extracts_folder, settings.truth_folder
        county = make_domestic_abuse(extracts, truth, profile=self.profile)
        shutil.copytree(extracts, self.next / "extracts", copy_function=os.link)
        day = next_day(extracts)
        for path in make_day(self.next / "extracts", self.next / "truth", day, of=county):
            (self.next / "files" / path.parent.name).mkdir(parents=True, exist_ok=True)
            path.rename(self.next / "files" / path.parent.name / path.name)
        shutil.rmtree(self.next / "extracts")

    def set_up(self) -> None:
        """Make the county and run it once, where that is still to be done; begin from there."""
        if not self.kept.is_dir():
            for folder in (self.work, self.next):
                shutil.rmtree(folder, ignore_errors=True)
            self.in_a_process("make")
            self.in_a_process("run")
            self.work.rename(self.kept)
        shutil.rmtree(self.work, ignore_errors=True)
        shutil.copytree(self.kept, self.work, symlinks=True)

    def deliver(self) -> None:
        """Let police deliver the day."""
        from woda_lib.settings import Settings

        settings = Settings()
        shutil.copytree(self.next / "files", settings.extracts_folder, dirs_exist_ok=True)
        shutil.copytree(self.next / "truth", settings.truth_folder, dirs_exist_ok=True)

    def run(self) -> None:
        """Run the pilot's steps up to the pack, as a schedule does."""
        from woda_lib.records import read_pilots
        from woda_lib.settings import Settings
        from woda_lib.workbench import keys_for_made_up, run_pilots

        settings = Settings()
        whole = read_pilots(settings.parameters_folder)[PILOT]
        steps = tuple(whole.step(name) for name in STEPS)
        asked = [whole.model_copy(update={"steps": steps, "answered_by": STEPS[-1]})]
        keys_for_made_up(asked, settings)
        for _ in run_pilots(asked, settings=settings):
            pass

    def cells(self) -> None:
        """Run the cells of both steps in this process, as drafts, and print what each took."""
        print(json.dumps(list(_by_cell())))

    def in_a_process(self, what: str, *, quiet: bool = False) -> tuple[str, float, float]:
        """Do one of these in a process of its own; return its words, wall and processor seconds."""
        command = [sys.executable, "-m", "benchmarks.triage", "--profile", self.profile]
        command += ["--folder", str(self.work.parent), "--do", what]
        done, seconds, spent = watched(command, quiet=quiet)
        done.check_returncode()
        return done.stdout or "", seconds, spent


def _by_cell() -> Iterator[dict[str, Any]]:
    InteractiveShell.instance()  # without one, nothing that is displayed can be filled in later
    for step in STEPS:
        names: dict[str, Any] = {"__name__": "__main__"}
        for cell in _cells(ROOT / "notebooks" / PILOT / f"{step}.ipynb"):
            if cell.cell_type == "code":
                wall, spent = time.perf_counter(), _spent()
                exec(compile(cell.source, step, "exec"), names)
                yield {
                    "step": step,
                    "cell": cell.source.strip().splitlines()[-1][:60],
                    "marks": _marks(step, cell.source),
                    "processor_seconds": _spent() - spent,
                    "seconds": time.perf_counter() - wall,
                }


def _cells(notebook: Path) -> list[Any]:
    return list(nbformat.read(notebook, as_version=4).cells)


def _marks(step: str, source: str) -> bool:
    """Whether a cell marks against the truth."""
    return any(f'name="{exhibit}"' in source for exhibit in MARKING[step])


def marked_for(events: Iterable[dict[str, Any]], notebooks: Mapping[str, Sequence[Any]]) -> float:
    """Return the seconds of a run in cells that mark against the truth.

    Parameters
    ----------
    events
        Of the run's log, in order: `at, event` and, of a cell that is done, `step, done`.
    notebooks
        By step, the cells that were run.
    """
    seconds, before = 0.0, datetime.max.replace(tzinfo=UTC)
    for event in events:
        at = datetime.fromisoformat(event["at"])
        step = event.get("step")
        if event["event"] == "cell done" and step in notebooks:
            cell = notebooks[step][event["done"] - 1]
            if cell.cell_type == "code" and _marks(step, cell.source):
                seconds += (at - before).total_seconds()
        before = at
    return seconds


def _spent() -> float:
    """Processor seconds of this process and of those that it has waited for."""
    return time.process_time() + spent_by_children()


def measure(place: Place) -> dict[str, Any]:
    """Let one day more be delivered, run, and return what it took."""
    from woda_lib.records import complete_runs, read_manifest
    from woda_lib.settings import Settings

    place.set_up()
    place.deliver()
    load, began = os.getloadavg()[0], datetime.now(UTC)
    _, seconds, spent = place.in_a_process("run")
    newest = complete_runs(Settings().outputs_folder, PILOT)[-1]
    manifest = read_manifest(newest)
    finished = {step.step: step.finished for step in manifest.steps}
    log = (newest.path.parent / "attempt.jsonl").read_text(encoding="utf-8")
    run = {step: _cells(newest.notebook(step)) for step in STEPS}
    marking = marked_for(map(json.loads, log.splitlines()), run)
    news = pd.read_csv(newest.shown("1_link") / "news.csv").set_index("what")["number"]
    place.set_up()  # as it was, so that the cells begin from yesterday too
    place.deliver()
    told, _, _ = place.in_a_process("cells", quiet=True)
    return {
        "load": [load, os.getloadavg()[0]],
        "to_pack": (finished[STEPS[-1]] - began).total_seconds(),
        "marking": marking,
        "steps": {step: manifest.made[step].seconds for step in STEPS},
        "seconds": seconds,
        "processor_seconds": spent,
        "cells": json.loads(told.splitlines()[-1]),
        "news": {str(what): str(number) for what, number in news.items()},
    }


def page(measured: dict[str, Any], profile: str) -> str:
    """Write what was measured."""
    every = pd.DataFrame(measured["cells"])
    spent = every.groupby("marks")["processor_seconds"].sum()
    cells = every.drop(columns="marks").nlargest(_SHOWN, "processor_seconds")
    columns = ["processor_seconds", "seconds"]
    cells = cells.assign(**{name: cells[name].round(1) for name in columns})
    real = measured["to_pack"] - measured["marking"]
    whole, without = ("yes" if each <= AT_MOST else "no" for each in (measured["to_pack"], real))
    begun, ended = measured["load"]
    rows = [
        {
            "what": "From one new day's files to the end of the pack's step, s",
            "found": measured["to_pack"],
        },
        {"what": f"At most {AT_MOST:.0f} s", "found": whole},
        {
            "what": "Of it waiting for marks against the made-up truth, s",
            "found": measured["marking"],
        },
        {"what": "Without them, s", "found": real},
        {"what": f"Without them at most {AT_MOST:.0f} s", "found": without},
        {"what": "Processor seconds of the cells without them", "found": spent[False]},
        {"what": "Processor seconds of the cells that mark", "found": spent[True]},
        *({"what": f"Step {name}, s", "found": s} for name, s in measured["steps"].items()),
        {"what": "The whole run with its reports and the site, s", "found": measured["seconds"]},
        {"what": "Processor seconds of it", "found": measured["processor_seconds"]},
        *({"what": what, "found": number} for what, number in measured["news"].items()),
    ]
    table = pd.DataFrame(rows)
    table["found"] = [x if isinstance(x, str) else f"{x:.1f}" for x in table["found"]]
    return "\n\n".join(
        [
            f"Profile {profile}, {machine()}, {cores()} processors in use; load average "
            f"{begun:.1f} before and {ended:.1f} after.",
            markdown(table),
            "The longest cells, one after another, with what other processes worked out for them:",
            markdown(cells.astype(str)),
        ]
    )


def main() -> None:
    """Measure, and print a page and what it was written from."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--profile", default="county", choices=["quick", "demo", "county"])
    parser.add_argument("--folder", type=Path, default=ROOT / "outputs" / "benchmarks" / "triage")
    parser.add_argument("--write", action="store_true", help=f"write into docs/{PAGE.name}")
    parser.add_argument("--do", choices=["make", "run", "cells"], help=argparse.SUPPRESS)
    asked = parser.parse_args()
    place = Place(asked.folder, asked.profile)
    if asked.do:
        getattr(place, asked.do)()
        return
    measured = measure(place)
    told = page(measured, asked.profile)
    print(told)
    print(json.dumps(measured), file=sys.stderr)
    if asked.write:
        write_between_marks(PAGE, told)


if __name__ == "__main__":
    main()
