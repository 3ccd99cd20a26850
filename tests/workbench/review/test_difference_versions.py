"""What `woda diff` calls versions, which pairs have a page, and when a page is written again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.workbench.review.runs import AFTER, BEFORE, PILOT, pilot, record, workbench, write_run
from woda_lib.records import RunFolder, read_manifest
from woda_lib.settings import Settings
from woda_lib.workbench.review.differences import (
    VersionNotFound,
    find_version,
    usual_pairs,
    write_differences,
)
from woda_lib.workbench.review.index import Index, IndexedRelease, update_index

LAST = "2026-11-20T06-00-02-e5f6"


def release(version: str, run: RunFolder, state: str = "signed") -> IndexedRelease:
    """Freeze a run as a release, and say how it stands."""
    outputs = run.path.parents[1]
    frozen = outputs / "releases" / PILOT / version / "files"
    shutil.copytree(run.path, frozen, dirs_exist_ok=True)
    manifest = read_manifest(run)
    return IndexedRelease(
        pilot=PILOT,
        version=version,
        run_id=manifest.run_id,
        author="Ada Plumb",
        released=manifest.finished,
        question="How many days?",
        answer=manifest.answer,
        values=tuple(manifest.values.values()),
        parameters={},
        synthetic=True,
        previous=None,
        changes=(),
        state=state,  # type: ignore[arg-type]
        signers=(),
        why="",
    )


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return workbench(tmp_path)


@pytest.fixture
def runs(settings: Settings) -> list[RunFolder]:
    return [write_run(settings.outputs_folder, name) for name in (BEFORE, AFTER, LAST)]


def with_releases(settings: Settings, *releases: IndexedRelease) -> Index:
    index = update_index(settings)
    return index.model_copy(update={"releases": {PILOT: releases} if releases else {}})


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("last", LAST),
        ("previous", AFTER),
        (BEFORE, BEFORE),
        ("2026-11-19", AFTER),
        ("1.2", "1.2"),
        ("patient_flow@1.3", "1.3"),
        ("released", "1.3"),
    ],
)
def test_versions_go_by_release_by_run_and_by_place(
    settings: Settings, runs: list[RunFolder], name: str, found: str
) -> None:
    index = with_releases(
        settings,
        release("1.2", runs[0]),
        release("1.3", runs[1]),
        release("1.4", runs[2], "withdrawn"),
    )
    assert find_version(settings, index, PILOT, name).name == found


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("1.9", "no run or release '1.9'. It has: newest runs"),
        ("2026-11", "Several runs of patient_flow begin with '2026-11'"),
        ("released", "has no release yet"),
    ],
)
def test_what_is_not_found_is_said_with_what_there_is(
    settings: Settings, runs: list[RunFolder], name: str, said: str
) -> None:
    with pytest.raises(VersionNotFound, match=said):
        find_version(settings, update_index(settings), PILOT, name)


def test_one_run_has_no_run_before_it(settings: Settings) -> None:
    write_run(settings.outputs_folder, BEFORE)
    with pytest.raises(VersionNotFound, match=r"only one complete run\. New extracts"):
        find_version(settings, update_index(settings), PILOT, "previous")


def test_reviewers_find_the_last_run_and_the_last_release_compared(
    settings: Settings, runs: list[RunFolder]
) -> None:
    def pairs(*releases: IndexedRelease) -> list[tuple[str, str]]:
        index = with_releases(settings, *releases)
        return [(a.name, b.name) for a, b in usual_pairs(settings, index, PILOT)]

    first, second = release("1.2", runs[0]), release("1.3", runs[1])
    assert pairs() == [(AFTER, LAST)]
    assert pairs(first) == [(AFTER, LAST), ("1.2", LAST)]
    assert pairs(first, second) == [(AFTER, LAST), ("1.2", "1.3"), ("1.3", LAST)]
    assert pairs(release("1.3", runs[2])) == [(AFTER, LAST)]  # the last run is the release
    withdrawn = release("1.3", runs[1], "withdrawn")
    assert pairs(first, withdrawn) == [(AFTER, LAST), ("1.2", LAST)]


def test_a_page_is_written_again_only_where_what_it_rests_on_changed(
    settings: Settings, runs: list[RunFolder]
) -> None:
    index = with_releases(settings, release("1.2", runs[0]))
    pages = write_differences(settings, index, pilot())
    assert [page.name for page in pages] == [f"{AFTER}..{LAST}.html", f"1.2..{LAST}.html"]
    old = [page.stat().st_mtime_ns for page in pages]
    assert write_differences(settings, index, pilot()) == pages
    assert [page.stat().st_mtime_ns for page in pages] == old
    voided = with_releases(settings, release("1.2", runs[0], "void"))
    write_differences(settings, voided, pilot())
    assert pages[0].stat().st_mtime_ns == old[0]
    assert "its signatures are void" in pages[1].read_text(encoding="utf-8")


def test_the_files_beside_a_page_hold_values_and_changed_cells(settings: Settings) -> None:
    outputs = settings.outputs_folder
    moved = record().values[0].model_copy(update={"value": 2.71, "low": 2.12, "high": 3.31})
    write_run(outputs, BEFORE, tables={"waits": "district,people\nRedditch,[c]\nWorcester,480"})
    write_run(
        outputs,
        AFTER,
        record(values=(moved,), parameters={"horizon_days": 60}),
        tables={"waits": "district,people\nRedditch,15\nWorcester,480"},
    )
    (page,) = write_differences(settings, update_index(settings), pilot())
    base = page.name.removesuffix(".html")
    assert page.with_name(f"{base}.values.csv").read_text().splitlines()[1] == (
        "2_evaluate,days_saved,days,2.4,1.7,3.1,2.7,2.1,3.3,0.3,,,not chance,horizon_days"
    )
    assert page.with_name(f"{base}.cells.csv").read_text().splitlines()[1:] == [
        "2_evaluate,waits,Redditch,people,changed,[c],15"
    ]


def test_a_version_that_was_removed_meanwhile_has_no_page_and_the_others_have(
    settings: Settings, runs: list[RunFolder]
) -> None:
    index = with_releases(settings, release("1.2", runs[0]))
    runs[1].manifest.unlink()
    pages = write_differences(settings, index, pilot())
    assert [page.name for page in pages] == [f"1.2..{LAST}.html"]
