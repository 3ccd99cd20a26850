"""How good links are, counted by hand, and why records are left alone."""

import pandas as pd
import pytest

from woda_lib.pilots.business_register.report import counts, quality
from woda_lib.pilots.business_register.trades import section, sic_code, trade_described


def _records(rows):
    return pd.DataFrame(rows, columns=["source", "id", "entity_id"])


FOUND = _records(
    [
        ("companies", "1", "a"),
        ("business_rates", "2", "a"),
        ("business_rates", "3", "a"),
        ("food_hygiene", "4", "b"),
    ]
)
TRUE = _records(
    [
        ("companies", "1", "x"),
        ("business_rates", "2", "x"),
        ("business_rates", "3", "y"),
        ("food_hygiene", "4", "x"),
    ]
)


@pytest.mark.parametrize(
    ("pair", "right", "joined", "true"),
    [
        (("companies", "business_rates"), 1, 2, 1),
        (("companies", "food_hygiene"), 0, 0, 1),
        (("business_rates", "food_hygiene"), 0, 0, 1),
        (("business_rates", "business_rates"), 0, 1, 0),
    ],
)
def test_pairs_are_counted_by_kind(pair, right, joined, true):
    assert quality.pair_counts(FOUND, TRUE, [pair]) == (right, joined, true)


def test_the_reason_is_that_of_the_record_most_like_it():
    links = pd.DataFrame(
        [
            ("companies", "1", "food_hygiene", "4", 0.6, "doubtful"),
            ("business_rates", "3", "food_hygiene", "4", 0.9, "not at one time"),
        ],
        columns=["left_source", "left_id", "right_source", "right_id", "probability", "became"],
    )
    found = counts.unlinked(FOUND, links)
    assert found.values.tolist() == [
        ["food hygiene", "the record most like it is of another time", 1]
    ]


def test_codes_and_descriptions_become_sections_and_trades():
    written = pd.Series(["56102 - Unlicensed restaurants", "1110 - Cereals", "99999 - Dormant"])
    assert section(sic_code(written)).fillna("").tolist() == ["I", "A", ""]
    told = trade_described(pd.Series(["CAFE AND PREMISES", "Shop and premises", "OFFICES"]))
    assert told.fillna("").tolist() == ["food", "retail", ""]
