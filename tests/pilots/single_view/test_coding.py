"""Columns as numbers: numbered anew, as they come or as they occur, and each once."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from woda_lib.pilots.single_view.homes.coding import (
    as_they_come,
    how_many,
    stretches,
    those_that_occur,
    without_others,
)
from woda_lib.pilots.single_view.homes.few import FEW, distinct


def test_numbers_are_told_anew_in_the_order_in_which_they_first_come():
    numbers, was = as_they_come(np.array([4, 0, 4, 2, 0]), 6)

    assert numbers.tolist() == [0, 1, 0, 2, 1]
    assert was.tolist() == [4, 0, 2]


def test_of_nothing_no_number_is_told():
    numbers, was = as_they_come(np.array([], dtype=np.int64), 0)

    assert (numbers.tolist(), was.tolist()) == ([], [])


def test_values_that_no_row_has_are_left_out_and_what_is_missing_stays_missing():
    codes, values = those_that_occur(np.array([2, -1, 0, 2], dtype=np.int8), pd.Index(list("abc")))

    assert codes.tolist() == [1, -1, 0, 1]
    assert values.tolist() == ["a", "c"]


def test_of_a_column_no_value_stays_behind_that_no_row_has():
    column = pd.Series(pd.Categorical.from_codes([3, -1, 0], list("abcd")), index=[7, 8, 9])

    pd.testing.assert_series_equal(without_others(column), column.cat.remove_unused_categories())
    whole = column.cat.set_categories(["d", "a"])
    assert without_others(whole) is whole


def test_the_rows_of_each_person_lie_between_two_numbers():
    assert stretches(np.array([0, 0, 2]), 4).tolist() == [0, 2, 2, 3, 3]


def test_what_is_said_twice_of_a_person_counts_once():
    assert how_many(np.array([0, 0, 0, 2]), np.array([1, 1, 0, 5]), 3).tolist() == [2, 0, 1]


def test_what_is_missing_counts_for_nobody():
    assert how_many(np.array([0, 0, 1, 2]), np.array([0, -1, -1, 1]), 3).tolist() == [1, 0, 1]


@pytest.mark.parametrize("number", [3, FEW])
def test_numbers_of_two_arrays_are_put_in_order_each_once(number: int):
    some = np.arange(number)[::-1] * 2

    assert distinct(some, some[:2]).tolist() == sorted(some.tolist())
    assert distinct(some, np.array([1, 1])).tolist() == sorted([1, *some.tolist()])
