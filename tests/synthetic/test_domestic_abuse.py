"""Domestic abuse in the made-up county: what happened, and what police made of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.random import SeedSequence, default_rng

from tests.synthetic.conftest import MadeCounty
from woda_lib.disclosure import read_canaries
from woda_lib.partners import check_extracts
from woda_lib.synthetic.domestic_abuse.histories import FLAGS, Histories, draw_histories
from woda_lib.synthetic.domestic_abuse.police.quality import COMPLETE
from woda_lib.synthetic.population import make_population
from woda_lib.synthetic.profiles import PROFILES

POLICE = "west_mercia_police"
QUICK = PROFILES["quick"]
GO_LIVE = pd.Timestamp("2023-07-01")
YEARS = 4
DAY = pd.Timedelta(days=1)


@pytest.fixture(scope="module")
def histories() -> Histories:
    residents, dwellings = make_population(QUICK, SeedSequence(8))
    return draw_histories(QUICK, residents, dwellings, default_rng(8))


@pytest.fixture(scope="module")
def incidents(county: MadeCounty) -> pd.DataFrame:
    """Incidents as delivered last, with what is true of them."""
    truth = county.truth("da_incidents").drop(columns=["partner", "occurred_at"])
    return county.standing(POLICE, "police_incidents").merge(truth, on="incident_id")


@pytest.fixture(scope="module")
def persons(county: MadeCounty) -> pd.DataFrame:
    """Records of persons as first delivered, with who they are."""
    people = county.truth("people").query("dataset == 'police_persons'")
    rows = county.delivered(POLICE, "police_persons").drop_duplicates("nominal_id")
    return rows.merge(people[["local_id", "person_id"]], left_on="nominal_id", right_on="local_id")


def test_police_hear_of_25_incidents_a_year_for_1000_residents_and_of_700_at_least(
    incidents: pd.DataFrame,
) -> None:
    assert PROFILES["county"].incidents_a_year == 25 * 600
    assert PROFILES["demo"].incidents_a_year == 25 * 60
    assert QUICK.incidents_a_year == 700
    happened = incidents["duplicate_of"].isna().sum() / YEARS
    assert happened == pytest.approx(700, rel=0.1)


def test_three_couples_in_four_come_once_and_a_few_come_again_and_again(
    histories: Histories,
) -> None:
    """Bland and Ariel (2015): 76% of couples in Suffolk had no repeat call."""
    times = histories.incidents.groupby("couple").size()
    assert (times == 1).mean() == pytest.approx(0.74, abs=0.06)
    most = times.sort_values(ascending=False).head(len(times) // 20)
    assert most.sum() / times.sum() > 0.2


def test_an_incident_raises_the_risk_of_the_next_for_weeks(histories: Histories) -> None:
    by_couple = histories.incidents.sort_values(["couple", "occurred_at"])
    gap = by_couple.groupby("couple")["occurred_at"].diff() / DAY
    days = pd.cut(gap, [0, 14, 28, 56, 112]).value_counts(sort=False)
    a_day = (days / [14, 14, 28, 56]).to_numpy()
    assert (np.diff(a_day) < 0).all()
    assert a_day[0] > 6 * a_day[-1]


def test_who_separates_is_harmed_more_often_in_the_weeks_after(histories: Histories) -> None:
    separated = histories.incidents.join(histories.couples["separated_on"], on="couple")
    since = (separated["occurred_at"] - separated["separated_on"]) / DAY
    assert since.between(0, 60).sum() > 1.5 * since.between(-60, 0).sum()
    by_then = separated["relationship"].eq("former_partner")
    assert (since[by_then] >= 0).all()


def test_serial_perpetrators_go_on_to_another_once_they_have_left(histories: Histories) -> None:
    """Between 4% and 20% of perpetrators by agency: Robinson, Clancy and Hanks (2014)."""
    victims = histories.couples.groupby("perpetrator")["victim"].nunique()
    assert 0.05 < (victims > 1).mean() < 0.20
    partners = histories.couples.query("kind != 'child' and kind != 'parent'")
    ordered = partners.sort_values(["perpetrator", "since"])
    left = ordered.groupby("perpetrator")["separated_on"].shift()
    follows = ordered["perpetrator"].duplicated()
    assert (ordered["since"] >= left)[follows].mean() > 0.75


def test_who_is_harmed_and_by_whom(histories: Histories) -> None:
    people, couples, happened = histories.residents, histories.couples, histories.incidents
    female = people["female"]
    women = female.loc[happened["victim"]].mean()
    assert women == pytest.approx(0.735, abs=0.06)  # ONS: nearly three in four
    partners = couples[couples["kind"].isin(["partner", "former_partner"])]
    sexes = (
        female.loc[partners["victim"]].to_numpy(),
        female.loc[partners["perpetrator"]].to_numpy(),
    )
    assert 0.008 < (sexes[0] == sexes[1]).mean() < 0.04
    kinds = happened["relationship"].value_counts(normalize=True)
    assert kinds["partner"] > kinds["former_partner"] > kinds["child"] > kinds["sibling"]
    assert 0.25 < kinds[["child", "parent", "sibling"]].sum() + 0.05 < 0.45
    assert people.loc[couples["victim"], "county"].eq("worcestershire").all()


def test_everybody_is_born_alive_and_of_an_age(histories: Histories) -> None:
    people, happened = histories.residents, histories.incidents
    for side in ("victim", "perpetrator"):
        person = people.loc[happened[side]]
        age = (happened["occurred_at"].to_numpy() - person["born"].to_numpy()) / DAY / 365.25
        assert age.min() > 15.9
        died = person["died"].to_numpy()
        assert not (died < happened["occurred_at"].to_numpy() - DAY).any()
    present = histories.present.join(happened["occurred_at"], on="incident")
    age = (
        present["occurred_at"].to_numpy() - people.loc[present["person_id"], "born"].to_numpy()
    ) / DAY  # fmt: skip
    child = present["role"].eq("child").to_numpy()
    assert age.min() >= 0
    assert age[child].max() < 18 * 365.25 + 1 <= age[~child].min() + 2
    told = happened[happened["reporter"] >= 0]
    assert set(told["reported_by"]) == {"child", "family", "neighbour"}
    assert not (told["reporter"] == told["victim"]).any()


def test_flags_follow_what_happened(histories: Histories) -> None:
    happened = histories.incidents
    assert list(FLAGS) == [name for name in happened if name in FLAGS]
    rates = happened[list(FLAGS)].mean()
    assert rates.between(0.002, 0.45).all()
    assert rates.idxmax() == "alcohol"
    crime = happened["crime_type"]
    assert happened.loc[crime.eq("strangulation"), "strangulation"].all()
    assert happened.loc[crime.eq("rape"), "sexual_violence"].all()
    pregnant = histories.residents.loc[happened.loc[happened["pregnancy"], "victim"]]
    assert pregnant["female"].all()
    assert crime.value_counts(normalize=True)["no_crime"] == pytest.approx(0.38, abs=0.05)


def test_deprived_areas_have_more(incidents: pd.DataFrame) -> None:
    quintile = incidents["deprivation_quintile"].value_counts()
    assert quintile["1"] > 1.7 * quintile["5"]


def test_second_records_of_a_person_are_as_many_as_planted(
    county: MadeCounty, persons: pd.DataFrame
) -> None:
    effect = county.effect["domestic_abuse"]
    ordered = persons.sort_values("recorded_on", kind="stable")
    second = ordered["person_id"].duplicated()
    live = ordered["recorded_on"] >= GO_LIVE
    before, after = second[~live].mean(), second[live].mean()
    assert before == pytest.approx(effect["duplicate_rate_before"], abs=0.01)
    assert after == pytest.approx(effect["duplicate_rate_after"], abs=0.01)
    assert before == pytest.approx(0.14, abs=0.02)
    assert after == pytest.approx(0.06, abs=0.02)


def test_who_has_two_records_differs_between_them(persons: pd.DataFrame) -> None:
    both = persons[persons["person_id"].duplicated(keep=False)].sort_values("person_id")
    first, last = (both.groupby("person_id").nth(n).set_index("person_id") for n in (0, 1))
    same = [first[name] == last[name] for name in ("forename", "surname", "date_of_birth")]
    assert 0.45 < np.logical_and.reduce(same).mean() < 0.9
    assert (persons["known_as"] != "").mean() > 0.03


@pytest.mark.parametrize("field", [*COMPLETE["police_incidents"], *COMPLETE["police_persons"]])
def test_fields_are_filled_in_more_often_from_go_live_on(
    county: MadeCounty, incidents: pd.DataFrame, persons: pd.DataFrame, field: str
) -> None:
    planted = county.effect["domestic_abuse"]["planted"]["completeness"]
    is_persons = field in planted["police_persons"] and field != "postcode"
    rows, written = (persons, "recorded_on") if is_persons else (incidents, "reported_at")
    shares = planted["police_persons" if is_persons else "police_incidents"][field]
    filled = rows[field].notna() & rows[field].ne("")
    live = rows[written] >= GO_LIVE
    assert filled[~live].mean() == pytest.approx(shares["before"], abs=0.04)
    assert filled[live].mean() == pytest.approx(shares["after"], abs=0.04)


def test_dash_has_27_answers_that_agree_with_the_offence(incidents: pd.DataFrame) -> None:
    asked = incidents[incidents["dash_answers"] != ""]
    assert asked["dash_answers"].str.fullmatch("[YN?]{27}").all()
    strangled = asked[asked["crime_type"] == "strangulation"]["dash_answers"].str[17]
    assert strangled.isin(["Y", "?"]).mean() > 0.85
    ticks = asked["dash_answers"].str.count("Y")
    assert 0.005 < (ticks >= 14).mean() < 0.12
    assert (
        ticks[asked["dash_risk"] == "high"].mean() > ticks[asked["dash_risk"] == "standard"].mean()
    )


def test_roles_are_the_true_ones_but_for_those_that_are_still_swapped(
    county: MadeCounty, incidents: pd.DataFrame
) -> None:
    people = county.truth("people").query("dataset == 'police_persons'")
    who = people.set_index("local_id")["person_id"]
    rows = county.standing(POLICE, "police_involvements")
    rows = rows.assign(person=rows["nominal_id"].map(who))
    roles = {"victim": "Aggrieved", "perpetrator": "Suspect"}
    told = {
        side: rows[rows["role"] == role].set_index("incident_id")["person"]
        for side, role in roles.items()
    }
    both = incidents.assign(
        **{f"told_{side}": incidents["incident_id"].map(told[side]) for side in told}
    )
    both = both.dropna(subset=["told_victim", "told_perpetrator"])
    right = (both["told_victim"] == both["victim"]) & (
        both["told_perpetrator"] == both["perpetrator"]
    )
    turned = (both["told_victim"] == both["perpetrator"]) & (
        both["told_perpetrator"] == both["victim"]
    )
    assert (right | turned).all()
    assert (turned == both["roles_swapped"]).all()
    assert 0.002 < turned.mean() < 0.012


def test_an_incident_entered_twice_is_of_the_same_people_and_time(incidents: pd.DataFrame) -> None:
    again = incidents.dropna(subset=["duplicate_of"]).merge(
        incidents, left_on="duplicate_of", right_on="incident_id", suffixes=("", "_first")
    )
    assert (again["victim"] == again["victim_first"]).all()
    assert (again["perpetrator"] == again["perpetrator_first"]).all()
    apart = (again["occurred_at"] - again["occurred_at_first"]).abs()
    assert apart.max() <= pd.Timedelta(minutes=30)
    twice = incidents["duplicate_of"].notna()
    live = incidents["reported_at"] >= GO_LIVE
    assert twice[~live].mean() == pytest.approx(0.029, abs=0.015)
    assert twice[live].mean() == pytest.approx(0.018, abs=0.012)


def test_some_come_late_some_are_corrected_and_some_withdrawn(
    county: MadeCounty, incidents: pd.DataFrame
) -> None:
    late = (incidents["delivered_on"] - incidents["reported_at"].dt.normalize()) / DAY
    assert late.min() == 0
    assert (late > 0).mean() == pytest.approx(0.03, abs=0.012)
    assert (incidents["record_status"].eq("withdrawn") == incidents["withdrawn"]).all()
    assert 0.005 < incidents["withdrawn"].mean() < 0.03
    rows = county.standing(POLICE, "police_involvements")
    gone = incidents.loc[incidents["withdrawn"], "incident_id"]
    assert rows.loc[rows["incident_id"].isin(gone), "record_status"].eq("withdrawn").all()
    delivered = county.delivered(POLICE, "police_incidents").drop_duplicates(
        ["incident_id", "file"]
    )
    versions = delivered[delivered["incident_id"] != ""].groupby("incident_id")
    # What changes within a month is delivered as it stands at the end.
    assert (versions["crime_type"].nunique() > 1).mean() > 0.002
    assert (versions["outcome"].nunique() > 1).mean() > 0.1


def test_every_row_passes_its_contract_but_for_the_planted_faults(
    county: MadeCounty, tmp_path: Path
) -> None:
    (tmp_path / POLICE).mkdir()
    some = "2024-", "2025-03-2"  # a year of months, ten days
    for path in (county.extracts / POLICE).glob("police_*.csv"):
        if path.stem.rpartition("_")[2].startswith(some):
            (tmp_path / POLICE / path.name).symlink_to(path)
    faults = check_extracts(tmp_path).faults
    refused = faults[faults["outcome"] == "row refused"].groupby("file")["rows"].sum()
    planted = county.truth("planted_faults").query("partner == @POLICE")
    here = planted["file"].isin(path.name for path in (tmp_path / POLICE).iterdir())
    planted = planted[here].groupby("file").size()
    assert planted.sum() > 10
    assert refused.to_dict() == planted.to_dict()
    # Where an incident happened is kept when its postcode cannot be read.
    assert set(faults.loc[faults["outcome"] != "row refused", "column"]) == {"postcode"}


def test_canaries_are_in_incidents(county: MadeCounty, persons: pd.DataFrame) -> None:
    names = {canary.surname for canary in read_canaries(county.truth_folder)}
    assert names & set(persons["surname"])
