"""A complete run: what is in its folder, and what is not."""

from __future__ import annotations

import hashlib
import json
from datetime import date

import nbformat
import pytest

from tests.workbench.bench import PILOT, STALE, Bench
from woda_lib import __version__
from woda_lib.partners import audit_log
from woda_lib.records import AuditEvent, ParameterError, complete_runs, read_manifest, sha256
from woda_lib.workbench import run_pilots, verify_audit


def test_a_step_runs_after_what_it_needs_and_reads_what_that_left(finished):
    manifest = finished.run.manifest
    assert [step.step for step in manifest.steps] == ["1_count", "2_double"]
    assert manifest.values["doubled"].value == 3 * 2.5


def test_a_parameter_reaches_the_notebook_in_its_own_type(finished):
    assert finished.run.manifest.parameters == {"start": 3, "factor": 2.5, "since": "2023-10-01"}
    double = nbformat.read(finished.run.folder.notebook("2_double"), as_version=4)
    [injected] = [c for c in double.cells if "injected-parameters" in c.metadata.tags]
    assert injected.source.splitlines() == ["# Parameters", "factor = 2.5", 'since = "2023-10-01"']


def test_the_folder_holds_what_every_step_made_the_manifest_and_what_checkers_read(finished):
    folder = finished.run.folder.path
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert found == {
        "manifest.json",
        "1_count.ipynb", "1_count.html", "steps/1_count.json",
        "2_double.ipynb", "2_double.html", "steps/2_double.json",
        "restricted/1_count/count.txt",
        "results.json", "config.json",
    }  # fmt: skip


def test_nothing_hidden_is_left_and_readers_find_the_run(finished):
    assert finished.bench.runs() == [finished.run.manifest.run_id]
    [run] = complete_runs(finished.bench.settings.outputs_folder, "tiny")
    assert read_manifest(run) == finished.run.manifest


def test_the_manifest_remembers_the_head_of_the_audit_log(bench):
    log = audit_log(bench.settings)
    head = log.append(AuditEvent(kind="load", dataset="hospital_spells"))
    assert bench.run().manifest.audit_head == head
    forged = log.path.read_text().replace("hospital", "hotel")
    log.path.write_text(forged)
    log.anchors.write_text(f"1 {hashlib.sha256(forged.strip().encode()).hexdigest()}\n")
    assert log.verify().broken is None
    broken = verify_audit(bench.settings).broken
    assert (broken.number, "the manifest of tiny/" in broken.why) == (1, True)


def test_the_manifest_says_what_the_run_was_made_of(finished):
    bench, manifest = finished.bench, finished.run.manifest
    assert (manifest.commit, manifest.dirty) == (None, None)  # outside git
    assert manifest.lock_sha256 == sha256(bench.root / "requirements.lock")
    assert manifest.packages["papermill"] == "2.7.0"
    assert "pytest" not in manifest.packages  # a tool of the developers, not of the run
    assert manifest.workbench == __version__
    assert manifest.extracts == "data/extracts/demo"
    assert manifest.answer == "There are <strong>7.5 days</strong> &amp; more."
    assert manifest.started <= manifest.steps[0].started <= manifest.finished


def test_no_file_tells_where_on_this_machine_it_was_made(finished):
    for path in finished.run.folder.path.rglob("*"):
        if path.is_file():
            assert str(finished.bench.root) not in path.read_text(encoding="utf-8"), path.name
    metadata = nbformat.read(finished.run.folder.notebook("1_count"), as_version=4).metadata
    assert metadata.papermill.input_path == "notebooks/tiny/1_count.ipynb"
    assert metadata.papermill.output_path == "1_count.ipynb"


def test_the_front_page_is_refreshed(finished):
    assert finished.run.site == finished.bench.root / "outputs" / "site" / "index.html"
    assert "7.5 days" in finished.run.site.read_text(encoding="utf-8")


def test_progress_is_told_from_the_first_cell_of_each_step_to_the_last(finished):
    for step, cells in (("1_count", 7), ("2_double", 7)):  # six, and the injected parameters
        done = [told.done for told in finished.told if told.step == step]
        assert done == list(range(cells + 1))


def test_the_day_and_the_places_are_the_same_in_the_kernel(bench: Bench):
    bench.ask_one_step(
        "from woda_lib.settings import Settings\nsettings = Settings()",
        'text = f"{settings.today} {settings.root} {settings.profile}"\n'
        'settings.step_folder.joinpath("seen.txt").write_text(text) and None',
    )
    with pytest.raises(Exception, match="The notebook never called"):
        bench.run(on_progress=lambda told: _copy_what_was_seen(bench))
    seen = (bench.root / "seen.txt").read_text()
    assert seen == f"{date(2025, 4, 1)} {bench.root} demo"


def test_stored_outputs_of_the_notebook_in_git_are_not_taken_over(finished):
    path = finished.bench.root / "notebooks" / "tiny" / "1_count.ipynb"
    assert STALE in path.read_text()
    assert STALE not in finished.run.folder.notebook("1_count").read_text()


def test_several_pilots_share_out_the_parameters_that_are_given(finished):
    pilot = finished.bench.pilot
    other = pilot.model_copy(update={"pilot": "other"})
    asked = run_pilots([pilot, other], settings=finished.bench.settings, overrides={"fctor": 2})
    with pytest.raises(ParameterError, match=r"tiny or other has no parameter 'fctor'.*'factor'"):
        next(asked)


def _copy_what_was_seen(bench: Bench) -> None:
    for seen in bench.root.glob("outputs/tiny/.*.partial/seen.txt"):
        (bench.root / "seen.txt").write_text(seen.read_text())


def test_the_record_on_disk_is_json_that_a_person_can_read(finished):
    text = finished.run.folder.manifest.read_text(encoding="utf-8")
    assert json.loads(text)["steps"][0]["step"] == "1_count"
    assert text.startswith('{\n  "pilot": "tiny",\n')


def test_a_notebook_that_uses_the_hand_it_is_given_passes_the_gate_into_the_report(bench: Bench):
    step = {"name": "1_only", "question": "How many?", "purpose": "test", "parameters": ["factor"]}
    only = {"factor": PILOT["parameters"]["factor"]}
    bench.write_pilot(steps=[step], answered_by="1_only", parameters=only)
    bench.write_notebook(
        "1_only",
        [
            "# How many are there?",
            ("factor: float = 2.0", "parameters"),
            "import pandas as pd\n\nfrom woda_lib import begin\n\nrun = begin('tiny', '1_only')",
            "## What we counted",
            "frame = pd.DataFrame({'ward': ['Avon', 'Teme'], 'people': [23, 4]})\n"
            "run.save('people', frame)\n"
            "run.show(frame, name='by_ward', caption='People by ward')",
            "run.value('days', 3.1 * factor, low=6, high=7, unit='days')",
            "run.answer('They wait {days}.')",
            "run.finish()",
        ],
    )
    run = bench.run()
    assert run.manifest.values["days"].value == 6.2
    assert "6.2 days" in run.manifest.answer
    assert run.folder.table("1_only", "people").is_file()
    report = run.folder.report("1_only").read_text(encoding="utf-8")
    assert "People by ward" in report
    assert str(bench.root) not in report
