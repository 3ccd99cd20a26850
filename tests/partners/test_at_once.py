"""A large file read all at once says what the same file says row by row."""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd
import pytest

from woda_lib.partners import reading
from woda_lib.partners.datasets import CONTRACTS

TENANCIES = CONTRACTS["housing_tenancies"]
HEADING = list(TENANCIES.columns)
CELLS = ("", " ", "O'Neil", "Łukasz ", '"Mill, House"', '"1 ""The Elms"""', "x y", '""', "  7", "é")


def both(path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[reading.RawFile, reading.RawFile]:
    found = []
    for lines in (0, 10**9):
        monkeypatch.setattr(reading, "AT_ONCE_FROM", lines)
        found.append(reading.read_file(path, TENANCIES))
    return found[0], found[1]


def same(one: reading.RawFile, other: reading.RawFile) -> None:
    pd.testing.assert_frame_equal(one.rows, other.rows)
    pd.testing.assert_frame_equal(one.misshapen, other.misshapen)
    for name in ("encoding", "delimiter", "heading_line", "unknown_columns"):
        assert getattr(one, name) == getattr(other, name)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_files_of_all_sorts_are_read_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, delimiter: str
) -> None:
    rng = random.Random(f"{seed}{delimiter}")
    heading = rng.sample([*HEADING, "unknown"], len(HEADING) + 1) + [""] * rng.choice([0, 0, 2])
    rows = [rng.choices(CELLS, k=len(heading)) for _ in range(12)]
    for row, blank in zip(rows, rng.choices([True, False], k=12), strict=True):
        row[len(HEADING) + 1 :] = [" " if blank else ""] * (len(heading) - len(HEADING) - 1)
    lines = ["A title", delimiter.join(heading), *(delimiter.join(row) for row in rows), "", " "]
    path = tmp_path / "housing_tenancies_2024-01.csv"
    path.write_text(rng.choice(["\n", "\r\n"]).join(lines), encoding="utf-8-sig")
    same(*both(path, monkeypatch))


@pytest.mark.parametrize(
    "row",
    [
        "one,cell,too,few",
        ",".join(["x"] * (len(HEADING) + 1)),
        ",".join(['"two\nlines"', *["x"] * (len(HEADING) - 1)]),
        ",".join(['6" pipe', *["x"] * (len(HEADING) - 1)]),
        ",".join(['"closed"late', *["x"] * (len(HEADING) - 1)]),
        ",".join([' "spaced"', *["x"] * (len(HEADING) - 1)]),
        ",".join(['"ends in,"', *["x"] * (len(HEADING) - 1)]),
    ],
)
def test_what_needs_a_closer_look_gets_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: str
) -> None:
    sound = ",".join(f"v{n}" for n in range(len(HEADING)))
    path = tmp_path / "housing_tenancies_2024-01.csv"
    path.write_text("\n".join([",".join(HEADING), sound, row, sound]), encoding="utf-8")
    one, other = both(path, monkeypatch)
    same(one, other)
    assert {2} <= set(one.rows["line"])  # the sound row before it is none the worse


def test_an_ordinary_file_is_read_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "housing_tenancies_2024-01.csv"
    row = ",".join(['"Mill, House"', *["x"] * (len(HEADING) - 1)])
    path.write_text("\n".join([",".join(HEADING), *[row] * 300]), encoding="utf-8")
    monkeypatch.setattr(reading, "_tabulate", None)  # row by row would fail
    assert reading.read_file(path, TENANCIES).rows["line"].tolist() == list(range(2, 302))
