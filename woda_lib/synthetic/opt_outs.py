"""Who in the made-up county opted out, and which partner's list says so.

A share of residents has a national data opt-out; their hospital trust passes it on by NHS number. A
few more object to one partner alone, which passes it on by its own number, often without an NHS
number: such a choice has to be followed to the person's other records. Some choices are withdrawn.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.deliveries import KEYS, Delivery
from woda_lib.synthetic.draws import add_days
from woda_lib.synthetic.profiles import Profile
from woda_lib.synthetic.registers import Register

NATIONAL_SHARE = 0.054
"""Of residents: about one person in twenty (NHS England, *National data opt-out* statistics)."""

LOCAL_SHARE = 0.004
"""Of a partner's registered people. An assumption: nobody counts objections to a single body."""

_WITHDRAWN_SHARE = 0.04
_OBJECTS_WITHOUT_NHS_NUMBER = 0.5
_DATASET = "opt_outs"


def draw_national(residents: pd.DataFrame, rng: Generator) -> np.ndarray:
    """Draw whether each resident has a national data opt-out."""
    return rng.random(len(residents)) < NATIONAL_SHARE


def deliver_opt_outs(
    profile: Profile,
    register: Register,
    residents: pd.DataFrame,
    national: np.ndarray,
    *,
    prefix: str,
    rng: Generator,
) -> Delivery:
    """Deliver one partner's list: choices when made, and again when withdrawn.

    Parameters
    ----------
    register
        Of the partner: it passes on the choices of nobody else.
    national
        Whether each resident has a national data opt-out that this partner passes on.
    """
    people = register.people
    resident = people["person_id"].to_numpy()
    first = ~pd.Series(resident).duplicated().to_numpy()
    by_nation = np.flatnonzero(first & national[resident])
    by_partner = np.flatnonzero(first & (rng.random(len(people)) < LOCAL_SHARE))
    at = np.concatenate([by_nation, by_partner])
    is_local = np.arange(len(at)) >= len(by_nation)
    unnumbered = is_local & (rng.random(len(at)) < _OBJECTS_WITHOUT_NHS_NUMBER)
    made = rng.integers(0, profile.months, len(at))
    numbers = residents["nhs_number"].to_numpy()
    rows = pd.DataFrame(
        {
            KEYS[_DATASET]: [f"{prefix}{number:06d}" for number in rng.permutation(len(at))],
            "nhs_number": np.where(unnumbered, -1, numbers[resident[at]]),
            "person_number": np.where(is_local, people["local_id"].to_numpy(object)[at], None),
            "kind": np.where(is_local, "local", "national"),
            "status": "in_force",
            "recorded_on": _tenth_days(profile, made),
        }
    )
    until = np.minimum(made + rng.integers(1, 12, len(at)), profile.months - 1)
    taken_back = np.flatnonzero((rng.random(len(at)) < _WITHDRAWN_SHARE) & (until > made))
    again = rows.iloc[taken_back].assign(
        status="withdrawn", recorded_on=_tenth_days(profile, until[taken_back])
    )
    month = np.concatenate([made, until[taken_back]])
    together = pd.concat([rows, again], ignore_index=True)
    order = np.lexsort((together[KEYS[_DATASET]], month))
    ordered = together.iloc[order].reset_index(drop=True)
    return Delivery(_DATASET, ordered, month[order], profile.monthly)


def _tenth_days(profile: Profile, month: np.ndarray) -> np.ndarray:
    begins = np.array([np.datetime64(f"{period}-01", "D") for period in profile.periods])
    return add_days(begins[month], np.full(len(month), 9))
