"""Who may ask for the truth, and what they get."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pandas as pd
import pytest

from tests.synthetic.conftest import MadeCounty
from woda_lib.notebook import Run
from woda_lib.synthetic import TruthUnknown, known_later, known_truth
from woda_lib.synthetic.deliveries import KEYS
from woda_lib.synthetic.profiles import get_profile
from woda_lib.synthetic.truth import deaths_changed


class FakeRun:
    """The three things of a run that the truth asks for."""

    def __init__(self, truth_folder: Path | None) -> None:
        self.synthetic = truth_folder is not None
        self.truth_folder = truth_folder
        self.inputs: dict[str, Path] = {}

    def pseudonymise(self, values: pd.Series, *, field: str, partners: pd.Series) -> pd.Series:
        return f"{field}:" + partners + "/" + values

    def record_input(self, path: Path, name: str) -> None:
        self.inputs[name] = path


def run_on(truth_folder: Path | None) -> Any:
    return cast(Run, FakeRun(truth_folder))


def test_tables_have_the_promised_columns(county: MadeCounty) -> None:
    run = run_on(county.truth_folder)
    assert {table: list(known_truth(run, table)) for table in ("people", "referral_spells")} == {
        "people": [
            "partner", "dataset", "local_id", "person_id", "ethnic_group", "age", "sex",
        ],
        "referral_spells": ["partner", "referral_id", "hospital", "spell_id"],
    }  # fmt: skip
    assert list(known_truth(run, "outcomes")) == [
        "partner", "referral_id", "hospital", "spell_id", "started_on", "days_without", "days_with",
            "dies_after", "pathway",
    ]  # fmt: skip
    assert isinstance(known_truth(run, "planted_faults"), pd.DataFrame)
    assert list(known_truth(run, "sv_homes")) == ["person_id", "uprn", "starts", "ends"]
    assert list(known_truth(run, "sv_households")) == ["person_id", "household", "uprn", "kind"]
    assert list(known_truth(run, "sv_places")) == ["partner", "dataset", "row_id", "uprn"]


def test_a_table_that_is_read_later_is_an_input_at_once(county: MadeCounty) -> None:
    run = run_on(county.truth_folder)
    later = known_later(run, "people", dataset="police_persons")
    assert list(run.inputs) == ["truth:people"]
    people = known_truth(run, "people")
    police = people[people["dataset"] == "police_persons"].reset_index(drop=True)
    assert len(police)
    pd.testing.assert_frame_equal(later(), police)
    pd.testing.assert_frame_equal(known_later(run, "people")(), people)
    with pytest.raises(TruthUnknown):
        known_later(run_on(None), "people")


def test_numbers_in_the_truth_are_those_of_what_the_run_loads(county: MadeCounty) -> None:
    people = known_truth(run_on(county.truth_folder), "people")
    shown = people["local_id"].str.extract(r"^(?P<field>\w+):(?P<whose>\w+)/")
    assert (shown["whose"] == people["partner"]).all()
    expected = {
        "hospital_spells": "patient_id",
        "social_care_clients": "client_id",
        "police_persons": "nominal_id",
        "social_care_involvements": "care_person_id",
        "front_door_contacts": "care_person_id",
        "exploitation_referrals": "care_person_id",
        "housing_tenancies": "tenant_id",
        "health_flags": "attender_id",
        "probation_orders": "supervisee_id",
        "school_roll": "pupil_id",
        "refuge_referrals": "survivor_id",
        "marac_cases": "marac_case_id",
        "patient_registrations": "index_number",
        "community_care": "community_number",
        "council_tax_accounts": "liable_person_id",
        "benefit_claims": "claim_person_id",
        "school_census": "unique_pupil_number",
        "care_services": "care_number",
        "travel_passes": "pass_number",
        "tenancy_members": "member_number",
        "police_contacts": "contact_number",
        "safe_and_well_visits": "visit_number",
        "support_clients": "client_reference",
    }
    assert (shown["field"] == people["dataset"].map(expected)).all()
    heard = people.loc[people["dataset"].eq("marac_cases"), "local_id"]
    assert heard.str.fullmatch(r"marac_case_id:county_council/MC\d{7}/(victim|perpetrator)").all()


def test_rows_in_the_truth_of_places_bear_the_numbers_that_the_run_loads(
    county: MadeCounty,
) -> None:
    places = known_truth(run_on(county.truth_folder), "sv_places")
    field = places["row_id"].str.extract(r"^(\w+):(\w+)/")
    assert (field[0] == places["dataset"].map(KEYS)).all()
    assert (field[1] == places["partner"]).all()


def test_incidents_in_the_truth_bear_the_numbers_that_the_run_loads(county: MadeCounty) -> None:
    incidents = known_truth(run_on(county.truth_folder), "da_incidents")
    number = r"incident_id:west_mercia_police/PI\d{7}"
    assert incidents["incident_id"].str.fullmatch(number).all()
    entered_twice = incidents["duplicate_of"].dropna()
    assert entered_twice.str.fullmatch(number).all() and len(entered_twice) > 20
    assert entered_twice.isin(incidents["incident_id"]).mean() > 0.95


def test_incidents_in_the_truth_say_whether_their_texts_are_held_back(county: MadeCounty) -> None:
    held_back = county.truth("da_incidents").set_index("incident_id")["held_back"]
    flags = county.truth("da_flags")
    assert 0.35 < held_back.mean() < 0.45
    assert (flags["incident_id"].map(held_back) == flags["held_back"]).all()
    # Also of those whose texts mention no flag.
    assert held_back.loc[~held_back.index.isin(flags["incident_id"])].any()


def test_the_effect_is_a_dictionary_and_an_input_of_the_run(county: MadeCounty) -> None:
    run = run_on(county.truth_folder)
    effect = known_truth(run, "effect")
    by_pathway, balancing = effect.pop("pathway"), effect.pop("balancing")
    assert effect.pop("domestic_abuse")["go_live"] == "2023-07-01"
    assert effect == {
        "days_saved": pytest.approx(2.7, abs=0.1),
        "horizon_days": 90,
        "go_live": "2023-10-01",
        "planted": 2.7,
    }
    assert by_pathway.keys() == {"1", "2", "3"}
    assert all(1.5 < days < 4.0 for days in by_pathway.values())
    assert balancing == {
        "readmission": 0.0,
        "death_in_hospital": pytest.approx(-0.7, abs=0.5),
        "stay_of_others": 0.0,
    }
    assert run.inputs == {"truth:effect": county.truth_folder / "effect.json"}


def test_every_stay_with_a_clock_has_one_outcome(county: MadeCounty) -> None:
    outcomes, links = county.truth("outcomes"), county.truth("referral_spells")
    assert not outcomes.duplicated(["hospital", "spell_id"]).any()
    assert not links.duplicated(["partner", "referral_id"]).any()
    keys = ["partner", "referral_id", "hospital", "spell_id"]
    assert len(outcomes.merge(links, on=keys)) == len(outcomes)


def test_who_leaves_sooner_has_fewer_days_on_which_to_die_in_hospital() -> None:
    clocks = pd.DataFrame(
        {
            "hospital": "worcestershire_acute",
            "started_on": pd.Timestamp("2024-01-01"),
            #               dies waiting, saved by leaving, too late to count, lives
            "dies_after": [3, 7, 40, 900],
            "days_without": [9, 9, 60, 9],
            "days_with": [5, 5, 50, 5],
        }
    )
    # Two of four die within 28 days without the pathway, and one with it.
    assert deaths_changed(clocks, get_profile("quick")) == 100 * (1 / 4 - 2 / 4)


def test_real_extracts_have_no_truth() -> None:
    with pytest.raises(TruthUnknown, match="These extracts are real"):
        known_truth(run_on(None), "people")


def test_a_truth_that_was_not_kept_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(TruthUnknown, match="woda extracts make --force"):
        known_truth(run_on(tmp_path), "people")


def test_an_unknown_table_is_refused_with_the_known_ones(county: MadeCounty) -> None:
    with pytest.raises(TruthUnknown, match="people, referral_spells, outcomes"):
        known_truth(run_on(county.truth_folder), "persons")  # type: ignore[call-overload]
