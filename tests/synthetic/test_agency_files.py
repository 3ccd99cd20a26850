"""What agencies other than police deliver: references, numbers, contracts, and cuts to be found."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.synthetic.conftest import MadeCounty
from tests.synthetic.reading import DATASETS, read_raw
from woda_lib.partners import CONTRACTS
from woda_lib.partners.parsing import BLANKED, parse

NUMBERS = {
    ("county_council", "social_care_involvements"): "care_person_id",
    ("county_council", "front_door_contacts"): "care_person_id",
    ("county_council", "exploitation_referrals"): "care_person_id",
    ("county_council", "school_roll"): "pupil_id",
    ("housing_association", "housing_tenancies"): "tenant_id",
    ("worcestershire_acute", "health_flags"): "attender_id",
    ("probation_service", "probation_orders"): "supervisee_id",
    ("refuge_service", "refuge_referrals"): "survivor_id",
}
UNNUMBERED = (
    ("county_council", "marac_cases"),
    ("county_council", "return_interviews"),
    ("county_council", "triage_meetings"),
    ("severnside_council", "triage_meetings"),
    ("refuge_service", "victim_contacts"),
    ("west_mercia_police", "missing_episodes"),
)
GO_LIVE = pd.Timestamp("2023-07-01")


@pytest.mark.parametrize(("partner", "dataset"), [*NUMBERS, *UNNUMBERED])
def test_rows_keep_the_contract_but_for_the_planted_faults(
    county: MadeCounty, partner: str, dataset: str
) -> None:
    contract = CONTRACTS[dataset]
    files = sorted((county.extracts / partner).glob(f"{dataset}_*.csv"))
    rows = pd.concat([read_raw(path) for path in files], ignore_index=True)
    text = rows[list(contract.columns)].astype("string")
    typed, unread, _ = parse(text.mask(text == ""), contract)
    period = rows["file"].str.extract(r"_(\d{4}-\d{2}(?:-\d{2})?)\.csv$")[0]
    by_day = period.str.len().eq(10)
    days = pd.to_datetime(period.where(by_day, period + "-01"))
    typed["delivered_on"] = days.where(by_day, days + pd.offsets.MonthEnd(0))
    wrong = set(unread.loc[~unread["rule"].isin(BLANKED), "position"])
    for rule in contract.rules:
        wrong |= set(np.flatnonzero(~rule.keeps(typed).fillna(True).astype(bool)))
    faults = county.truth("planted_faults").query("partner == @partner and dataset == @dataset")
    planted = faults[["file", "line"]]
    found = rows.loc[sorted(wrong), ["file", "line"]]
    places = [set(table.itertuples(index=False, name=None)) for table in (found, planted)]
    assert places[0] == places[1]
    assert faults["fault"].nunique() >= 2
    contract.schema().validate(typed.drop(index=sorted(wrong)), lazy=True)


@pytest.mark.parametrize(("partner", "dataset"), NUMBERS)
def test_everybody_delivered_is_somebody_and_one_number_is_one_person(
    county: MadeCounty, partner: str, dataset: str
) -> None:
    people = county.truth("people").query("partner == @partner and dataset == @dataset")
    assert people["local_id"].is_unique
    # No fault is planted in a person's number.
    assert set(county.delivered(partner, dataset)[NUMBERS[partner, dataset]]) == set(
        people["local_id"]
    )


def test_social_care_has_one_list_of_people_with_some_on_it_twice(county: MadeCounty) -> None:
    datasets = [dataset for (_, dataset), number in NUMBERS.items() if number == "care_person_id"]
    people = county.truth("people")
    people = people[people["dataset"].isin(datasets)]
    assert people.groupby("local_id")["person_id"].nunique().eq(1).all()
    in_both = people.groupby("local_id")["dataset"].nunique().gt(1)
    assert in_both.mean() > 0.25
    listed = people.drop_duplicates("local_id")
    assert 0.02 < listed["person_id"].duplicated().mean() < 0.06
    clients = county.truth("people").query("dataset == 'social_care_clients'")
    assert not set(clients["local_id"]) & set(people["local_id"])


def test_a_looked_after_child_lives_where_it_was_placed(county: MadeCounty) -> None:
    spells = county.standing("county_council", "social_care_involvements")
    pupils = county.standing("county_council", "school_roll")
    people = county.truth("people").set_index(["dataset", "local_id"])["person_id"]
    at_school = pupils.assign(person=people["school_roll"].loc[pupils["pupil_id"]].to_numpy())
    family = at_school.drop_duplicates("person", keep="last").set_index("person")["postcode"]
    person = people["social_care_involvements"].loc[spells["care_person_id"]].to_numpy()
    same = spells["postcode"].to_numpy() == family.reindex(person).to_numpy()
    known = pd.Series(person).isin(family.index).to_numpy()
    placed = spells["kind"].eq("looked_after").to_numpy()
    assert same[known & placed].mean() < 0.1
    assert same[known & ~placed].mean() > 0.6


def test_cases_of_a_conference_are_two_people_by_role(county: MadeCounty) -> None:
    people = county.truth("people").query("dataset == 'marac_cases'")
    parts = people["local_id"].str.partition("/")
    number = parts[0]
    assert parts[2].value_counts().to_dict() == {
        "victim": number.nunique(),
        "perpetrator": number.nunique(),
    }
    assert set(county.standing("county_council", "marac_cases")["marac_case_id"]) <= set(number)


def test_what_refers_to_police_refers_to_something_that_they_delivered(county: MadeCounty) -> None:
    police = {
        dataset: set(county.delivered("west_mercia_police", dataset)[DATASETS[dataset]])
        for dataset in ("police_incidents", "police_persons", "missing_episodes")
    }
    contacts = county.standing("refuge_service", "victim_contacts")
    episodes = county.standing("west_mercia_police", "missing_episodes")
    interviews = county.standing("county_council", "return_interviews")
    # A number is not there only where the fault of its row is that the number is left out.
    assert contacts["incident_id"].isin(police["police_incidents"]).mean() > 0.995
    assert episodes["nominal_id"].isin(police["police_persons"]).mean() > 0.995
    assert interviews["missing_id"].isin(police["missing_episodes"]).mean() > 0.99


def test_missing_episodes_are_delivered_when_reported_and_again_when_found(
    county: MadeCounty,
) -> None:
    rows = county.delivered("west_mercia_police", "missing_episodes")
    twice = rows[rows["missing_id"].duplicated(keep=False)].sort_values("file", kind="stable")
    last = twice.drop_duplicates("missing_id", keep="last")
    assert twice.drop_duplicates("missing_id")["found_at"].isna().mean() > 0.9
    assert last["found_at"].notna().mean() > 0.9
    standing = county.standing("west_mercia_police", "missing_episodes")
    assert standing["record_status"].isin(["current", "withdrawn"]).all()
    assert 0 < standing["record_status"].eq("withdrawn").mean() < 0.04


def test_names_beside_an_order_are_of_who_it_protects(county: MadeCounty) -> None:
    orders = county.standing("probation_service", "probation_orders")
    protecting = orders["kind"].isin(
        ["restraining_order", "non_molestation_order", "protection_order"]
    )
    assert (orders["protects_surname"] != "").equals(protecting)
    couples = county.truth("da_incidents")[["perpetrator", "victim"]].drop_duplicates()
    assert protecting.sum() > 50
    people = county.truth("people").query("dataset == 'probation_orders'")
    bound = orders[protecting].merge(people, left_on="supervisee_id", right_on="local_id")
    assert bound["person_id"].isin(couples["perpetrator"]).mean() > 0.98


def test_the_planted_cut_in_minutes_is_found_by_a_difference_of_differences(
    county: MadeCounty,
) -> None:
    means = {}
    for council in ("county_council", "severnside_council"):
        meetings = county.standing(council, "triage_meetings")
        live = meetings["held_on"] >= GO_LIVE
        for after in (False, True):
            period = meetings.loc[live == after, ["minutes", "cases"]].astype(int).sum()
            means[council, after] = period["minutes"] / period["cases"]
    here = means["county_council", True] - means["county_council", False]
    there = means["severnside_council", True] - means["severnside_council", False]
    planted = county.effect["domestic_abuse"]["minutes_per_case_cut"]
    assert planted == pytest.approx(2.1, abs=0.01)
    assert there - here == pytest.approx(planted, abs=0.45)


def test_the_planted_cut_in_hours_to_first_contact_is_found(county: MadeCounty) -> None:
    reported = county.standing("west_mercia_police", "police_incidents")
    reported = reported[["incident_id", "reported_at"]]
    contacts = county.standing("refuge_service", "victim_contacts").merge(reported)
    first = contacts.sort_values("attempted_at").drop_duplicates("incident_id")
    waited = first["attempted_at"] - first["reported_at"]
    hours = waited.dt.total_seconds() / 3_600
    live = first["reported_at"] >= GO_LIVE
    planted = county.effect["domestic_abuse"]["first_contact"]
    assert hours[live].median() / hours[~live].median() == pytest.approx(
        planted["hours_left"], rel=0.12
    )
    assert hours[live].median() == pytest.approx(planted["median_attempt_with"], rel=0.06)
