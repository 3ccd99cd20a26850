"""What it is worth to know an input before deciding, against sums by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tests.pilots.partnership.case.small import appraisal
from woda_lib.pilots.partnership.case import value_of_knowing
from woda_lib.pilots.partnership.case.knowing import worth_of_all, worth_of_one

# Two futures, as likely: in one the second option gains 30, in the other it loses 10.
FUTURES = np.repeat([[0.0, 0.0], [30.0, -10.0]], 500, axis=1)


def test_perfect_information_by_hand():
    """Without knowing, the second option is worth 10; with it, 30 half of the time: 15."""
    assert worth_of_all(FUTURES) == pytest.approx(5)


def test_an_input_that_tells_the_future_is_worth_as_much():
    assert worth_of_one(FUTURES, np.repeat([0.0, 1.0], 500)) == pytest.approx(5)


def test_an_input_that_tells_nothing_is_worth_nothing():
    values = np.tile(np.arange(500.0), 2)  # both futures for each value
    assert worth_of_one(FUTURES, values) == pytest.approx(0)


def test_what_cannot_turn_the_decision_is_not_worth_knowing():
    """Beds from 110 to 130 pay in every draw."""
    table = value_of_knowing(appraisal(beds={"estimate": 120.0, "low": 110.0, "high": 130.0}))
    assert table.to_numpy().tolist() == [["everything", 0]]


def test_the_only_thing_that_is_not_known_is_worth_everything():
    """All but what beds bring is known, so that knowing this is knowing all (in bins, nearly)."""
    found = value_of_knowing(appraisal(beds={"estimate": 55.0, "low": 20.0, "high": 90.0}))
    worth = found.set_index("input")["worth_knowing"]
    assert list(worth.index) == ["everything", "beds"]
    assert worth["everything"] > 1
    assert worth["beds"] == pytest.approx(worth["everything"], rel=0.02)
