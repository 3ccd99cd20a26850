"""How partners, datasets, services, fields and days are said on a person's page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

PARTNERS = {
    "county_council": "County council",
    "district_councils": "District councils",
    "worcestershire_acute": "Hospital trust",
    "health_and_care_trust": "Health and care trust",
    "west_mercia_police": "Police",
    "fire_service": "Fire service",
    "housing_association": "Housing association",
    "voluntary_sector": "Voluntary sector",
}
DATASETS = {
    "patient_registrations": "Hospital patient",
    "community_care": "Community health service",
    "council_tax_accounts": "Council tax",
    "benefit_claims": "Benefit",
    "school_census": "School",
    "care_services": "Social care",
    "travel_passes": "Travel pass",
    "tenancy_members": "Social tenancy",
    "police_contacts": "Police contact",
    "safe_and_well_visits": "Safe and well visit",
    "support_clients": "Charity support",
}
"""What a row of each dataset is, in the words of whoever works with it."""

FIELDS = {
    "nhs_number": "NHS number",
    "forename": "Forename",
    "surname": "Surname",
    "date_of_birth": "Birth date",
    "sex": "Sex",
    "ethnic_group": "Ethnic group",
    "address": "Address",
    "postcode": "Postcode",
}
"""The fields of which every value is told, in the order of the page."""

KINDS = {
    "house": "House",
    "flat": "Flat",
    "care_home": "Care home",
    "caravan": "Caravan",
    "shared": "Shared building",
    "other": "Other property",
}
SEXES = {"M": "male", "F": "female", "U": "not known"}
ETHNIC_GROUPS = {
    "A": "White British",
    "B": "White Irish",
    "C": "Other White",
    "D": "White and Black Caribbean",
    "E": "White and Black African",
    "F": "White and Asian",
    "G": "Other mixed",
    "H": "Indian",
    "J": "Pakistani",
    "K": "Bangladeshi",
    "L": "Other Asian",
    "M": "Black Caribbean",
    "N": "Black African",
    "P": "Other Black",
    "R": "Chinese",
    "S": "Other ethnic group",
}
"""The NHS data dictionary's letters; Z, not stated, says nothing."""


def plain(code: Any) -> str:
    """Return a code as words: child_in_need reads child in need; nothing where there is none."""
    return "" if pd.isna(code) else str(code).replace("_", " ")


def sentence(words: str) -> str:
    """Return words with a capital at their head."""
    return words[:1].upper() + words[1:]


def say_partner(partner: Any) -> str:
    """Return a partner's name in words."""
    return PARTNERS.get(str(partner), sentence(plain(partner)))


def say_dataset(dataset: Any) -> str:
    """Return what a row of a dataset is."""
    return DATASETS.get(str(dataset), sentence(plain(dataset)))


def say_day(day: date | None) -> str:
    """Return a day as the house writes it: 3 November 2025."""
    return "" if day is None else f"{day.day} {day:%B %Y}"


def say_short(day: date | None) -> str:
    """Return a day as a narrow place says it: 3 Nov 2025."""
    return "" if day is None else f"{day.day} {day:%b %Y}"


def say_list(things: Sequence[str]) -> str:
    """Return things as a sentence lists them: one, two and three."""
    if len(things) < 2:
        return "".join(things)
    return f"{', '.join(things[:-1])} and {things[-1]}"


def say_probability(probability: float | None) -> str:
    """Return how probable a match is, with as many digits as tell it from certainty.

    Examples
    --------
    >>> [say_probability(each) for each in (0.9734, 0.9912, 0.99991, None)]
    ['0.97', '0.991', 'over 0.999', 'not matched']
    """
    if probability is None or probability != probability:
        return "not matched"
    if probability >= 0.9995:
        return "over 0.999"
    return f"{probability:.3f}" if probability >= 0.985 else f"{probability:.2f}"


def as_day(moment: Any) -> date | None:
    """Return the day of a moment of a table; None where there is none."""
    return None if pd.isna(moment) else pd.Timestamp(moment).date()


def age_on(day: date, born: date | None) -> int | None:
    """Return how old somebody was, in whole years; None where it is not known."""
    if born is None or born > day:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def text_of(value: Any) -> str:
    """Return a value of a table as text; nothing where it is missing."""
    if pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return say_day(value.date())
    return str(value)
