"""The dictionary says of each field what its contract says, and who may read it for what."""

from __future__ import annotations

from tests.partners.small_county import AGREEMENTS
from woda_lib.partners import CONTRACTS, load_agreements
from woda_lib.partners.dictionary import by_partner, dictionary, say_kind, say_range
from woda_lib.partners.dictionary_document import dictionary_markdown
from woda_lib.partners.names import say_partner

EVERY = load_agreements(AGREEMENTS)
ENTRIES = {entry.contract.dataset: entry for entry in dictionary(EVERY)}


def says(dataset, field, agreements=EVERY):
    entry = next(each for each in dictionary(agreements) if each.contract.dataset == dataset)
    return [f"{each.agreement.id}: {each.says}" for each in entry.shared[field]]


def test_every_dataset_and_column_stands_in_it_once():
    assert {name: list(entry.shared) for name, entry in ENTRIES.items()} == {
        name: list(contract.columns) for name, contract in CONTRACTS.items()
    }


def test_a_field_names_the_agreements_that_share_it_and_the_purposes_that_are_shown_it():
    assert says("hospital_spells", "nhs_number") == ["patient_flow: identifier, for linkage"]
    assert says("hospital_spells", "ward") == ["patient_flow: attribute, for every purpose"]
    assert says("hospital_spells", "ethnic_group") == []  # no agreement shares it
    assert [line.split(":")[0] for line in says("gazetteer", "uprn")] == [
        "business_register",
        "single_view",
    ]


def test_a_field_that_is_kept_for_some_purposes_says_so():
    assert says("assistance_register", "need") == [
        "business_register: attribute, for resilience and emergency"
    ]
    assert says("assistance_register", "telephone") == [
        "business_register: identifier, for emergency"
    ]


def test_a_use_that_no_purpose_covers_is_not_passed_off_as_readable():
    flow = EVERY["patient_flow"]
    planning = flow.purposes["capacity_planning"]
    without = flow.model_copy(update={"purposes": {"capacity_planning": planning}})
    assert says("hospital_spells", "surname", {"patient_flow": without}) == [
        "patient_flow: identifier, which no purpose is shown"
    ]


def test_choices_are_shared_by_nobody():
    assert ENTRIES["opt_outs"].flows == ()
    assert not any(ENTRIES["opt_outs"].shared.values())


def test_a_partner_has_all_that_it_delivers():
    own = by_partner(list(ENTRIES.values()))
    called = [say_partner(name).casefold() for name in own]
    assert called == sorted(called)
    assert [entry.contract.dataset for entry in own["severnside_acute"]] == [
        "hospital_spells",
        "discharge_events",
        "opt_outs",
    ]


def test_types_and_ranges_are_in_words():
    columns = CONTRACTS["hospital_spells"].columns
    assert say_kind(columns["nhs_number"]) == "NHS number"
    assert say_kind(columns["deprivation_quintile"]) == "whole number"
    assert say_range(columns["deprivation_quintile"]) == "1 to 5"
    assert say_range(columns["ward"]) == ""


def test_the_page_of_the_docs_groups_fields_that_are_shared_alike():
    page = dictionary_markdown({"patient_flow": EVERY["patient_flow"]})
    row = "| Severnside Acute Hospitals | [`hospital_spells`](#hospital_spells) | every month | 19 "
    assert f"{row}| 6 |" in page
    section = page.split("### `discharge_events`")[1].split("###")[0]
    assert section.strip().splitlines()[-4:] == [
        "|---|---|",
        "| `event_id` | nobody |",
        "| `spell_id` | patient_flow: pseudonym, for every purpose |",
        "| `event_type`, `event_date`, `pathway`, `delay_reason` | patient_flow: attribute, for "
        "every purpose |",
    ]
