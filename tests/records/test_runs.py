"""Runs on disk: which are complete, what is written whole, and what is said of damage."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest

from woda_lib.records import (
    Manifest,
    ManifestError,
    RunFolder,
    StepRecord,
    Value,
    complete_runs,
    describe_input,
    new_run_id,
    partial_folder,
    read_manifest,
    sha256,
    write_json,
)

NOON = datetime(2025, 4, 1, 12, tzinfo=UTC)


def manifest(*values: Value) -> Manifest:
    step = StepRecord(
        pilot="tiny", step="1_count", question="How many?", parameters={"since": "2023-10-01"},
        seed=1, as_of=date(2025, 3, 31), synthetic=True, agreement="none", purpose="test",
        started=NOON, finished=NOON, answer="Three.", values=values, inputs=(), rows={}, shown=(),
        saved=(),
    )  # fmt: skip
    return Manifest(
        pilot="tiny", run_id="one", started=NOON, finished=NOON, commit=None, dirty=None,
        lock_sha256="0" * 64, packages={}, workbench="0.1.0", extracts="demo", parameters={},
        answer="Three.", steps=(step,),
    )  # fmt: skip


def test_a_manifest_is_read_back_as_it_was_written(tmp_path):
    run = RunFolder(tmp_path)
    written = manifest(Value(name="days_saved", value=2.7, low=2.1, high=3.3, unit="days"))
    write_json(run.manifest, written)
    assert read_manifest(run) == written
    assert read_manifest(run).values["days_saved"].low == 2.1
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]


def test_a_damaged_manifest_is_named(tmp_path):
    run = RunFolder(tmp_path / "tiny" / "one")
    run.path.mkdir(parents=True)
    for text in ("{", '{"pilot": "tiny"}'):
        run.manifest.write_text(text)
        with pytest.raises(ManifestError, match="The manifest of tiny/one cannot be read"):
            read_manifest(run)


def test_only_visible_folders_with_a_manifest_are_complete_and_the_oldest_comes_first(tmp_path):
    #        folder                    manifest  complete
    table = [("2025-02-01T06-00-00-aa", True, True),
             ("2025-01-31T06-00-00-bb", True, True),
             ("2025-03-01T06-00-00-cc", False, False),
             (".2025-03-02T06-00-00-dd.partial", True, False),
             ("draft", True, False)]  # fmt: skip
    for name, written, _ in table:
        folder = tmp_path / "tiny" / name
        folder.mkdir(parents=True)
        if written:
            (folder / "manifest.json").touch()
    found = [run.path.name for run in complete_runs(tmp_path, "tiny")]
    assert found == sorted(name for name, _, complete in table if complete)
    assert complete_runs(tmp_path, "other") == []


def test_a_run_in_the_making_is_hidden(tmp_path):
    assert partial_folder(tmp_path, "tiny", "one") == tmp_path / "tiny" / ".one.partial"


def test_a_run_id_sorts_by_time_and_two_of_one_second_differ():
    ids = [new_run_id(NOON) for _ in range(20)]
    assert len(set(ids)) > 1
    assert all(id_.startswith("2025-04-01T12-00-00-") for id_ in ids)
    a_little_later = NOON + timedelta(milliseconds=4)
    assert max(ids) < new_run_id(a_little_later) < new_run_id(NOON + timedelta(seconds=1))


def test_an_input_is_described_from_the_root_and_never_with_the_machines_path(tmp_path):
    inside, outside = tmp_path / "root" / "data" / "a.csv", tmp_path / "b.csv"
    inside.parent.mkdir(parents=True)
    for path in (inside, outside):
        path.write_bytes(b"abc")
    first, second = (describe_input("a", path, tmp_path / "root") for path in (inside, outside))
    assert (first.path, first.bytes) == ("data/a.csv", 3)
    assert first.sha256 == sha256(inside) == hashlib.sha256(b"abc").hexdigest()
    assert second.path == "b.csv"
