"""Which households are listed, in which order, and what stands beside each."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.pilots.complex_dependencies import made_up_list as made
from woda_lib.pilots.complex_dependencies.errors import ReviewError
from woda_lib.pilots.complex_dependencies.review import (
    Listing,
    links_of,
    make_list,
    newest_of,
    rule_says,
)
from woda_lib.pilots.complex_dependencies.review.listing import in_order


def test_a_list_holds_as_many_as_there_is_time_for():
    """333 of 1,000 of six households are two."""
    found = made.listing()
    assert (found.at_capacity, found.scored) == (2, 6)
    assert set(found.households["household_id"]) == {"h1", "h2"}


def test_the_order_is_that_of_streets_and_no_score_plays_a_part():
    """h1 has the highest score and stands after h2, whose number in Elm Road is lower."""
    assert made.listing().households["household_id"].tolist() == ["h2", "h1"]


def test_flats_and_numbers_are_put_in_order_as_a_street_has_them():
    table = pd.DataFrame(
        {
            "district": ["Redditch"] * 4 + [None],
            "address": [
                "10 Elm Road, Redditch",
                "9 Elm Road, Redditch",
                "Flat 1, 9 Elm Road, Redditch",
                "2 Bridge Lane, Redditch",
                None,
            ],
        },
        index=pd.Index(["a", "b", "c", "d", "e"], name="household_id"),
    )
    assert in_order(table)["household_id"].tolist() == ["d", "b", "c", "a", "e"]


def test_what_only_the_rule_lists_stands_apart_with_its_reasons():
    found = made.listing()
    assert found.rule_only["household_id"].tolist() == ["h4"]
    assert "h4" in set(found.reasons["household_id"])
    assert "h3" not in set(found.reasons["household_id"])


def test_what_the_rule_says_of_each():
    rule = made.listing().households.set_index("household_id")["rule_says"]
    assert rule.to_dict() == {"h1": "lists it", "h2": "does not list it"}


def test_equals_that_a_lot_alone_puts_in_order_cannot_be_told_by_the_rule():
    """Two have two needs and no contact; their lots differ by less than a police contact."""
    points = pd.Series([3.0, 2.0011, 2.0037, 0.0])
    assert rule_says(points, 2).tolist() == [
        "lists it",
        "cannot tell",
        "cannot tell",
        "does not list it",
    ]
    assert rule_says(points, 3).tolist() == ["lists it"] * 3 + ["does not list it"]


def test_what_a_caseworker_must_know_stands_beside_each():
    row = made.listing().households.set_index("household_id").loc["h2"]
    assert (row["help"], row["known_by"], row["services"]) == ("early help", "the police", 1)
    assert (row["records"], row["doubtful"], row["perhaps_theirs"]) == (4, 1, 2)
    assert row["newest_days"] == 577
    assert row["gaps"] == 1


def test_the_list_before_is_told_where_there_was_one():
    assert made.listing().households["was_listed"].isna().all()
    before = made.listing(pd.DataFrame({"household_id": ["h2"]}))
    assert before.households["was_listed"].tolist() == [True, False]


def test_no_score_a_score_twice_or_missing_are_refused():
    def call(wrong: pd.DataFrame) -> Listing:
        return make_list(
            wrong,
            made.features(),
            made.contributions(),
            homes=made.homes(),
            links=made.links(),
            newest=pd.Series(dtype="datetime64[ns]"),
            likeness=made.likeness(),
            wording=made.wording(),
            capacity=25,
            as_of=made.DAY,
        )

    scores = made.scores()
    for wrong, says in (
        (scores.iloc[:0], "No household has a score"),
        (pd.concat([scores, scores.iloc[[0]]]), "two scores"),
        (scores.assign(risk=[None, *scores["risk"][1:]]), "A score is missing"),
        (scores.iloc[::-1], "same households in the same order"),
    ):
        with pytest.raises(ReviewError, match=says):
            call(wrong)


def test_links_below_the_threshold_and_records_that_may_be_theirs_are_counted():
    members = pd.DataFrame({"household_id": ["h1", "h1", "h2"], "entity_id": ["e1", "e2", "e3"]})
    records = pd.DataFrame(
        {
            "dataset": ["school", "police", "police", "council"],
            "local_id": ["1", "2", "3", "4"],
            "entity_id": ["e1", "e1", "e2", "e3"],
            "confidence": [1.0, 0.9, 0.99, 1.0],
        }
    )
    doubts = pd.DataFrame(
        {
            "left_source": ["school", "police", "council"],
            "left_id": ["1", "2", "4"],
            "right_source": ["council", "police", "council"],
            "right_id": ["4", "3", "9"],
            "log2_odds": [0.6, 1.2, -2.0],
        }
    )
    found = links_of(members, records, doubts, sure=0.95)
    assert found.loc["h1"].to_dict() == {
        "records": 3, "doubtful": 1, "lowest": 0.9, "perhaps_theirs": 1,
    }  # fmt: skip
    assert found.loc["h2", "perhaps_theirs"] == 1


def test_the_newest_record_is_one_that_was_known_on_the_day():
    dated = pd.DataFrame(
        {
            "household_id": ["h1", "h1", "h1"],
            "on": pd.to_datetime(["2024-01-05", "2025-03-01", "2025-04-02"]),
        }
    )
    assert newest_of(dated, as_of=made.DAY).to_dict() == {"h1": pd.Timestamp("2025-03-01")}
