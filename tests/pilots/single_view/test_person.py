"""What a person's page says: involvements, household, values, evidence, history, what is hidden."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pandas as pd
import pytest

from tests.pilots.single_view.made_up_person import (
    AMBER,
    AS_OF,
    COLIN,
    EVENTS,
    PERSONS,
    REASON,
    RECORDS,
    dossier,
    evidence,
    new_store,
    store,
)
from woda_lib.partners import OPENED
from woda_lib.pilots.single_view.person import drawing
from woda_lib.pilots.single_view.person.dossier import dossier_of
from woda_lib.pilots.single_view.person.history import events_of
from woda_lib.pilots.single_view.person.lines import Dossier, FieldLine, Involvement
from woda_lib.pilots.single_view.person.page import person_page
from woda_lib.pilots.single_view.person.reasons import strongest_links, written_rows

AMBERS, WEIGHED = dossier(), dossier(weighed=True)


def field(name: str, of: Dossier = AMBERS) -> FieldLine:
    return next(line for line in of.fields if line.name == name)


def page(of: Dossier = AMBERS, **changed: object) -> str:
    given = {"agreement": "single_view", "purpose": "early_help", "timeline_years": 6}
    return person_page(of, **(given | {"synthetic": True} | changed))  # type: ignore[arg-type]


def text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_the_head_says_who_how_sure_and_since_when() -> None:
    assert (AMBERS.name, AMBERS.age, AMBERS.sex) == ("Amber Hale", 33, "female")
    assert AMBERS.nhs_number == "943 476 5919"
    assert AMBERS.since == date(2024, 3, 31)
    assert AMBERS.sure == "In doubt: six records, of which the least sure matches at 0.83"
    assert AMBERS.tags == (
        "A record may be somebody else’s",
        "In two places at once",
        "Sources disagree on two fields",
        "People decided about these records",
    )


def test_somebody_known_by_one_record_is_not_said_to_be_sure() -> None:
    alone = store().look_up(COLIN, reason=REASON)
    told = dossier_of(alone, alone, store().properties(on=AS_OF))
    assert told.sure.startswith("One record only")
    assert told.least == 0.99
    assert [each.why for each in told.belongings] == ["No other record matches it."]


def test_open_work_comes_first_with_team_and_the_number_by_which_to_ring() -> None:
    shown = [(each.service, each.team, each.lead, each.number) for each in AMBERS.open_now]
    assert shown == [
        ("Social care: early help", "North team", "Jo Dale", "SC-40017"),
        ("Hospital patient", "", "", "RWP 118"),
        ("Social tenancy", "", "", "t1"),
    ]
    assert "North team lead worker Jo Dale" in text(page())
    assert [each.service for each in AMBERS.past] == [
        "Police contact",
        "Charity support: debt",
        "Social care: child in need",
    ]


def test_a_service_that_is_hidden_is_said_to_be_hidden_and_by_which_clause() -> None:
    police = next(each for each in AMBERS.past if each.service == "Police contact")
    assert police.standing == "once"
    assert police.hidden == "single_view.datasets.police_contacts.part / purposes.early_help.uses"
    assert "Police contact which one is hidden" in text(page())


def test_what_is_hidden_is_told_for_the_datasets_that_know_the_person_alone() -> None:
    assert [(each.dataset, each.what) for each in AMBERS.hidden] == [
        ("Police contact", "As what"),
        ("Police contact", "Kind of crime or incident"),
        ("Social tenancy", "Whether in arrears"),
    ]
    assert "Who visited" not in page()


def test_moves_and_births_are_marks_and_the_first_home_is_no_move() -> None:
    assert [(mark.on.isoformat(), mark.kind, mark.words) for mark in AMBERS.marks] == [
        ("1989-11-30", "birth", "Colin Hale born"),
        ("1991-05-04", "birth", "Born"),
        ("2022-07-01", "move", "Moved to Flat 2, 9 High Street, WR2 2BB"),
        ("2023-02-14", "birth", "Ivy Hale born"),
        ("2024-08-17", "move", "Also at 14 Canal Side, WR3 3CC"),
    ]


def test_a_death_is_a_mark_and_ends_the_age() -> None:
    died = PERSONS.assign(died_on=[pd.Timestamp(2024, 5, 3), pd.NaT, pd.NaT])
    told = dossier(holds=new_store(persons=died)[0])
    assert (told.died_on, told.age) == (date(2024, 5, 3), 32)
    assert told.marks[-2].kind == "death"
    assert told.tags[0] == "Has died"
    assert "died at 32" in text(page(told))


def test_a_household_is_that_of_its_day() -> None:
    assert [(each.name, each.age, each.kinship) for each in AMBERS.now.members] == [
        ("Colin Hale", 35, "partner"),
        ("Amber Hale", 33, "self"),
        ("Ivy Hale", 2, "child"),
    ]
    assert AMBERS.now.kind == "Couple with children"
    assert [(each.name, each.age) for each in AMBERS.then.members] == [("Amber Hale", 30)]
    assert AMBERS.then.address == "3 Mill Row, Nulford, WR1 1AA"


def test_a_household_that_nobody_can_tell_is_said_to_be_so() -> None:
    before = store().look_up(AMBER, reason=REASON, on=date(2001, 1, 1))
    now = store().look_up(AMBER, reason=REASON)
    told = dossier_of(now, before, store().properties(on=AS_OF))
    assert told.then.members == ()
    assert "Nobody can tell" in text(page(told))


def test_the_property_is_the_main_home_and_another_one_is_asked_about() -> None:
    home = AMBERS.home
    assert home is not None
    assert (home.address, home.kind, home.building) == (
        "Flat 2, 9 High Street",
        "Flat",
        "9 High Street",
    )
    assert (home.sources, home.sure, home.others) == (4, True, 1)
    assert home.elsewhere == ("14 Canal Side, WR3 3CC",)


def test_every_value_is_told_with_its_sources_the_best_first() -> None:
    surname = field("Surname")
    assert [(v.words, v.best, v.current, len(v.sources)) for v in surname.values] == [
        ("Hale", True, True, 4),
        ("Hail", False, True, 1),
        ("Reed", False, True, 2),
    ]
    assert surname.conflict
    # The hospital has replaced Reed by Hale; the old social care record still says Reed.
    assert [(s.dataset, s.current) for s in surname.values[2].sources] == [
        ("Hospital patient", False),
        ("Social care", True),
    ]


def test_a_former_address_is_past_and_no_conflict() -> None:
    address = field("Address")
    assert not address.conflict
    assert [(v.words, v.current) for v in address.values if not v.best] == [
        ("14 Canal Side", False),
        ("3 Mill Row", False),
    ]
    assert address.values[0].best and address.values[1].best  # two ways to write one address


def test_what_says_nothing_is_no_value() -> None:
    assert [value.words for value in field("Sex").values] == ["female"]
    assert [value.words for value in field("Ethnic group").values] == ["White British"]
    assert not field("Sex").conflict


def test_the_strongest_link_of_each_record_is_told() -> None:
    person = store().look_up(AMBER, reason=REASON)
    best = strongest_links(person.links).set_index("left_id")["right_id"]
    assert best.to_dict() == {"c1": "h1", "h1": "c1", "t1": "h1", "v1": "h1", "p1": "t1"}


def test_records_are_told_the_least_sure_first_and_a_decision_outranks_weights() -> None:
    told = WEIGHED.belongings
    assert [each.key for each in told] == [
        "care_services:c2",
        "police_contacts:p1",
        "support_clients:v1",
        "tenancy_members:t1",
        "care_services:SC-40017",
        "patient_registrations:RWP 118",
    ]
    assert told[0].why == "A person decided that it belongs with another record here."
    assert told[1].why == "Best match 0.83, with Social tenancy (Housing association)."
    assert "outranks any weight" in told[4].why


def test_the_evidence_stands_beside_the_two_values() -> None:
    police = WEIGHED.belongings[1]
    steps = {step.comparison: step for step in police.steps}
    assert (steps["Surname"].here, steps["Surname"].there) == ("Hail", "Hale")
    assert steps["Surname"].meaning.startswith("Jaro–Winkler")
    assert steps["NHS number"].meaning == "missing on one side"
    assert (steps["NHS number"].here, steps["NHS number"].weight) == ("", 0.0)
    assert steps["Postcode"].meaning == "different"
    total = sum(step.weight for step in police.steps)
    assert total == pytest.approx(police.steps[-1].total)
    assert "Hail" not in police.wide + police.narrow  # the picture names nobody


def test_a_rare_forename_is_said_to_be_rare() -> None:
    landlord = next(each for each in WEIGHED.belongings if each.key == "tenancy_members:t1")
    meanings = {step.comparison: step.meaning for step in landlord.steps}
    assert meanings["Forename"] == "the same, and a rare value"
    assert meanings["Date of birth"] == "the same"


def test_rows_are_compared_as_partners_wrote_them() -> None:
    rows = written_rows(store().look_up(AMBER, reason=REASON)).set_index("row_id")
    assert len(rows) == 7
    assert rows.loc["r7", ["forename", "surname", "uprn"]].tolist() == ["Ambs", "Hale", "202"]
    assert rows.loc["r4", "date_of_birth"] == pd.Timestamp(1991, 4, 5)


def test_without_what_was_kept_records_are_told_without_weights() -> None:
    assert all(each.steps == () and each.wide == "" for each in AMBERS.belongings)
    assert AMBERS.belongings[1].why == "Best match 0.83, with Social tenancy (Housing association)."


def test_the_history_says_what_people_did() -> None:
    told = [(event.words, event.reason, event.by_a_person) for event in AMBERS.events]
    assert told == [
        ("This identity was made", "a record was new", False),
        ("person-000000000000000d was merged into this one", "a person decided", True),
        ("A record of police contact joined", "a record was new", False),
    ]


@pytest.mark.parametrize(
    ("event", "own", "words"),
    [
        ("split", True, "Split off from person-x"),
        ("split", False, "person-x was split off this"),
        ("unmerged", True, "Records taken apart from person-x"),
        ("merged", True, "This one was merged into person-x"),
        ("reassigned", False, "A record went to person-x"),
    ],
)
def test_events_are_said_from_this_identitys_side(event: str, own: bool, words: str) -> None:
    ends = (AMBER, "person-x") if own else ("person-x", AMBER)
    row = EVENTS.head(1).assign(event=event, entity_id=ends[0], other_entity_id=ends[1])
    (told,) = events_of(row, AMBER)
    assert told.words == words
    assert told.by_a_person == (event == "unmerged")


def test_the_page_has_one_place_for_whoever_opens_it_and_runs_no_script() -> None:
    html = page(WEIGHED)
    assert html.count(OPENED) == 1
    assert "<script" not in html
    assert "Restricted: names people." in html


def test_what_partners_wrote_is_text_on_the_page() -> None:
    nasty = PERSONS.assign(forename=["<b>Amber", "Colin", "Ivy\x00"])
    html = page(dossier(holds=new_store(persons=nasty)[0]))
    assert "<b>Amber" not in html
    assert "&lt;b&gt;Amber" in html
    assert "\x00" not in html


def test_what_to_do_names_the_record_least_sure_to_be_theirs() -> None:
    sure = RECORDS.assign(confidence=RECORDS["confidence"].fillna(0.9))
    told = dossier(holds=new_store(records=sure)[0])
    said = text(page(told))
    assert f"woda identities unmerge single_view {AMBER} police_contacts:p1 --purpose" in said


def test_a_page_can_be_made_with_its_banner() -> None:
    html = page(opened='<section class="woda-opened">Shown to you</section>')
    assert "Shown to you" in text(html)
    assert OPENED not in html


BEGIN = date(2019, 3, 31)
OPEN = Involvement("Council", "Early help", "open", date(2024, 1, 10), None)
ENDED = Involvement("Charity", "Debt", "closed", date(2018, 1, 1), date(2020, 1, 1))
ONCE = Involvement("Police", "Contact", "once", date(2024, 8, 17), date(2024, 8, 17))
BEFORE = replace(ENDED, service="Food", ends=date(2019, 1, 1))


def drawn(*spells: Involvement, sheet: drawing.Sheet = drawing.WIDE) -> drawing.Drawing:
    return drawing.draw_timeline(spells, (), begin=BEGIN, until=AS_OF, sheet=sheet)


@pytest.mark.parametrize("sheet", [drawing.WIDE, drawing.NARROW], ids=lambda sheet: sheet.name)
def test_open_work_runs_to_the_edge_and_what_began_before_has_no_cap(sheet: drawing.Sheet) -> None:
    drew = drawn(OPEN, ENDED, sheet=sheet)
    bars = {bar.label.partition(",")[0]: bar for bar in drew.bars}
    assert bars["Early help"].open and bars["Early help"].to == sheet.right
    assert bars["Early help"].begins
    assert bars["Debt"].x == sheet.left and not bars["Debt"].begins and not bars["Debt"].open
    assert sheet.left < bars["Debt"].to < bars["Early help"].x


def test_what_happened_once_is_a_sign_and_what_ended_before_is_left_out() -> None:
    drew = drawn(ONCE, BEFORE)
    assert [(sign.kind, sign.label) for sign in drew.signs] == [("contact", "Contact, 17 Aug 2024")]
    assert drew.bars == []
    assert "Food" not in [words.words for words in drew.texts]


def test_services_with_open_work_stand_first_and_spells_of_one_share_a_row() -> None:
    again = replace(ENDED, starts=date(2021, 1, 1), ends=date(2022, 1, 1))
    rows = drawing.rows_of([ENDED, again, OPEN, ONCE], BEGIN)
    assert [(name, len(spells)) for name, spells in rows] == [
        ("Early help", 1),
        ("Contact", 1),
        ("Debt", 2),
    ]


def test_evidence_needs_no_sources_that_do_not_know_the_person() -> None:
    assert "safe_and_well_visits" in [source.name for source in evidence().spec.sources]
    assert len(WEIGHED.belongings) == 6
