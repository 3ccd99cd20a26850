"""How each of the single view's partners keeps its list of people: its numbers and its mistakes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from woda_lib.synthetic.errors import COUNCIL, HOSPITAL, ErrorRates


@dataclass(frozen=True)
class Habits:
    """How one dataset is kept.

    Shares are of rows unless something else is said.

    Attributes
    ----------
    partner, dataset : str
    rows, numbers : str
        What the numbers of rows and of people begin with.
    rates : ErrorRates
        The mistakes of who writes people down. ``move_days`` and ``move_unheard`` say how soon the
        partner hears of a move.
    old_address : float
        Of people who have moved before they are met: they give the address before.
    backdates : bool
        Whether a move is entered under the day on which it happened, and not that of its entry.
    forgets : float
        Of people who have left the county: nobody says so. Others are heard of as after any move.
    no_birth_date, no_forename : float
        Of people's numbers.
    no_address : float
        Of people who give none, beyond what `woda_lib.synthetic.single_view.untidiness` leaves out.
    """

    partner: str
    dataset: str
    rows: str
    numbers: str
    rates: ErrorRates
    old_address: float = 0.04
    backdates: bool = False
    forgets: float = 0.5
    no_birth_date: float = 0.0
    no_forename: float = 0.0
    no_address: float = 0.0


# Nobody has counted these partners' mistakes one by one. They are set beside the hospital's and the
# council's of `woda_lib.synthetic.errors` by what each goes by: who bills for a home hears of moves
# soon, who gives a benefit asks for papers, who is met once in a crisis takes what is said.
_ACUTE = replace(HOSPITAL, registered_twice=0.022, move_days=150.0, move_unheard=0.06)
_TRUST = replace(
    HOSPITAL, nhs_number_missing=0.05, nickname=0.03, forename_mistyped=0.012, move_days=60.0,
    surname_mistyped=0.016, move_unheard=0.06, registered_twice=0.03, sex_unknown=0.005,
)  # fmt: skip
_TAX = replace(
    COUNCIL, nickname=0.05, initial_only=0.03, forename_mistyped=0.012, surname_mistyped=0.014,
    name_misheard=0.010, with_middle_name=0.04, move_days=30.0, move_unheard=0.02,
    registered_twice=0.02,
)  # fmt: skip
_BENEFITS = replace(
    HOSPITAL, nickname=0.03, move_days=30.0, move_unheard=0.03, registered_twice=0.012,
    birth_date_mistyped=0.006,
)  # fmt: skip
_SCHOOLS = replace(
    HOSPITAL, nickname=0.05, move_days=90.0, move_unheard=0.05, registered_twice=0.003,
)  # fmt: skip
_CARE = replace(COUNCIL, nhs_number_missing=0.30, move_days=45.0, registered_twice=0.04)
_PASSES = replace(HOSPITAL, move_days=200.0, move_unheard=0.15, registered_twice=0.015)
_LANDLORD = replace(
    COUNCIL, forename_mistyped=0.015, surname_mistyped=0.018, name_misheard=0.012, nickname=0.06,
    birth_date_mistyped=0.008, birth_date_default=0.002, sex_unknown=0.03, registered_twice=0.015,
    move_days=20.0, move_unheard=0.02,
)  # fmt: skip
_POLICE = replace(
    COUNCIL, nickname=0.06, name_misheard=0.025, birth_date_mistyped=0.012, registered_twice=0.09,
)  # fmt: skip
_FIRE = replace(COUNCIL, nickname=0.12, initial_only=0.02, name_misheard=0.03, sex_unknown=0.02)
_CHARITY = replace(
    COUNCIL, nickname=0.16, name_misheard=0.035, initial_only=0.015, birth_date_mistyped=0.020,
    birth_year_out_by_one=0.015, registered_twice=0.05, sex_unknown=0.04,
)  # fmt: skip

_ALL = (
    Habits("worcestershire_acute", "patient_registrations", "PG", "PX", _ACUTE, forgets=0.35),
    Habits("health_and_care_trust", "community_care", "HR", "HC", _TRUST, no_birth_date=0.002),
    Habits(
        "district_councils", "council_tax_accounts", "AR", "LP", _TAX, old_address=0.005,
        backdates=True, forgets=0.05, no_forename=0.01,
    ),
    Habits(
        "district_councils", "benefit_claims", "BR", "BP", _BENEFITS, old_address=0.01,
        backdates=True, forgets=0.10, no_birth_date=0.008,
    ),
    Habits(
        "county_council", "school_census", "SR", "UP", _SCHOOLS, old_address=0.02, forgets=0.10,
    ),
    Habits("county_council", "care_services", "CS", "CN", _CARE, no_birth_date=0.006),
    Habits(
        "county_council", "travel_passes", "TP", "PN", _PASSES, old_address=0.01, forgets=0.6,
        no_birth_date=0.001,
    ),
    Habits(
        "housing_association", "tenancy_members", "MR", "MN", _LANDLORD, old_address=0.0,
        backdates=True, forgets=0.05, no_birth_date=0.06,
    ),
    Habits(
        "west_mercia_police", "police_contacts", "KR", "KN", _POLICE, old_address=0.08,
        no_birth_date=0.04, no_address=0.05,
    ),
    Habits(
        "fire_service", "safe_and_well_visits", "FR", "FN", _FIRE, old_address=0.0,
        no_birth_date=0.18,
    ),
    Habits(
        "voluntary_sector", "support_clients", "VR", "VC", _CHARITY, old_address=0.06,
        no_birth_date=0.14, no_address=0.06,
    ),
)  # fmt: skip

HABITS = {habits.dataset: habits for habits in _ALL}
"""By dataset, in the order in which they are written."""
