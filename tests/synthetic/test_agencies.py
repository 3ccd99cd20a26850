"""What agencies other than police come to know: planted rates, order of events, references."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.random import SeedSequence, default_rng

from woda_lib.synthetic.domestic_abuse.agencies import Known, World, draw_known
from woda_lib.synthetic.domestic_abuse.agencies.advocacy import HOURS_LEFT, REFERRED, REFERRED_GRAVE
from woda_lib.synthetic.domestic_abuse.agencies.conferences import (
    REPEAT_SHARE,
    YEARLY_PER_WOMAN,
    draw_cases,
)
from woda_lib.synthetic.domestic_abuse.agencies.front_door import PASSED_ON, PASSED_ON_GRAVE
from woda_lib.synthetic.domestic_abuse.agencies.housing import LET_BY_QUINTILE
from woda_lib.synthetic.domestic_abuse.agencies.meetings import (
    MINUTES_PER_CASE_CUT,
    draw_meetings,
)
from woda_lib.synthetic.domestic_abuse.agencies.missing import (
    ABUSE_HOUSEHOLD_FACTOR,
    ACCEPTED,
    CHILD_YEARLY,
    LOOKED_AFTER_YEARLY,
    OFFERED,
    WITHIN_72_HOURS,
    draw_episodes,
    draw_interviews,
)
from woda_lib.synthetic.domestic_abuse.agencies.schools import ON_NO_ROLL
from woda_lib.synthetic.domestic_abuse.agencies.social_care import STOCK, looked_after_spells
from woda_lib.synthetic.domestic_abuse.histories import draw_histories
from woda_lib.synthetic.draws import as_days
from woda_lib.synthetic.population import make_population
from woda_lib.synthetic.profiles import get_profile

A_DAY = pd.Timestamp("2023-10-02")
GO_LIVE = pd.Timestamp("2023-07-01")


@pytest.fixture(scope="module")
def world() -> World:
    profile = get_profile("quick")
    residents, dwellings = make_population(profile, SeedSequence(7))
    return World(profile, dwellings, draw_histories(profile, residents, dwellings, default_rng(7)))


@pytest.fixture(scope="module")
def known(world: World) -> Known:
    return draw_known(world, 7)


def ages(world: World, table: pd.DataFrame, on: str) -> np.ndarray:
    return world.ages(table["person_id"].to_numpy(), as_days(table[on]))


def standing(table: pd.DataFrame, begins: str, ends: str, on: pd.Timestamp) -> pd.DataFrame:
    """What had begun and not ended on a day."""
    return table[table[begins].le(on) & ~table[ends].le(on)]


def share_is(found: int, of: int, planted: float) -> None:
    """Hold a share to the planted one, within four standard errors."""
    assert of > 0
    assert abs(found / of - planted) < 4 * np.sqrt(planted * (1 - planted) / of)


@pytest.mark.parametrize(("grave", "planted"), [(False, PASSED_ON), (True, PASSED_ON_GRAVE)])
def test_police_tell_the_front_door_of_children_at_incidents(
    world: World, known: Known, grave: bool, planted: float
) -> None:
    there = world.children_present
    there = there[there["grave"].eq(grave) & there["day"].lt(pd.Timestamp("2025-03-25"))]
    told = known.contacts.merge(there, on=["incident", "person_id"])
    share_is(len(told), len(there), planted)
    waited = told["received_on"] - told["day"]
    assert waited.dt.days.between(0, 2).all()
    assert (told["contact_source"] + told["reason"]).eq("policedomestic_abuse").all()


def test_contacts_are_about_children_who_are_born_and_alive(world: World, known: Known) -> None:
    age = ages(world, known.contacts, "received_on")
    assert age.min() >= 0
    assert age.max() < 18.1
    assert (known.contacts["decided_on"] >= known.contacts["received_on"]).all()


def test_an_assessment_begins_when_it_is_decided_on(known: Known) -> None:
    decided = known.contacts[
        known.contacts["decision"].eq("assessment") & known.contacts["reason"].ne("missing")
    ]
    begun = known.spells[known.spells["kind"].eq("assessment")]
    follows = decided.merge(
        begun, left_on=["person_id", "decided_on"], right_on=["person_id", "started_on"]
    )
    assert follows["person_id"].nunique() / decided["person_id"].nunique() > 0.97
    # A child who turns 18 in the meantime is the only reason not to.
    assert len(begun) >= 0.9 * len(decided)


@pytest.mark.parametrize("kind", STOCK)
def test_children_open_to_a_team_when_the_window_opens_are_as_many_as_published(
    world: World, known: Known, kind: str
) -> None:
    opens = pd.Timestamp(world.profile.opens)
    spells = standing(known.spells, "started_on", "ended_on", opens)
    age = world.ages(world.people, np.full(len(world.people), world.profile.opens))
    children = int(((age >= 0) & (age < 18)).sum())
    share_is(int(spells["kind"].eq(kind).sum()), children, STOCK[kind][0] / 10_000)


def test_work_with_children_ends_before_they_are_grown_up(world: World, known: Known) -> None:
    children = known.spells[known.spells["service"].eq("children")]
    assert ages(world, children, "started_on").max() < 18
    ended = children[children["ended_on"].notna()]
    assert ages(world, ended, "ended_on").max() < 18.01
    assert children["lead_worker"].nunique() > 100


def test_homes_are_let_more_where_deprivation_is(world: World, known: Known) -> None:
    quintile = world.dwellings["deprivation_quintile"].to_numpy()
    heads = world.people[world.residents["role"].to_numpy()[world.people] == "head"]
    homes = world.residents["dwelling"].to_numpy()[heads]
    first = known.tenancies[known.tenancies["started_on"].lt(pd.Timestamp(world.profile.opens))]
    let = np.unique(first["dwelling"])
    for fifth, planted in enumerate(LET_BY_QUINTILE, start=1):
        share_is(
            int((quintile[let] == fifth).sum()), int((quintile[homes] == fifth).sum()), planted
        )


def test_nobody_lives_in_two_homes_of_the_landlord_at_once(known: Known) -> None:
    ordered = known.tenancies.sort_values(["person_id", "started_on"])
    again = ordered["person_id"].eq(ordered["person_id"].shift())
    assert again.sum() > 20
    assert (ordered["ended_on"].shift()[again] <= ordered["started_on"][again]).all()
    one = known.tenancies[known.tenancies["tenancy_role"].eq("tenant")]
    assert not one.duplicated(["household", "dwelling"]).any()


def test_pupils_are_on_one_roll_at_a_time_and_of_school_age(world: World, known: Known) -> None:
    on_roll = standing(known.enrolments, "joined_on", "left_on", A_DAY)
    assert not on_roll["person_id"].duplicated().any()
    day = np.full(len(world.people), A_DAY.to_datetime64())
    age = world.ages(world.people, as_days(pd.Series(day)))
    alive = world.lives(world.people, as_days(pd.Series(day)))
    pupils = int(((age >= 5.2) & (age < 15.8) & alive).sum())
    found = on_roll["person_id"].to_numpy()
    own = world.ages(found, np.full(len(found), A_DAY.to_datetime64().astype("datetime64[D]")))
    assert own.min() > 4
    assert own.max() < 16.2
    share_is(int(((own >= 5.2) & (own < 15.8)).sum()), pupils, 1 - ON_NO_ROLL)
    assert on_roll.groupby("school")["safeguarding_lead"].nunique().eq(1).all()


def test_a_midwife_books_mothers_of_children_who_are_born_after(world: World, known: Known) -> None:
    booked = known.flags[known.flags["kind"].eq("midwifery_booking")]
    residents = world.residents.loc[world.people]
    born = residents.loc[residents["role"].eq("child"), ["household", "born"]]
    mothers = booked.assign(household=world.residents["household"].to_numpy()[booked["person_id"]])
    ahead = mothers.merge(born, on="household")
    weeks = (ahead["born"] - ahead["occurred_on"]).dt.days / 7
    expected = ahead[weeks.between(14, 35)]
    assert expected["person_id"].nunique() == booked["person_id"].nunique() > 50
    assert world.female[booked["person_id"]].all()


def test_victims_come_to_the_department_about_their_incidents(world: World, known: Known) -> None:
    incidents = world.incidents[["victim", "occurred_at"]].rename(columns={"victim": "person_id"})
    near = known.flags.merge(incidents, on="person_id")
    days = (near["occurred_on"] - near["occurred_at"].dt.normalize()).dt.days
    hurt = near[days.between(0, 1) & near["kind"].isin(["ed_assault", "ed_injury"])]
    elsewhere = near[days.between(400, 401) & near["kind"].isin(["ed_assault", "ed_injury"])]
    assert len(hurt) > 8 * max(1, len(elsewhere))
    asked = hurt["abuse_disclosed"].dropna()
    assert 0.3 < asked.eq("yes").mean() < 0.6
    others = known.flags[~known.flags["person_id"].isin(incidents["person_id"])]
    assert others["abuse_disclosed"].dropna().eq("yes").mean() < 0.04


def test_orders_protect_victims_from_those_who_harmed_them(world: World, known: Known) -> None:
    protecting = known.orders[known.orders["protects"].ge(0)]
    couples = pd.MultiIndex.from_frame(world.incidents[["perpetrator", "victim"]])
    assert pd.MultiIndex.from_frame(protecting[["person_id", "protects"]]).isin(couples).all()
    named = ["restraining_order", "non_molestation_order", "protection_order"]
    assert set(protecting["kind"]) == set(named)
    assert known.orders["protects"].lt(0).equals(~known.orders["kind"].isin(named))
    as_of = pd.Timestamp(world.profile.as_of)
    in_force = standing(protecting, "starts_on", "ends_on", as_of)
    just_ended = protecting["ends_on"].between("2025-03-01", "2025-03-31")
    assert len(in_force) > 20
    assert just_ended.sum() >= 3


def test_a_breach_supposes_an_order(world: World, known: Known) -> None:
    breaches = world.incidents[
        world.incidents["crime_type"].eq("breach_of_order")
        & world.incidents["day"].le(pd.Timestamp(world.profile.as_of))
    ]
    orders = breaches.merge(
        known.orders, left_on=["perpetrator", "victim"], right_on=["person_id", "protects"]
    )
    ran = orders["day"].ge(orders["starts_on"]) & ~orders["day"].gt(orders["ends_on"])
    covered = orders.loc[ran].drop_duplicates(["couple", "day"])
    assert len(covered) >= 0.9 * len(breaches.drop_duplicates(["couple", "day"]))
    breached = known.orders[known.orders["breached_on"].notna()]
    assert (breached["breached_on"] >= breached["starts_on"]).all()
    assert not breached["breached_on"].gt(breached["ends_on"]).any()


def test_conferences_hear_as_many_couples_as_published_and_as_many_again(world: World) -> None:
    draws = [draw_cases(world, default_rng(seed)) for seed in range(5)]
    women = world.people[world.female[world.people]]
    grown = world.ages(women, np.full(len(women), world.profile.opens)) >= 18
    yearly = np.mean([len(cases) for cases in draws]) / (world.window_days / 365.25)
    assert yearly == pytest.approx(YEARLY_PER_WOMAN * grown.sum(), rel=0.12)
    repeats = np.mean([cases["repeat"].mean() for cases in draws])
    assert repeats == pytest.approx(REPEAT_SHARE, abs=0.05)
    for cases in draws:
        assert cases["heard_on"].dt.dayofweek.eq(1).all()
        before = cases.merge(world.incidents[["couple", "day"]], on="couple")
        before = before[before["day"].le(before["heard_on"] - pd.Timedelta(days=7))]
        assert len(before.drop_duplicates(["couple", "heard_on"])) == len(cases)


def test_looked_after_children_and_those_of_violent_homes_go_missing_oftener(
    world: World, known: Known
) -> None:
    care = looked_after_spells(known.spells)
    draws = [draw_episodes(world, care, default_rng(seed)) for seed in range(40)]
    episodes = pd.concat(draws)
    start = np.maximum(as_days(care["started_on"]), world.profile.opens)
    until = np.fmin(as_days(care["ended_on"]), np.full(len(care), world.profile.last_day))
    born = world.born[care["person_id"].to_numpy()]
    eleven = born + np.timedelta64(round(11 * 365.25), "D")
    years = np.maximum(0, (until - np.maximum(start, eleven)).astype(int)).sum() / 365.25
    yearly = episodes["looked_after"].sum() / len(draws) / years
    # Somebody who is missing already is not reported again, which takes a few away.
    assert yearly == pytest.approx(LOOKED_AFTER_YEARLY, rel=0.25)
    assert yearly > 10 * CHILD_YEARLY

    home = episodes[episodes["child"] & ~episodes["looked_after"]]
    age = world.ages(world.people, np.full(len(world.people), world.profile.opens))
    teens = world.people[(age >= 10) & (age < 16)]
    raised = world.in_abuse_household[teens]
    hardship = world.hardship[teens]
    count = home["person_id"].value_counts().reindex(teens, fill_value=0).to_numpy()
    ratio = (count[raised].sum() / hardship[raised].sum()) / (
        count[~raised].sum() / hardship[~raised].sum()
    )
    assert ratio == pytest.approx(ABUSE_HOUSEHOLD_FACTOR, rel=0.2)


def test_a_few_go_missing_again_and_again_and_nobody_twice_at_once(known: Known) -> None:
    episodes = known.episodes
    per_child = episodes.loc[episodes["child"], "person_id"].value_counts()
    most = per_child.head(len(per_child) // 10)
    assert most.sum() > 0.25 * per_child.sum()
    ordered = episodes.sort_values(["person_id", "reported_at"])
    again = ordered["person_id"].eq(ordered["person_id"].shift())
    assert (ordered["found_at"].shift()[again] < ordered["reported_at"][again]).all()


def test_interviews_are_held_in_time_as_often_as_planted(world: World, known: Known) -> None:
    draws = [draw_interviews(world, known.episodes, default_rng(seed)) for seed in range(10)]
    interviews = pd.concat(draws)
    held = interviews[interviews["held_at"].notna()]
    found = known.episodes["found_at"].to_numpy()[held["episode"]]
    hours = (held["held_at"].to_numpy() - found) / np.timedelta64(1, "h")
    share_is(int((hours <= 72).sum()), len(hours), WITHIN_72_HOURS)
    assert (held["held_at"] >= held["offered_at"]).all()
    assert known.episodes["child"].to_numpy()[interviews["episode"]].all()
    assert interviews.loc[interviews["accepted"].eq("no"), "held_at"].isna().all()
    shares = known.effect()["return_interviews"]
    assert shares["offered"] == pytest.approx(OFFERED, abs=0.08)
    assert shares["held"] == pytest.approx(OFFERED * ACCEPTED, abs=0.13)
    assert shares["within_72_hours"] == pytest.approx(
        OFFERED * ACCEPTED * WITHIN_72_HOURS, abs=0.13
    )


def test_the_first_attempt_comes_sooner_once_the_pack_is_there(world: World, known: Known) -> None:
    hours = known.attempts.hours
    assert (hours["attempt_with"] / hours["attempt_without"]).to_numpy() == pytest.approx(
        np.full(len(hours), HOURS_LEFT)
    )
    reported = world.incidents.loc[hours["incident"], "reported_at"]
    assert reported.ge(GO_LIVE).to_numpy().tolist() == hours["treated"].tolist()
    # What happened is what would have happened with the pack where there is one, else without.
    first = known.attempts.table.drop_duplicates("incident").set_index("incident")["attempted_at"]
    took = (first.loc[hours["incident"]].to_numpy() - reported.to_numpy()) / np.timedelta64(1, "h")
    expected = np.where(hours["treated"], hours["attempt_with"], hours["attempt_without"])
    assert np.abs(took - expected).max() < 1 / 60 + 1e-6
    found = known.effect()["first_contact"]
    # Who was never reached waited longer than anybody else.
    treated = hours.loc[hours["treated"], "contact_with"]
    assert 0.02 < treated.isna().mean() < 0.08
    assert found["median_contact_with"] == pytest.approx(
        treated.fillna(np.inf).sort_values().iloc[len(treated) // 2], rel=0.01
    )
    grave = world.incidents["grave"].to_numpy()[hours["incident"]]
    share_is(int(grave.sum()), int(world.incidents["grave"].sum()), REFERRED_GRAVE)
    share_is(int((~grave).sum()), int((~world.incidents["grave"]).sum()), REFERRED)


def test_the_planted_cut_in_minutes_is_what_the_meetings_saved(known: Known) -> None:
    meetings = known.meetings.table
    treated = meetings[meetings["treated"]]
    saved = (treated["minutes_without"] - treated["minutes_with"]).sum() / treated["cases"].sum()
    assert known.effect()["minutes_per_case_cut"] == pytest.approx(saved)
    assert saved == pytest.approx(MINUTES_PER_CASE_CUT, abs=0.01)
    assert treated["council"].eq("county_council").all()
    assert treated["held_on"].min() >= GO_LIVE
    assert (treated["minutes"] == treated["minutes_with"]).all()
    rest = meetings[~meetings["treated"]]
    assert (rest["minutes"] == rest["minutes_without"]).all()
    assert meetings["held_on"].dt.dayofweek.lt(5).all()


def test_both_councils_feel_the_same_months(world: World) -> None:
    correlations = []
    for seed in range(8):
        table = draw_meetings(world, default_rng(seed)).table
        month = table["held_on"].dt.to_period("M")
        sums = table.groupby(["council", month])[["minutes_without", "cases"]].sum()
        per_case = (sums["minutes_without"] / sums["cases"]).unstack("council")
        correlations.append(np.corrcoef(per_case.to_numpy().T)[0, 1])
    assert 0.3 < np.mean(correlations) < 0.9


def test_cases_follow_the_incidents_of_the_days_before(world: World) -> None:
    """In a whole county's profile; a small one's incidents are too few to say much of a day."""
    whole = replace(world, profile=replace(world.profile, residents=600_000))
    table = draw_meetings(whole, default_rng(1)).table
    reported = world.incidents["day"].value_counts()
    tuesday_on = table[table["held_on"].dt.dayofweek.between(1, 4)]
    before = reported.reindex(tuesday_on["held_on"] - pd.Timedelta(days=1), fill_value=0).to_numpy()
    follows = tuesday_on["council"].eq("county_council").to_numpy()
    cases = tuesday_on["cases"].to_numpy()
    assert np.corrcoef(before[follows], cases[follows])[0, 1] > 0.8
    assert abs(np.corrcoef(before[~follows], cases[~follows])[0, 1]) < 0.15
    assert table.groupby("council")["cases"].mean().between(12, 18).all()
