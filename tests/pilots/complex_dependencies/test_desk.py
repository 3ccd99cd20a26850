"""What is loaded of households once a list may be made, and how little of it is kept."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tests.pilots.complex_dependencies import made_up_list as made
from tests.prediction.tables import table
from woda_lib.pilots.complex_dependencies import desk
from woda_lib.pilots.complex_dependencies.review import make_list, who_is_told_of

ON = date(2025, 3, 31)
TABLES = {
    "persons": table("""
        entity_id  forename  surname  age_band
        ann        Ann       Hale     16_64
        ben        Ben       Moss     16_64
    """),
    "members": table("""
        household_id  entity_id  starts      ends
        h1            ann        2020-01-01  -
        h2            ben        2020-01-01  -
    """),
    "households": table("""
        household_id  uprn  starts      ends  kind
        h1            u1    2020-01-01  -     one_person
        h2            u2    2020-01-01  -     one_person
    """),
    "properties": pd.DataFrame(
        {
            "uprn": ["u1", "u2"],
            "address": ["1 Elm Road, Redditch", "2 Bridge Lane, Worcester"],
            "postcode": ["B97 4AB", "WR1 1AA"],
            "district": ["Redditch", "Worcester"],
            "area": ["E1", "E2"],
            "deprivation_quintile": [1, 2],
        }
    ),
    "records": pd.DataFrame(
        {
            "dataset": ["police_contacts"] * 2,
            "local_id": ["1", "2"],
            "entity_id": ["ann", "ben"],
            "confidence": [0.9, 1.0],
        }
    ),
    "doubts": pd.DataFrame(
        {
            "left_source": ["police_contacts"],
            "left_id": ["1"],
            "right_source": ["police_contacts"],
            "right_id": ["2"],
            "log2_odds": [3.0],
        }
    ),
    "involvements": table("""
        entity_id  started_on  ended_on
        ann        2024-05-01  -
        ben        2024-06-01  2024-07-01
    """),
}
NOTICES = table("""
    uprn  started_on
    u1    2024-09-01
    u2    2024-10-01
""")


@pytest.fixture
def background() -> desk.Background:
    """Of a list of one household of two."""
    return desk.Background(TABLES.__getitem__, [NOTICES], ["h1"], on=ON, sure=0.95)


def test_of_households_that_are_not_listed_the_district_alone_is_kept(background):
    assert background.districts.to_dict() == {"h1": "Redditch", "h2": "Worcester"}
    assert background.homes.index.tolist() == ["h1"]
    assert background.links.index.tolist() == ["h1"]
    assert background.newest.to_dict() == {"h1": pd.Timestamp("2024-09-01")}
    held = repr([value.to_dict() for value in vars(background).values()])
    assert "Elm Road" in held and "Hale" in held
    assert "Bridge Lane" not in held and "Moss" not in held and "ben" not in held


def test_a_record_of_somebody_who_is_not_listed_may_still_be_a_members(background):
    everybody = desk.Background(TABLES.__getitem__, [NOTICES], ["h1", "h2"], on=ON, sure=0.95)
    assert background.links.loc["h1"].to_dict() == everybody.links.loc["h1"].to_dict()
    assert background.links.loc["h1", ["doubtful", "perhaps_theirs"]].tolist() == [1, 1]


def test_a_remark_is_held_to_the_names_of_its_household(background):
    assert background.names_somebody("h1", "Spoke with Hale about it")
    assert not background.names_somebody("h1", "A youth worker visits weekly")


def test_a_remark_about_a_household_that_is_not_listed_is_not_read(background):
    assert background.names_somebody("h2", "A youth worker visits weekly")


def test_a_list_needs_the_homes_of_nobody_else():
    told_of = who_is_told_of(made.scores(), 333)
    assert sorted(told_of) == ["h1", "h2", "h4"]
    few = make_list(
        made.scores(), made.features(), made.contributions(),
        homes=made.homes().loc[told_of], links=made.links().loc[told_of],
        newest=pd.Series({"h1": pd.Timestamp("2025-03-01"), "h2": pd.Timestamp("2023-09-01")}),
        likeness=made.likeness(), wording=made.wording(), capacity=333, as_of=made.DAY,
    )  # fmt: skip
    pd.testing.assert_frame_equal(few.households, made.listing().households)
    pd.testing.assert_frame_equal(few.rule_only, made.listing().rule_only)
