"""Times in which nothing of a household changed, and spells that overlap."""

import numpy as np
import pandas as pd

from tests.pilots.ascii_table import table
from woda_lib.pilots.single_view.homes.overlaps import Spells, overlapping
from woda_lib.pilots.single_view.homes.spans import spans_of


def _spans(text):
    stays = table(text).astype(int).astype({"holder": bool, "care_home": bool})
    spans, people = spans_of(stays)
    who = [people.loc[people["span"] == span, "e"].tolist() for span in range(len(spans))]
    return [(*row, told) for row, told in zip(spans.to_numpy().tolist(), who, strict=True)]


def test_a_span_ends_on_the_day_on_which_one_leaves_and_another_comes():
    assert _spans(
        """
        household u e starts ends holder care_home
        0         7 1 100    200  1      0
        0         7 2 200    300  0      0
        0         7 3 150    300  0      0
        """
    ) == [
        (0, 7, 100, 150, 1, [1]),
        (0, 7, 150, 200, 2, [1, 3]),
        (0, 7, 200, 300, 2, [2, 3]),
    ]


def test_a_home_that_stood_empty_has_no_span_meanwhile_and_moves_stand_by_day():
    assert _spans(
        """
        household u e starts ends holder care_home
        1         5 1 300    400  0      0
        1         9 1 -50    10   0      0
        0         5 2 0      100  0      0
        0         5 2 200    300  0      0
        """
    ) == [
        (0, 5, 0, 100, 1, [2]),
        (0, 5, 200, 300, 1, [2]),
        (1, 9, -50, 10, 1, [1]),
        (1, 5, 300, 400, 1, [1]),
    ]


def test_of_a_care_home_people_are_counted_and_not_told():
    assert _spans(
        """
        household u e starts ends holder care_home
        0         7 1 100    200  0      1
        0         7 2 100    200  0      1
        """
    ) == [(0, 7, 100, 200, 2, [])]


def test_nobody_has_no_span():
    names = ["household", "u", "e", "starts", "ends", "holder", "care_home"]
    spans, people = spans_of(pd.DataFrame({name: np.empty(0, np.int32) for name in names}))
    assert (len(spans), len(people)) == (0, 0)


def _spells(*rows):
    return Spells(*np.array(rows, dtype=np.int32).reshape(-1, 3).T)


def test_spells_that_touch_do_not_overlap_nor_do_those_of_two_people_or_of_nobody():
    spells = _spells((0, 10, 20), (1, 10, 20), (2, 10, 20), (-1, 10, 20))
    others = _spells((0, 20, 30), (1, 0, 5), (1, 19, 30), (-1, 10, 20), (0, 0, 10))
    assert overlapping(spells, others).tolist() == [False, True, False, False]
