"""A full run of the workbench, beside plain papermill over the same notebooks one after another.

::

    python -m benchmarks.workbench                     the demo county, three rounds
    python -m benchmarks.workbench --profile quick     the quick county, while developing
    python -m benchmarks.workbench --write             writes docs/workbench_benchmark.md as well

Run it on a machine that does nothing else. Both take turns (A B A B …), each in a process of its
own over a folder of outputs that is empty. Ours is ``woda run`` as a schedule calls it: it plans,
runs, looks at every output, renders reports, writes manifests and builds the site. The peer is one
process that calls `papermill.execute_notebook` for each notebook, which does none of that. Both
have linkage's compiled code in the cache, from a run that does not count.

*Overhead* is what a step takes beyond the work of its cells, from asking for a kernel to its end,
on average over the steps. Importing the libraries is overhead wherever it happens: within the cell
that calls `begin`, what exceeds the least that either took for that cell counts as such.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd

from benchmarks.contest import ROOT, Bar, Contender, Contest, Outcome, run
from benchmarks.measure import versions
from benchmarks.report import by_round, conditions, markdown, spread

PAGE = ROOT / "docs" / "workbench_benchmark.md"
PACKAGES = ("papermill", "nbclient", "ipykernel", "numba", "pandas")
OURS, PEER = "workbench", "papermill"
BARS = [
    (Bar("seconds", OURS, PEER, at_most=0.8), "whole run"),
    (Bar("overhead", OURS, PEER, at_most=1 / 3), "overhead a step"),
]
TODAY = "2026-11-23"


def steps() -> list[Path]:
    """Every notebook, in the order in which steps build on each other."""
    found = (ROOT / "notebooks").rglob("*.ipynb")
    return sorted(path for path in found if ".ipynb_checkpoints" not in path.parts)


def environment(folder: Path, outputs: Path, profile: str) -> dict[str, str]:
    """Where this benchmark keeps its county and its results, apart from anybody's own."""
    return {
        "WODA_ROOT": str(ROOT),
        "WODA_DATA": str(folder / "data"),
        "WODA_KEYS": str(folder / "keys"),
        "WODA_OUTPUTS": str(outputs),
        "WODA_PROFILE": profile,
        "WODA_TODAY": TODAY,
    }


def set_up(folder: Path, profile: str) -> None:
    """Make the county and its keys, where they are missing."""
    from woda_lib.records import read_pilots
    from woda_lib.settings import Settings
    from woda_lib.workbench import county_is_missing, keys_for_made_up, make_county

    os.environ |= environment(folder, folder / "none", profile)
    settings = Settings()
    if county_is_missing(settings):
        make_county(settings, profile)
    keys_for_made_up(read_pilots(settings.parameters_folder).values(), settings)


def ours(outputs: Path) -> list[dict[str, Any]]:
    """Run everything as a schedule would, and return what each step took."""
    from typer.main import get_command

    from woda_lib.cli import app
    from woda_lib.records import complete_runs, read_manifest

    if code := get_command(app).main(["run"], prog_name="woda", standalone_mode=False):
        sys.exit(code)
    measured = []
    for pilot in sorted({path.parent.name for path in steps()}):
        [folder] = complete_runs(outputs, pilot)
        for step, made in read_manifest(folder).made.items():
            notebook = nbformat.read(folder.notebook(step), as_version=4)
            measured.append(taken(f"{pilot}/{step}", notebook, made.seconds))
    return measured


def peer(outputs: Path) -> list[dict[str, Any]]:
    """Execute the notebooks one after another with papermill, and return what each took."""
    import papermill

    measured = []
    for path in steps():
        target = outputs / f"{path.stem}.ipynb"
        began = time.perf_counter()
        notebook = papermill.execute_notebook(
            path, target, kernel_name="python3", cwd=path.parent, progress_bar=False
        )
        seconds = time.perf_counter() - began
        measured.append(taken(f"{path.parent.name}/{path.stem}", notebook, seconds))
    return measured


def taken(step: str, notebook: Any, seconds: float) -> dict[str, Any]:
    """What a step took: in all, in its cells, and in the one that calls `begin`."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    durations = [cell.metadata.papermill.duration or 0.0 for cell in cells]
    begins = [i for i, cell in enumerate(cells) if "begin(" in cell.source]
    return {
        "step": step,
        "seconds": seconds,
        "cells": sum(durations),
        "begin": durations[begins[0]],
    }


def overheads(rounds: pd.DataFrame) -> pd.DataFrame:
    """Return, for each round and contender, the mean overhead of a step in seconds.

    Parameters
    ----------
    rounds : DataFrame
        ``round``, ``contender``, ``step``, ``seconds``, ``cells``, ``begin``.
    """
    least = rounds.groupby("step")["begin"].transform("min")
    beyond = rounds["seconds"] - rounds["cells"] + rounds["begin"] - least
    means = beyond.groupby([rounds["round"], rounds["contender"]]).mean()
    return means.rename("overhead").reset_index()


def measure(contender: str, folder: Path, profile: str) -> None:
    """Run one contender in this process, and print what it took as a line of JSON."""
    outputs = folder / contender
    shutil.rmtree(outputs, ignore_errors=True)
    outputs.mkdir(parents=True)
    os.environ |= environment(folder, outputs, profile)
    found = {OURS: ours, PEER: peer}[contender](outputs)
    print(json.dumps({"steps": found, "versions": versions(*PACKAGES)}))


def hold(folder: Path, profile: str, rounds: int) -> tuple[Outcome, pd.DataFrame]:
    """Let both take turns; return the outcome, and the steps of every round."""
    command = [sys.executable, "-m", "benchmarks.workbench", "--folder", str(folder)]
    command += ["--profile", profile, "--contender"]
    contenders = [Contender(name, [*command, name], whole=True) for name in (OURS, PEER)]
    run(contenders[0])  # compiles and caches, for both
    whole, parts, packages = [], [], {}
    for turn in range(rounds):
        for contender in contenders:
            measured = run(contender)
            packages |= measured["versions"]
            told = f"{contender.name} took {measured['seconds']:.1f} s"
            print(told, file=sys.stderr, flush=True)
            here = {"round": turn, "contender": contender.name}
            times = {name: measured[name] for name in ("seconds", "cpu_seconds")}
            whole.append(here | times)
            parts += [here | step for step in measured["steps"]]
    steps_taken = pd.DataFrame(parts)
    table = pd.DataFrame(whole).merge(overheads(steps_taken), on=["round", "contender"])
    contest = Contest(
        f"the {profile} county", 0, "", contenders, [bar for bar, _ in BARS], same_pairs=False
    )
    return Outcome(contest, table, packages), steps_taken


def page(outcome: Outcome, steps_taken: pd.DataFrame, told: str) -> str:
    """Write what was asked and found, and what was measured."""
    asked = []
    for bar, what in BARS:
        found = by_round(outcome, bar)
        assert bar.at_most is not None
        asked.append(
            {
                "measured": f"{what}, {bar.one} ÷ {bar.other}",
                "found": spread(found),
                "asked": f"at most {bar.at_most:.2g}",
                "met": "yes" if found.median() <= bar.at_most else "no",
            }
        )
    rows = [
        {
            "by": str(name),
            "seconds": spread(each["seconds"]),
            "processor s": spread(each["cpu_seconds"]),
            "overhead a step, s": spread(each["overhead"]),
        }
        for name, each in outcome.rows.groupby("contender", sort=False)
    ]
    by_step = [
        {"step": str(step), "by": str(name)}
        | {what: spread(each[what]) for what in ("seconds", "cells", "begin")}
        for (step, name), each in steps_taken.groupby(["step", "contender"], sort=False)
    ]
    how = (__doc__ or "").partition("Run it on")[2]
    return "\n\n".join(
        [
            "# How fast a full run is, beside plain papermill",
            "This page is written by the command below; run it again rather than edit.",
            told,
            markdown(pd.DataFrame(asked)),
            "## What was measured",
            markdown(pd.DataFrame(rows)),
            markdown(pd.DataFrame(by_step).sort_values(["step", "by"])),
            "## How",
            f"Run it on{how}".strip(),
        ]
    )


def main() -> None:
    """Hold the contest, and print the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--profile", default="demo", choices=["quick", "demo", "county"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=ROOT / "outputs" / "benchmarks" / "runs")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name} in docs/")
    parser.add_argument("--contender", choices=[OURS, PEER], help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.contender:
        measure(asked.contender, asked.folder, asked.profile)
        return
    load = os.getloadavg()[0]
    set_up(asked.folder, asked.profile)
    outcome, steps_taken = hold(asked.folder, asked.profile, asked.rounds)
    command = " ".join(["python -m benchmarks.workbench", *sys.argv[1:]])
    written = page(outcome, steps_taken, conditions([outcome], command, asked.rounds, load))
    if asked.write:
        PAGE.write_text(written + "\n", encoding="utf-8")
    print(written)


if __name__ == "__main__":
    main()
