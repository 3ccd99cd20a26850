"""How carelessly each partner writes addresses down.

Rates are shares of rows, for a partner of ordinary care; each dataset has a factor that multiplies
those of them that are mistakes. No partner has published its own, and all are assumed: revenues
offices and landlords pick an address from a list of properties, hospitals from a list of postcodes,
a charity or a constable writes what is heard.
"""

from __future__ import annotations

from dataclasses import dataclass

# Factor of mistakes, by dataset.
CARELESSNESS = {
    "council_tax_accounts": 0.2,
    "benefit_claims": 0.5,
    "tenancy_members": 0.4,
    "patient_registrations": 0.9,
    "community_care": 1.0,
    "school_census": 1.0,
    "care_services": 1.2,
    "travel_passes": 0.7,
    "police_contacts": 1.8,
    "safe_and_well_visits": 0.6,
    "support_clients": 2.0,
}
# Who gives the property's reference besides: for how many it is missing, and for how many that of a
# neighbour.
GIVEN = {
    "council_tax_accounts": (0.06, 0.001),
    "tenancy_members": (0.03, 0.004),
    "safe_and_well_visits": (0.20, 0.006),
}
# Systems that write in capitals.
IN_CAPITALS = frozenset({"council_tax_accounts", "patient_registrations", "benefit_claims"})


@dataclass(frozen=True)
class Habits:
    """Ways of writing that are nobody's mistake, as shares of the addresses that they suit."""

    abbreviated: float = 0.22
    without_town: float = 0.15
    with_county: float = 0.12
    with_locality: float = 0.55
    vanity: float = 0.35  # of addresses in streets that claim a better locality
    with_other_name: float = 0.30  # house name before the number, of houses that have both
    other_name_alone: float = 0.15
    with_block_name: float = 0.55  # of flats in blocks that have one
    with_room: float = 0.35  # in care homes and houses let by the room
    postcode_in_line: float = 0.06
    postcode_closed_up: float = 0.12
    without_commas: float = 0.08
    comma_after_number: float = 0.06
    in_capitals: float = 0.05  # of rows of systems that do not write so anyway


@dataclass(frozen=True)
class Mistakes:
    """Slips of a partner of ordinary care, as shares of the addresses that they can befall."""

    misspelt: float = 0.025
    wrong_kind_of_street: float = 0.004  # Road for Street
    without_kind_of_street: float = 0.006
    number_mistyped: float = 0.0015
    locality_for_town: float = 0.05
    old_street: float = 0.15  # of rows after the street was renamed
    old_postcode: float = 0.15
    without_postcode: float = 0.03
    postcode_mistyped: float = 0.008
    postcode_of_neighbours: float = 0.004
    care_of: float = 0.004
    no_fixed_abode: float = 0.001
    nothing: float = 0.006


HABITS, MISTAKES = Habits(), Mistakes()
