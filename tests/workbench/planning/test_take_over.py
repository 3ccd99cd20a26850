"""What stands in a run of a step that it took over, and which results cannot be used any more."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import nbformat
import pytest

from tests.workbench.bench import COUNT, DOUBLE
from tests.workbench.planning.county import County
from woda_lib.records import (
    KeyRecord,
    KeyVersion,
    RunFolder,
    Tombstone,
    complete_runs,
    read_manifest,
    sha256,
    write_json,
)
from woda_lib.workbench.execution.strays import ForeignOutput
from woda_lib.workbench.held import held
from woda_lib.workbench.planning import take_over as taking


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WODA_KEY_RING", '{"tiny": "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="}')
        root = tmp_path_factory.mktemp("ran")
        County(root).make()
    return root


@pytest.fixture
def county(ran: Path, tmp_path: Path) -> County:
    """A copy of a bench after one run, times kept."""
    shutil.copytree(ran, tmp_path / "bench")
    county = County.__new__(County)
    county.root = tmp_path / "bench"
    return county


def runs(county: County) -> list[RunFolder]:
    return complete_runs(county.settings.outputs_folder, "tiny")


def files(folder: RunFolder, step: str) -> dict[str, Path]:
    """The files of a step, by their names from the run's folder."""
    found = [path for path in folder.path.rglob("*") if path.is_file()]
    return {
        path.relative_to(folder.path).as_posix(): path
        for path in found
        if step in path.relative_to(folder.path).as_posix() and "made" not in path.name
    }


def test_a_step_that_is_taken_over_lies_in_both_runs_and_takes_no_room(county):
    county.make({"factor": 5})
    before, after = runs(county)
    old, new = files(before, "1_count"), files(after, "1_count")
    assert (
        sorted(old)
        == sorted(new)
        == [
            "1_count.html",
            "1_count.ipynb",
            "restricted/1_count/count.txt",
            "steps/1_count.json",
        ]
    )
    assert all(old[name].samefile(new[name]) for name in old)
    assert not before.notebook("2_double").samefile(after.notebook("2_double"))


def test_records_keep_saying_which_run_executed_a_step(county):
    county.make({"factor": 5})
    before, after = runs(county)
    made = read_manifest(after).made
    assert (made["1_count"].run_id, made["1_count"].reasons) == (before.path.name, ())
    assert (made["2_double"].run_id, made["2_double"].reasons) == (
        after.path.name,
        ("factor 2 → 5",),
    )
    assert read_manifest(after).values["count"].value == 3
    assert read_manifest(after).values["doubled"].value == 15


def test_what_the_step_reads_is_there_when_only_the_later_one_runs(county):
    county.write_notebook("2_double", [*DOUBLE[:-1], "doubled = doubled + 1", DOUBLE[-1]])
    assert county.make().values["doubled"].value == 7


def test_across_file_systems_the_files_are_copied_with_their_times(county, monkeypatch):
    def crosses(*paths: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", crosses)
    county.make({"factor": 5})
    before, after = runs(county)
    for name, old in files(before, "1_count").items():
        new = after.path / name
        assert not old.samefile(new)
        assert (sha256(old), old.stat().st_mtime_ns) == (sha256(new), new.stat().st_mtime_ns)


def test_new_prose_is_put_into_the_executed_notebook_and_its_report(county):
    cells = ["# How many are there today?", *COUNT[1:3], "## Newly written", *COUNT[4:]]
    county.write_notebook("1_count", [*cells, "## And at the end"])
    made = county.make().made
    before, after = runs(county)
    assert made["1_count"].run_id == before.path.name
    old, new = (nbformat.read(run.notebook("1_count"), as_version=4) for run in (before, after))
    assert [cell.outputs for cell in new.cells if cell.cell_type == "code"] == [
        cell.outputs for cell in old.cells if cell.cell_type == "code"
    ]
    assert [c.source.splitlines()[0] for c in new.cells if c.cell_type == "markdown"] == [
        "# How many are there today?",
        "## Newly written",
        "## And at the end",
    ]
    page = after.report("1_count").read_text(encoding="utf-8")
    assert "Newly written" in page
    assert "Newly written" not in before.report("1_count").read_text(encoding="utf-8")
    assert county.make() is None


def test_prose_that_smuggles_a_picture_in_is_refused_without_a_run(county):
    county.write_notebook("1_count", [*COUNT[:-1], "# A <img src='x'>", COUNT[-1]])
    with pytest.raises(ForeignOutput, match="holds a pasted picture or markup"):
        county.make()
    assert len(runs(county)) == 1


def _tombstone(county: County, run: RunFolder) -> None:
    stone = Tombstone(
        kind="table",
        path="outputs",
        agreement="tiny",
        clause="retention.results_months",
        due=date(2025, 3, 1),
    )
    write_json(run.restricted("1_count") / "count.parquet.deleted.json", stone)


def _no_report(county: County, run: RunFolder) -> None:
    run.report("1_count").unlink()


def _no_table(county: County, run: RunFolder) -> None:
    (run.restricted("1_count") / "count.txt").unlink()


def _other_report(county: County, run: RunFolder) -> None:
    run.report("1_count").write_text("<p>")


def _other_table(county: County, run: RunFolder) -> None:
    (run.restricted("1_count") / "count.txt").write_text("4")


def _other_record(county: County, run: RunFolder) -> None:
    run.record("1_count").write_text("{}")


def _old_table(county: County, run: RunFolder) -> None:
    table = run.table("1_count", "more")
    table.write_text("")
    year_ago = datetime(2024, 3, 1, tzinfo=UTC).timestamp()
    os.utime(table, (year_ago, year_ago))


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (
            _tombstone,
            "its row-level tables were deleted: tiny lets them be kept until 1 March 2025",
        ),
        (_old_table, "its row-level tables could be kept until 1 March 2025"),
        (_no_report, "1_count.html of run {run} is missing"),
        (_no_table, "restricted/1_count/count.txt of run {run} is missing"),
        (_other_report, "1_count.html of run {run} was changed after it"),
        (_other_table, "restricted/1_count/count.txt of run {run} was changed after it"),
        (_other_record, "steps/1_count.json of run {run} was changed after it"),
    ],
)
def test_results_that_are_gone_or_changed_are_no_source(county, fault, said):
    [run] = runs(county)
    fault(county, run)
    # What follows from the same things gives the same results, so that the later step stands.
    assert county.said() == {
        "1_count": f"run: {said.format(run=run.path.name)}",
        "2_double": "take over",
    }
    county.make()
    assert county.make() is None


def test_tables_under_a_key_that_was_made_anew_are_noise(tmp_path, monkeypatch):
    monkeypatch.delenv("WODA_KEY_RING")
    county = County(tmp_path)

    def key(**made: datetime) -> None:
        version = KeyVersion(version="ab12", **made)
        record = KeyRecord(name="tiny", locked_with="passphrase", versions=(version,))
        county.write("keys/tiny.json", record.model_dump_json())

    key(created=datetime(2025, 1, 1, tzinfo=UTC))
    county.make()
    [run] = runs(county)
    run.table("1_count", "more").write_text("")
    assert county.said() == {"1_count": "take over", "2_double": "take over"}
    key(created=datetime.now(UTC))
    assert county.said() == {
        "1_count": "run: the key of tiny is a new one, and does not open its tables",
        "2_double": "take over",
    }


def test_a_run_before_the_spoilt_one_is_used_where_it_is_whole(county):
    [first] = runs(county)
    county.make({"factor": 5})
    second = runs(county)[1]
    second.notebook("1_count").unlink()
    [made] = [made for (_, step), made in county.decide().items() if step == "1_count"]
    assert (made.action, made.source) == ("take over", first)


def test_a_damaged_manifest_is_passed_over(county):
    [run] = runs(county)
    run.manifest.write_text("{")
    assert county.said() == {"1_count": "run: never run", "2_double": "run: never run"}


def test_a_run_of_an_older_workbench_says_too_little_to_be_used(county):
    [run] = runs(county)
    write_json(run.manifest, read_manifest(run).model_copy(update={"made": {}}))
    untold = "run: its last run did not record what it followed from"
    assert county.said() == {"1_count": untold, "2_double": untold}


def test_a_source_that_goes_away_in_the_meantime_is_said(county, monkeypatch):
    decisions = county.decide({"factor": 5})
    [run] = runs(county)
    run.report("1_count").unlink()
    target = RunFolder(county.root / "target")
    taking.take_over("1_count", decisions["tiny", "1_count"], target)
    shutil.rmtree(run.path)
    with pytest.raises(taking.SourceChanged, match="Run the pilot again"):
        taking.take_over("1_count", decisions["tiny", "1_count"], target)


# Runs that broke off


def partial(county: County) -> Path:
    [path] = (county.root / "outputs" / "tiny").glob(".*.partial")
    return path


def test_a_finished_step_of_a_run_that_broke_off_is_taken_over(tmp_path):
    county = County(tmp_path)
    county.make(breaks_off=True)
    broken = partial(county)
    assert county.said() == {"1_count": "take over", "2_double": "run: never run"}
    decision = county.decide()["tiny", "1_count"]
    assert decision.source == RunFolder(broken)
    target = RunFolder(tmp_path / "target")
    made = taking.take_over("1_count", decision, target)
    assert made.run_id == broken.name.removeprefix(".").removesuffix(".partial")
    assert sorted(files(target, "1_count")) == sorted(files(RunFolder(broken), "1_count"))


def test_a_run_in_the_making_is_nobodys_source(tmp_path):
    county = County(tmp_path)
    county.make(breaks_off=True)
    broken = partial(county)
    aside = broken.rename(tmp_path / "aside")
    with held(broken):
        shutil.copytree(aside, broken, dirs_exist_ok=True)
        assert county.said()["1_count"] == "run: never run"


def test_what_a_broken_run_shows_must_have_been_held_against_every_run_since(county):
    county.make({"start": 4}, breaks_off=True)
    assert county.said({"start": 4})["1_count"] == "take over"
    broken = partial(county)
    aside = broken.rename(county.root / "aside")
    county.make({"start": 5})
    aside.rename(broken)
    newest = runs(county)[-1].path.name
    run = broken.name.removeprefix(".").removesuffix(".partial")
    assert county.said({"start": 4})["1_count"] == (
        f"run: what {run} shows, which broke off, was not compared with run {newest}"
    )


def test_two_broken_runs_that_were_never_held_against_each_other_do_not_meet(tmp_path):
    county = County(tmp_path)
    county.make(breaks_off=True)
    older = partial(county)
    aside = older.rename(tmp_path / "aside")
    county.make({"start": 4}, breaks_off=True)
    aside.rename(older)
    assert county.said()["1_count"] == "run: start 4 → 3"
    assert county.said({"start": 4})["1_count"] == "take over"
