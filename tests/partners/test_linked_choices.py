"""A choice that Ann told to the hospital reaches her records at police, council and landlord."""

import pandas as pd
import pytest

from tests.partners.domestic_county import (
    ACUTE,
    COUNCIL,
    HOUSING,
    POLICE,
    domestic_door,
    domestic_settings,
    pseudonyms,
)
from tests.partners.small_county import ANN, BEN, choice, deliver

REFERENCE = "domestic_abuse/1_link:opted_out"
ANNS = "person-0123456789abcdef"
CATS = "person-fedcba9876543210"


def people(opened):
    """Who is who: the hospital's A1 is Ann, and so are N-ann, H1, P2 and the victim of case R1."""

    def records(partner, dataset, field, numbers, after=""):
        local = pseudonyms(opened, field, list(numbers), partner)
        return pd.DataFrame(
            {
                "partner": partner,
                "dataset": dataset,
                "local_id": [number + after for number in local],
                "entity_id": list(numbers.values()),
            }
        )

    return pd.concat(
        [
            records(ACUTE, "health_flags", "attender_id", {"A1": ANNS, "A2": "person-ben00000"}),
            records(POLICE, "police_persons", "nominal_id", {"N-ann": ANNS, "N-cat": CATS}),
            records(HOUSING, "housing_tenancies", "tenant_id", {"H1": ANNS, "H2": CATS}),
            records(COUNCIL, "social_care_involvements", "care_person_id", {"P2": ANNS}),
            records(COUNCIL, "marac_cases", "marac_case_id", {"R1": ANNS}, "/victim"),
        ],
        ignore_index=True,
    )


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    return domestic_settings(tmp_path_factory.mktemp("county"), [choice(nhs_number=ANN)])


@pytest.fixture(scope="module")
def linking(settings):
    """The linkage step, which is exempt: it sees everybody, and saves whom to leave out later."""
    opened = domestic_door(settings, "linkage", "1_link")
    flags = opened.load("health_flags", ["attender_id"])
    assert len(flags.frame) == 2
    found = opened.spread_opt_outs(people(opened))
    assert set(found["entity_id"]) == {ANNS}
    assert len(found) == 5
    opened.save(settings.outputs_folder / "opted_out.parquet", REFERENCE, found)
    return opened


def test_a_record_that_objects_counts_though_nobody_was_told_of_it(settings):
    opened = domestic_door(settings, "linkage", "1_link")
    opened.load("health_flags", ["attender_id"])
    told = people(opened)
    nameless = told.assign(entity_id=told["entity_id"].mask(told["entity_id"] == ANNS))
    found = opened.spread_opt_outs(nameless)
    assert found["entity_id"].isna().all()
    assert len(found) > 0


@pytest.fixture
def later(settings, linking):
    """A step that evaluates, which is not exempt."""
    opened = domestic_door(settings, "service_evaluation")
    opened.add_linked(settings.outputs_folder / "opted_out.parquet", REFERENCE)
    return opened


LEFT = {
    "police_persons": ("nominal_id", ["N-ben", "N-cat"], POLICE),
    "police_involvements": ("involvement_id", ["V2", "V3", "V5"], POLICE),
    # She was in I1; of I2 she only told.
    "police_incidents": ("incident_id", ["I2", "I3"], POLICE),
    "victim_contacts": ("incident_id", ["I2", "I3"], POLICE),
    "missing_episodes": ("missing_id", ["M2"], POLICE),
    "return_interviews": ("missing_id", ["M2"], POLICE),
    "housing_tenancies": ("tenant_id", ["H2"], HOUSING),
    "health_flags": ("attender_id", ["A2"], ACUTE),
    # P1 bears her NHS number; P2 bears none, and linkage tied it to her.
    "social_care_involvements": ("care_person_id", [], COUNCIL),
    "marac_cases": ("marac_case_id", ["R2"], COUNCIL),
}


@pytest.mark.parametrize("dataset", LEFT)
def test_every_dataset_is_loaded_without_her(later, dataset):
    field, numbers, partner = LEFT[dataset]
    frame = later.load(dataset, [field]).frame
    assert sorted(frame[field]) == sorted(pseudonyms(later, field, numbers, partner))


def test_the_number_beside_one_that_linkage_found_leads_on_in_what_was_handed_out(tmp_path):
    settings = domestic_settings(tmp_path, [choice(nhs_number=ANN)])
    cared_for = {"K1": ("P1", ANN), "K2": ("P2", BEN)}
    deliver(
        settings.extracts_folder,
        COUNCIL,
        "social_care_involvements",
        [
            {"care_involvement_id": row, "care_person_id": person, "nhs_number": number}
            for row, (person, number) in cared_for.items()
        ],
    )
    opened = domestic_door(settings, "linkage", "1_link")
    opened.load("health_flags", ["attender_id"])
    opened.load("social_care_involvements", ["care_person_id"])
    # Linkage takes the hospital's A2 to be Ann. A2 bears Ben's NHS number, and so does P2.
    told = people(opened)
    told["entity_id"] = told["entity_id"].replace({"person-ben00000": ANNS})
    two = pseudonyms(opened, "care_person_id", ["P2"], COUNCIL)[0]
    told.loc[told["local_id"] == two, "entity_id"] = CATS
    found = opened.spread_opt_outs(told)
    assert set(found["entity_id"]) == {ANNS, CATS}


def test_without_linkage_police_cannot_know_her_and_the_council_can(settings):
    opened = domestic_door(settings, "service_evaluation")
    assert len(opened.load("police_persons", ["nominal_id"]).frame) == 3
    assert len(opened.load("police_incidents", ["incident_id"]).frame) == 3
    assert len(opened.load("social_care_involvements", ["care_person_id"]).frame) == 1


def test_a_choice_by_the_departments_own_number_is_honoured(tmp_path):
    settings = domestic_settings(tmp_path, [choice(person_number="A1")])
    opened = domestic_door(settings, "service_evaluation")
    assert len(opened.load("health_flags", ["attender_id"]).frame) == 1
    # The hospital's choice is followed to the council through her NHS number.
    assert len(opened.load("social_care_involvements", ["care_person_id"]).frame) == 1


def incidents(opened, *numbers):
    return pseudonyms(opened, "incident_id", list(numbers), POLICE)


def test_a_saved_table_is_read_without_her_by_entity_number_or_incident(settings, linking, later):
    ann, cat = pseudonyms(linking, "nominal_id", ["N-ann", "N-cat"], POLICE)
    one, two, three = incidents(linking, "I1", "I2", "I3")
    tables = {
        "cases": pd.DataFrame(
            {
                "incident_id": [one, two, three],
                "victim": [ANNS, CATS, CATS],
                "perpetrator": ["person-ben00000", None, ANNS],
            }
        ),
        "incident_people": pd.DataFrame(
            {"incident_id": [one, one, two], "nominal_id": [ann, cat, cat], "n": [1, 2, 3]}
        ),
        "people": people(linking),
        "flags": pd.DataFrame({"incident_id": [one, two], "flag": ["alcohol", "drugs"]}),
        "places": pd.DataFrame({"dataset": "police_persons", "row_id": [ann, cat]}),
        "nobody": pd.DataFrame({"month": ["2022-01"], "n": [3]}),
    }
    left = {"cases": 1, "incident_people": 2, "people": 3, "flags": 1, "places": 1, "nobody": 1}
    for name, table in tables.items():
        path = settings.outputs_folder / f"{name}.parquet"
        linking.save(path, f"domestic_abuse/1_link:{name}", table)
        assert len(later.load_table(path, f"domestic_abuse/1_link:{name}")) == left[name], name
    assert later.left_out["domestic_abuse/1_link:cases"] == 2


def test_the_triage_meeting_sees_everybody_and_says_why(settings):
    opened = domestic_door(settings, "triage", "2_triage_pack")
    opened.add_linked(settings.outputs_folder / "opted_out.parquet", REFERENCE)
    assert len(opened.load("police_persons", ["nominal_id", "surname"]).frame) == 3
    assert opened.opt_outs_in_words.startswith("Opt-outs were not applied. Preventing serious harm")


def test_an_incident_has_one_pseudonym_whoever_tells_of_it(settings):
    opened = domestic_door(settings, "triage", "2_triage_pack")
    police, refuge = (
        opened.load(name, ["incident_id"]).frame for name in ("police_incidents", "victim_contacts")
    )
    assert set(police["incident_id"]) == set(refuge["incident_id"])
