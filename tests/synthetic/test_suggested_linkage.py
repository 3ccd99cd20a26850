"""The made-up county's own tables, linked by a specification that was suggested from them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from woda_lib.linkage import LinkageSpec, link
from woda_lib.partners import load_agreement
from woda_lib.partners.loading import load
from woda_lib.pilots import patient_flow

AGREEMENTS = Path(__file__).parents[2] / "parameters" / "agreements"
DAY = date(2026, 11, 23)
IDENTITY = {
    "nhs_number": "nhs_number",
    "forename": "name",
    "surname": "name",
    "date_of_birth": "date_of_birth",
    "sex": "sex",
    "postcode": "postcode",
}


@pytest.fixture(scope="module")
def tables(county):
    none = load_agreement("none", AGREEMENTS)
    return {
        name: load(name, extracts=county.extracts, agreement=none, purpose="study", today=DAY).frame
        for name in ("hospital_spells", "social_care_clients")
    }


def test_patients_and_clients_are_linked_as_well_as_by_hand(tables, county):
    frames = {
        "hospital": patient_flow.patients(tables["hospital_spells"]),
        "council": patient_flow.clients(tables["social_care_clients"]),
    }
    frames = {name: frame.drop(columns=["local_id"]) for name, frame in frames.items()}
    spec = LinkageSpec.suggest(frames, quiet=True)
    assert spec.kinds == IDENTITY
    assert set(spec.household) == {"surname", "postcode"}
    assert not any(source.free_of_duplicates for source in spec.sources)  # some have two numbers
    truth = patient_flow.person_truth(county.truth("people"))
    quality = link(frames, spec, truth=truth).quality().set_index(["of", "scope", "measure"])
    assert quality.loc[("clusters", "all pairs", "f1"), "value"] >= 0.99


def test_tables_as_they_are_delivered_keep_what_is_of_people_and_lose_what_is_of_stays(tables):
    spec = LinkageSpec.suggest(tables, quiet=True)
    assert {source.name: source.id for source in spec.sources} == {
        "hospital_spells": "spell_id",
        "social_care_clients": "client_id",
    }
    compared = set(spec.kinds)
    assert set(IDENTITY) <= compared
    assert not {"partner", "admission_date", "recorded_on", "ward", "patient_id"} & compared
