"""What reviewers read of look-ups, and how planted searches are made and measured."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd
import pytest

from tests.pilots.single_view.made_up_person import AMBER, AS_OF, HIDDEN, PERSONS, new_store, store
from woda_lib.partners import load_agreement
from woda_lib.pilots.single_view.person import planted, tables
from woda_lib.records import AuditRecord
from woda_lib.settings import Settings


def test_people_are_counted_by_how_well_they_are_known() -> None:
    counted = tables.who_can_be_looked_up(store(), AS_OF).set_index("what")["people"]
    assert counted.to_dict() == {
        "Who can be looked up": 3,
        "Known to two partners or more": 1,
        "Known by one record alone": 2,
        "With a record that is not sure": 1,
        "In a household today": 3,
        "With open work": 2,
        "Who have died": 0,
    }


def test_conflicts_count_people_whose_sources_say_different_things_now() -> None:
    found = tables.conflicts_by_field(store(), AS_OF).set_index("field")
    # Amber alone has rows here: names and birth date differ, the number does not, and the address
    # that police were given was of one day.
    assert found["people"].eq(1).all()
    told = found[["written_otherwise", "disagree"]].apply(tuple, axis=1)
    assert told.to_dict() == {
        "Forename": (1, 1),
        "Surname": (1, 1),
        "Birth date": (1, 0),  # 4 May and 5 April are one day, swapped
        "NHS number": (0, 0),
        "Sex": (0, 0),
        "Ethnic group": (0, 0),
        "Address": (0, 0),
    }
    assert found.loc["Surname", "share"] == 100


def test_a_field_that_nobody_gives_twice_has_no_share() -> None:
    found = tables.conflicts_by_field(new_store(details=_first_row())[0], AS_OF)
    assert found["people"].eq(0).all()
    assert found["share"].isna().all()


def _first_row() -> pd.DataFrame:
    from tests.pilots.single_view.made_up_person import DETAILS

    return DETAILS.head(1)


def test_the_example_is_of_the_household_that_most_services_know() -> None:
    assert tables.example_person(store(), AS_OF) == AMBER


def test_the_headline_is_how_many_and_how_often_addresses_differ() -> None:
    seen = tables.who_can_be_looked_up(store(), AS_OF)
    assert tables.headline(seen, tables.conflicts_by_field(store(), AS_OF)) == (3, 0.0)


def test_what_is_hidden_names_its_clause_and_no_agreement_file_twice() -> None:
    shown = tables.hidden_table(HIDDEN)
    assert list(shown) == ["partner", "dataset", "field", "shared_as", "clause"]
    row = shown[shown["field"] == "offence group"].iloc[0]
    assert row["partner"] == "Police"
    assert row["clause"] == "datasets.police_contacts.offence_group / purposes.early_help.uses"
    assert shown["shared_as"].tolist()[-1] == "not shared"


def record(kind: str, on: datetime, **more: str) -> AuditRecord:
    given = {"agreement": "single_view", "purpose": "early_help"} | more
    return AuditRecord(kind=kind, number=1, previous="0" * 64, at=on, who="plumb", **given)  # type: ignore[arg-type]


def test_look_ups_of_a_month_are_counted_by_purpose_and_planted_searches_are_not() -> None:
    may, june = datetime(2025, 5, 31, tzinfo=UTC), datetime(2025, 6, 1, tzinfo=UTC)
    person, search = "single_view/2_person:person", "single_view/2_person:search"
    records = [
        record("look_up", june, dataset=person, detail="a family asked"),
        record("look_up", june, dataset=person, detail="a school asked"),
        record("look_up", june, dataset=search, detail=planted.PLANTED),
        record("look_up", may, dataset=search, detail="a family asked"),
        record("look_up", june, dataset=person, agreement="another"),
        record("load", june, dataset="school_census"),
        record("denial", june, dataset=search, purpose="planning", detail="no"),
    ]
    counted = tables.look_ups_of(records, agreement="single_view", today=date(2025, 6, 9))
    assert sorted(counted.itertuples(index=False, name=None)) == [
        ("Early help", "person", 2),
        ("Planning", "refused", 1),
    ]


def test_a_month_without_look_ups_is_an_empty_table() -> None:
    counted = tables.look_ups_of([], agreement="single_view", today=date(2025, 6, 9))
    assert list(counted) == ["purpose", "what", "times"]
    assert counted.empty


def plant(sample: int = 5, seed: int = 1) -> list[planted.Planted]:
    adults = PERSONS.assign(surname=["Hale", "Halesworth", "Hale"])
    holds, _ = new_store(persons=adults)
    return planted.planted_searches(
        holds, {"Amber": "Ambs Berry"}, day=AS_OF, sample=sample, seed=seed
    )


def test_searches_are_typed_as_people_type_them() -> None:
    typed = {(each.kind, each.entity_id): each.typed for each in plant()}
    assert typed["nickname", AMBER] == "Ambs Hale 1991"
    assert typed["swapped", AMBER] == "Hale Amber 04/05/1991"
    assert typed["partial", AMBER] == "Amber Hale May 1991"
    assert typed["old_address", AMBER] == "Amber Hale 3 Mill Row, Nulford"
    assert [kind for kind, _ in typed].count("nickname") == 1  # nobody else has one
    assert [kind for kind, _ in typed].count("old_address") == 1


@pytest.mark.parametrize("seed", range(6))
def test_a_misspelt_surname_is_never_the_surname(seed: int) -> None:
    wrong = [each.typed for each in plant(seed=seed) if each.kind == "spelling"]
    assert len(wrong) == 3
    assert all(" Hale " not in typed and " Halesworth " not in typed for typed in wrong)


def test_the_same_seed_plants_the_same_searches() -> None:
    assert plant(seed=3) == plant(seed=3)
    assert {each.typed for each in plant(seed=3)} != {each.typed for each in plant(seed=4)}


def test_found_first_and_among_five_are_measured_by_kind() -> None:
    searches = [planted.Planted("spelling", f"s{n}", "a") for n in range(4)]
    searches += [planted.Planted("partial", "p", "a")]
    answers = {"s0": ["a"], "s1": ["b", "a"], "s2": [*"bcdefa"], "s3": [], "p": ["a", "b"]}
    by_kind, overall = planted.measured(searches, answers.__getitem__)
    assert by_kind.set_index("search")[["searches", "first", "first_five"]].to_numpy().tolist() == [
        [4, 25.0, 50.0],
        [1, 100.0, 100.0],
        [5, 40.0, 60.0],
    ]
    first = overall.set_index("name").loc["found_first"]
    assert first["value"] == 40
    # Wilson's interval of 2 in 5 (Newcombe 1998, Statistics in Medicine 17, 857-872, method 3).
    assert (round(first["low"], 2), round(first["high"], 2)) == (11.76, 76.93)


def test_the_agreement_hides_from_early_help_what_the_page_says_that_it_hides() -> None:
    from woda_lib.partners import hidden_fields

    agreement = load_agreement("single_view", Settings().agreements_folder)
    hidden = tables.hidden_table(hidden_fields(agreement, "early_help"))
    assert {("Community health service", "service"), ("Police contact", "offence group")} <= set(
        hidden[["dataset", "field"]].itertuples(index=False, name=None)
    )
