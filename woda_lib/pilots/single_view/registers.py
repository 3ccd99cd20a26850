"""By which numbers partners know people and rows: said once, for the whole pilot."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Register:
    """Where a partner's people stand: dataset, the key of a row, and the number of a person."""

    dataset: str
    partner: str
    row: str
    number: str


REGISTERS = (
    Register("patient_registrations", "worcestershire_acute", "registration_id", "index_number"),
    Register("community_care", "health_and_care_trust", "community_care_id", "community_number"),
    Register("care_services", "county_council", "care_spell_id", "care_number"),
    Register("school_census", "county_council", "census_row_id", "unique_pupil_number"),
    Register("benefit_claims", "district_councils", "claim_row_id", "claim_person_id"),
    Register("council_tax_accounts", "district_councils", "account_row_id", "liable_person_id"),
    Register("tenancy_members", "housing_association", "member_row_id", "member_number"),
    Register("travel_passes", "county_council", "pass_row_id", "pass_number"),
    Register("police_contacts", "west_mercia_police", "contact_row_id", "contact_number"),
    Register("safe_and_well_visits", "fire_service", "visit_row_id", "visit_number"),
    Register("support_clients", "voluntary_sector", "support_row_id", "client_reference"),
)

DATASETS = tuple(each.dataset for each in REGISTERS)
"""Whatever names residents."""

NUMBERS = {each.dataset: each.number for each in REGISTERS}
"""By dataset, which is the source of linkage, the field whose pseudonyms its people go by."""
