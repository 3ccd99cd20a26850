"""Running a sweep: scenarios apart from runs, shared work done once, and what readers get."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys

import pytest

from tests.workbench.bench import COUNT, DOUBLE, Bench, kernels_of_this_worker
from woda_lib.records import (
    RunFolder,
    Sweep,
    complete_runs,
    every_run,
    read_manifest,
)
from woda_lib.workbench.sweeps.grid import read_grid
from woda_lib.workbench.sweeps.running import CompleteSweep, SweepFailed, run_sweep


def sweep(bench: Bench, **given: str) -> CompleteSweep:
    warm = kernels_of_this_worker()
    return run_sweep(read_grid(bench.pilot, given), settings=bench.settings, warm=warm)


def values(done: CompleteSweep, name: str) -> dict[object, float | None]:
    [swept] = done.sweep.swept
    return {each.swept[swept]: each.value(name).value for each in done.sweep.scenarios}


def made_by(done: CompleteSweep, step: str) -> list[str]:
    """The run that executed a step, for each scenario."""
    runs = [each.run_id for each in done.sweep.scenarios]
    return [read_manifest(RunFolder(done.folder / run)).made[step].run_id for run in runs]


def test_each_scenario_is_a_whole_run_apart_and_what_is_shared_is_run_once(bench):
    before = bench.run()
    done = sweep(bench, factor="2,2.5,3")
    assert values(done, "doubled") == {2.0: 6.0, 2.5: 7.5, 3.0: 9.0}
    assert [each.base for each in done.sweep.scenarios] == [True, False, False]

    # The pilot's own answer is what it was, and nothing of the sweep lies among its runs.
    assert bench.runs() == [before.folder.path.name, "sweeps"]
    [run] = complete_runs(bench.settings.outputs_folder, "tiny")
    assert run == before.folder
    assert len(every_run(bench.settings.outputs_folder, "tiny")) == 4
    front = (bench.root / "outputs/site/index.html").read_text()
    assert done.sweep.sweep_id not in front

    for each in done.sweep.scenarios:
        folder = RunFolder(done.folder / each.run_id)
        assert read_manifest(folder).parameters["factor"] == each.swept["factor"]
        for step in ("1_count", "2_double"):
            page = folder.report(step).read_text(encoding="utf-8")
            for target in re.findall(r'href="([^"#:]+\.html)', page):
                assert (folder.path / target).is_file(), target
    # The first step does not use the factor: all take it over from the pilot's last run. The base
    # takes the second over too.
    assert made_by(done, "1_count") == [before.manifest.run_id] * 3
    base, *others = made_by(done, "2_double")
    assert base == before.manifest.run_id
    assert others == [each.run_id for each in done.sweep.scenarios[1:]]


def test_without_an_earlier_run_a_shared_step_is_run_by_the_first_scenario(bench):
    done = sweep(bench, factor="3,4")
    first = done.sweep.scenarios[0].run_id
    assert made_by(done, "1_count") == [first] * 3
    assert complete_runs(bench.settings.outputs_folder, "tiny") == []
    after = bench.run()
    assert (
        after.manifest.made["1_count"].run_id == after.manifest.run_id
    )  # a run owes a sweep nothing


def test_the_report_compares_the_scenarios_and_the_csv_holds_the_same(bench):
    done = sweep(bench, factor="2,3")
    page = done.report.read_text(encoding="utf-8")
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2]))
    assert "what if factor were different?" in text
    assert "2 (base) Report of 2 6.0 days 5.0 to 7.0 base" in text
    assert "3 Report of 3 9.0 days 8.0 to 10.0 +3.0 days" in text
    assert "The same in every scenario: count 3.0 days (2.0 to 4.0)." in text
    assert "synthetic" in page and "http-equiv" in page
    for each in done.sweep.scenarios:
        assert f'href="{each.run_id}/2_double.html"' in page
    for target in re.findall(r'href="([^"#:]+)"', page):
        if not target.startswith("../../../site/"):  # the site's own, which a run builds
            assert (done.folder / target).exists(), target
    rows = list(csv.DictReader((done.folder / "values.csv").open(encoding="utf-8")))
    assert [(row["factor"], row["name"], row["value"], row["difference"]) for row in rows] == [
        ("2.0", "count", "3.0", "0.0"),
        ("2.0", "doubled", "6.0", "0.0"),
        ("3.0", "count", "3.0", "0.0"),
        ("3.0", "doubled", "9.0", "3.0"),
    ]
    assert (done.folder / "doubled.svg").read_text().startswith("<svg")
    assert not (done.folder / "count.svg").exists()  # it is the same everywhere
    assert Sweep.model_validate(json.loads((done.folder / "sweep.json").read_text())) == done.sweep
    assert str(bench.root) not in page
    listed = (done.folder.parent / "site" / "index.html").read_text(encoding="utf-8")
    assert f'href="../{done.sweep.sweep_id}/index.html"' in listed


def test_two_parameters_are_compared_as_a_grid(bench):
    done = sweep(bench, factor="2,3", start="3,4")
    found = {(e.swept["factor"], e.swept["start"]): e.value("doubled").value
             for e in done.sweep.scenarios}  # fmt: skip
    assert found == {(2.0, 3): 6.0, (2.0, 4): 8.0, (3.0, 3): 9.0, (3.0, 4): 12.0}
    # Each count is made once, though two scenarios rest on it.
    assert len(set(made_by(done, "1_count"))) == 2
    drawing = (done.folder / "doubled.svg").read_text()
    assert "Start 3" in drawing and "Start 4" in drawing


def fail_at_three(bench: Bench) -> None:
    cell = 'if factor == 3:\n    raise ValueError("no third way")'
    bench.write_notebook("2_double", [*DOUBLE[:3], cell, *DOUBLE[3:]])


def test_a_scenario_that_fails_keeps_no_other_from_being_compared(bench):
    fail_at_three(bench)
    done = sweep(bench, factor="2,3,4")
    assert [bool(each.run_id) for each in done.sweep.scenarios] == [True, False, True]
    assert "no third way" in done.sweep.scenarios[1].message
    page = done.report.read_text(encoding="utf-8")
    assert "<b>Failed:</b> tiny stopped in step 2_double" in page
    assert [path.name for path in done.folder.iterdir() if path.name.startswith(".")] == []


def test_a_sweep_of_which_nothing_succeeds_leaves_nothing(bench):
    bench.write_notebook("1_count", [*COUNT[:3], "1 / 0", *COUNT[3:]])
    with pytest.raises(SweepFailed, match="None of the 2 scenarios"):
        sweep(bench, factor="2,3")
    assert list((bench.root / "outputs/tiny/sweeps").iterdir()) == []


def test_a_killed_sweep_is_not_seen_and_is_cleared_by_the_next(bench):
    cell = (
        "import time\nimport psutil\nif factor == 3:\n"
        "    for parent in psutil.Process().parents():\n"
        "        if 'factor=2,3' in parent.cmdline():\n"
        "            parent.kill()\n"
        "    time.sleep(60)"
    )
    bench.write_notebook("2_double", [*DOUBLE[:3], cell, *DOUBLE[3:]])
    command = [sys.executable, "-m", "woda_lib", "run", "tiny", "-p", "factor=2,3"]
    killed = subprocess.run(command, env=bench.environment, capture_output=True, check=False)
    assert killed.returncode < 0
    home = bench.root / "outputs/tiny/sweeps"
    assert [path.name for path in home.iterdir() if not path.name.startswith(".")] == []
    assert complete_runs(bench.settings.outputs_folder, "tiny") == []
    bench.write_notebook("2_double", DOUBLE)
    done = sweep(bench, factor="2,3")
    left = {path.name for path in home.iterdir()}
    assert left == {done.sweep.sweep_id, "site"}
