"""What an agreement permits, and how it says no."""

from datetime import date
from hashlib import sha256
from pathlib import Path
from shutil import copytree

import pytest
import yaml

from woda_lib.partners import (
    CONTRACTS,
    Agreement,
    AgreementError,
    Denied,
    ExtractError,
    load_agreement,
)
from woda_lib.partners.loading import load
from woda_lib.partners.standing import in_words, standing

ROOT = Path(__file__).parents[2]
MESSY = Path(__file__).parent / "messy"
FOLDER = ROOT / "parameters" / "agreements"
SPELLS = CONTRACTS["hospital_spells"]
DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def agreement():
    return load_agreement("patient_flow", FOLDER)


def test_identifiers_are_for_linkage_alone(agreement):
    linking = agreement.permits(SPELLS, purpose="linkage", today=DAY)
    evaluating = agreement.permits(SPELLS, purpose="service_evaluation", today=DAY)
    assert {"nhs_number", "surname", "postcode"} <= set(linking)
    assert not {"nhs_number", "forename", "surname", "date_of_birth", "postcode"} & set(evaluating)
    assert {"spell_id", "admission_date", "discharge_date"} <= set(evaluating)


def test_a_field_that_is_not_shared_never_reaches_a_notebook(agreement):
    loaded = load(
        "hospital_spells", extracts=MESSY, agreement=agreement, purpose="linkage", today=DAY
    )
    assert "ethnic_group" not in loaded.frame
    assert loaded.frame.columns[0] == "partner"


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"today": date(2021, 3, 31)}, "is not in force on 31 March 2021"),
        ({"today": date(2031, 4, 1)}, "ends 31 March 2031"),
        ({"today": date(2030, 4, 1)}, "was due for review on 31 March 2030"),
        ({"purpose": "linkages"}, "has no purpose 'linkages'. Did you mean 'linkage'?"),
    ],
)
def test_a_denial_names_the_agreement_the_clause_and_who_can_change_it(agreement, asked, says):
    with pytest.raises(AgreementError) as denial:
        agreement.permits(SPELLS, **{"purpose": "linkage", "today": DAY} | asked)
    assert says in str(denial.value)
    assert "The agreement patient_flow" in str(denial.value)
    assert "Information governance lead" in str(denial.value)


@pytest.mark.parametrize(
    ("asked", "clause"),
    [
        ({"today": date(2021, 3, 31)}, "starts"),
        ({"today": date(2031, 4, 1)}, "ends"),
        ({"today": date(2030, 4, 1)}, "review"),
        ({"purpose": "marketing"}, "purposes"),
        ({"fields": ["ethnic_group"]}, "datasets.hospital_spells"),
        ({"purpose": "service_evaluation", "fields": ["sex"]}, "datasets.hospital_spells.sex"),
    ],
)  # fmt: skip
def test_a_denial_names_the_key_of_the_file_that_denies(agreement, asked, clause):
    with pytest.raises(Denied) as denial:
        agreement.require(SPELLS, **{"purpose": "linkage", "today": DAY, "fields": []} | asked)
    assert denial.value.clause == clause
    assert f"{clause!r} in parameters/agreements/patient_flow.yaml" in str(denial.value)


def test_a_denied_dataset_is_named(agreement):
    without = agreement.model_copy(
        update={"datasets": {"discharge_events": {"event_id": "attribute"}}}
    )
    with pytest.raises(AgreementError, match="does not share the dataset hospital_spells"):
        without.permits(SPELLS, purpose="linkage", today=DAY)


@pytest.mark.parametrize(
    ("field", "purpose", "says"),
    [
        ("ethnic_group", "linkage", "does not share the field ethnic_group of hospital_spells"),
        ("surname", "service_evaluation", "surname of hospital_spells as identifier only"),
    ],
)
def test_a_denied_field_is_named(agreement, field, purpose, says):
    with pytest.raises(AgreementError, match=says):
        agreement.require(SPELLS, ["spell_id", field], purpose=purpose, today=DAY)


def test_the_agreement_is_asked_before_any_file_is_opened(agreement, tmp_path):
    with pytest.raises(AgreementError):
        load(
            "hospital_spells",
            extracts=tmp_path / "nowhere",
            agreement=agreement,
            purpose="marketing",
            today=DAY,
        )


def test_a_partner_that_delivered_nothing_is_named(agreement, tmp_path):
    copytree(MESSY / "county_council", tmp_path / "county_council")
    with pytest.raises(ExtractError, match="severnside_council has delivered no social_care_cl"):
        load(
            "social_care_clients",
            extracts=tmp_path,
            agreement=agreement,
            purpose="linkage",
            today=DAY,
        )


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"ends": "2020-01-01"}, "starts, review and ends must follow each other"),
        ({"disclosure": {"threshold": 0, "rounding": 5}}, "disclosure.threshold"),
        ({"datasets": {"hospital_spell": {}}}, "Did you mean 'hospital_spells'?"),
        (
            {"datasets": {"hospital_spells": {"nhs_numer": "identifier"}}},
            "Did you mean 'nhs_number'?",
        ),
        ({"purpose": "x"}, "purpose: Extra inputs are not permitted"),
        ({"id": "other"}, "the key id is 'other'"),
        ({"flows": {}}, "every dataset under datasets has its direction and frequency"),
        ({"datasets": {"opt_outs": {}}}, "people's choices are shared with no notebook"),
        ({"retention": {"data_months": 0, "results_months": 1}}, "retention.data_months"),
        (
            {
                "purposes": {
                    "x": {"description": "y", "uses": ["outcome"], "exempt_from_opt_outs": "no"}
                }
            },
            "purposes.x.exempt_from_opt_outs: must say why in a sentence",
        ),
    ],
)
def test_a_faulty_agreement_is_refused_with_file_and_key(tmp_path, change, says):
    content = yaml.safe_load((FOLDER / "patient_flow.yaml").read_text()) | change
    (tmp_path / "patient_flow.yaml").write_text(yaml.safe_dump(content))
    with pytest.raises(AgreementError) as refusal:
        load_agreement("patient_flow", tmp_path)
    assert "patient_flow.yaml" in str(refusal.value)
    assert says in str(refusal.value)


def test_an_unknown_agreement_is_refused_with_the_nearest_name():
    with pytest.raises(AgreementError, match="Did you mean 'patient_flow'"):
        load_agreement("patient_flows", FOLDER)


def test_a_study_has_no_agreement_and_reads_the_made_up_county_alone(tmp_path):
    none = load_agreement("none", FOLDER)
    with pytest.raises(AgreementError) as denial:
        load("hospital_spells", extracts=MESSY, agreement=none, purpose="study", today=DAY)
    said = str(denial.value)
    assert said.startswith("A study has no agreement and may read only a made-up county")
    assert "SYNTHETIC.json" in said
    copytree(MESSY, tmp_path / "county")
    marker = '{"generator": "woda_lib.synthetic", "profile": "quick", "seed": 1, "truth": "t"}'
    (tmp_path / "county" / "SYNTHETIC.json").write_text(marker)
    loaded = load(
        "hospital_spells", extracts=tmp_path / "county", agreement=none, purpose="study", today=DAY
    )
    assert {"partner", "surname", "ethnic_group"} <= set(loaded.frame)


def test_a_study_has_one_purpose(tmp_path):
    with pytest.raises(AgreementError, match="agreement none has no purpose 'linkage'"):
        load_agreement("none", FOLDER).permits(SPELLS, purpose="linkage", today=DAY)


def test_a_damaged_marker_lets_no_study_in(tmp_path):
    (tmp_path / "SYNTHETIC.json").write_text("{")
    with pytest.raises(ExtractError, match="is damaged"):
        load_agreement("none", FOLDER).admits(tmp_path)


@pytest.fixture
def unsigned(agreement):
    """The agreement as it would be before anybody has signed it."""
    parties = [party.model_dump() | {"signed_on": None} for party in agreement.parties]
    return agreement.model_dump() | {"parties": parties, "dpia": "Not written yet. Its reference."}


def test_under_a_draft_only_a_made_up_county_is_read(unsigned, tmp_path):
    draft = Agreement.model_validate(unsigned | {"draft": True})
    with pytest.raises(Denied, match=r"is a draft that is not signed.*clause that denies it is"):
        load(
            "hospital_spells",
            extracts=MESSY,
            agreement=draft,
            purpose="service_evaluation",
            today=DAY,
        )
    marker = '{"generator": "woda_lib.synthetic", "profile": "quick", "seed": 1, "truth": "t"}'
    (tmp_path / "SYNTHETIC.json").write_text(marker)
    draft.admits(tmp_path)


def test_a_draft_is_called_one_wherever_agreements_are_listed(unsigned):
    draft = Agreement.model_validate(unsigned | {"draft": True})
    assert standing(draft, DAY).startswith("A draft that is not signed")
    assert any("controller; to be signed by the Caldicott Guardian" in w for w in in_words(draft))


def test_what_is_not_a_draft_is_signed_by_every_party_and_written(unsigned, agreement):
    with pytest.raises(ValueError, match="worcestershire_acute has no signed_on"):
        Agreement.model_validate(unsigned)
    signed = [party.model_dump() for party in agreement.parties]
    with pytest.raises(ValueError, match="still begins with 'Not written yet'"):
        Agreement.model_validate(unsigned | {"parties": signed})


def test_what_clauses_may_say_by_now_changes_no_digest_of_what_is_signed(agreement):
    newer = {name: {"keeps_identifiers", "keeps_pages"} for name in agreement.purposes}
    exclude = {"draft": True, "only_for": True, "purposes": newer}
    without = agreement.model_dump_json(exclude=exclude)
    assert agreement.digest == sha256(without.encode()).hexdigest()


@pytest.mark.parametrize(
    ("only_for", "says"),
    [
        ({"assistance_register": {"forename": ["linkage"]}}, "is not shared"),
        ({"hospital_spells": {"warrd": ["linkage"]}}, "is not shared. Did you mean 'ward'"),
        ({"hospital_spells": {"ward": ["linkig"]}}, "no such purpose. Did you mean 'linkage'"),
        ({"hospital_spells": {"ward": []}}, "names no purpose"),
    ],
)
def test_a_limit_that_would_keep_nothing_from_anybody_is_refused(agreement, only_for, says):
    content = agreement.model_dump()
    with pytest.raises(ValueError, match=says):
        Agreement.model_validate(content | {"only_for": only_for})


def test_a_limit_is_part_of_what_was_signed(agreement):
    limited = agreement.model_dump() | {"only_for": {"hospital_spells": {"ward": ["linkage"]}}}
    assert Agreement.model_validate(limited).digest != agreement.digest
