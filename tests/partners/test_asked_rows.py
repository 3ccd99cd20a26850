"""Rows that are asked for numbers give the answers that pandas gives, column by column."""

from __future__ import annotations

import pandas as pd
import pytest

from woda_lib.partners.asked_rows import AskedRows

ROWS = pd.DataFrame(
    {
        "partner": ["trust", "council", "trust", "council"],
        "number": pd.Series(["A1", "A1", None, "B2"], dtype="string"),
        "torn": ["x\ud800", "y", None, "x\ud800"],
        "counted": [1, 2, 3, 4],
    }
)


@pytest.mark.parametrize(
    ("column", "wanted", "expected"),
    [
        ("number", {"A1", "C3"}, [True, True, False, False]),
        ("number", set(), [False] * 4),
        ("torn", {"x\ud800"}, [True, False, False, True]),
        ("counted", {2, 4}, [False, True, False, True]),
    ],
)
def test_rows_that_bear_a_wanted_value(column: str, wanted: set, expected: list[bool]) -> None:
    rows = AskedRows(ROWS)
    for _ in range(2):
        assert rows.bearing(column, wanted).tolist() == expected
    assert rows.bearing(column, wanted).tolist() == ROWS[column].isin(wanted).tolist()


def test_a_number_counts_for_its_own_partner_alone() -> None:
    rows = AskedRows(ROWS)
    assert rows.among("number", "council", {"A1"}).tolist() == [False, True, False, False]
    assert rows.among("counted", "trust", {1, 2}).tolist() == [True, False, False, False]
    assert not rows.among("number", "police", {"A1"}).any()
    alone = AskedRows(ROWS[ROWS["partner"] == "trust"])
    assert alone.among("number", "trust", {"A1"}).tolist() == [True, False]
