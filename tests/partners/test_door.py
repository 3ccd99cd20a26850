"""What stands between the data and a notebook: choices, pseudonyms, retention, and the record."""

from datetime import date

import pandas as pd
import pytest

from tests.partners.small_county import (
    ACUTE,
    ANN,
    BEN,
    CAT,
    COUNCIL,
    agreement,
    choice,
    deliver,
    door,
    settings_for,
    small_county,
)
from woda_lib.partners import AgreementError, Denied, KeyStoreError, OptOutError, audit_log
from woda_lib.partners.people_index import PersonUnknown
from woda_lib.partners.pseudonyms import pseudonymise
from woda_lib.partners.who_saw import who_saw


@pytest.fixture
def county(tmp_path):
    def make(*choices, **more):
        extracts = small_county(tmp_path / "extracts", opt_outs=list(choices))
        return settings_for(tmp_path, extracts, **more)

    return make


def numbers(settings, dataset, field, purpose="service_evaluation"):
    """The partner's numbers of the rows that a door hands out, read back with the key."""
    opened = door(settings, purpose)
    frame = opened.load(dataset).frame
    known = {
        pseudonymise(
            pd.Series([f"{letter}{n}"]), field=field, partners=partner, key=opened.key.pseudonyms()
        )[0]: f"{letter}{n}"
        for letter in "SPECR"
        for n in range(1, 9)
        for partner in (ACUTE, COUNCIL)
    }
    return sorted(known[value] for value in frame[field])


def kinds(settings):
    return [(r.kind, r.dataset, r.rows) for r in audit_log(settings).records()]


def test_everybody_is_there_where_nobody_objects(county):
    settings = county()
    assert numbers(settings, "hospital_spells", "spell_id") == ["S1", "S2", "S3", "S4"]
    assert numbers(settings, "social_care_referrals", "referral_id") == ["R1", "R2", "R3"]


def test_a_choice_by_nhs_number_reaches_every_record_that_a_register_ties_to_it(county):
    settings = county(choice(nhs_number=ANN))
    # S2 bears no NHS number, but is of the same patient; events bear only their stay.
    assert numbers(settings, "hospital_spells", "spell_id") == ["S3", "S4"]
    assert numbers(settings, "discharge_events", "spell_id") == ["S3", "S4"]


def test_a_choice_told_to_the_hospital_holds_at_the_council(county):
    settings = county(choice(nhs_number=BEN), choice(2, person_number="P3"))
    # P3 is Cat, whom the council knows by her NHS number.
    assert numbers(settings, "hospital_spells", "spell_id") == ["S1", "S2"]
    assert numbers(settings, "social_care_referrals", "client_id") == ["C1"]


def test_a_choice_that_was_withdrawn_is_no_longer_honoured(county):
    settings = county(choice(nhs_number=BEN))
    deliver(
        settings.extracts_folder,
        ACUTE,
        "opt_outs",
        [choice(nhs_number=BEN) | {"status": "withdrawn"}],
        month="2022-03",
    )
    assert "S3" in numbers(settings, "hospital_spells", "spell_id")


def test_a_choice_counts_when_it_is_known_though_it_is_newer_than_the_rest(county):
    settings = county()
    newer = [choice(nhs_number=CAT)]
    deliver(settings.extracts_folder, ACUTE, "opt_outs", newer, month="2022-09")
    assert "S4" not in numbers(settings, "hospital_spells", "spell_id")


def test_what_opt_outs_left_out_is_counted_and_recorded(county):
    settings = county(choice(nhs_number=ANN))
    opened = door(settings)
    counts = opened.load("hospital_spells").counts
    assert (counts.delivered, counts.kept, counts.opted_out) == (4, 2, 2)
    assert opened.opt_outs_in_words == "Opt-outs left out 2 rows of hospital spells."
    assert kinds(settings) == [("opt_out", "hospital_spells", 2), ("load", "hospital_spells", 2)]


def test_an_exempt_purpose_sees_everybody_and_says_why(county):
    settings = county(choice(nhs_number=ANN))
    opened = door(settings, "discharge_coordination")
    assert len(opened.load("hospital_spells").frame) == 4
    assert opened.opt_outs_in_words.startswith("Opt-outs were not applied. Individual care:")


def test_a_list_that_a_partner_has_not_sent_stops_the_load(tmp_path):
    settings = settings_for(tmp_path, small_county(tmp_path / "x", opt_outs=None))
    with pytest.raises(OptOutError, match="county_council has delivered no opt_outs"):
        door(settings).load("hospital_spells")
    assert len(door(settings, "discharge_coordination").load("hospital_spells").frame) == 4


def test_a_choice_that_cannot_be_read_stops_the_load_and_is_named_without_a_value(county):
    settings = county(choice(nhs_number="9990000019"))
    with pytest.raises(OptOutError) as refusal:
        door(settings).load("hospital_spells")
    said = str(refusal.value)
    assert "worcestershire_acute/opt_outs_2022-01.csv, line 2" in said
    assert "names nobody" in said
    assert "9990000019" not in said


def link(settings):
    """What the linkage step does: load everybody, find out who is whom, and spread the choice."""
    opened = door(settings, "linkage", "1_link")
    stays = opened.load("hospital_spells").frame
    clients = opened.load("social_care_clients").frame
    ann = stays.loc[stays["nhs_number"] == ANN, "patient_id"].iloc[0]
    c1 = clients.loc[clients["nhs_number"].isna(), "client_id"].iloc[0]
    people = pd.DataFrame(
        {
            "partner": [ACUTE, COUNCIL, COUNCIL],
            "local_id": [ann, c1, clients["client_id"].iloc[1]],
            "entity_id": ["person-1", "person-1", "person-2"],
        }
    )
    found = opened.spread_opt_outs(people)
    path = settings.outputs_folder / "opted_out.parquet"
    opened.save(path, "patient_flow/1_link:opted_out", found)
    return people, found, path


def test_a_council_record_that_linkage_ties_to_a_choice_is_left_out_later(county):
    settings = county(choice(nhs_number=ANN))
    people, found, path = link(settings)

    assert set(found["local_id"]) == set(people["local_id"][:2])
    later = door(settings)
    assert len(later.load("social_care_referrals").frame) == 3
    later.add_linked(path, "patient_flow/1_link:opted_out")
    assert len(later.load("social_care_referrals").frame) == 2
    assert later.left_out["social_care_referrals"] == 1


def test_a_saved_table_is_read_without_those_who_opted_out(county):
    settings = county(choice(nhs_number=ANN))
    people, _, path = link(settings)
    linking = door(settings, "linkage", "1_link")
    table = pd.DataFrame({"client_id": people["local_id"][1:], "days": [3, 4]})
    saved = settings.outputs_folder / "spells.parquet"
    linking.save(saved, "patient_flow/1_link:spells", table)
    later = door(settings)
    later.add_linked(path, "patient_flow/1_link:opted_out")
    assert later.load_table(saved, "patient_flow/1_link:spells")["days"].tolist() == [4]
    board = door(settings, "discharge_coordination", "3_board")
    assert len(board.load_table(saved, "patient_flow/1_link:spells")) == 2
    assert later.opt_outs_in_words == (
        "Opt-outs left out 1 row of spells (of step 1, link, of patient flow)."
    )


def test_numbers_reach_a_notebook_only_as_pseudonyms_that_join(county):
    settings = county()
    opened = door(settings)
    stays, events = (opened.load(name).frame for name in ("hospital_spells", "discharge_events"))
    assert not stays["spell_id"].isin(["S1", "S2", "S3", "S4"]).any()
    assert len(stays.merge(events, on=["partner", "spell_id"])) == 4


def test_only_the_fields_that_were_asked_for_are_handed_out_and_recorded(county):
    settings = county()
    frame = door(settings).load("hospital_spells", ["spell_id", "ward"]).frame
    assert list(frame.columns) == ["partner", "spell_id", "ward"]
    *_, record = audit_log(settings).records()
    assert record.fields == ("spell_id", "ward")
    assert record.extracts == "extracts, up to 2022-01-31"
    assert record.agreement_sha256 == agreement().digest
    assert (record.purpose, record.run) == ("service_evaluation", "patient_flow/draft/2_evaluate")


def test_a_denial_is_recorded_before_it_is_raised(county):
    settings = county()
    with pytest.raises(Denied):
        door(settings).load("hospital_spells", ["surname"])
    (record,) = audit_log(settings).records()
    assert (record.kind, record.dataset) == ("denial", "hospital_spells")
    assert "shares the field surname of hospital_spells as identifier only" in record.detail


def test_the_log_holds_no_value_of_any_row(county):
    settings = county(choice(nhs_number=ANN))
    link(settings)
    door(settings).load("hospital_spells")
    written = b"".join(path.read_bytes() for path in (settings.data_folder / "audit").rglob("*.*"))
    for value in (ANN, BEN, CAT, '"S1"', '"P1"', '"C1"'):
        assert value.encode() not in written


def test_a_real_load_without_a_key_is_refused(county):
    settings = county(key_ring=None)
    with pytest.raises(KeyStoreError, match="woda keys create patient_flow"):
        door(settings).load("hospital_spells")


def test_another_day_is_asked_only_with_a_reason_which_is_recorded(county):
    past = date(2024, 5, 1)
    with pytest.raises(AgreementError, match="no reason is given"):
        door(county(today=past)).load("hospital_spells")
    settings = county(today=past, as_of_reason="The board asked for the May figures again.")
    opened = door(settings)
    opened.load("hospital_spells")
    opened.load("discharge_events")
    told = [r for r in audit_log(settings).records() if r.kind == "break_glass"]
    assert [r.detail for r in told] == [
        "As of 1 May 2024: The board asked for the May figures again."
    ]


def test_an_extract_past_its_retention_blocks_the_load(county):
    settings = county()
    opened = door(settings)
    opened.agreement = agreement().model_copy(
        update={"retention": agreement().retention.model_copy(update={"data_months": 12})}
    )
    with pytest.raises(Denied) as denial:
        opened.load("hospital_spells")
    assert denial.value.clause == "retention.data_months"
    assert "severnside_acute/hospital_spells_2022-01.csv and 1 more should be gone" in str(
        denial.value
    )
    assert "woda retention apply" in str(denial.value)


def test_pseudonyms_are_turned_back_only_where_it_is_agreed_and_only_in_the_file(county):
    settings = county()
    opened = door(settings, "discharge_coordination", "3_board")
    stays = opened.load("hospital_spells").frame
    path = settings.outputs_folder / "list.parquet"
    opened.save(path, "patient_flow/3_board:list", stays[["spell_id"]], reidentified=True)
    saved = door(settings, "discharge_coordination").load_table(path, "patient_flow/3_board:list")
    assert sorted(saved["spell_id"]) == ["S1", "S2", "S3", "S4"]
    with pytest.raises(Denied, match="does not let the purpose service_evaluation"):
        door(settings).load_table(path, "patient_flow/3_board:list")
    tables = [r for r in who_saw(BEN, settings).records if r.dataset == "patient_flow/3_board:list"]
    assert [r.kind for r in tables] == ["save", "load"]
    assert any(
        r.kind == "break_glass" and "turned back" in r.detail for r in audit_log(settings).records()
    )
    evaluating = door(settings)
    evaluating.load("hospital_spells")
    with pytest.raises(Denied, match="does not let the purpose service_evaluation turn"):
        evaluating.save(
            path, "patient_flow/2_evaluate:list", stays[["spell_id"]], reidentified=True
        )


def seen(settings, person):
    return [(r.kind, r.dataset) for r in who_saw(person, settings).records]


def test_who_saw_a_person_is_answered_without_naming_anybody_in_the_log(county):
    settings = county(choice(nhs_number=ANN))
    opened = door(settings)
    opened.load("hospital_spells")
    opened.load("discharge_events")
    opened.load("social_care_referrals")
    loads = [("load", "hospital_spells"), ("load", "discharge_events")]
    # Ben's referral bears his client number alone; no load has tied that to him yet.
    assert seen(settings, BEN) == loads
    assert seen(settings, f"{ACUTE}/P2") == loads
    assert seen(settings, f"{ACUTE}/S3") == loads
    assert seen(settings, f"{COUNCIL}/C2") == [("load", "social_care_referrals")]
    door(settings, "linkage", "1_link").load("social_care_clients")
    assert seen(settings, "999 000 0026") == [
        *loads,
        ("load", "social_care_referrals"),
        ("load", "social_care_clients"),
    ]
    assert seen(settings, ANN) == []  # opted out: nobody was handed a row of hers


def test_who_saw_finds_what_was_saved_from_a_persons_rows(county):
    settings = county()
    opened = door(settings)
    stays = opened.load("hospital_spells").frame
    path = settings.outputs_folder / "stays.parquet"
    opened.save(path, "patient_flow/2_evaluate:stays", stays[["spell_id"]].iloc[[2]])
    assert ("save", "patient_flow/2_evaluate:stays") in seen(settings, BEN)
    assert ("save", "patient_flow/2_evaluate:stays") not in seen(settings, CAT)


def test_who_saw_says_what_a_lost_key_makes_unanswerable(county):
    settings = county()
    door(settings).load("hospital_spells")
    lost = settings.model_copy(update={"key_ring": None})
    found = who_saw(BEN, lost)
    assert found.records == ()
    assert "Loads under patient_flow could not be searched" in found.unsearched[0]


@pytest.mark.parametrize("person", ["Ben", "9990000019", "/P1", "acute/"])
def test_who_saw_refuses_what_is_no_number_and_does_not_repeat_it(county, person):
    settings = county()
    door(settings).load("hospital_spells")
    with pytest.raises(PersonUnknown) as refusal:
        who_saw(person, settings)
    assert person not in str(refusal.value)
