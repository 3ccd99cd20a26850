"""By which numbers agencies know people: said once, for linking them and for finding them again.

Marac cases number neither of their two people; here they are the case's victim and its perpetrator.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Register:
    """Where an agency's people stand: dataset, the number of a person, and the date of a row."""

    source: str
    dataset: str
    number: str
    written: str


REGISTERS = (
    Register("police", "police_persons", "nominal_id", "recorded_on"),
    Register("care", "social_care_involvements", "care_person_id", "started_on"),
    Register("care", "front_door_contacts", "care_person_id", "received_on"),
    Register("care", "exploitation_referrals", "care_person_id", "referred_on"),
    Register("housing", "housing_tenancies", "tenant_id", "started_on"),
    Register("health", "health_flags", "attender_id", "occurred_on"),
    Register("probation", "probation_orders", "supervisee_id", "starts_on"),
    Register("schools", "school_roll", "pupil_id", "joined_on"),
    Register("refuge", "refuge_referrals", "survivor_id", "referred_on"),
)

PERSON_NUMBERS = {
    **{each.dataset: each.number for each in REGISTERS},
    **dict.fromkeys(("police_involvements", "missing_episodes"), "nominal_id"),
}
"""The column by which each dataset numbers people, also where it does not describe them."""

MARAC, MARAC_NUMBER = "marac_cases", "marac_case_id"
MARAC_ROLES = ("victim", "perpetrator")


def in_role(cases: pd.Series, role: str) -> pd.Series:
    """Return the numbers of the people of one role in marac cases, from those of the cases."""
    return cases + f"/{role}"


def own_number(local_id: str) -> str:
    """Return the number of a case at a conference without the role of one of its two people."""
    for role in MARAC_ROLES:
        local_id = local_id.removesuffix(f"/{role}")
    return local_id
