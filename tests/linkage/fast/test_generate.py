"""Kernels: what is compiled anew, what is kept, and where."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.linkage.people import specification, table
from woda_lib.cache import cache_folder
from woda_lib.linkage import LinkageError, LinkageSpec
from woda_lib.linkage.blocking import Pairs
from woda_lib.linkage.fast import FastComparer, Tape, block, generate, source_of
from woda_lib.linkage.sources import gather

SMALL = specification(
    sources=[{"name": "a", "id": "id"}],
    comparisons=[{"field": "born", "levels": ["exact", "same_year"]}],
)
PEOPLE = table(
    """
    id forename surname born       postcode
    1  Mary     Smith   1931-09-20 WR1_2AB
    2  Mary     Smith   1931-02-11 WR1_2AB
    """
)


@pytest.fixture(autouse=True)
def nothing_loaded() -> None:
    generate._load.cache_clear()


def level(spec: LinkageSpec) -> list[list[int]]:
    comparer = FastComparer(gather({"a": PEOPLE}, spec), spec)
    return comparer.levels(Pairs(np.array([0]), np.array([1]))).tolist()


def test_sources_blocking_and_thresholds_compile_nothing() -> None:
    other = specification(
        sources=[{"name": "b", "id": "number"}],
        comparisons=[{"field": "born", "levels": ["exact", "same_year"]}],
        blocking=[["surname"]],
        thresholds={"link": 0.8, "review": 0.2},
    )
    assert source_of(other) == source_of(SMALL)


def test_fields_that_are_called_otherwise_compile_nothing() -> None:
    def named(forename: str, born: str) -> LinkageSpec:
        swapped = {"test": "swapped", "with": "surname"}
        return specification(
            fields=[
                {"name": forename, "kind": "name"},
                {"name": "surname", "kind": "name"},
                {"name": born, "kind": "date_of_birth"},
            ],
            comparisons=[
                {"field": forename, "levels": ["exact", swapped]},
                {"field": born, "levels": ["exact", "same_year"]},
            ],
            blocking=[["surname"]],
        )

    assert source_of(named("v1", "v2")) == source_of(named("forename", "born"))
    assert source_of(named("v1", "v2")) != source_of(SMALL)


def test_machine_code_is_kept_in_the_cache_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WODA_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path
    assert level(SMALL) == [[1]]
    (module,) = (tmp_path / "kernels").glob("*.py")
    kept = list((tmp_path / "kernels" / "__pycache__").glob(f"{module.stem}.walk-*.nbc"))
    assert len(kept) == 1


def test_the_kernel_for_rows_is_made_only_when_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WODA_CACHE", str(tmp_path))
    kernel = generate.kernel_for(SMALL)
    assert len(list((tmp_path / "kernels").glob("*.py"))) == 1
    assert kernel.scan_rows != kernel.scan
    assert len(list((tmp_path / "kernels").glob("*.py"))) == 2


def test_pairs_whose_numbers_have_no_room_for_a_glance_are_compared_one_by_one() -> None:
    def with_fields(number: int) -> LinkageSpec:
        names = [f"number_{place}" for place in range(number)]
        return specification(
            sources=[{"name": "a", "id": "id"}],
            fields=[{"name": name, "kind": "identifier"} for name in names],
            comparisons=[{"field": name, "levels": ["exact", "one_edit"]} for name in names],
            blocking=[[names[0]]],
        )

    few, more, most = (generate.kernel_for(with_fields(number)) for number in (9, 20, 21))
    assert [each.glances.bits for each in (few, more, most)] == [32, 64, 0]
    assert most.scan_rows == most.scan


def test_a_damaged_file_is_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WODA_CACHE", str(tmp_path))
    level(SMALL)
    (module,) = (tmp_path / "kernels").glob("*.py")
    module.write_text("raise SystemExit('somebody else wrote this')")
    generate._load.cache_clear()
    assert level(SMALL) == [[1]]


def test_a_cache_that_cannot_be_written_does_not_stop_a_linkage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    monkeypatch.setenv("WODA_CACHE", str(in_the_way))
    assert level(SMALL) == [[1]]


def test_more_patterns_than_a_number_can_name_are_refused() -> None:
    names = [f"number_{place}" for place in range(40)]
    spec = specification(
        sources=[{"name": "a", "id": "id"}],
        fields=[{"name": name, "kind": "identifier"} for name in names],
        comparisons=[{"field": name, "levels": ["exact"]} for name in names],
        blocking=[[names[0]]],
    )
    with pytest.raises(LinkageError, match="more patterns of levels than engine 'fast' can number"):
        generate.kernel_for(spec)


def test_pairs_of_records_with_many_fields_are_compared_in_all_of_them() -> None:
    names = [f"number_{place}" for place in range(9)]
    spec = specification(
        sources=[{"name": "a", "id": "id"}],
        fields=[{"name": name, "kind": "identifier"} for name in names],
        comparisons=[{"field": name, "levels": ["exact"]} for name in names],
        blocking=[[name] for name in names],
    )
    rows = [["1"] * 9, ["2"] + ["1"] * 8, ["1"] * 8 + ["2"]]
    people = pd.DataFrame(rows, columns=names).assign(id=["a", "b", "c"])
    comparer = FastComparer(gather({"a": people}, spec), spec)
    tape = Tape(comparer, block(comparer.encoded, spec))
    assert tape.new == [1, 2, 0, 0, 0, 0, 0, 0, 0]
    assert comparer.levels(tape.all_pairs()).tolist() == [
        [0, 1, 1, 1, 1, 1, 1, 1, 1],
        [1, 1, 1, 1, 1, 1, 1, 1, 0],
        [0, 1, 1, 1, 1, 1, 1, 1, 0],
    ]
