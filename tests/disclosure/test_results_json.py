"""The file for output checkers: ACRO's loader opens it, and it tells nothing that helps to undo."""

import hashlib
import json
from datetime import UTC, date, datetime

import pandas as pd
import pytest

from woda_lib.disclosure import ACRO_VERSION, Rule, gate_table, write_results
from woda_lib.records import Shown, StepRecord

RULE = Rule()


@pytest.fixture
def run(tmp_path):
    """A run of one step that shows a table with a withheld cell and a figure without."""
    frame = pd.DataFrame({"ward": ["Arrow", "Teme", "Total"], "people": [3, 20, 23]})
    gated = gate_table(frame, RULE, name="by_ward")
    folder = tmp_path / "shown" / "1_count"
    folder.mkdir(parents=True)
    (folder / "by_ward.csv").write_text("ward,people\nArrow,[c]\nTeme,[c]\nTotal,25\n")
    for name in ("waits.csv", "waits.svg"):
        (folder / name).write_text("month,days\n2024-01-01,4.5\n")
    shown = (
        Shown(
            name="by_ward", kind="table", caption="People by ward", withheld_cells=2,
            files=("shown/1_count/by_ward.csv",), withheld=((0, 1), (1, 1)),
            checks=dict(gated.checks),
        ),
        Shown(
            name="waits", kind="figure", caption="Waits", not_people=("rows",),
            files=("shown/1_count/waits.csv", "shown/1_count/waits.svg"),
        ),
    )  # fmt: skip
    now = datetime(2025, 3, 31, tzinfo=UTC)
    record = StepRecord(
        pilot="tiny", step="1_count", question="How many?", parameters={}, seed=1,
        as_of=date(2025, 3, 31), synthetic=True, agreement="none", purpose="test", started=now,
        finished=now, answer="23", values=(), inputs=(), rows={}, shown=shown, saved=(),
    )  # fmt: skip
    write_results(tmp_path, [record], RULE)
    return tmp_path


def test_it_has_every_key_that_acros_loader_reads(run):
    content = json.loads((run / "results.json").read_text())
    assert content["version"] == ACRO_VERSION
    for uid, result in content["results"].items():
        assert result["uid"] == uid
        assert {"status", "type", "properties", "fair", "command", "summary", "outcome",
                "comments", "exception", "timestamp"} <= set(result)  # fmt: skip
        for file in result["files"]:
            assert (run / file["name"]).is_file()
            assert "sdc" in file


def test_acro_itself_opens_it(run):
    record = pytest.importorskip("acro.record")
    loaded = record.load_records(str(run))
    assert list(loaded.results) == ["1_count/by_ward", "1_count/waits"]
    assert loaded.results["1_count/by_ward"].output[0].shape == (3, 2)


def test_withheld_cells_are_marked_without_saying_which_one_was_small(run):
    result = json.loads((run / "results.json").read_text())["results"]["1_count/by_ward"]
    assert result["status"] == "review"
    assert result["files"][0]["sdc"] == {
        "summary": {"MinimumThresholdCheck": 2},
        "cells": {"MinimumThresholdCheck": [[0, 1], [1, 1]]},
    }


def test_columns_that_are_said_to_count_nobody_are_for_the_checker_to_see(run):
    result = json.loads((run / "results.json").read_text())["results"]["1_count/waits"]
    assert result["status"] == "review"
    assert "said not to count people: rows" in result["summary"]


def test_the_viewer_can_check_that_no_file_was_changed(run):
    for path in (run / "checksums").rglob("*.txt"):
        name = path.relative_to(run / "checksums").as_posix().removesuffix(".txt")
        assert path.read_text() == hashlib.sha256((run / name).read_bytes()).hexdigest()
    assert len(list((run / "checksums").rglob("*.txt"))) == 3
