"""A night of two incidents, by hand: what their cards say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.pilots.ascii_table import table
from woda_lib.pilots.domestic_abuse import pack_tables
from woda_lib.pilots.domestic_abuse.build import build_cards, texts_to_read
from woda_lib.pilots.domestic_abuse.card import Card, EarlierCard, Pack
from woda_lib.pilots.domestic_abuse.facts import Facts, Links, Settings, gather
from woda_lib.pilots.domestic_abuse.flag_lines import TEXTS, quote
from woda_lib.pilots.domestic_abuse.harm import read_harm
from woda_lib.pilots.domestic_abuse.marac import Thresholds
from woda_lib.pilots.domestic_abuse.people_lines import Band
from woda_lib.pilots.domestic_abuse.urgency import read_urgency

TRIAGE = Path(__file__).parents[3] / "parameters" / "triage"
SETTINGS = Settings(date(2025, 3, 31), date(2025, 3, 30), Band(0.5, 0.9), Thresholds())
MOMENTS = ("occurred_at", "reported_at")
INCIDENTS = """
incident_id  record_status  occurred_at  reported_at  crime_type      outcome  reported_by
t1           current        2025-03-30   2025-03-31   harassment      -        neighbour
t2           current        2025-03-18   2025-03-19   common_assault  -        victim
i1           current        2024-06-01   2024-06-01   common_assault  charged  victim
i2           current        2025-03-14   2025-03-14   common_assault  -        victim
i3           current        2024-08-01   2024-08-01   no_crime        -        officer
w1           withdrawn      2025-03-14   2025-03-15   common_assault  -        victim
"""
INVOLVED = """
involvement_id  record_status  incident_id  nominal_id  role         relationship    recorded_on
1               current        t1           nA          victim       former_partner  2025-03-31
2               current        t1           nR          perpetrator  former_partner  2025-03-31
3               current        t1           nK          child        child           2025-03-31
4               current        t1           nB          reporter     none            2025-03-31
5               current        t2           nC          victim       -               2025-03-31
6               current        i1           nA          victim       partner         2024-06-01
7               current        i1           nR          perpetrator  partner         2024-06-01
8               current        i2           nA          victim       former_partner  2025-03-14
9               current        i2           nR          perpetrator  former_partner  2025-03-14
10              current        i3           nH          victim       former_partner  2024-08-01
11              current        i3           nR          perpetrator  former_partner  2024-08-01
12              withdrawn      w1           nA          victim       former_partner  2025-03-15
13              withdrawn      w1           nR          perpetrator  former_partner  2025-03-15
"""
PERSONS = """
nominal_id  forename  surname      date_of_birth  sex  known_as  address      postcode
nA          Amber     Exemplar     1990-05-01     F    -         3_Mill_Lane  WR99
nR          Rowan     Specimen     1987-01-01     M    Ron       -            -
nK          Clover    Exemplar     2017-07-01     F    -         3_Mill_Lane  WR99
nB          Basil     Template     -              M    -         -            -
nC          Cedar     Dummy        -              M    -         -            -
nH          Hazel     Placeholder  1989-01-01     F    -         -            -
"""
PEOPLE = """
dataset                   local_id   entity_id  confidence
police_persons            nA         A          0.998
police_persons            nR         R          0.94
police_persons            nK         K          0.996
police_persons            nB         B          0.61
police_persons            nC         C          0.99
police_persons            nH         H          0.97
school_roll               pK         K          0.97
social_care_involvements  cK         K          0.95
health_flags              hA         A          0.8
probation_orders          sR         R          0.93
"""
TEXT = "IP states he held her neck. IP is not pregnant."


@dataclass(frozen=True)
class Night:
    """Cards, and what they were made from."""

    cards: dict[str, Card]
    order: list[str]
    earlier: list[EarlierCard]
    facts: Facts


def datasets() -> dict[str, pd.DataFrame]:
    incidents = table(INCIDENTS, dates=MOMENTS).assign(district="Nulford", address="3 Mill Lane")
    blank = ("dash_answers", "dash_risk", "professional_judgement", "postcode", *TEXTS)
    incidents = incidents.assign(
        **{name: pd.array([pd.NA] * len(incidents), "string") for name in blank}
    )
    first = incidents["incident_id"] == "t1"
    incidents.loc[first, "log_text"] = TEXT
    incidents.loc[first, "dash_answers"] = "Y" * 11 + "??" + "N" * 14
    pupils = table(
        """
        enrolment_id  pupil_id  forename  surname   date_of_birth  sex  school   joined_on   left_on
        e1            pK        Clover    Exemplar  2017-07-01     F    Nulford  2022-09-01  -
        """,
        dates=("date_of_birth", "joined_on", "left_on"),
    ).assign(safeguarding_lead="Jones")
    care = table(
        """
        care_involvement_id  care_person_id  forename  surname   date_of_birth  sex  started_on
        c1                   cK              Clover    Exemplar  2017-07-01     F    2025-03-30
        """,
        dates=("date_of_birth", "started_on"),
    ).assign(
        service="children", kind="assessment", ended_on=pd.NaT, team="North", lead_worker="Dale"
    )
    health = table(
        """
        flag_id  attender_id  forename  surname   date_of_birth  sex  kind        occurred_on
        f1       hA           Amber     Exemplar  1990-06-01     F    ed_assault  2025-02-01
        """,
        dates=("date_of_birth", "occurred_on"),
    )
    orders = table(
        """
        order_id  supervisee_id  forename  surname   date_of_birth  sex  kind
        o1        sR             Rowan     Specimen  1987-01-01     M    non_molestation_order
        """,
        dates=("date_of_birth",),
    ).assign(
        protects_forename="Amber", protects_surname="Exemplar", breached_on=pd.NaT,
        starts_on=pd.Timestamp("2024-05-14"), ends_on=pd.Timestamp("2025-03-30"),
    )  # fmt: skip
    persons = table(PERSONS, dates=("date_of_birth",))
    return {
        "police_incidents": incidents,
        "police_involvements": table(INVOLVED, dates=("recorded_on",)),
        "police_persons": persons.assign(recorded_on=pd.Timestamp("2024-06-01")),
        "social_care_involvements": care,
        "housing_tenancies": pd.DataFrame(
            columns=["tenancy_person_id", "tenant_id", "forename", "surname", "date_of_birth",
                     "sex", "started_on", "ended_on"]
        ).astype({"started_on": "datetime64[ns]", "ended_on": "datetime64[ns]"}),
        "health_flags": health,
        "probation_orders": orders,
        "school_roll": pupils,
        "refuge_referrals": pd.DataFrame(
            columns=["refuge_referral_id", "survivor_id", "forename", "surname", "date_of_birth",
                     "sex", "referred_on", "ended_on"]
        ).astype({"referred_on": "datetime64[ns]", "ended_on": "datetime64[ns]"}),
        "marac_cases": pd.DataFrame(columns=["marac_case_id", "heard_on"]).astype(
            {"marac_case_id": "string", "heard_on": "datetime64[ns]"}
        ),
    }  # fmt: skip


def yesterday(now: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Without tonight's incidents; i2's roles the other way round; w1 stood; no social worker."""
    before = dict(now)
    known = now["police_incidents"]
    before["police_incidents"] = known[~known["incident_id"].isin(["t1", "t2"])].assign(
        record_status="current"
    )
    rows = now["police_involvements"]
    rows = rows[~rows["incident_id"].isin(["t1", "t2"])].assign(record_status="current")
    swapped = {"victim": "perpetrator", "perpetrator": "victim"}
    rows["role"] = rows["role"].where(rows["incident_id"] != "i2", rows["role"].map(swapped))
    before["police_involvements"] = rows
    before["social_care_involvements"] = now["social_care_involvements"].iloc[:0]
    return before


def links(now: dict[str, pd.DataFrame]) -> Links:
    people = table(PEOPLE).astype({"confidence": float})
    people["partner"] = people["dataset"].str.partition("_")[0]
    who = people.set_index("local_id")
    rows = now["police_involvements"].query("record_status == 'current'")
    there = rows.assign(
        entity_id=rows["nominal_id"].map(who["entity_id"]),
        confidence=rows["nominal_id"].map(who["confidence"]),
    )
    cases = now["police_incidents"].query("record_status == 'current'").set_index("incident_id")
    for role in ("victim", "perpetrator"):
        main = there[there["role"] == role].set_index("incident_id")
        cases[role] = main["entity_id"]
        cases[f"{role}_confidence"] = main["confidence"]
        cases["relationship"] = main["relationship"]
    cases = cases.assign(duplicate_of=pd.NA, roles_doubtful=False, address_id="mill")
    places = table("dataset row_id address_id\nschool_roll e1 mill\npolice_persons nA mill")
    return Links(cases.reset_index(), there, people, places)


@pytest.fixture(scope="module")
def night() -> Night:
    now = datasets()
    linked, harm = links(now), read_harm(TRIAGE / "crime_harm.yaml")
    facts = gather(now, yesterday(now), linked, harm, SETTINGS)
    assert set(texts_to_read(facts, now["police_incidents"])["incident_id"]) == {
        "t1", "t2", "i1", "i2"
    }  # fmt: skip
    mentions = pd.DataFrame(
        [
            ("t1", "log_text", "strangulation", "now", 10, 26),
            ("t1", "log_text", "pregnancy", "negated", 38, 46),
            ("i1", "log_text", "strangulation", "now", 0, 5),
        ],
        columns=["incident_id", "text", "flag", "state", "start", "end"],
    )
    cards, earlier = build_cards(
        facts,
        linked,
        now["police_incidents"],
        mentions,
        harm,
        read_urgency(TRIAGE / "urgency.yaml"),
        SETTINGS,
        numbers={"t1": "22/412", "i2": "22/388", "w1": "22/390", "nA": "N7"},
        hidden={},
    )
    order = [card.incident for card in cards]
    return Night({card.incident: card for card in cards}, order, earlier, facts)


@pytest.fixture(scope="module")
def card(night: Night) -> Card:
    return night.cards["22/412"]


def test_one_card_an_incident_in_the_order_of_urgency(night: Night) -> None:
    assert night.order == ["22/412", "t2"]
    first, second = (night.cards[name] for name in night.order)
    assert (first.position, first.of) == (1, 2)
    assert [reason.rule for reason in first.reasons] == ["strangulation", "escalating"]
    assert first.reasons[0].words == "Strangulation: raised by the log."
    assert first.reasons[1].words.startswith("Graver, by the guidelines, than any incident")
    assert second.reasons == ()
    assert second.stands_here.startswith("After the card above, which meets “strangulation")


def test_the_people_of_a_card_and_their_roles(card: Card) -> None:
    assert [(person.key, person.name, person.age) for person in card.people] == [
        ("victim", "Amber Exemplar", 34),
        ("perpetrator", "Rowan Specimen", 38),
        ("child_1", "Clover Exemplar", 7),
        ("reporter_1", "Basil Template", None),
    ]
    assert card.people[0].numbers == (("police", "N7"),)  # and no pseudonym of another agency
    assert card.people[1].also_known_as == ("Ron",)
    assert card.relationship == "former partner"
    assert card.title == "Amber Exemplar, at 3 Mill Lane"


def test_history_of_the_couple_and_of_each_with_others(card: Card) -> None:
    rows = {row.who: row for row in card.history}
    assert list(rows) == [
        "Amber and Rowan",
        "Amber, victim with others",
        "Rowan, perpetrator with others",
    ]
    couple = rows["Amber and Rowan"]
    assert (couple.incidents_12, couple.incidents_24, couple.days_since_last) == (2, 2, 16)
    assert rows["Amber, victim with others"].incidents_24 == 0
    [other] = rows["Rowan, perpetrator with others"].others
    assert (other.name, other.incidents, other.certainty) == (
        "Hazel Placeholder", 1, "very likely",
    )  # fmt: skip


def test_what_is_new_since_yesterday_the_corrected_the_withdrawn_and_what_ended(card: Card) -> None:
    assert [(change.kind, change.words) for change in card.changes] == [
        ("involvement", "Social care, Clover: assessment, 30 March 2025."),
        (
            "order_ended",
            "Ended. The non-molestation order that binds Rowan ran out on 30 March 2025.",
        ),
        (
            "corrected",
            "Corrected by police: incident 22/388 of 14 March 2025. The roles were swapped: Amber "
            "is the victim, Rowan the perpetrator.",
        ),
        (
            "withdrawn",
            "Withdrawn by police: incident 22/390 of 14 March 2025. It no longer counts.",
        ),
    ]


def test_an_incident_that_arrived_late_has_a_card_that_says_so(night: Night) -> None:
    late = night.cards["t2"]
    assert late.changes[0].kind == "late"
    assert late.changes[0].words == (
        "Arrived late: incident t2 of 18 March 2025, common assault. It was not known yesterday."
    )
    assert ("change", "Arrived late") in {(tag.kind, tag.words) for tag in late.tags}


def test_an_old_card_is_told_what_changed_since(night: Night) -> None:
    old = {card.incident: card for card in night.earlier}
    assert set(old) == {"22/388", "22/390"}  # i1 and i3 are older than the weeks looked through
    assert {change.kind for change in old["22/388"].changes} == {
        "corrected", "withdrawn", "order_ended",
    }  # fmt: skip
    assert (old["22/390"].victim, old["22/390"].perpetrator) == ("Amber Exemplar", "Rowan Specimen")


def test_flags_stand_with_their_words_and_the_words_against(card: Card) -> None:
    raised, denied = card.flags
    assert (raised.flag, raised.status, raised.earlier) == ("strangulation", "raised", 1)
    assert raised.raised_by[0].mark == "he held her neck"
    assert raised.raised_by[0].before == "IP states "
    assert (denied.flag, denied.status) == ("pregnancy", "not_raised")
    assert denied.against[0].why == "denied, or said not to be so"
    assert TEXT[denied.against[0].start : denied.against[0].end] == denied.against[0].mark
    assert [(text.incident, text.text, text.words) for text in card.texts] == [
        ("22/412", "log", TEXT)
    ]


def test_the_child_with_school_and_social_worker(card: Card) -> None:
    [child] = card.children
    assert child.present
    assert (child.school, child.safeguarding_lead) == ("Nulford", "Jones")
    assert (child.team, child.social_worker, child.care_open) == ("North", "Dale", True)
    assert child.care == "assessment, since 30 March 2025"
    assert child.known_from == ("police, last night", "school roll, same address")


def test_an_order_that_ended_is_shown_with_whom_it_protected(card: Card) -> None:
    [order] = card.orders
    assert (order.state, order.protects_victim, order.certainty) == (
        "ended_lately", "yes", "very likely",
    )  # fmt: skip
    assert "Ended 30 March 2025: non-molestation order" in {tag.words for tag in card.tags}


def test_who_knows_whom(card: Card) -> None:
    known = {(line.person, line.agency): line.state for line in card.agencies}
    assert known["victim", "Health"] == "known"
    assert known["child_1", "School"] == "open"
    assert known["child_1", "Social care"] == "open"
    assert known["perpetrator", "Probation"] == "closed"
    assert known["victim", "School"] == "not_known"


def test_routes_are_reasons(card: Card) -> None:
    routes = {route.name: (route.here, route.met) for route in card.routes}
    assert routes == {
        "call_outs": ("3", "no"),
        "dash": ("11, two unanswered", "no"),
        "repeat": ("none heard", "no"),
        "professional_judgement": ("not recorded", "yours"),
    }


def test_how_sure_the_matches_are(card: Card) -> None:
    matches = {line.person: line for line in card.matches}
    assert matches["victim"].needs_a_person  # her emergency attendance: 0.8
    assert matches["victim"].certainty == "possible: a person decides"
    assert matches["perpetrator"].certainty == "very likely"
    assert "birth date not the same in all" in matches["victim"].why
    assert ("doubt", "One match needs a person’s eye") in {
        (tag.kind, tag.words) for tag in card.tags
    }


def test_what_is_missing(night: Night, card: Card) -> None:
    assert {missing.words for missing in card.missing} == {
        "DASH questions 12 and 13 have no answer.",
        "Some records of Amber may be somebody else’s: a person decides.",
    }
    said = {missing.words for missing in night.cards["t2"].missing}
    assert {
        "Police recorded no perpetrator.",
        "No agency has a birth date of Cedar.",
        "DASH was not asked.",
        "There is no log and no referral to read flags from.",
    } <= said


def test_the_timeline_holds_incidents_contacts_and_spans(card: Card) -> None:
    lanes = [(event.lane, event.bar, event.this_one) for event in card.timeline]
    assert lanes == [
        ("orders", True, False),
        ("couple", False, False),
        ("perpetrator_with_others", False, False),
        ("health", False, False),
        ("couple", False, False),
        ("couple", False, True),
        ("social_care", True, False),
    ]


def test_cards_hold_no_number_that_could_be_a_score(card: Card) -> None:
    names = {name for name in vars(card) if isinstance(vars(card)[name], int | float)}
    assert names == {"position", "of", "roles_doubtful", "dash_ticks", "dash_unanswered"}


def test_a_night_of_yesterdays_files_again_has_no_card_and_no_change() -> None:
    now = datasets()
    linked, harm = links(now), read_harm(TRIAGE / "crime_harm.yaml")
    later = Settings(date(2025, 4, 2), date(2025, 4, 1), Band(0.5, 0.9), Thresholds())
    facts = gather(now, dict(now), linked, harm, later)
    nothing: dict[str, Any] = {"numbers": {}, "hidden": {}}
    mentions = pd.DataFrame(columns=["incident_id", "text", "flag", "state", "start", "end"])
    cards, earlier = build_cards(
        facts, linked, now["police_incidents"], mentions, harm,
        read_urgency(TRIAGE / "urgency.yaml"), later, **nothing,
    )  # fmt: skip
    assert (cards, earlier) == ([], [])


def test_words_are_quoted_within_their_sentence() -> None:
    text = "Police called. " + "x " * 50 + "he held her neck " + "y " * 50 + "end. More."
    start = text.index("he held")
    said = quote(text, start, start + 16, text="log", incident="1", on=date(2025, 3, 1))
    assert said.mark == "he held her neck"
    assert said.before.startswith("…x")
    assert said.after.endswith("…")
    assert "More" not in said.after


def test_the_reports_tables_count_cards_and_name_nobody(night: Night) -> None:
    cards = [night.cards[name] for name in night.order]
    made = Pack(
        date(2025, 4, 1), date(2025, 3, 31), "domestic_abuse", "triage", (), True,
        tuple(cards), tuple(night.earlier),
    )  # fmt: skip
    rules = pack_tables.by_rule(cards, read_urgency(TRIAGE / "urgency.yaml")).set_index("rule")
    assert rules.loc["Strangulation, or an attempt on a life"].tolist() == [1, 1]
    assert rules.loc["More often, or graver, than before"].tolist() == [0, 1]
    assert rules.loc["None of them"].tolist() == [1, 1]
    flags = pack_tables.by_flag(cards).set_index("flag")
    assert flags.loc["Strangulation"].tolist() == [1, 0, 0]
    assert flags.loc["Pregnancy"].tolist() == [0, 0, 1]
    routes = pack_tables.by_route(cards).set_index("route")
    assert routes.loc["DASH ticks"].tolist() == [0, 1, 1, 0]
    certainty = pack_tables.by_certainty(cards).set_index("certainty")
    assert certainty.loc["very likely", "perpetrators"] == 1
    assert certainty.loc["possible: a person decides", "victims"] == 1
    gaps = pack_tables.by_gap(cards).set_index("missing")["cards"]
    assert gaps["DASH not asked, or not in full"] == 2
    changes = pack_tables.by_change(made).set_index("change")
    assert changes.loc["An incident that police withdrew"].tolist() == [1, 2]
    assert changes.loc["An incident that arrived late"].tolist() == [1, 0]
    before = pack_tables.history_counts(cards).set_index("incidents_before")["cards"]
    assert before["two to four"] == 1
    assert pack_tables.victims(made) == (2, 1)
