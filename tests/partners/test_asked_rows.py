"""Rows that are asked for numbers give the answers that pandas gives, column by column."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from woda_lib.partners.asked_rows import AskedRows, Bearers
from woda_lib.partners.texts import ARROW_TEXTS

ROWS = pd.DataFrame(
    {
        "partner": ["trust", "council", "trust", "council"],
        "number": pd.Series(["A1", "A1", None, "B2"], dtype="string"),
        "torn": ["x\ud800", "y", None, "x\ud800"],
        "counted": [1, 2, 3, 4],
    }
)
NUMBERS = ["A1", "B2", "C3", "x\ud800"]
HANDLES = [("number", "trust"), ("number", "council"), ("number", "police"), ("nhs_number", "")]
SOME = st.dictionaries(st.sampled_from(HANDLES), st.sets(st.sampled_from(NUMBERS)))
NUMBER = st.one_of(st.none(), st.sampled_from(NUMBERS))
ROW = st.tuples(st.sampled_from(["trust", "council"]), NUMBER, NUMBER)


@pytest.mark.parametrize(
    ("column", "wanted", "expected"),
    [
        ("number", {"A1", "C3"}, [True, True, False, False]),
        ("number", {"A1", "x\ud800"}, [True, True, False, False]),
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


def test_a_column_of_texts_is_not_asked_for_numbers() -> None:
    with pytest.raises(TypeError, match="number holds texts"):
        AskedRows(ROWS).bearing("number", {1})


def test_a_number_counts_for_its_own_partner_alone() -> None:
    rows = AskedRows(ROWS)
    assert rows.among("number", {"council": {"A1"}}).tolist() == [False, True, False, False]
    assert rows.among("counted", {"trust": {1, 2}}).tolist() == [True, False, False, False]
    both = {"trust": {"A1"}, "council": {"B2"}}
    assert rows.among("number", both).tolist() == [True, False, False, True]
    assert not rows.among("number", {"police": {"A1"}}).any()
    assert not rows.among("number", {}).any()


@examples(few=100, many=5_000)
@given(
    rows=st.lists(ROW, max_size=8),
    asked=st.lists(SOME, max_size=4),
    kind=st.sampled_from(["string", "object", "category", ARROW_TEXTS]),
)
def test_asked_bit_by_bit_rows_answer_as_if_they_were_asked_for_all(
    rows: list, asked: list, kind: object
) -> None:
    if kind == ARROW_TEXTS:  # which holds no half a letter
        rows = [row for row in rows if "x\ud800" not in row]
    frame = pd.DataFrame(rows, columns=["partner", "number", "nhs_number"], dtype=object)
    bearers = Bearers(AskedRows(frame.astype(dict.fromkeys(["number", "nhs_number"], kind))), frame)
    known: set[tuple[str, str, str]] = set()
    for some in asked:
        known |= {(*handle, value) for handle, values in some.items() for value in values}
        expected = [
            ("number", partner, number) in known or ("nhs_number", "", nhs) in known
            for partner, number, nhs in rows
        ]
        assert bearers.of(some).tolist() == expected
