"""Children of a household: who says so, and their school and social worker."""

from __future__ import annotations

import pandas as pd

from tests.pilots.ascii_table import table
from woda_lib.pilots.domestic_abuse import household
from woda_lib.pilots.domestic_abuse.household import BEFORE, CARE, LAST_NIGHT, SCHOOL

AS_OF = pd.Timestamp("2025-03-31")
TONIGHT = table(
    """
    incident_id  victim  perpetrator  address_id
    i9           A       R            mill_lane
    """
)
PUPILS = table(
    """
    entity_id  address_id   date_of_birth  school   safeguarding_lead  joined_on   left_on
    K          mill_lane    2017-05-01     Nulford  Jones              2022-09-01  -
    K          -            2017-05-01     Oldham   Smith              2021-09-01  2022-07-20
    L          mill_lane    2012-05-01     Nulford  -                  2018-09-01  2023-07-20
    M          home_of_A    2016-05-01     Severn   -                  2021-09-01  -
    N          elsewhere    2016-05-01     Severn   -                  2021-09-01  -
    """,
    dates=("date_of_birth", "joined_on", "left_on"),
).assign(confidence=0.95)
SOCIAL = (
    table(
        """
        who  born        service   kind                started_on  ended_on    team     lead_worker
        K    2017-05-01  children  child_in_need       2024-01-01  2024-06-01  North    Hill
        K    2017-05-01  children  assessment          2025-02-01  -           North_2  Dale
        O    2005-01-01  children  looked_after        2020-01-01  2023-01-01  East     -
        A    1990-01-01  adults    adult_safeguarding  2025-01-01  -           Adults   -
        """,
        dates=("born", "started_on", "ended_on"),
    )
    .rename(columns={"who": "entity_id", "born": "date_of_birth"})
    .assign(address_id="mill_lane", confidence=0.9)
)
THERE = table(
    """
    incident_id  entity_id  role
    i9           P          child
    i9           A          victim
    i2           K          child
    i2           Q          child
    i5           S          child
    """
).assign(confidence=0.99)
COUPLES = table("incident_id event\ni9 i2")


def homes() -> pd.DataFrame:
    persons = table("entity_id address_id\nA home_of_A\nR home_of_R")
    tenancies = table(
        """
        entity_id  address_id   ended_on
        A          left_behind  2023-01-01
        A          mill_lane    -
        """
    )
    return household.homes(TONIGHT, persons, tenancies)


def found() -> pd.DataFrame:
    rows = household.children(TONIGHT, COUPLES, THERE, homes(), PUPILS, SOCIAL, as_of=AS_OF)
    return rows.set_index("child")


def test_a_household_is_where_it_happened_and_where_the_victim_lives() -> None:
    assert set(homes()["address_id"]) == {"mill_lane", "home_of_A"}  # not a home that was left


def test_children_come_from_four_sources_the_strongest_sign_first() -> None:
    assert found()["known_from"].to_dict() == {
        "K": (BEFORE, SCHOOL, CARE),
        "M": (SCHOOL,),
        "P": (LAST_NIGHT,),
        "Q": (BEFORE,),
    }  # L left the school, N lives elsewhere, O is grown up, S was in another couple's incident


def test_only_a_child_whom_police_recorded_last_night_was_there() -> None:
    assert found()["present"].to_dict() == {"K": False, "M": False, "P": True, "Q": False}


def test_school_and_social_worker_are_those_of_today() -> None:
    child = found().loc["K"]
    assert child[["school", "safeguarding_lead", "on_roll"]].tolist() == ["Nulford", "Jones", True]
    assert child[["care_kind", "team", "lead_worker"]].tolist() == ["assessment", "North_2", "Dale"]
    assert pd.isna(child["care_to"])


def test_a_victim_under_18_is_no_child_of_their_own_household() -> None:
    pupils = pd.concat([PUPILS, PUPILS[PUPILS["entity_id"] == "K"].assign(entity_id="A")])
    rows = household.children(TONIGHT, COUPLES, THERE, homes(), pupils, SOCIAL, as_of=AS_OF)
    assert "A" not in set(rows["child"])


def test_a_pregnancy_is_a_midwifery_booking_within_40_weeks() -> None:
    health = table(
        """
        entity_id  kind               occurred_on
        A          midwifery_booking  2024-12-01
        A          midwifery_booking  2023-01-01
        R          midwifery_booking  2024-06-23
        A          ed_injury          2025-03-01
        """,
        dates=("occurred_on",),
    )
    rows = household.unborn(TONIGHT, health, as_of=AS_OF)
    assert rows[["person", "role"]].to_numpy().tolist() == [["A", "victim"]]
    assert rows["booked_on"].tolist() == [pd.Timestamp("2024-12-01")]
