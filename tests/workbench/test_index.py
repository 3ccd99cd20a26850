"""The index of outputs: every run and release with its values, and only new ones read."""

from __future__ import annotations

import json
import os
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from tests.workbench.history import add_run, run_name, workbench
from woda_lib.records import RunFolder
from woda_lib.settings import Settings
from woda_lib.workbench.review import index as module
from woda_lib.workbench.review.index import index_file, update_index


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return workbench(tmp_path)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The runs whose manifest was read, in order."""
    read, names = module.read_manifest, list[str]()

    def noted(run: RunFolder) -> object:
        names.append(run.path.name)
        return read(run)

    monkeypatch.setattr(module, "read_manifest", noted)
    return names


def test_every_run_stands_there_with_its_values(settings: Settings) -> None:
    add_run(settings, 0, 2.4)
    add_run(settings, 1, 2.7, taken_over={"1_link": run_name(0)})
    index = update_index(settings)
    assert [run.values["days_saved"].value for run in index.history("patient_flow")] == [2.4, 2.7]
    last = index.last_run("patient_flow")
    assert last is not None
    assert last.executed == {"1_link": run_name(0), "2_evaluate": run_name(1)}
    assert [last.taken_over(step) for step in last.steps] == [True, False]
    assert index.run_before(last) == index.history("patient_flow")[0]
    written = json.loads(index_file(settings.outputs_folder).read_text(encoding="utf-8"))
    values = written["runs"]["patient_flow"][run_name(1)]["steps"]["2_evaluate"]["values"]
    assert [(value["name"], value["value"], value["low"]) for value in values] == [
        ("days_saved", 2.7, pytest.approx(2.1))
    ]


def test_only_new_and_changed_manifests_are_read(settings: Settings, opened: list[str]) -> None:
    runs = [add_run(settings, number) for number in range(3)]
    update_index(settings)
    assert opened == [run_name(0), run_name(1), run_name(2)]
    opened.clear()
    add_run(settings, 3)
    os.utime(runs[1].manifest, ns=(0, 1))
    update_index(settings)
    assert opened == [run_name(1), run_name(3)]


def test_where_nothing_changed_the_file_is_left_alone(settings: Settings) -> None:
    add_run(settings, 0)
    update_index(settings)
    before = index_file(settings.outputs_folder).stat().st_ino
    update_index(settings)
    assert index_file(settings.outputs_folder).stat().st_ino == before


@pytest.mark.parametrize("damage", ["", "{", '{"layout": 99}', '{"runs": {"a": 3}}', "\xff"])
def test_a_damaged_index_is_made_again(settings: Settings, damage: str) -> None:
    add_run(settings, 0)
    whole = update_index(settings)
    index_file(settings.outputs_folder).write_bytes(damage.encode("latin-1"))
    assert update_index(settings) == whole


def test_a_run_that_is_gone_is_forgotten_and_one_in_the_making_is_not_there(
    settings: Settings,
) -> None:
    gone, half = add_run(settings, 0), add_run(settings, 1)
    add_run(settings, 2)
    update_index(settings)
    gone.manifest.unlink()
    half.path.rename(half.path.with_name(f".{half.path.name}.partial"))
    assert list(update_index(settings).runs["patient_flow"]) == [run_name(2)]


def test_a_damaged_manifest_is_named_and_read_once(settings: Settings, opened: list[str]) -> None:
    add_run(settings, 0)
    add_run(settings, 1).manifest.write_text("{}", encoding="utf-8")
    for _ in range(2):
        index = update_index(settings)
        last = index.last_run("patient_flow")
        assert last is not None and last.run_id == run_name(0)
        assert list(index.unreadable["patient_flow"]) == [run_name(1)]
    assert opened == [run_name(0), run_name(1)]


def test_folders_that_are_no_pilots_are_passed_by(settings: Settings) -> None:
    add_run(settings, 0)
    for name in ("site", "releases", "benchmarks"):
        (settings.outputs_folder / name / "x").mkdir(parents=True)
        (settings.outputs_folder / name / "x" / "manifest.json").write_text("{}")
    index = update_index(settings)
    assert list(index.runs) == ["patient_flow"]
    assert index.unreadable == {}


def test_before_the_first_run_it_is_empty(settings: Settings) -> None:
    assert update_index(settings).runs == {}


def test_who_may_only_read_still_gets_the_index(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_run(settings, 0)

    def refuse(*_: object) -> None:
        raise PermissionError("read-only")

    monkeypatch.setattr(module, "write_json", refuse)
    assert list(update_index(settings).runs["patient_flow"]) == [run_name(0)]
    assert not index_file(settings.outputs_folder).exists()


def test_processes_that_end_at_once_leave_all_their_runs_in_it(settings: Settings) -> None:
    numbers = range(6)
    with ProcessPoolExecutor(3) as pool:
        list(pool.map(_run_and_index, [settings.root] * len(numbers), numbers))
    written = json.loads(index_file(settings.outputs_folder).read_text(encoding="utf-8"))
    assert sorted(written["runs"]["patient_flow"]) == [run_name(number) for number in numbers]


def _run_and_index(root: Path, number: int) -> None:
    settings = Settings(root=root, data=None, outputs=None, extracts=None)
    add_run(settings, number)
    update_index(settings)
