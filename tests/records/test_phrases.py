"""How a value is said: with its unit, and what money is counted by."""

from __future__ import annotations

import pytest

from woda_lib.records import (
    Value,
    say_amount,
    say_interval,
    say_label,
    say_label_within,
    say_name,
    say_quantity,
)


@pytest.mark.parametrize(
    ("number", "unit", "decimals", "said"),
    [
        (2.74, "days", 1, "2.7 days"),
        (153_000, "pounds", 0, "£153,000"),
        (-479_598, "pounds", -4, "−£480,000"),
        (1.4237, "pounds a pound", 2, "£1.42 a pound"),
        (-0.5, "pounds a pound", 2, "−£0.50 a pound"),
        (97.14, "%", 1, "97.1%"),
        (3.0, "", 0, "3"),
        (1, "rows", 0, "1 row"),
        (1, "people", 0, "1 person"),
        (1, "families", 0, "1 family"),
        (1, "business sites", 0, "1 business site"),
        (1, "full-time posts a year", 0, "1 full-time post a year"),
        (1, "days, at most", 0, "1 day, at most"),
        (1, "% of referrals", 0, "1 % of referrals"),
        (1.0, "days", 1, "1.0 days"),
    ],
)
def test_a_quantity(number, unit, decimals, said):
    assert say_quantity(number, unit, decimals) == said


def test_a_name_is_said_in_words_and_initials():
    assert say_name("days_saved") == "Days saved"
    assert say_name("uprn_coverage") == "UPRN coverage"


def test_a_value_is_called_by_its_label_and_without_one_by_its_name():
    older = Value.model_validate({"name": "five_years", "value": 42.1, "unit": "%"})
    labelled = older.model_copy(update={"label": "Companies that live five years"})
    assert [say_label(older), say_label_within(older)] == ["Five years", "five years"]
    assert say_label(labelled) == "Companies that live five years"
    assert say_label_within(labelled) == "companies that live five years"


def test_an_interval_has_pounds_and_not_what_they_are_counted_by():
    ratio = Value(name="ratio", value=0.73, low=0.22, high=1.38, unit="pounds a pound", decimals=2)
    assert say_amount(ratio) == "£0.73 a pound"
    assert say_interval(ratio) == "£0.22 to £1.38"
