"""By which numbers partners know people and rows: said once, by the contracts themselves."""

from __future__ import annotations

from dataclasses import dataclass

from woda_lib.partners.datasets import CONTRACTS


@dataclass(frozen=True)
class Register:
    """Where a partner's people stand: dataset, the key of a row, and the number of a person."""

    dataset: str
    partner: str
    row: str
    number: str


_ORDER = (
    "patient_registrations",
    "community_care",
    "care_services",
    "school_census",
    "benefit_claims",
    "council_tax_accounts",
    "tenancy_members",
    "travel_passes",
    "police_contacts",
    "safe_and_well_visits",
    "support_clients",
)

REGISTERS = tuple(
    Register(name, CONTRACTS[name].partners[0], CONTRACTS[name].key, CONTRACTS[name].handles[-1])
    for name in _ORDER
)

DATASETS = tuple(each.dataset for each in REGISTERS)
"""Whatever names residents."""

NUMBERS = {each.dataset: each.number for each in REGISTERS}
"""By dataset, which is the source of linkage, the field whose pseudonyms its people go by."""
