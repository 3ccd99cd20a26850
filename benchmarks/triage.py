"""From one new day's files to the finished pack, on a county with years of history.

::

    python -m benchmarks.triage                     the whole county: 600,000 residents
    python -m benchmarks.triage --profile quick     the quick county, while developing

The county is made once, and run once, so that there are identities of yesterday. Then police
deliver a day more, and the pilot's steps up to the pack are run as a schedule runs them. What they
took is read from the run's manifest, cell by cell, and how many pairs were compared from what the
linkage shows. Processor seconds of the whole run are given beside it, because other work on the
machine lengthens wall time alone.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

import nbformat
import pandas as pd

from benchmarks.contest import ROOT, watched
from benchmarks.measure import cores
from benchmarks.report import machine, markdown
from benchmarks.workbench import environment

PILOT = "domestic_abuse"
STEPS = ("1_link", "2_triage_pack")
AT_MOST = 60.0
"""Seconds from the day's files to the pack, on two processors."""
_SHOWN = 12


def woda(*words: str) -> tuple[float, float]:
    """Run a verb in a process of its own, and return wall and processor seconds."""
    done, seconds, spent = watched([sys.executable, "-m", "woda_lib", *words])
    done.check_returncode()
    return seconds, spent


def set_up(folder: Path, profile: str) -> None:
    """Make the county and run it once, where that is still to be done."""
    from woda_lib.records import complete_runs
    from woda_lib.settings import Settings

    os.environ |= environment(folder, folder / "outputs", profile)
    settings = Settings()
    if not settings.extracts_folder.is_dir():
        woda("extracts", "make", "--profile", profile)
    if not complete_runs(settings.outputs_folder, PILOT):
        woda("run", PILOT)


def day(profile: str) -> dict[str, object]:
    """Let one day more be delivered, run, and return what it took."""
    from woda_lib.records import complete_runs, read_manifest
    from woda_lib.settings import Settings

    woda("extracts", "next-day", "--profile", profile)
    seconds, spent = woda("run", PILOT)
    newest = complete_runs(Settings().outputs_folder, PILOT)[-1]
    made = read_manifest(newest).made
    cells = []
    for step in (step for step in STEPS if step in made):
        notebook = nbformat.read(newest.notebook(step), as_version=4)
        cells += [
            {
                "step": step,
                "seconds": cell.metadata.papermill.duration or 0.0,
                "cell": cell.source.splitlines()[-1][:60],
            }
            for cell in notebook.cells
            if cell.cell_type == "code" and cell.source.strip()
        ]
    news = pd.read_csv(newest.shown("1_link") / "news.csv").set_index("what")["number"]
    return {
        "steps": {step: made[step].seconds for step in STEPS if step in made},
        "run_seconds": seconds,
        "processor_seconds": spent,
        "cells": cells,
        "news": {str(what): str(number) for what, number in news.items()},
    }


def page(measured: dict[str, object], profile: str) -> str:
    """Write what was measured."""
    steps: dict[str, float] = measured["steps"]  # type: ignore[assignment]
    news: dict[str, str] = measured["news"]  # type: ignore[assignment]
    cells = pd.DataFrame(measured["cells"]).nlargest(_SHOWN, "seconds")
    cells = cells.assign(seconds=cells["seconds"].round(1))
    whole = sum(steps.values())
    done = "to the pack" if STEPS[-1] in steps else "to the links"
    met = "yes" if whole <= AT_MOST else "no"
    rows = [
        {"what": f"From one new day's files {done}, s", "found": f"{whole:.1f}"},
        {"what": f"At most {AT_MOST:.0f} s", "found": met if len(steps) == len(STEPS) else "-"},
        *({"what": f"Step {name}, s", "found": f"{took:.1f}"} for name, took in steps.items()),
        {"what": "The run with its reports, s", "found": f"{measured['run_seconds']:.1f}"},
        {"what": "Processor seconds of it", "found": f"{measured['processor_seconds']:.1f}"},
        *({"what": what, "found": number} for what, number in news.items()),
    ]
    told = f"The {profile} county, {machine()}, {cores()} processors in use; load before "
    return "\n\n".join(
        [
            f"{told}{os.getloadavg()[0]:.1f}.",
            markdown(pd.DataFrame(rows)),
            "The longest cells:",
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
    asked = parser.parse_args()
    set_up(asked.folder, asked.profile)
    measured = day(asked.profile)
    print(page(measured, asked.profile))
    print(json.dumps(measured), file=sys.stderr)


if __name__ == "__main__":
    main()
