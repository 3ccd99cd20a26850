"""Incidents that stand, who was in them, which were entered twice, and whose roles are in doubt."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.pilots.ascii_table import table
from woda_lib.pilots.domestic_abuse.cases import case_table
from woda_lib.pilots.domestic_abuse.errors import DomesticAbuseError
from woda_lib.pilots.domestic_abuse.roles import incident_people

PEOPLE = table(
    """
    dataset            local_id entity_id confidence
    police_persons     n1       ann       0.99
    police_persons     n2       bob       0.97
    police_persons     n3       ann       0.99
    police_persons     n4       kid       -
    police_persons     n5       cat       -
    police_persons     n6       dan       0.95
    housing_tenancies  n1       somebody  0.9
    """
).astype({"confidence": float})
PERSONS = table(
    """
    id date_of_birth sex
    n1 1990-06-15    F
    n2 1985-01-01    M
    n3 1990-06-15    F
    n4 2015-01-01    M
    n5 1960-02-29    F
    n6 -             M
    """,
    dates=("date_of_birth",),
)


def incidents(text: str) -> pd.DataFrame:
    """Incidents of which a test says only what it is about."""
    found = table(text)
    usual = {
        "record_status": "current",
        "reported_at": found["occurred_at"],
        "reported_by": "victim",
        "crime_type": "common_assault",
        "district": "Malvern Hills",
        "deprivation_quintile": 1,
        "children_present": pd.NA,
        "dash_answers": pd.NA,
        "dash_risk": pd.NA,
        "professional_judgement": pd.NA,
        "outcome": pd.NA,
    }
    found = found.assign(**{name: v for name, v in usual.items() if name not in found})
    return found.assign(
        occurred_at=pd.to_datetime(found["occurred_at"]),
        reported_at=pd.to_datetime(found["reported_at"]),
    )


def involvements(text: str) -> pd.DataFrame:
    """Rows of `incident_id nominal_id role relationship`, current unless a test says otherwise."""
    found = table(text)
    usual = {"record_status": "current", "recorded_on": "2025-01-31"}
    return found.assign(**{name: v for name, v in usual.items() if name not in found})


def couple(*swapped: str, of: str) -> pd.DataFrame:
    """Involvements of n1 and n2 in incidents, with roles swapped in some."""
    rows = [
        f"{incident} {who} {role} partner"
        for incident in of.split()
        for who, role in zip(
            ("n2", "n1") if incident in swapped else ("n1", "n2"),
            ("victim", "perpetrator"),
            strict=True,
        )
    ]
    return involvements("\n".join(["incident_id nominal_id role relationship", *rows]))


def made(
    reported: pd.DataFrame, involved: pd.DataFrame, places: str = ""
) -> tuple[pd.DataFrame, pd.DataFrame]:
    where = table("dataset row_id address_id\n" + places)
    roles = incident_people(involved, reported, PEOPLE)
    cases, doubts = case_table(reported, roles, PERSONS, where, duplicate_hours=6)
    return cases.set_index("incident_id"), doubts


def test_roles_are_kept_apart_and_one_person_may_have_two():
    found = incident_people(
        involvements(
            """
            incident_id nominal_id role        relationship
            i1          n1         victim      partner
            i1          n2         perpetrator partner
            i1          n4         child       -
            i1          n4         witness     -
            i1          n9         reporter    -
            """
        ),
        incidents("incident_id occurred_at\ni1 2025-01-01T20:00"),
        PEOPLE,
    )
    assert found[["nominal_id", "entity_id", "role"]].fillna("-").to_numpy().tolist() == [
        ["n4", "kid", "child"],
        ["n2", "bob", "perpetrator"],
        ["n9", "-", "reporter"],
        ["n1", "ann", "victim"],
        ["n4", "kid", "witness"],
    ]


def test_withdrawn_rows_and_incidents_are_out_and_a_corrected_row_counts_as_it_is_now():
    reported = incidents(
        """
        incident_id record_status occurred_at
        i1          current       2025-01-01T20:00
        i2          withdrawn     2025-01-02T20:00
        """
    )
    involved = involvements(
        """
        incident_id nominal_id role        relationship record_status recorded_on
        i1          n1         victim      partner      current       2025-01-01
        i1          n5         perpetrator partner      withdrawn     2025-01-02
        i1          n2         perpetrator partner      current       2025-01-02
        i1          n2         perpetrator former_partner current     2025-01-03
        i2          n1         victim      partner      current       2025-01-02
        """
    )
    cases, _ = made(reported, involved)
    assert cases.index.tolist() == ["i1"]
    case = cases.loc["i1"]
    assert (case.victim, case.perpetrator, case.relationship) == ("ann", "bob", "former_partner")


def test_a_case_holds_what_the_meeting_asks():
    reported = incidents(
        f"""
        incident_id occurred_at      reported_at      dash_answers
        i1          2025-06-14T20:00 2025-06-15T08:00 {"Y" * 14 + "N" * 10 + "???"}
        i2          2025-06-15T20:00 2025-06-15T21:00 -
        """
    )
    involved = involvements(
        """
        incident_id nominal_id role        relationship
        i1          n1         victim      child
        i1          n5         perpetrator -
        i1          n4         child       -
        i2          n1         victim      partner
        """
    )
    cases, doubts = made(reported, involved, "police_incidents i1 home\npolice_persons i2 away")
    first, second = cases.loc["i1"], cases.loc["i2"]
    # Only the victim's row says what they are to each other: she is the perpetrator's child.
    assert (first.relationship, first.address_id, first.dash_ticks) == ("parent", "home", 14)
    assert (first.children, first.victim_sex, first.victim_confidence) == (1, "F", 0.99)
    # She turned 35 on the day after.
    assert (first.victim_age_band, second.victim_age_band) == ("25 to 34", "35 to 44")
    assert second[["perpetrator", "dash_ticks", "address_id"]].isna().all()
    assert second.children == 0
    assert doubts.empty


def test_an_event_that_was_entered_twice_is_found_by_couple_hours_and_place():
    reported = incidents(
        """
        incident_id occurred_at      reported_at
        i1          2025-01-01T20:00 2025-01-01T23:00
        i2          2025-01-01T21:00 2025-01-01T22:00
        i3          2025-01-02T02:30 2025-01-02T08:00
        i4          2025-01-02T09:00 2025-01-02T09:30
        i5          2025-01-01T20:00 2025-01-03T09:30
        """
    )
    where = """
    police_incidents i1 home
    police_incidents i2 home
    police_incidents i5 away
    """
    cases, _ = made(reported, couple(of="i1 i2 i3 i4 i5"), where)
    # What police heard first counts. i3 has no address; i4 came too late, and i5 was elsewhere.
    assert cases["duplicate_of"].dropna().to_dict() == {"i1": "i2", "i3": "i2"}


def test_two_couples_on_one_night_at_one_place_are_two_events():
    reported = incidents("incident_id occurred_at\ni1 2025-01-01T20:00\ni2 2025-01-01T20:00")
    involved = involvements(
        """
        incident_id nominal_id role        relationship
        i1          n1         victim      partner
        i1          n2         perpetrator partner
        i2          n5         victim      partner
        i2          n6         perpetrator partner
        """
    )
    cases, _ = made(reported, involved, "police_incidents i1 home\npolice_incidents i2 home")
    assert cases["duplicate_of"].isna().all()


def test_two_numbers_of_one_person_are_one_couple():
    reported = incidents("incident_id occurred_at\ni1 2025-01-01T20:00\ni2 2025-01-01T21:00")
    involved = couple(of="i1 i2").replace({"nominal_id": {"n1": "n3"}})
    cases, _ = made(reported, pd.concat([couple(of="i1"), involved.iloc[2:]]))
    assert cases["duplicate_of"].dropna().to_dict() == {"i2": "i1"}


def test_whom_police_have_not_described_goes_by_the_number_and_is_one_couple_again():
    reported = incidents("incident_id occurred_at\ni1 2025-01-01T20:00\ni2 2025-01-01T21:00")
    involved = couple(of="i1 i2").replace({"nominal_id": {"n2": "n9"}})
    cases, _ = made(reported, involved)
    assert cases["victim"].tolist() == ["ann", "ann"]
    assert cases["perpetrator"].tolist() == ["n9", "n9"]
    assert cases["perpetrator_confidence"].isna().all()
    assert cases["duplicate_of"].dropna().to_dict() == {"i2": "i1"}


THREE_NIGHTS = """
incident_id occurred_at
i1          2025-01-01T20:00
i2          2025-01-11T20:00
i3          2025-01-21T20:00
"""


def test_roles_that_the_couples_other_incidents_contradict_are_in_doubt_and_stay_as_they_are():
    cases, doubts = made(incidents(THREE_NIGHTS), couple("i3", of="i1 i2 i3"))
    assert cases["roles_doubtful"].to_dict() == {"i1": False, "i2": False, "i3": True}
    assert cases.loc["i3", "victim"] == "bob"
    assert doubts.to_numpy().tolist() == [["i3", "other_way_round"]]


def test_where_as_many_say_one_as_the_other_both_are_in_doubt():
    cases, _ = made(incidents(THREE_NIGHTS).iloc[:2], couple("i2", of="i1 i2"))
    assert cases["roles_doubtful"].tolist() == [True, True]


def test_a_man_harmed_by_a_woman_is_no_doubt():
    cases, _ = made(incidents(THREE_NIGHTS).iloc[:1], couple("i1", of="i1"))
    assert (cases.loc["i1", "victim_sex"], cases.loc["i1", "roles_doubtful"]) == ("M", False)


@pytest.mark.parametrize(
    ("involved", "doubt"),
    [
        ("i1 n1 victim child\ni1 n2 perpetrator sibling", "relationships_differ"),
        ("i1 n5 victim child\ni1 n1 perpetrator parent", "parent_younger"),
        ("i1 n1 victim parent\ni1 n5 perpetrator child", "parent_younger"),
        ("i1 n1 victim partner\ni1 n3 perpetrator partner", "one_person"),
    ],
)
def test_what_cannot_be_right_is_in_doubt(involved: str, doubt: str):
    rows = involvements("incident_id nominal_id role relationship\n" + involved)
    _, doubts = made(incidents(THREE_NIGHTS).iloc[:1], rows)
    assert doubts["doubt"].tolist() == [doubt]


def test_a_victim_who_is_otherwise_only_a_perpetrator_is_in_doubt():
    rows = involvements(
        """
        incident_id nominal_id role        relationship
        i1          n1         victim      partner
        i1          n2         perpetrator partner
        i2          n2         victim      partner
        i2          n5         perpetrator partner
        """
    )
    _, doubts = made(incidents(THREE_NIGHTS).iloc[:2], rows)
    assert doubts.to_numpy().tolist() == [["i2", "otherwise_perpetrator"]]


def test_a_late_incident_changes_which_entry_counts():
    early = incidents("incident_id occurred_at reported_at\ni1 2025-01-01T20:00 2025-01-05T09:00")
    late = incidents("incident_id occurred_at reported_at\ni2 2025-01-01T20:30 2025-01-01T21:00")
    before, _ = made(early, couple(of="i1"))
    assert before["duplicate_of"].isna().all()
    after, _ = made(pd.concat([early, late]), couple(of="i1 i2"))
    assert after["duplicate_of"].dropna().to_dict() == {"i1": "i2"}


def test_a_missing_column_is_named():
    with pytest.raises(DomesticAbuseError, match="police_involvements has no column role"):
        incident_people(couple(of="i1").drop(columns="role"), incidents(THREE_NIGHTS), PEOPLE)
