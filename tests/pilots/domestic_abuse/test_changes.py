"""Two states of the records, compared: what a pack must say is new since yesterday."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tests.pilots.ascii_table import table
from woda_lib.pilots.domestic_abuse import changes
from woda_lib.pilots.domestic_abuse.change_lines import (
    agency_lines,
    incident_lines,
    on_cards,
    order_lines,
)
from woda_lib.pilots.domestic_abuse.errors import DomesticAbuseError
from woda_lib.pilots.domestic_abuse.words import CARE

SINCE = date(2025, 3, 30)
NAMES = {"A": "Amber", "R": "Rowan", "H": "Hazel", "K": "Clover"}
MOMENTS = ("occurred_at", "reported_at")
YESTERDAY = """
incident_id  record_status  occurred_at  reported_at  crime_type      outcome
i1           current        2025-03-01   2025-03-01   common_assault  under_investigation
i2           current        2025-03-10   2025-03-10   harassment      -
i3           withdrawn      2025-03-11   2025-03-11   harassment      -
i4           current        2025-03-12   2025-03-12   no_crime        -
"""
TODAY = """
incident_id  record_status  occurred_at  reported_at  crime_type           outcome
i1           current        2025-03-01   2025-03-01   actual_bodily_harm   charged
i2           withdrawn      2025-03-10   2025-03-10   harassment           -
i3           current        2025-03-11   2025-03-11   harassment           -
i4           current        2025-03-12   2025-03-12   no_crime             -
i5           current        2025-03-30   2025-03-31   stalking             -
i6           current        2025-03-02   2025-03-03   rape                 -
i7           withdrawn      2025-03-30   2025-03-31   theft                -
"""


def incidents(text: str) -> pd.DataFrame:
    return table(text, dates=MOMENTS)


def involvements(text: str) -> pd.DataFrame:
    return table(text).assign(record_status="current")


def called(person: str) -> str:
    return NAMES[person]


def number(incident: str) -> str:
    return incident.upper()


def test_new_late_corrected_withdrawn_and_standing_again() -> None:
    found = changes.incident_changes(incidents(YESTERDAY), incidents(TODAY), since=SINCE)
    assert dict(zip(found["incident_id"], found["kind"], strict=True)) == {
        "i1": "corrected",
        "i2": "withdrawn",
        "i3": "stands_again",
        "i5": "new",
        "i6": "late",  # reported on the 3rd, delivered only today
    }  # i4 did not change; i7 came withdrawn, and nobody had been told of it
    corrected = found.set_index("incident_id").loc["i1"]
    assert corrected["fields"] == ("crime_type", "outcome")
    assert corrected["values"][0] == ("common_assault", "actual_bodily_harm")


def test_the_same_file_twice_changes_nothing() -> None:
    today = incidents(TODAY)
    assert changes.incident_changes(today, today.copy(), since=SINCE).empty
    roles = involvements("incident_id nominal_id role\ni1 n1 victim\ni1 n2 perpetrator")
    who = pd.Series({"n1": "A", "n2": "R"})
    assert changes.role_changes(roles, roles.copy(), who, among=today["incident_id"]).empty


def test_a_table_without_its_columns_is_refused() -> None:
    with pytest.raises(DomesticAbuseError, match="no column record_status"):
        changes.incident_changes(
            incidents(YESTERDAY).drop(columns="record_status"), incidents(TODAY), since=SINCE
        )


def lines_of(before: pd.DataFrame, now: pd.DataFrame) -> dict[str, str]:
    """Sentences for involvements that changed in incidents that did not."""
    today = incidents(TODAY)
    who = pd.Series({"n1": "A", "n2": "R", "n3": "K", "n4": "A"})
    roles = changes.role_changes(before, now, who, among=pd.Series(["i1", "i4"]))
    none = changes.incident_changes(today, today, since=SINCE)
    said = incident_lines(none, roles, today, number=number, called=called)
    return {name: " ".join(line.words for line in lines) for name, lines in said.items()}


def test_swapped_roles_are_said_to_be_swapped() -> None:
    before = involvements("incident_id nominal_id role\ni4 n1 perpetrator\ni4 n2 victim")
    now = involvements("incident_id nominal_id role\ni4 n1 victim\ni4 n2 perpetrator")
    assert lines_of(before, now) == {
        "i4": "Corrected by police: incident I4 of 12 March 2025. The roles were swapped: "
        "Amber is the victim, Rowan the perpetrator."
    }


def test_another_number_of_the_same_person_is_no_change() -> None:
    before = involvements("incident_id nominal_id role\ni4 n1 victim\ni4 n2 perpetrator")
    now = involvements("incident_id nominal_id role\ni4 n4 victim\ni4 n2 perpetrator")
    assert lines_of(before, now) == {}


def test_somebody_added_and_somebody_taken_out() -> None:
    before = involvements("incident_id nominal_id role\ni4 n1 victim\ni4 n2 perpetrator")
    now = involvements("incident_id nominal_id role\ni4 n1 victim\ni4 n3 child")
    assert lines_of(before, now)["i4"].endswith(
        "Clover was added as child and Rowan is no longer recorded as perpetrator."
    )


def test_a_correction_says_which_fields_in_words() -> None:
    today = incidents(TODAY)
    found = changes.incident_changes(incidents(YESTERDAY), today, since=SINCE)
    none = changes.role_changes(
        *[involvements("incident_id nominal_id role\ni1 n1 victim")] * 2,
        pd.Series({"n1": "A"}),
        among=today["incident_id"],
    )
    said = incident_lines(found, none, today, number=number, called=called)
    assert [line.words for line in said["i1"]] == [
        "Corrected by police: incident I1 of 1 March 2025. The offence was common assault and is "
        "actual bodily harm. What police did was under investigation and is charged."
    ]
    assert said["i2"][0].words == (
        "Withdrawn by police: incident I2 of 10 March 2025. It no longer counts."
    )
    assert said["i6"][0].kind == "late"
    assert "It was not known yesterday" in said["i6"][0].words


def test_a_correction_stands_on_the_cards_of_whom_it_spoke_before_too() -> None:
    """i1 named A and H yesterday, A and R today: all three people's cards are told."""
    rows = table(
        """
        incident_id  nominal_id  role         record_status
        i1           n1          victim       current
        i1           n2          perpetrator  current
        i1           n5          perpetrator  withdrawn
        """
    )
    who = changes.involved(rows, pd.Series({"n1": "A", "n2": "R", "n5": "H"}))
    people = {str(name): set(group) for name, group in who.groupby("incident_id")["person"]}
    today = incidents(TODAY)
    found = changes.incident_changes(incidents(YESTERDAY), today, since=SINCE)
    empty = pd.DataFrame(columns=["incident_id", "person", "was", "is"])
    said = incident_lines(found, empty, today, number=number, called=called)
    cards = {"old": {"A", "R"}, "hers": {"H", "X"}, "strangers": {"Y", "Z"}}
    told = on_cards(cards, said, people, [])
    assert [line.incident for line in told["old"]] == ["I1"]
    assert [line.incident for line in told["hers"]] == ["I1"]
    assert told["strangers"] == []


ORDERS = """
order_id  supervisee_id  kind                   starts_on   ends_on     breached_on
o1        s1             non_molestation_order  2024-05-14  2025-03-30  -
o2        s1             restraining_order      2025-03-31  -           -
o3        s1             licence                2024-01-01  2025-06-01  2025-03-29
o4        s1             community_order        2023-01-01  2024-01-01  -
"""


def orders(text: str = ORDERS) -> pd.DataFrame:
    return table(text, dates=("starts_on", "ends_on", "breached_on"))


def test_orders_that_began_ended_or_were_breached_since_yesterday() -> None:
    now = orders()
    before = now.assign(breached_on=pd.NaT)[now["order_id"] != "o2"]
    found = changes.order_changes(before, now, since=date(2025, 3, 30), until=date(2025, 3, 31))
    assert dict(zip(found["order_id"], found["change"], strict=True)) == {
        "o2": "order_began",
        "o1": "order_ended",
        "o3": "order_breached",
    }
    said = order_lines(found, pd.Series(["R"] * len(found)), called)
    assert [line.words for _, line in said] == [
        "Began. The restraining order that binds Rowan runs from 31 March 2025.",
        "Ended. The non-molestation order that binds Rowan ran out on 30 March 2025.",
        "Breached. The licence that binds Rowan was breached on 29 March 2025.",
    ]


def test_orders_that_nobody_touched_change_nothing() -> None:
    now = orders()
    found = changes.order_changes(now, now.copy(), since=date(2025, 4, 2), until=date(2025, 4, 3))
    assert found.empty


def test_new_work_of_an_agency_and_work_that_ended() -> None:
    text = """
    care_involvement_id  kind         started_on  ended_on
    c1                   assessment   2025-03-01  2025-03-28
    c2                   early_help   2025-03-29  -
    """
    now = table(text, dates=("started_on", "ended_on"))
    before = now[now["care_involvement_id"] == "c1"].assign(ended_on=pd.NaT)
    found = changes.involvement_changes(before, now, key="care_involvement_id", end="ended_on")
    said = agency_lines(
        found,
        pd.Series(["K", "A"]),
        called,
        agency="Social care",
        what=CARE,
        start="started_on",
        end="ended_on",
    )
    assert [(person, line.words) for person, line in said] == [
        ("K", "Social care, Clover: early help, 29 March 2025."),
        ("A", "Social care, Amber: assessment, ended on 28 March 2025."),
    ]
