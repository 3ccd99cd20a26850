"""Families in need, who helps them, and how the counts hang on links: small tables in and out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from tests.pilots.ascii_table import table
from woda_lib.pilots.single_view.ages import age_bands
from woda_lib.pilots.single_view.planning import (
    View,
    beside_truth,
    children_found,
    counts,
    still_shown,
    true_families,
)
from woda_lib.pilots.single_view.planning.doubt import with_doubtful, without_doubtful
from woda_lib.pilots.single_view.planning.errors import PlanningError
from woda_lib.pilots.single_view.planning.facts import facts_of
from woda_lib.pilots.single_view.planning.schema import read_headings
from woda_lib.pilots.single_view.planning.shares import by_groups, share, who_differs

FILE = Path(__file__).parents[3] / "parameters" / "single_view" / "headings.yaml"
TODAY = date(2025, 3, 31)
SPANS = ("started_on", "ended_on")


@pytest.fixture(scope="module")
def schema():
    return read_headings(FILE)


def rows(text: str) -> pd.DataFrame:
    return table(text, dates=SPANS)


# Household A: a mother (m), a baby (b) and a pupil (p). B: an old man (o). C: a couple's child (c).
LOADED = {
    "community_care": rows(
        """
        community_number  started_on  ended_on    service
        hc1               2024-09-01  -           therapy
        hc2               2023-01-01  2023-06-01  mental_health
        hc3               2024-01-01  -           district_nursing
        """
    ),
    "care_services": rows(
        """
        care_number  started_on  ended_on    service
        cn1          2024-01-01  -           early_help
        cn2          2023-01-01  2024-12-31  child_in_need
        """
    ),
    "council_tax_accounts": rows(
        """
        liable_person_id  started_on  ended_on  arrears
        lp1               2020-04-01  -         yes
        lp2               2020-04-01  -         no
        """
    ),
    "benefit_claims": rows(
        """
        claim_person_id  started_on  ended_on
        bp1              2022-01-01  -
        """
    ),
    "school_census": rows(
        """
        unique_pupil_number  started_on  ended_on  free_meals  absence     excluded
        up1                  2023-09-01  -         yes         persistent  no
        up2                  2023-09-01  -         no          below_10    no
        """
    ),
    "tenancy_members": rows(
        """
        member_number  started_on  ended_on  arrears  antisocial
        mn1            2021-01-01  -         no       no
        """
    ),
    "police_contacts": rows(
        """
        contact_number  started_on  ended_on  part     offence_group
        kn1             2024-06-01  -         victim   domestic
        kn2             2022-06-01  -         suspect  violence
        """
    ),
    "safe_and_well_visits": rows(
        """
        visit_row_id  visit_number  started_on  ended_on  alarm  hazard
        v1            fn1           2024-06-01  -         no     smoking
        """
    ),
    "support_clients": rows(
        """
        client_reference  started_on  ended_on    service
        vc1               2024-11-01  2025-01-15  debt
        """
    ),
}
RECORDS = table(
    """
    dataset               local_id  entity_id
    community_care        hc1       b
    community_care        hc2       m
    community_care        hc3       o
    care_services         cn1       p
    care_services         cn2       c
    council_tax_accounts  lp1       m
    benefit_claims        bp1       m
    school_census         up1       p
    school_census         up2       c
    tenancy_members       mn1       m
    police_contacts       kn1       m
    police_contacts       kn2       m
    safe_and_well_visits  fn1       o
    support_clients       vc1       o
    """
).assign(confidence=[1.0] * 6 + [0.6] + [1.0] * 7)
PERSONS = table(
    """
    entity_id  age_band
    m          25-44
    b          0-4
    p          5-15
    o          85+
    c          5-15
    d          25-44
    """
)
MEMBERS = table(
    """
    household_id  entity_id  starts      ends
    A             m          2020-01-01  -
    A             b          2024-08-01  -
    A             p          2020-01-01  -
    B             o          2001-04-01  -
    C             c          2020-01-01  -
    C             d          2020-01-01  -
    Z             d          2015-01-01  2019-12-31
    """,
    dates=("starts", "ends"),
)
HOUSEHOLDS = table(
    """
    household_id  uprn  starts      ends        kind
    A             1     2020-01-01  2024-07-31  lone_parent
    A             1     2024-08-01  -           lone_parent
    B             2     2001-04-01  -           older_one_person
    C             3     2020-01-01  -           lone_parent
    Z             3     2015-01-01  2019-12-31  one_person
    """,
    dates=("starts", "ends"),
)
PROPERTIES = table(
    """
    uprn  kind       district   area  deprivation_quintile
    1     flat       Worcester  X1    1
    2     house      Worcester  X1    2
    3     house      Redditch   X2    5
    4     care_home  Redditch   X2    5
    """
)
PLACES = table(
    """
    dataset               row_id  uprn
    safe_and_well_visits  v1      2
    """
)
DOUBTS = pd.DataFrame(
    {
        "left_source": ["care_services", "school_census"],
        "left_id": ["cn1", "up1"],
        "right_source": ["school_census", "care_services"],
        "right_id": ["up2", "cn2"],
        "log2_odds": [0.0, -7.0],  # even odds, and one in 128
    }
)
TABLES = {
    "records": RECORDS,
    "doubts": DOUBTS,
    "persons": PERSONS,
    "members": MEMBERS,
    "households": HOUSEHOLDS,
    "properties": PROPERTIES,
    "places": PLACES,
}


@pytest.fixture(scope="module")
def view(schema):
    return View(TABLES, LOADED, schema, TODAY, look_back_months=12)


def of(view: View, household: str) -> pd.Series:
    return view.households.set_index("household_id").loc[household]


def test_a_heading_is_raised_by_any_member_and_counts_once(view):
    a = of(view, "A")
    raised = [need.heading for need in view.schema.needs if a[need.heading]]
    # The pupil's absence, the baby's therapist, the mother's arrears, and police's call.
    assert raised == ["education", "early_years", "domestic_abuse", "money"]
    assert a["needs"] == 4


def test_what_was_over_before_the_look_back_raises_nothing(view):
    assert not of(view, "A")["health"]  # ended in June 2023
    assert not of(view, "A")["crime"]  # a contact of one day, in June 2022
    assert of(view, "B")["money"]  # ended ten weeks ago


def test_a_rule_asks_of_the_ages_that_it_names(view):
    assert of(view, "A")["early_years"]
    assert not of(view, "C")["early_years"]  # in need, and eight years old


def test_help_counts_while_it_goes_on(view):
    assert of(view, "A")["early_help"]
    assert not of(view, "C")["social_care"]  # it ended three months ago
    assert of(view, "A")["helped"] and not of(view, "C")["helped"]


def test_services_that_know_a_household_are_counted_once_each(view):
    # Health, early help, benefits, landlord and police; no school and no council tax.
    assert of(view, "A")["services"] == 5
    assert of(view, "B")["services"] == 3


def test_families_have_a_child_and_households_are_those_of_the_day(view):
    assert view.families["household_id"].tolist() == ["A", "C"]
    assert sorted(view.households["household_id"]) == ["A", "B", "C"]
    assert of(view, "A")[["people", "children"]].tolist() == [3, 2]
    assert of(view, "C")[["district", "deprivation_quintile"]].tolist() == ["Redditch", "5"]


def test_who_died_is_in_no_household(schema):
    died = PERSONS.assign(died_on=pd.to_datetime(["2025-01-01"] + [None] * 5))
    known = View(TABLES | {"persons": died}, LOADED, schema, TODAY, look_back_months=12)
    assert of(known, "A")["people"] == 2


def test_families_by_needs_and_who_helps(view):
    counted = counts.by_needs(view.families).set_index("needs")
    assert counted.loc["4 or more", ["families", "early_help", "no_help"]].tolist() == [1, 1, 0]
    assert counted.loc["0", ["families", "early_help", "no_help"]].tolist() == [1, 0, 1]
    assert counted["families"].sum() == 2


def test_households_by_services(view):
    counted = counts.by_services(view.households, 2).set_index("services")
    assert counted.loc["4 or more"].tolist() == [1, 1, 1]
    assert counted.loc["3"].tolist() == [1, 0, 0]


def test_families_by_services_and_needs(view):
    counted = counts.services_by_needs(view.families).set_index("services")
    assert counted.loc["4 or more"].tolist() == [0, 0, 0, 1]  # A: five services, four needs
    assert counted.loc["1"].tolist() == [1, 0, 0, 0]  # C: its social worker left in December
    assert counted.to_numpy().sum() == 2


def test_whom_nobody_helps_by_place_and_by_kind(schema):
    several = pd.DataFrame(
        {
            "district": ["Worcester"] * 20 + ["Redditch"] * 20,
            "deprivation_quintile": 1,
            "kind": "lone_parent",
            "services": 2,
            "free_meals": [True, False] * 20,
            "helped": [True] * 15 + [False] * 5 + [False] * 20,
            **{need.heading: False for need in schema.needs},
        }
    ).assign(money=lambda frame: frame.index < 30)
    where = counts.where(several).set_index("group")
    assert where.loc["Worcester", ["families", "no_help", "percent"]].tolist() == [20, 5, 25]
    assert where.loc["Redditch", "percent"] == 100
    missed = counts.missed(several, schema).set_index("group")
    assert missed.loc["Financial stability", ["families", "no_help"]].tolist() == [30, 15]
    assert missed.loc["Lone parent", ["families", "no_help"]].tolist() == [40, 25]
    assert missed.loc["2", "families"] == 40
    assert "Secure housing" not in missed.index


def test_families_under_each_heading_are_called_by_its_published_title(view, schema):
    counted = counts.by_heading(view.families, schema, 2).set_index("heading")
    assert list(counted.index) == [
        "Getting a good education",
        "Good early years development",
        "Improved mental and physical health",
        "Better managed substance use",
        "Improved family relationships",
        "Children safe from abuse and exploitation",
        "Families diverted from crime",
        "Safe from domestic abuse",
        "Secure housing",
        "Financial stability",
    ]
    assert counted.loc["Getting a good education"].tolist() == [1, 1, 0]


def test_doubtful_records_are_left_out(view):
    assert "bp1" not in without_doubtful(RECORDS, 0.99)["local_id"].tolist()
    readings = view.readings(sure=0.99, least=0.5, least_needs=2).set_index("reading")
    assert readings.loc["As linked"].tolist() == [2, 1, 1, 0]
    assert readings.loc["Doubtful links left out"].tolist() == [2, 1, 1, 0]


def test_doubtful_pairs_tell_of_each_others_household():
    taken = with_doubtful(RECORDS, DOUBTS, 0.5)
    extra = taken.loc[len(RECORDS) :, ["dataset", "local_id", "entity_id"]].to_numpy().tolist()
    # The pair at even odds, both ways; the one at 1 in 129 is none.
    assert extra == [["care_services", "cn1", "c"], ["school_census", "up2", "p"]]
    assert taken["confidence"].iloc[-1] == pytest.approx(0.5)


def test_a_pair_of_one_person_changes_nothing():
    own = DOUBTS.assign(right_id=["up1", "cn1"], log2_odds=[9.0, 9.0])
    pd.testing.assert_frame_equal(
        with_doubtful(RECORDS, own.iloc[:1], 0.5)[["local_id", "entity_id"]].astype(str),
        RECORDS[["local_id", "entity_id"]].astype(str),
    )


def test_the_truth_deals_the_same_rows_to_true_households(view, schema):
    people = RECORDS[["dataset", "local_id"]].assign(
        person_id=RECORDS["entity_id"].map({"m": 1, "b": 2, "p": 3, "o": 4, "c": 5}).astype(int),
        age=RECORDS["entity_id"].map({"m": 30, "b": 0, "p": 9, "o": 88, "c": 8}).astype(int),
    )
    # In truth the pupil lives with the other child: the mother keeps three needs.
    homes = pd.DataFrame({"person_id": [1, 2, 3, 4, 5], "household": [10, 10, 30, 20, 30]})
    true = true_families(view.facts, people, homes, schema).set_index("household_id")
    assert true["needs"].to_dict() == {10: 3, 30: 1}
    table = beside_truth(view.readings(sure=0.99, least=0.99, least_needs=1), true.reset_index(), 1)
    assert table["reading"].tolist()[:2] == ["As it is", "As linked"]
    assert table["with_needs"].tolist()[:2] == [2, 1]
    assert table["off_percent"].tolist()[:2] == [0, -50]


def test_who_opted_out_is_in_neither_and_who_is_unknown_to_all_is_missed():
    people = table("dataset local_id\ns 1\ns 2\ns 3\nelsewhere 4").assign(person_id=[1, 2, 2, 4])
    homes = pd.DataFrame({"person_id": [1, 2, 3, 4], "household": 10})
    shown = still_shown(homes, people, table("dataset local_id\ns 2"))
    assert shown["person_id"].tolist() == [2, 3, 4]


def test_the_same_children_are_found_or_not():
    people = table("dataset local_id\ns 1\ns 2\ns 3\ns 4\nt 1")
    people = people.assign(person_id=[1, 2, 3, 4, 1], age=[5, 6, 7, 40, 5])
    homes = pd.DataFrame({"person_id": [1, 2, 3, 4], "household": [10, 20, 30, 20]})
    true = pd.DataFrame({"household_id": [10, 20, 30], "needs": [2, 3, 0]})
    records = people[["dataset", "local_id"]].assign(entity_id=["a", "b", "c", "d", "a"])
    members = table("household_id entity_id\nA a\nB b\nC c\nB d")
    counted = pd.DataFrame({"household_id": ["A", "B", "C"], "needs": [2, 1, 2]})
    found = children_found(people, homes, true, records, members, counted, least_needs=2)
    assert found[["children", "both"]].to_numpy().tolist() == [[2, 1], [2, 1]]
    assert found["percent"].tolist() == [50, 50]


def test_ages_turn_on_the_birthday():
    born = pd.Series(pd.to_datetime(["2020-03-31", "2020-04-01", "1949-03-31", None, "2026-01-01"]))
    assert age_bands(born, TODAY).astype(object).where(
        lambda band: band.notna(), None
    ).tolist() == [
        "5-15",
        "0-4",
        "75-84",
        None,
        None,
    ]


def test_wilsons_interval_of_a_share():
    # Newcombe (1998), Statistics in Medicine 17: 857-872, table I: 81 of 263 is 0.2553 to 0.3662.
    assert share(81, 263) == pytest.approx((30.798, 25.53, 36.62), abs=0.01)


def test_groups_are_set_against_the_rest():
    groups = pd.Series(["a"] * 40 + ["b"] * 40 + ["few"] * 3)
    hits = pd.Series([True] * 30 + [False] * 10 + [True] * 10 + [False] * 30 + [True] * 3)
    found = by_groups(hits, {"Group": groups}, whole="families", part="hits")
    assert found["group"].tolist() == ["a", "b"]
    assert found["percent"].tolist() == [75, 25]
    assert found["adjusted_p"].lt(0.001).all()
    assert who_differs(found) == "of 2 groups a, b differ from the rest beyond chance"


def test_a_schema_that_cannot_be_is_refused_with_its_place(tmp_path):
    text = FILE.read_text(encoding="utf-8").replace("[persistent, severe]", "[often]")
    (tmp_path / "headings.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(PlanningError, match=r"school_census\.absence has no code often"):
        read_headings(tmp_path / "headings.yaml")


def test_a_rule_of_what_was_not_loaded_says_what_to_do(schema):
    loaded = LOADED | {"school_census": LOADED["school_census"].drop(columns="excluded")}
    with pytest.raises(PlanningError, match=r"school_census\.excluded.*parameters/single_view"):
        facts_of(loaded, schema, as_of=TODAY, look_back_months=12)


def test_planning_is_shown_no_birth_date(schema):
    with pytest.raises(PlanningError, match="Run 1_build again"):
        View(TABLES | {"persons": PERSONS[["entity_id"]]}, LOADED, schema, TODAY, 12)
