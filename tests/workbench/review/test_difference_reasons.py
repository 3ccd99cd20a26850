"""Why two runs differ, from fingerprints where there are any and from manifests where not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.workbench.review.runs import AFTER, BEFORE, fingerprint, inputs, record, write_run
from woda_lib.records import Manifest, StepMade, read_manifest
from woda_lib.workbench.review.differences.origins import same_data, shared_files, upstream_of
from woda_lib.workbench.review.differences.reasons import find_reasons

Make = Callable[..., Manifest]

TABLE = "patient_flow/1_link:pairs"


@pytest.fixture
def manifest(tmp_path: Path) -> Make:
    def write(name: str = BEFORE, *records: Any, **changes: Any) -> Manifest:
        return read_manifest(write_run(tmp_path, name, *records, **changes))

    return write


def found(before: Manifest, after: Manifest) -> list[tuple[str, str, str, str]]:
    return [(r.cause, r.what, r.before, r.after) for r in find_reasons(before, after)]


def test_two_runs_of_one_commit_on_the_same_data_have_no_reason_to_differ(manifest: Make) -> None:
    assert found(manifest(BEFORE), manifest(AFTER)) == []


def test_a_parameter_is_a_reason_of_its_own(manifest: Make) -> None:
    after = record(parameters={"horizon_days": 120, "comparison": True})
    assert found(manifest(BEFORE), manifest(AFTER, after)) == [
        ("parameter", "horizon_days", "90", "120"),
        ("parameter", "comparison", "not set", "yes"),
    ]


def test_files_are_counted_as_new_changed_and_gone(manifest: Make) -> None:
    before = record(inputs=inputs({"hospital_spells": {"a.csv": "1", "b.csv": "1", "c.csv": "1"}}))
    after = record(inputs=inputs({"hospital_spells": {"b.csv": "2", "c.csv": "1", "d.csv": "1"}}))
    assert found(manifest(BEFORE, before), manifest(AFTER, after)) == [
        (
            "data",
            "hospital_spells",
            "3 files, 100 rows",
            "3 files, 100 rows: 1 new, 1 changed, 1 gone",
        )
    ]


def test_a_table_that_a_step_of_the_pilot_saved_is_no_reason(manifest: Make) -> None:
    """It is encrypted anew each time, and what changed in that step is the reason."""
    before, after = (record(inputs=inputs({TABLE: {"pairs": text}})) for text in ("1", "2"))
    assert found(manifest(BEFORE, before), manifest(AFTER, after)) == []


def test_fingerprints_name_the_module_and_tell_text_from_code(manifest: Make) -> None:
    new = fingerprint(
        prose="q" * 64,
        modules={"woda_lib.evaluation.its": "n" * 64, "woda_lib.evaluation.money.money": "o" * 64},
        settings={"lock": "l" * 64, "seed": "2"},
    )
    before = manifest(
        BEFORE, made={"2_evaluate": StepMade(run_id=BEFORE, fingerprint=fingerprint())}
    )
    after = manifest(
        AFTER, made={"2_evaluate": StepMade(run_id=AFTER, fingerprint=new)}, commit="b" * 40
    )
    assert found(before, after) == [
        ("prose", "notebooks/patient_flow/2_evaluate.ipynb", "", "text changed"),
        ("code", "woda_lib.evaluation.its", "", "changed"),
        ("code", "woda_lib.evaluation.money.money", "not there", "new"),
        ("setting", "seed", "1", "2"),
    ]


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("agreement flow", "agreement"),
        ("purpose", "agreement"),
        ("clock", "data"),
        ("python", "packages"),
        ("datasets", "setting"),
    ],
)
def test_a_setting_of_a_fingerprint_is_called_what_it_is(
    manifest: Make, name: str, cause: str
) -> None:
    sides = [
        manifest(run, made={"2_evaluate": StepMade(run_id=run, fingerprint=made)})
        for run, made in (
            (BEFORE, fingerprint(settings={name: "one"})),
            (AFTER, fingerprint(settings={name: "two"})),
        )
    ]
    assert found(*sides) == [(cause, name, "one", "two")]


def test_without_fingerprints_the_commit_the_lock_and_the_agreement_are_compared(
    manifest: Make,
) -> None:
    after = manifest(
        AFTER,
        record(agreement="flow_2027"),
        commit="b" * 40,
        lock_sha256="2" * 64,
        packages={"pandas": "2.3.3"},
    )
    assert found(manifest(BEFORE), after) == [
        ("code", "the checkout", "commit aaaaaaaa", "commit bbbbbbbb"),
        ("agreement", "agreement", "flow", "flow_2027"),
        ("packages", "versions", "pandas 2.3.2", "pandas 2.3.3"),
    ]


def test_uncommitted_changes_of_one_commit_may_differ_and_it_says_so(manifest: Make) -> None:
    (reason,) = find_reasons(manifest(BEFORE), manifest(AFTER, dirty=True))
    assert reason.cause == "code"
    (reason,) = find_reasons(manifest(BEFORE, dirty=True), manifest(AFTER, dirty=True))
    assert "may differ" in reason.after


def test_a_step_builds_on_the_steps_whose_tables_it_reads(manifest: Make) -> None:
    link, evaluate = record("1_link"), record(inputs=inputs({TABLE: {"pairs": "1"}}))
    run = manifest(BEFORE, link, record("3_board"), evaluate)
    assert upstream_of(run, "2_evaluate") == {"1_link", "2_evaluate"}
    assert upstream_of(run, "1_link") == {"1_link"}


def test_the_same_data_means_the_same_bytes_for_a_step_and_all_it_builds_on(manifest: Make) -> None:
    def run(name: str, link: str, board: str) -> Manifest:
        return manifest(
            name,
            record("1_link", inputs=inputs({"clients": {"a.csv": link}})),
            record("3_board", inputs=inputs({"events": {"b.csv": board}})),
            record(inputs=inputs({TABLE: {"pairs": name}})),
        )

    first = run(BEFORE, "1", "1")
    assert same_data(first, run(AFTER, "1", "2"), "2_evaluate")
    assert not same_data(first, run(AFTER, "1", "2"), "3_board")
    assert not same_data(first, run(AFTER, "2", "1"), "2_evaluate")


def test_a_file_that_was_only_renamed_holds_the_same_data(manifest: Make) -> None:
    before, after = (
        manifest(run, record(inputs=inputs({"truth:people": {name: "1"}})))
        for run, name in ((BEFORE, "quick.parquet"), (AFTER, "demo.parquet"))
    )
    assert same_data(before, after, "2_evaluate")
    assert find_reasons(before, after) == ()


def test_shared_files_are_counted_by_their_bytes(manifest: Make) -> None:
    before = manifest(BEFORE, record(inputs=inputs({"s": {"a.csv": "1", "b.csv": "2"}})))
    after = manifest(
        AFTER, record(inputs=inputs({"s": {"a.csv": "1", "b.csv": "3", "c.csv": "4"}}))
    )
    overlap = shared_files(before, after)
    assert (overlap.shared, overlap.before, overlap.after) == (1, 2, 3)
