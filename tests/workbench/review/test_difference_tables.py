"""Two tables cell by cell: a few rows in, what became of each cell out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.workbench.review.runs import csv
from woda_lib.records import read_exported
from woda_lib.workbench.review.differences.model import Row
from woda_lib.workbench.review.differences.tables import (
    Record,
    compare_rows,
    label_columns,
)

Read = Callable[[str], tuple[tuple[str, ...], list[Record]]]


@pytest.fixture
def table(tmp_path: Path) -> Read:
    def read(text: str) -> tuple[tuple[str, ...], list[Record]]:
        path = tmp_path / "table.csv"
        path.write_text(csv(text), encoding="utf-8")
        return read_exported(path)

    return read


def said(row: Row) -> list[str]:
    """A row as its cells would be read aloud: what it is, and what it was."""
    words = {"same": "{0}", "changed": "{0} was {1}", "added": "+{0}", "removed": "-{0}"}
    return [words[cell.fate].format(cell.text, cell.was) for cell in row.cells]


def test_rows_are_matched_by_what_names_them_in_whatever_order_they_stand(table: Read) -> None:
    columns, labels, rows = compare_rows(
        table("""
            district,people,days
            Bromsgrove,330,6.3
            Redditch,305,5.5
            """),
        table("""
            district,people,days
            Redditch,305,5.6
            Bromsgrove,330,6.3
            """),
    )
    assert columns == (("district", "same"), ("people", "same"), ("days", "same"))
    assert labels == ("district",)
    assert [said(row) for row in rows] == [
        ["Redditch", "305", "5.6 was 5.5"],
        ["Bromsgrove", "330", "6.3"],
    ]
    assert [row.fate for row in rows] == ["changed", "same"]


def test_new_and_missing_rows_and_columns_are_told_apart(table: Read) -> None:
    columns, _, rows = compare_rows(
        table("""
            district,people,days
            Bromsgrove,330,6.3
            Redditch,305,5.5
            """),
        table("""
            district,days,low
            Bromsgrove,6.3,5.9
            Worcester,5.8,5.1
            """),
    )
    assert columns == (
        ("district", "same"),
        ("days", "same"),
        ("low", "added"),
        ("people", "removed"),
    )
    assert [(row.fate, said(row)) for row in rows] == [
        ("changed", ["Bromsgrove", "6.3", "+5.9", "-330"]),
        ("added", ["+Worcester", "+5.8", "+5.1", "-"]),
        ("removed", ["-Redditch", "-5.5", "-", "-305"]),
    ]


def test_a_withheld_cell_is_compared_as_withheld_and_never_worked_out(table: Read) -> None:
    _, _, rows = compare_rows(
        table("""
            district,people,waiting
            Bromsgrove,[c],10
            Redditch,[c],[c]
            """),
        table("""
            district,people,waiting
            Bromsgrove,15,[c]
            Redditch,[c],[c]
            """),
    )
    assert [said(row) for row in rows] == [
        ["Bromsgrove", "15 was [c]", "[c] was 10"],
        ["Redditch", "[c]", "[c]"],
    ]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("site,ward,waiting\nA,Oak,5\nA,Elm,5\nB,Oak,5", ("site", "ward")),
        ("pathway,waiting\n0,5\n1,5\n2,10", ("pathway",)),  # numbers that count, not measure
        ("month,days,found\n2024-01-01,5.1,True\n2024-02-01,5.2,False", ("month",)),
        ("kind,people\nall,5\nall,5", ()),  # nothing tells the rows apart
        ("ward,people\n[c],5\nOak,10", ()),  # a withheld name names nobody
    ],
)  # fmt: skip
def test_the_fewest_columns_that_name_every_row_are_its_labels(
    table: Read,
    text: str,
    labels: tuple[str, ...],
) -> None:
    columns, rows = table(text)
    assert label_columns(columns, rows, rows) == labels


def test_rows_that_nothing_names_are_matched_by_their_place(table: Read) -> None:
    _, labels, rows = compare_rows(table("a,b\n1,1\n1,1"), table("a,b\n1,1\n1,2"))
    assert labels == ()
    assert [said(row) for row in rows] == [["1", "1"], ["1", "2 was 1"]]
