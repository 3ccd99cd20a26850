"""Records as numbers: found and ordered as their texts would be."""

import numpy as np
import pandas as pd
import pytest

from woda_lib.linkage.record_keys import (
    first_places,
    ordered_by,
    places_among,
    record_keys,
    text_order,
)


def records(*names):
    return pd.DataFrame(names, columns=["source", "id"], dtype=object)


def test_records_of_two_tables_have_one_number_when_both_texts_are_the_same():
    one, other = record_keys(
        records(("police", "7"), ("hospital", "7"), ("hospital", "12")),
        records(("hospital", "7"), ("police", "12")),
    )
    assert places_among(one, other).tolist() == [-1, 0, -1]
    assert places_among(other, one).tolist() == [1, -1]


def test_numbers_can_stand_in_the_order_of_source_and_then_identifier():
    named = [("b", "2"), ("a", "Z"), ("b", "10"), ("a", "é"), ("a", "a")]
    (keys,) = record_keys(records(*named), in_order=True)
    assert [named[place] for place in np.argsort(keys)] == sorted(named)


@pytest.mark.parametrize("kind", ["object", "string", "category"])
def test_texts_may_be_of_any_kind_and_missing_is_a_value_of_its_own(kind):
    table = records(("a", "1"), ("a", None), ("a", "2"), ("a", None)).astype({"id": kind})
    asked, held = record_keys(table, records(("a", "2"), ("a", "1")))
    assert places_among(asked, held).tolist() == [1, -1, 0, -1]
    assert asked[1] == asked[3]


def test_the_columns_that_name_a_record_can_be_said():
    rows = pd.DataFrame({"dataset": ["x", "y"], "local_id": ["1", "1"]})
    one, other = record_keys(rows, rows.iloc[::-1], columns=("dataset", "local_id"))
    assert places_among(one, other).tolist() == [1, 0]


def test_tables_without_rows_have_no_numbers():
    one, other = record_keys(records(), records(("a", "1")))
    assert len(one) == 0
    assert places_among(other, one).tolist() == [-1]


def test_a_table_is_ordered_by_one_column_and_then_the_next_and_what_is_missing_is_last():
    table = records(("b", "1"), ("a", None), ("a", "é"), ("a", "z"), ("a", "é"))
    assert ordered_by(table, ["source", "id"]).tolist() == [3, 2, 4, 1, 0]


def test_texts_are_ordered_by_code_point_and_equal_ones_stay_as_they_stand():
    texts = pd.Series(["b", "é", "B", "b", "a", "\U0001f600", "\uffee"], index=list("tuvwxyz"))
    order = text_order(texts)
    assert texts.iloc[order].tolist() == sorted(texts)
    assert order.tolist()[2:4] == [0, 3]


def test_each_number_is_found_where_it_first_stands():
    numbers = np.array([2, -1, 0, 2, 0], dtype=np.int32)
    assert first_places(numbers)[[0, 2]].tolist() == [2, 0]
    assert first_places(numbers, 5).tolist() == [2, 0, 0, 0, 0]
    assert first_places(numbers[:0]).tolist() == []
