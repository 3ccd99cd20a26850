"""A step fails: what else goes on, what is kept for whom, and where the next run takes up."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from typing import Any

import nbformat
import pytest

from tests.workbench.bench import COUNT, DOUBLE, HAND, PILOT, Bench, kernels_of_this_worker
from tests.workbench.execution.chaos import attempt
from tests.workbench.planning.county import County
from woda_lib.records import read_manifest, read_pilot
from woda_lib.workbench import (
    CellError,
    CellHung,
    CompleteRun,
    KernelDied,
    OutOfMemory,
    StepState,
    run_pilots,
)
from woda_lib.workbench.execution import attempting
from woda_lib.workbench.execution.kept import MARK

PERSON = "Smith"


def with_another_pilot(bench: Bench) -> list:
    """The tiny pilot, and another like it whose name is later in the alphabet."""
    text = (bench.root / "parameters" / "tiny.yaml").read_text(encoding="utf-8")
    other = bench.write("parameters/zebra.yaml", text.replace("pilot: tiny", "pilot: zebra"))
    for step in ("1_count", "2_double"):
        notebook = (bench.root / "notebooks" / "tiny" / f"{step}.ipynb").read_text("utf-8")
        bench.write(f"notebooks/zebra/{step}.ipynb", notebook)
    return [bench.pilot, read_pilot(other)]


def broken(cells: list) -> list:
    """The cells of a step with one in the middle that fails, having shown a row."""
    return [*cells[:4], "person = 'Smi' + 'th'\nprint(person)\n{}[person]", *cells[4:]]


def of_the_bench(bench: Bench, **how: Any) -> Iterator[CompleteRun]:
    """Its own pilot's run, told or asked for as `run_pilots` says."""
    warm = kernels_of_this_worker()
    return run_pilots([bench.pilot], settings=bench.settings, warm=warm, **how)


def test_the_other_pilot_goes_on_and_the_next_run_takes_up_after_the_last_finished_step(bench):
    pilots = with_another_pilot(bench)
    bench.write_notebook("2_double", broken(DOUBLE))
    runs = run_pilots(pilots, settings=bench.settings, warm=kernels_of_this_worker())
    assert next(runs).manifest.pilot == "zebra"
    with pytest.raises(CellError) as caught:
        next(runs)
    [note] = caught.value.__notes__
    assert note.startswith("1_count is finished, and will not be run again if nothing changes.")

    said = attempt(bench)
    assert (said.outcome, said.steps["1_count"].state) == ("failed", "done")
    assert said.steps["2_double"].state == "failed"
    assert "at cell 5" in said.message
    assert PERSON not in said.model_dump_json()
    assert str(bench.root) not in said.model_dump_json()
    [hidden] = bench.runs()
    assert hidden == f".{said.run_id}.partial"
    assert said.notebook == f"data/failures/tiny/{said.run_id}/2_double.ipynb"
    kept = bench.root / said.notebook
    assert said.notebook in str(caught.value)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    cells = nbformat.read(kept, as_version=4).cells
    [mark] = [i for i, cell in enumerate(cells) if MARK in cell.metadata.get("tags", ())]
    assert "print(person)" in cells[mark + 1].source
    assert cells[mark + 1].outputs[0].text == "Smith\n"  # a row: that is why it is kept apart

    bench.write_notebook("2_double", DOUBLE)
    manifest = bench.run().manifest
    assert manifest.made["1_count"].run_id == said.run_id
    assert manifest.made["2_double"].run_id == manifest.run_id
    assert bench.runs() == [manifest.run_id]
    assert attempt(bench).outcome == "complete"
    assert [o.state for o in attempt(bench).steps.values()] == ["taken over", "done"]
    assert not kept.exists()


def test_a_step_that_needs_the_failed_one_is_not_run_and_the_log_tells_what_happened(bench):
    states: list[StepState] = []
    bench.write_notebook("1_count", broken(COUNT))
    with pytest.raises(CellError):
        list(of_the_bench(bench, on_state=states.append))
    assert [(each.step, each.state) for each in states] == [
        ("1_count", "waiting"), ("2_double", "waiting"), ("1_count", "running"),
        ("1_count", "failed"), ("2_double", "not run"),
    ]  # fmt: skip
    text = (bench.root / "outputs" / "tiny" / "attempt.jsonl").read_text(encoding="utf-8")
    events = [json.loads(line) for line in text.splitlines()]
    assert [each["event"] for each in events] == [
        "started", "step started", *["cell done"] * 5, "step ended", "ended",
    ]  # fmt: skip
    assert PERSON not in text


def test_an_interrupted_run_keeps_what_is_finished(bench):
    def stop(told: StepState) -> None:
        if told.state == "done":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(of_the_bench(bench, on_state=stop))
    said = attempt(bench)
    assert said.outcome == "interrupted"
    assert [outcome.state for outcome in said.steps.values()] == ["done", "not run"]
    assert bench.run().manifest.made["1_count"].run_id == said.run_id


def test_a_second_run_of_a_fresh_pilot_makes_none_and_again_makes_one(bench):
    first = bench.run()
    assert (first.new, first.manifest.made["1_count"].reasons) == (True, ("never run",))
    assert first.manifest.author
    assert len(first.manifest.made["1_count"].cell_seconds) == 7
    second = bench.run()
    assert (second.new, second.folder) == (False, first.folder)
    assert bench.runs() == [first.manifest.run_id]
    third = bench.run({"factor": 3})
    assert third.manifest.made["1_count"].run_id == first.manifest.run_id
    assert third.manifest.made["2_double"].reasons == ("factor 2 → 3",)
    [again] = of_the_bench(bench, again=True)
    assert {made.run_id for made in again.manifest.made.values()} == {again.manifest.run_id}


def test_a_kernel_that_died_is_tried_again_and_a_cell_that_fails_is_not(bench, monkeypatch):
    monkeypatch.setattr(attempting, "PAUSES", (0.1, 0.1))
    tries = bench.root / "tries.txt"
    die_twice = (
        f"import os\nwith open({str(tries)!r}, 'a') as file:\n    file.write('x') and None\n"
        f"if os.path.getsize({str(tries)!r}) < 3:\n    os.kill(os.getpid(), 9)"
    )
    bench.ask_one_step("# How many?", HAND, die_twice, "finish('1_only', {}, 'Three.')")
    assert bench.run().manifest.answer == "Three."
    assert tries.read_text() == "xxx"

    tries.unlink()
    fail = die_twice.replace("os.kill(os.getpid(), 9)", "raise ValueError")
    bench.ask_one_step("# How many?", HAND, fail, "finish('1_only', {}, 'Three.')")
    with pytest.raises(CellError):
        bench.run()
    assert tries.read_text() == "x"


@pytest.mark.parametrize(
    ("source", "limits", "kind", "said"),
    [
        ("import time\ntime.sleep(600)", {"cell_minutes": 0.05}, CellHung, "than 0.05 minutes"),
        (
            "import time\nx = bytearray(700_000_000)\ntime.sleep(600)",
            {"memory_gb": 0.5},
            OutOfMemory,
            r"more memory than the step may have \(0.5 GB\)",
        ),
        ("import os\nos.kill(os.getpid(), 11)", {}, KernelDied, r"crashed \(SIGSEGV\)"),
        ("import os\nos.kill(os.getpid(), 9)", {}, KernelDied, r"from outside \(SIGKILL\)"),
        ("raise MemoryError", {}, CellError, "MemoryError: \n.*\nMemory ran out. Close other"),
    ],
)
def test_how_a_kernel_came_to_grief_is_named(bench, monkeypatch, source, limits, kind, said):
    monkeypatch.setattr(attempting, "PAUSES", ())
    bench.ask_one_step("# What goes wrong?", source)
    step = {"name": "1_only", "question": "What?", "purpose": "test", **limits}
    bench.write_pilot(steps=[step], answered_by="1_only", parameters={})
    with pytest.raises(kind, match=said):
        bench.run()
    assert bench.runs() == []


def test_the_pilot_of_the_bench_is_what_these_tests_think(finished):
    made = read_manifest(finished.run.folder).made
    assert list(made) == ["1_count", "2_double"]
    assert [step["name"] for step in PILOT["steps"]] == ["2_double", "1_count"]
    assert made["1_count"].seconds > 0
    assert made["1_count"].peak_mb > 10 or os.uname().sysname != "Linux"


BEGIN = "from woda_lib import begin"
WAIT = """
import time
from pathlib import Path

from woda_lib.settings import Settings

steps = Settings().step_folder / "steps"
flag = Settings().data_folder / "shown"


def wait_for(path):
    until = time.monotonic() + 60
    while not path.exists() and time.monotonic() < until:
        time.sleep(0.05)
"""
WARDS = """
import pandas as pd

wards = pd.DataFrame({"ward": ["Arrow", "Teme", "Leam"], "people": [3, 20, 40]})
run.show(wards, name="wards", caption="People by ward")
wait_for(flag)
run.answer("Most are in Leam.")
run.finish()
"""
TOTAL = """
run.value("people_waiting", 63, unit="people", decimals=0)
flag.touch()
wait_for(steps / "1_wards.made.json")
run.answer("{people_waiting} wait.")
run.finish()
"""


def test_steps_side_by_side_do_not_give_away_together_what_one_of_them_withholds(tmp_path):
    """63 in all, and 60 in two of three wards: the gate of either sees nothing amiss alone."""
    bench = County(tmp_path)
    names = ("1_wards", "2_total")
    steps = [{"name": name, "question": "How many?", "purpose": "test"} for name in names]
    bench.write_pilot(steps=steps, answered_by="2_total", parameters={})
    for name, cell in zip(names, (WARDS, TOTAL), strict=True):
        begin = f'{BEGIN}\nrun = begin("tiny", "{name}")'
        bench.write_notebook(name, ["# How many?", begin, WAIT, cell])
    warm = kernels_of_this_worker(BEGIN)
    [run] = run_pilots([bench.pilot], settings=bench.settings, side_by_side=2, warm=warm)
    assert run.manifest.values["people_waiting"].value is None
    log = (bench.root / "outputs" / "tiny" / "attempt.jsonl").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in log.splitlines()]
    [again] = [line for line in lines if line["event"] == "step again"]
    assert (again["step"], again["beside"]) == ("2_total", "1_wards")
