"""One record a number, one address however it is written, and only what is new is linked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest

from tests.linkage.people import table
from tests.pilots.ascii_table import table as ascii_table
from tests.pilots.two_agencies import FIRST, SPEC
from woda_lib.linkage import LinkageSpec
from woda_lib.notebook import Identities
from woda_lib.pilots import linking
from woda_lib.pilots.domestic_abuse import counterparts, people, places
from woda_lib.pilots.domestic_abuse.errors import DomesticAbuseError

POLICE = ascii_table(
    """
    partner nominal_id forename surname known_as date_of_birth sex address     postcode recorded_on
    police  n1         Ann      Smith   -        1990-01-02    F   12_Mill_Ln  WR1_2AB  2024-01-01
    police  n1         Anne     Smith   Annie    -             F   -           WR9_8XY  2024-06-01
    police  n2         Bob      Brown   -        1985-05-05    M   -           -        2024-01-01
    """,
    dates=("date_of_birth", "recorded_on"),
).replace({"_": " "}, regex=True)
CARE = ascii_table(
    """
    partner care_person_id forename surname date_of_birth sex started_on
    council c1             Ann      Smith   1990-01-02    F   2023-01-01
    """,
    dates=("date_of_birth", "started_on"),
)
DOOR = ascii_table(
    """
    partner care_person_id forename surname date_of_birth sex received_on
    council c1             Ann      Smithe  1990-01-02    F   2024-01-01
    council c2             Kit      Smith   2015-01-02    M   2024-01-01
    """,
    dates=("date_of_birth", "received_on"),
)
MARAC = ascii_table(
    """
    partner marac_case_id victim_forename victim_surname perpetrator_forename perpetrator_surname
    council m1            Ann             Smith          Bob                  Brown
    council m2            Ann             Smith          -                    -
    """
).assign(heard_on=pd.Timestamp("2024-02-02"))
LOADED = {
    "police_persons": POLICE,
    "social_care_involvements": CARE,
    "front_door_contacts": DOOR,
    "marac_cases": MARAC,
}


def test_the_newest_that_was_written_of_each_field_counts():
    found = people.records(LOADED)["police"].set_index("id")
    first = found.loc["n1"]
    assert (first.forename, first.known_as, first.postcode) == ("Anne", "Annie", "WR9 8XY")
    # What is blank today is known from before.
    assert (first.date_of_birth, first.address) == (pd.Timestamp("1990-01-02"), "12 Mill Ln")
    assert found.loc["n2", ["address", "postcode", "nhs_number"]].isna().all()


def test_a_number_of_the_council_is_one_record_and_stands_in_each_of_its_datasets():
    assert people.records(LOADED)["care"]["surname"].tolist() == ["Smithe", "Smith"]
    care = people.numbers(LOADED).query("source == 'care'")
    assert sorted(zip(care["dataset"], care["id"], strict=True)) == [
        ("front_door_contacts", "c1"),
        ("front_door_contacts", "c2"),
        ("social_care_involvements", "c1"),
    ]


def test_a_marac_case_has_two_people_as_far_as_it_names_them():
    found = people.records(LOADED)["marac"]
    assert found["id"].tolist() == ["m1/perpetrator", "m1/victim", "m2/victim"]


def test_people_go_by_partner_dataset_and_number():
    clusters = ascii_table(
        """
        source id          entity_id confidence
        police n1          ann       0.99
        police n2          bob       -
        care   c1          ann       0.99
        care   c2          kit       -
        marac  m1/victim   ann       0.9
        marac  m1/perpetrator bob    0.9
        marac  m2/victim   ann       0.9
        """
    )
    found = people.people_table(clusters, people.numbers(LOADED))
    assert list(found) == ["partner", "dataset", "local_id", "entity_id", "confidence"]
    assert found.query("entity_id == 'ann'")["local_id"].tolist() == [
        "c1",
        "m1/victim",
        "m2/victim",
        "n1",
        "c1",
    ]


def test_a_table_that_lacks_its_date_is_named():
    with pytest.raises(DomesticAbuseError, match="police_persons has no column recorded_on"):
        people.records({"police_persons": POLICE.drop(columns="recorded_on")})


def test_a_short_name_stands_for_the_long_one_if_several_people_bear_it():
    said = pd.DataFrame(
        {
            "forename": ["William"] * 3 + ["Wilhelmina"] * 2 + ["Ann"],
            "known_as": ["Bill"] * 3 + ["Bill"] * 2 + ["O'Ann"],
        }
    )
    assert people.short_names(said) == {"bill": "william"}


def test_the_other_of_a_couple_is_who_stood_there_in_the_newest_incident():
    involved = ascii_table(
        """
        incident_id nominal_id role        record_status recorded_on
        i1          n1         victim      current       2024-01-01
        i1          n2         perpetrator current       2024-01-01
        i2          n2         victim      withdrawn     2024-02-01
        i2          n3         perpetrator current       2024-02-01
        """,
        dates=("recorded_on",),
    )
    records = people.records(LOADED)
    found = counterparts.with_counterparts(records, involved, LOADED)
    police = found["police"].set_index("id")["counterpart"]
    assert police.to_dict() == {"n1": "Bob Brown", "n2": "Anne Smith"}
    marac = found["marac"].set_index("id")["counterpart"].dropna()
    assert marac.to_dict() == {"m1/perpetrator": "Ann Smith", "m1/victim": "Bob Brown"}
    assert found["care"]["counterpart"].isna().all()


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("flat 3, 12 mill lane, malvern", ("3 12", "mill lane", "malvern")),
        ("3/12 mill ln", ("3 12", "mill ln", None)),
        ("12c mill lane, malvern", ("3 12", "mill lane", "malvern")),
        ("12 mill lane, flat 3", ("3 12", "mill lane", None)),
        ("apartment 3, 12 mill lane", ("3 12", "mill lane", None)),
        ("12 mill lane", ("0 12", "mill lane", None)),
        ("rose cottage, mill lane, malvern", ("0 rose cottage", "mill lane", "malvern")),
        ("hospital", ("0 hospital", None, None)),
        ("", (None, None, None)),
    ],
)
def test_a_line_is_taken_apart(line: str, parts: tuple[str | None, ...]):
    assert places.parts_of(line) == parts


def link_from(known: Identities, *given: Any, relink_after_days: int = 31) -> linking.Linked:
    """Link as the pilot does, with the engine that need not compile anything first."""
    return linking.link_from(
        known, *given, relink_after_days=relink_after_days, engine="recordlinkage"
    )


class Undisguised:
    """A run that hands numbers out as they are."""

    def pseudonymise(self, values: pd.Series, **_: object) -> pd.Series:
        return values


def test_lines_that_differ_in_blanks_and_capitals_are_one_way_of_writing():
    lines = pd.DataFrame(
        {
            "dataset": "police_incidents",
            "row_id": ["i1", "i2", "i3"],
            "line": ["12 Mill Lane", "12  MILL lane ", "12 Mill Lane"],
            "postcode": ["WR1 2AB", "WR1 2AB", pd.NA],
        }
    )
    found, which = places.records(lines, Undisguised())
    assert len(found["addresses"]) == 2
    assert (which[0] == which[1], which[0] == which[2]) == (True, False)


def test_a_house_is_told_from_its_flats_and_one_street_from_another():
    homes = {
        "h1": ("Flat 3, 12 Mill Lane, Malvern", "WR1 2AB"),
        "h2": ("3/12 Mill Ln", "WR1 2AB"),
        "h3": ("12 Mill Lane", "WR1 2AB"),
        "h4": ("Flat 4, 12 Mill Lane", "WR1 2AB"),
        "h5": ("12 Mill Rise, Malvern", "WR5 5ZZ"),
    }
    many = {
        f"s{n}": (f"{n} {street}{town}", f"WR{n % 9} {n % 7}AA")
        for n in range(60)
        for street, town in [(f"Street {n % 23}", ", Evesham")]
    }
    again = {
        f"{name}b": (line.replace(", Evesham", ""), code) for name, (line, code) in many.items()
    }
    every = homes | many | again
    lines = pd.DataFrame(
        {"line": [line for line, _ in every.values()], "postcode": [c for _, c in every.values()]}
    ).assign(dataset="police_incidents", row_id=list(every))
    found, which = places.records(lines, Undisguised())
    spec = LinkageSpec.from_yaml("parameters/linkage/addresses.yaml")
    linked = link_from(FIRST, found, spec)
    at = places.place_table(lines, which, linked.clusters).set_index("row_id")["address_id"]
    assert at["h1"] == at["h2"]
    assert at[["h1", "h3", "h4", "h5"]].nunique() == 4


DAY_ONE = {
    "police": table(
        """
        id forename surname born
        n1 Ann      Smith   1990-01-02
        n2 Bob      Brown   1985-05-05
        n3 Cat      Jones   1970-07-07
        """
    ),
    "care": table("id forename surname born\nc1 Ann Smith 1990-01-02\nc2 Kit Lee 2015-05-05"),
}
DAY_TWO = DAY_ONE | {
    "police": pd.concat(
        [DAY_ONE["police"], table("id forename surname born\nn4 Anne Smith 1990-01-02")],
        ignore_index=True,
    )
}


def kept(linked: linking.Linked, **changes: object) -> Identities:
    """What the next run is handed."""
    return replace(
        Identities(
            on=date(2025, 4, 1),
            run="second",
            says="Began from run first.",
            tables=linked.store.tables(),
            settled_with=linked.store.settled_with,
            model=linked.model.to_text(),
            linked_on=linked.linked_on,
        ),
        **changes,
    )


@pytest.fixture(scope="module")
def first() -> linking.Linked:
    return link_from(FIRST, DAY_ONE, SPEC)


def number(linked: linking.Linked, what: str) -> int:
    return int(linking.what_changed(linked).set_index("what").loc[what, "number"])


def test_the_first_time_everything_is_compared(first: linking.Linked):
    assert (first.says, first.linked_on) == ("Began from nothing.", date(2025, 3, 31))
    assert number(first, "Records that are new") == 5


def test_then_only_what_is_new_is_compared(first: linking.Linked):
    second = link_from(kept(first), DAY_TWO, SPEC)
    assert second.says == "Began from run first. Only what is new or has changed was compared."
    assert second.compared == 2  # with n1 and c1
    assert (number(second, "Records"), number(second, "Records that are new")) == (6, 1)
    assert number(second, "Records that joined an entity") == 1
    entity = second.clusters.set_index("id")["entity_id"]
    assert entity["n4"] == entity["c1"] == first.clusters.set_index("id").loc["n1", "entity_id"]
    assert second.linked_on == first.linked_on


def test_the_same_records_twice_change_nothing(first: linking.Linked):
    again = link_from(kept(first), DAY_ONE, SPEC)
    assert again.compared == 0
    assert again.changes.empty
    pd.testing.assert_frame_equal(again.clusters, first.clusters)


def test_the_outcome_is_that_of_comparing_everything(first: linking.Linked):
    second = link_from(kept(first), DAY_TWO, SPEC)
    in_full = link_from(kept(first), DAY_TWO, SPEC, relink_after_days=0)
    assert "was 1 days ago" in in_full.says
    both = second.clusters.merge(in_full.clusters, on=["source", "id"])
    assert (both["entity_id_x"] == both["entity_id_y"]).all()


def test_other_rules_compare_everything_and_names_stay(first: linking.Linked):
    stricter = SPEC.model_copy(
        update={"thresholds": SPEC.thresholds.model_copy(update={"link": 0.95})}
    )
    found = link_from(kept(first), DAY_ONE, stricter)
    assert "The rules of linkage have changed since" in found.says
    assert found.linked_on == date(2025, 4, 1)
    both = found.clusters.merge(first.clusters, on=["source", "id"])
    assert (both["entity_id_x"] == both["entity_id_y"]).all()


def test_a_source_without_records_is_left_out(first: linking.Linked):
    none = DAY_ONE | {"care": DAY_ONE["care"].iloc[:0]}
    assert set(link_from(FIRST, none, SPEC).clusters["source"]) == {"police"}
