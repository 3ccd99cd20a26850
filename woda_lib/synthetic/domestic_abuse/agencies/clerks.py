"""Each agency's own list of people: its numbers, its habits, and its mistakes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.domestic_abuse.agencies.world import World
from woda_lib.synthetic.errors import COUNCIL, HOSPITAL, ErrorRates
from woda_lib.synthetic.names import draw_forenames, draw_surnames
from woda_lib.synthetic.registers import Register, contact_register

# Nobody has counted these agencies' mistakes one by one. They are set beside the hospital's and
# the council's by what each goes by: a landlord sees papers when a tenancy is signed, and takes the
# rest of the household by word of mouth; courts spell names with care and hear of moves late; a
# refuge takes the name that it is given over the telephone; schools see a birth certificate.
CARE = replace(COUNCIL, nhs_number_missing=0.28, registered_twice=0.04)
EMERGENCY = replace(
    HOSPITAL, nhs_number_missing=0.06, forename_mistyped=0.014, surname_mistyped=0.018,
    sex_unknown=0.006, registered_twice=0.03, birth_date_default=0.003,
)  # fmt: skip
LANDLORD = replace(
    COUNCIL, forename_mistyped=0.015, surname_mistyped=0.018, name_misheard=0.012, nickname=0.06,
    birth_date_mistyped=0.008, birth_date_default=0.002, sex_unknown=0.03, registered_twice=0.015,
)  # fmt: skip
COURTS = replace(
    HOSPITAL, move_days=240.0, move_unheard=0.20, with_middle_name=0.03, birth_date_mistyped=0.005,
    registered_twice=0.02,
)  # fmt: skip
REFUGE = replace(
    COUNCIL, nickname=0.16, name_misheard=0.035, initial_only=0.015, former_surname=0.10,
    birth_date_mistyped=0.020, birth_year_out_by_one=0.015, registered_twice=0.03,
)  # fmt: skip
SCHOOLS = replace(
    HOSPITAL, nickname=0.05, move_days=120.0, move_unheard=0.06, registered_twice=0.005,
)  # fmt: skip
CONFERENCE = replace(COUNCIL, nickname=0.10, name_misheard=0.025, move_days=60.0)


def registered(
    world: World,
    prefix: str,
    person: np.ndarray,
    on: np.ndarray,
    rates: ErrorRates,
    rng: Generator,
    *,
    anew: bool = False,
) -> Register:
    """Register people with an agency on the days of their contacts, one row a contact.

    With `anew`, every contact is written under a number of its own, with mistakes of its own.
    """
    return contact_register(
        prefix, person, on, world.residents, world.dwellings, rates, rng, anew=anew
    )


def numbers(register: Register) -> np.ndarray:
    """The agency's number of the person of each contact."""
    return register.people["local_id"].to_numpy(dtype=object)[register.rows]


def details(register: Register, on: np.ndarray, columns: tuple[str, ...]) -> dict[str, pd.Series]:
    """What the agency's records say of the person of each contact on its day."""
    seen = register.seen(register.rows, on)
    return {column: seen[column] for column in columns}


NAMED = ("forename", "surname", "date_of_birth", "sex")
PERSON = ("nhs_number", *NAMED, "ethnic_group")
HOME = ("address", "postcode")


def staff(n: int, rng: Generator) -> np.ndarray:
    """Draw the names of `n` people who work for an agency."""
    british = np.zeros(n, dtype=np.int64)
    women = rng.random(n) < 0.75
    born = rng.integers(1962, 2000, n)
    return draw_forenames(rng, british, women, born) + " " + draw_surnames(rng, british)
