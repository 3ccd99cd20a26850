"""How far a value moved, in words, and whether that could be chance."""

from __future__ import annotations

import math

import pytest

from woda_lib.records import Value
from woda_lib.workbench.review.changes import value_change


def days(value: float | None, low: float | None = None, high: float | None = None) -> Value:
    return Value(name="days_saved", value=value, low=low, high=high, unit="days")


@pytest.mark.parametrize(
    ("old", "new", "mark", "words", "interval", "reading"),
    [
        (
            days(2.4, 1.7, 3.1),
            days(2.7, 2.1, 3.3),
            "▲",
            "up 0.3 days",
            "−0.6 to 1.2",
            "could be chance",
        ),
        (
            days(8.0, 7.5, 8.5),
            days(5.0, 4.6, 5.4),
            "▼",
            "down 3.0 days",
            "−3.6 to −2.4",
            "more than chance",
        ),
        (days(2.70, 2.1, 3.3), days(2.71, 2.1, 3.3), "=", "no change", "−0.8 to 0.8", "no change"),
        (days(2.4), days(2.7), "▲", "up 0.3 days", "", "cannot be judged"),
        (None, days(2.7), "?", "new", "", "cannot be judged"),
        (days(2.4), None, "?", "no longer reported", "", "cannot be judged"),
        (days(None), days(2.7), "?", "cannot be told: withheld", "", "cannot be judged"),
    ],
)  # fmt: skip
def test_a_change_has_a_mark_words_an_interval_and_a_reading(
    old: Value | None, new: Value | None, mark: str, words: str, interval: str, reading: str
) -> None:
    change = value_change(old, new)
    assert (change.mark, change.words, change.interval, change.reading) == (
        mark,
        words,
        interval,
        reading,
    )


def test_the_interval_adds_the_two_uncertainties_as_sides_of_a_right_angle() -> None:
    change = value_change(days(10, 7, 14), days(20, 16, 23))
    assert change.low == pytest.approx(10 - math.hypot(20 - 16, 14 - 10))
    assert change.high == pytest.approx(10 + math.hypot(23 - 20, 10 - 7))


def test_on_the_same_data_nothing_is_chance() -> None:
    change = value_change(days(2.4, 1.7, 3.1), days(2.5, 1.8, 3.2), same_data=True)
    assert change.reading == "not chance"
    assert change.interval == ""


def test_a_share_moves_by_points_and_money_keeps_its_sign() -> None:
    share = [Value(name="rate", value=v, low=v - 1, high=v + 1, unit="%") for v in (90.2, 93.1)]
    assert value_change(*share).words == "up 2.9 points"
    cost = [
        Value(name="cost", value=v, low=v - 9e3, high=v + 9e3, unit="pounds", decimals=-3)
        for v in (153e3, 119e3)
    ]
    assert value_change(*cost).words == "down £34,000"
    assert value_change(*cost).interval == "−£47,000 to −£21,000"


def test_another_unit_is_no_change_that_can_be_told() -> None:
    hours = Value(name="days_saved", value=65, unit="hours")
    assert value_change(days(2.7), hours).words == "cannot be told: another unit"
