"""The made-up county as its partners deliver it: whole, hard to link, and with a known effect."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.synthetic.conftest import MadeCounty
from tests.synthetic.reading import DATASETS, TRUSTS
from woda_lib.identifiers import valid_nhs_numbers

SOURCES = {
    **dict.fromkeys(TRUSTS, ("hospital_spells", "discharge_events")),
    **dict.fromkeys(TRUSTS.values(), ("social_care_clients", "social_care_referrals")),
}
EVERY_DATASET = [(partner, dataset) for partner, both in SOURCES.items() for dataset in both]
FLOW = ("hospital_spells", "social_care_clients")
LAST_NOTICE_DAY = pd.Timestamp("2022-06-30")
NOTICES = ["assessment_notice", "discharge_notice", "withdrawal_notice"]


def newest_patients(county: MadeCounty, trust: str) -> pd.DataFrame:
    stays = county.standing(trust, "hospital_spells").sort_values("admission_date", kind="stable")
    return stays.drop_duplicates("patient_id", keep="last").rename(
        columns={"patient_id": "local_id"}
    )


def newest_clients(county: MadeCounty, council: str) -> pd.DataFrame:
    return county.standing(council, "social_care_clients").rename(columns={"client_id": "local_id"})


def true_pairs(county: MadeCounty, trust: str) -> pd.DataFrame:
    """Each patient beside each client who is the same person, columns with _p and _c."""
    people = county.truth("people")[["partner", "local_id", "person_id"]]
    patients = newest_patients(county, trust).merge(people, on=["partner", "local_id"])
    clients = newest_clients(county, TRUSTS[trust]).merge(people, on=["partner", "local_id"])
    return patients.merge(clients, on="person_id", suffixes=("_p", "_c"))


@pytest.mark.parametrize("trust", TRUSTS)
def test_an_exact_join_finds_some_but_not_most_true_pairs(county: MadeCounty, trust: str) -> None:
    pairs = true_pairs(county, trust)
    agree = [
        pairs[f"{field}_p"] == pairs[f"{field}_c"]
        for field in ("forename", "surname", "date_of_birth", "postcode")
    ]
    assert len(pairs) > 2_000
    assert 0.55 <= np.logical_and.reduce(agree).mean() <= 0.80


@pytest.mark.parametrize(("partner", "dataset"), EVERY_DATASET)
def test_keys_are_there_and_their_own_partners(
    county: MadeCounty, partner: str, dataset: str
) -> None:
    keys = county.standing(partner, dataset)[DATASETS[dataset]]
    county_letter = "W" if partner in ("worcestershire_acute", "county_council") else "S"
    assert keys.str.fullmatch(county_letter + r"[SECR]\d{7}").all()


@pytest.mark.parametrize("trust", TRUSTS)
def test_every_reference_is_to_something_delivered(county: MadeCounty, trust: str) -> None:
    council = TRUSTS[trust]
    # A row with a planted fault was delivered too, under its true key or (missing_key) under none.
    stays = set(county.delivered(trust, "hospital_spells")["spell_id"])
    clients = set(county.delivered(council, "social_care_clients")["client_id"])
    events = county.standing(trust, "discharge_events")
    referrals = county.standing(council, "social_care_referrals")
    assert (~events["spell_id"].isin(stays)).mean() < 0.005
    assert (~referrals["client_id"].isin(clients)).mean() < 0.005

    people = county.truth("people").query("partner in [@trust, @council]")
    known = dict(tuple(people.groupby("partner")["local_id"]))
    assert county.standing(trust, "hospital_spells")["patient_id"].isin(known[trust]).all()
    assert referrals["client_id"].isin(known[council]).all()


@pytest.mark.parametrize("partner", SOURCES)
def test_nhs_numbers_are_missing_as_often_as_they_should_be_and_mostly_valid(
    county: MadeCounty, partner: str
) -> None:
    council = partner in TRUSTS.values()
    people = (newest_clients if council else newest_patients)(county, partner)
    numbers = people["nhs_number"].str.replace(" ", "")
    given = numbers[numbers != ""]
    assert (numbers == "").mean() == pytest.approx(0.35 if council else 0.03, abs=0.025)
    valid = valid_nhs_numbers(given.to_numpy())
    assert 0.995 < valid.mean() < 1
    # The 999 range is never issued, so that no invented number can be a real person's.
    assert given[valid].str.startswith("999").all()


@pytest.mark.parametrize(("partner", "low", "high"), [
    ("worcestershire_acute", 0.01, 0.02), ("severnside_acute", 0.01, 0.02),
    ("county_council", 0.02, 0.03), ("severnside_council", 0.02, 0.03),
])  # fmt: skip
def test_a_few_people_are_registered_twice(
    county: MadeCounty, partner: str, low: float, high: float
) -> None:
    people = county.truth("people").query("partner == @partner and dataset in @FLOW")
    registered = people["person_id"]
    assert low < registered.duplicated().sum() / registered.nunique() < high


def test_the_planted_effect_is_in_the_outcomes(county: MadeCounty) -> None:
    outcomes = county.truth("outcomes")
    treated = outcomes[
        (outcomes["hospital"] == "worcestershire_acute")
        & (outcomes["started_on"] >= pd.Timestamp(county.effect["go_live"]))
    ]
    days = treated[["days_without", "days_with"]].clip(upper=county.effect["horizon_days"])
    saved = (days["days_without"] - days["days_with"]).mean()
    assert saved == pytest.approx(2.7, abs=0.1)
    assert county.effect["days_saved"] == pytest.approx(saved)
    assert county.effect["planted"] == 2.7
    assert (outcomes["days_with"] <= outcomes["days_without"]).all()


@pytest.mark.parametrize("trust", TRUSTS)
def test_about_185_referrals_a_month_start_at_each_trust(county: MadeCounty, trust: str) -> None:
    outcomes = county.truth("outcomes").query("hospital == @trust")
    monthly = outcomes.groupby(outcomes["started_on"].dt.to_period("M")).size()
    assert len(monthly) == 48
    assert monthly.mean() == pytest.approx(185, abs=6)
    assert monthly.between(130, 240).all()


@pytest.mark.parametrize("trust", TRUSTS)
def test_each_regime_uses_its_own_events(county: MadeCounty, trust: str) -> None:
    events = county.standing(trust, "discharge_events")
    notice = events["event_type"].isin(NOTICES)
    assert set(events["event_type"]) == {
        *NOTICES, "pathway_decision", "discharge_ready", "not_ready", "delay_review",
    }  # fmt: skip
    assert events.loc[notice, "event_date"].max() <= LAST_NOTICE_DAY
    assess = events["event_type"].isin(["pathway_decision", "discharge_ready", "not_ready"])
    assert events.loc[assess, "event_date"].min() > LAST_NOTICE_DAY
    decided = events["event_type"] == "pathway_decision"
    assert set(events.loc[decided, "pathway"]) == {"0", "1", "2", "3"}
    assert (events.loc[~decided, "pathway"] == "").all()
    reviewed = events["event_type"] == "delay_review"
    assert ((events["delay_reason"] != "") == reviewed).all()


@pytest.mark.parametrize("trust", TRUSTS)
def test_some_people_die_in_hospital_and_some_still_wait_at_the_end(
    county: MadeCounty, trust: str
) -> None:
    stays = county.standing(trust, "hospital_spells").merge(
        county.truth("outcomes"), left_on=["partner", "spell_id"], right_on=["hospital", "spell_id"]
    )
    assert 0.02 < (stays["discharge_method"] == "died").mean() < 0.08
    waiting = stays["discharge_date"].isna()
    assert 20 < waiting.sum() < 120
    assert (stays.loc[waiting, "discharge_method"] == "").all()


@pytest.mark.parametrize("trust", TRUSTS)
def test_an_open_stay_is_delivered_when_it_begins_and_again_when_it_ends(
    county: MadeCounty, trust: str
) -> None:
    stays = county.delivered(trust, "hospital_spells").drop_duplicates(["spell_id", "file"])
    stays = stays[stays["spell_id"] != ""].sort_values("file")
    twice = stays[stays["spell_id"].duplicated(keep=False)].groupby("spell_id")
    assert twice.size().eq(2).all()
    assert twice["discharge_date"].first().notna().all()  # pandas' first skips what is missing
    assert twice.head(1)["discharge_date"].isna().all()
    ended = twice.tail(1)
    month = "hospital_spells_" + ended["discharge_date"].dt.strftime("%Y-%m") + ".csv"
    assert (ended["file"] == month).all()


@pytest.mark.parametrize("trust", TRUSTS)
def test_nobody_lies_in_two_beds(county: MadeCounty, trust: str) -> None:
    stays = county.standing(trust, "hospital_spells").merge(
        county.truth("people"), left_on=["partner", "patient_id"], right_on=["partner", "local_id"]
    )
    stays = stays.sort_values(["person_id", "admission_date"])
    until = stays["discharge_date"].fillna(pd.Timestamp("2025-04-01"))
    same = stays["person_id"].eq(stays["person_id"].shift())
    assert (stays["admission_date"] >= until.shift())[same].all()


@pytest.mark.parametrize(("partner", "dataset"), EVERY_DATASET)
def test_faults_are_planted_in_a_few_rows_and_recorded(
    county: MadeCounty, partner: str, dataset: str
) -> None:
    delivered = county.delivered(partner, dataset)
    faults = county.truth("planted_faults").query("partner == @partner and dataset == @dataset")
    assert 0.003 <= len(faults) / len(delivered) <= 0.005
    rows = faults.merge(delivered, on=["partner", "file", "line"], validate="one_to_one")
    assert len(rows) == len(faults)
    by_fault = dict(tuple(rows.groupby("fault")))
    assert (by_fault["missing_key"][DATASETS[dataset]] == "").all()
    assert by_fault["impossible_date"].isna().any(axis=1).all()
    for fault, begins, ends in [
        ("discharge_before_admission", "admission_date", "discharge_date"),
        ("closed_before_received", "received_on", "closed_on"),
    ]:
        if begins in rows:
            assert (by_fault[fault][ends] < by_fault[fault][begins]).all()


@pytest.mark.parametrize(("partner", "dataset"), EVERY_DATASET)
def test_a_few_rows_are_delivered_twice_over(
    county: MadeCounty, partner: str, dataset: str
) -> None:
    delivered = county.delivered(partner, dataset)
    repeated = delivered.drop(columns="line").duplicated()
    assert 0.0005 < repeated.mean() < 0.005


@pytest.mark.parametrize("council", TRUSTS.values())
def test_flats_are_written_five_ways(county: MadeCounty, council: str) -> None:
    address = county.standing(council, "social_care_clients")["address"]
    for style in (
        r"Flat \d+, \d+ \w", r"\d+/\d+ \w", r"\d+ [^,]+, Flat \d+", r"Apartment \d+, \d+ \w",
        r"\d+[A-L] \w",
    ):  # fmt: skip
        assert address.str.match(style).sum() >= 3, style


def test_birth_dates_are_sometimes_swapped_or_a_default(county: MadeCounty) -> None:
    pairs = true_pairs(county, "worcestershire_acute")
    patient, client = pairs["date_of_birth_p"], pairs["date_of_birth_c"]
    swapped = (
        (patient.dt.year == client.dt.year)
        & (patient.dt.month == client.dt.day)
        & (patient.dt.day == client.dt.month)
        & (patient != client)
    )
    assert swapped.sum() >= 5
    assert (client == pd.Timestamp("1900-01-01")).sum() >= 3


def test_ethnic_group_is_recorded_worse_for_minorities(county: MadeCounty) -> None:
    """Saunders and others (2013): 2.2% wrong among White British, 41% among the other groups."""
    truth = county.truth("people")[["partner", "local_id", "ethnic_group"]]
    patients = newest_patients(county, "worcestershire_acute").merge(
        truth, on=["partner", "local_id"], suffixes=("", "_true")
    )
    stated = patients[patients["ethnic_group"] != "Z"]
    wrong = stated["ethnic_group"] != stated["ethnic_group_true"]
    british = stated["ethnic_group_true"] == "A"
    assert wrong[british].mean() == pytest.approx(0.022, abs=0.008)
    assert wrong[~british].mean() == pytest.approx(0.39, abs=0.07)
