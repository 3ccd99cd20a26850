"""What partners and datasets are called where people read of them.

A partner has a snake_case name in files and code, and here its two names for people: its own, as
pages give it, and a short one for axes and narrow tables. A dataset's title stands in its contract.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from woda_lib.partners.datasets import CONTRACTS
from woda_lib.records import say_name

LONGEST_SHORT = 19
"""Characters of a short name, so that a figure on a phone shows it whole."""


class PartnerName(NamedTuple):
    """A partner's own name, and a short one of at most `LONGEST_SHORT` characters."""

    full: str
    short: str


PARTNERS: Mapping[str, PartnerName] = MappingProxyType(
    {
        "worcestershire_acute": PartnerName("Worcestershire Acute Hospitals", "Acute hospitals"),
        "severnside_acute": PartnerName("Severnside Acute Hospitals", "Severnside acute"),
        "county_council": PartnerName("Worcestershire County Council", "County council"),
        "severnside_council": PartnerName("Severnside Council", "Severnside council"),
        "west_mercia_police": PartnerName("West Mercia Police", "Police"),
        "housing_association": PartnerName("Housing association", "Housing assoc."),
        "probation_service": PartnerName("Probation Service", "Probation"),
        "refuge_service": PartnerName("Refuge service", "Refuge service"),
        "health_and_care_trust": PartnerName("Health and Care Trust", "Health & care trust"),
        "district_councils": PartnerName("District councils", "District councils"),
        "fire_service": PartnerName("Fire and Rescue Service", "Fire service"),
        "voluntary_sector": PartnerName("Voluntary sector", "Voluntary sector"),
        "national_statistics": PartnerName("Office for National Statistics", "Statistics office"),
        "companies_house": PartnerName("Companies House", "Companies House"),
        "food_standards_agency": PartnerName("Food Standards Agency", "Food standards"),
        "enterprise_partnership": PartnerName("Enterprise partnership", "Enterprise p'ship"),
        "ordnance_survey": PartnerName("Ordnance Survey", "Ordnance Survey"),
        "revenue_and_customs": PartnerName("HM Revenue and Customs", "Revenue & customs"),
        "work_and_pensions": PartnerName("Department for Work and Pensions", "Work & pensions"),
        "ambulance_service": PartnerName("Ambulance service", "Ambulance service"),
        "general_practices": PartnerName("General practices", "General practices"),
        "schools": PartnerName("Schools", "Schools"),
        "water_company": PartnerName("Water company", "Water company"),
        "electricity_network": PartnerName("Electricity network", "Power network"),
        "care_providers": PartnerName("Care providers", "Care providers"),
        "courts_service": PartnerName("Courts and Tribunals Service", "Courts service"),
        "land_registry": PartnerName("HM Land Registry", "Land Registry"),
        "transport_operators": PartnerName("Bus operators", "Bus operators"),
        "treatment_service": PartnerName("Drug treatment service", "Treatment service"),
    }
)
"""By name in files: those that deliver, and those asked for what is wanted; in reports' order."""


def say_partner(partner: str) -> str:
    """Return a partner's own name; of one that the table does not know, its name in words."""
    return PARTNERS[partner].full if partner in PARTNERS else say_name(partner)


def say_partner_shortly(partner: str) -> str:
    """Return the name that figures and narrow tables give a partner."""
    return PARTNERS[partner].short if partner in PARTNERS else say_name(partner)


def say_dataset(dataset: str) -> str:
    """Return a dataset's title; of one without a contract, its name in words."""
    return CONTRACTS[dataset].title if dataset in CONTRACTS else say_name(dataset)
