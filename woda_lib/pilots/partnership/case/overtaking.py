"""How much sharing data must have brought about for the option that is asked for to be the best.

Costs that are covered are not enough: where they just are, another option may be worth more. What
turns the answer is the share at which the option begins, or ceases, to be worth most of all, doing
nothing included.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import optimize

from woda_lib.pilots.partnership.case.appraisal import Appraisal

_STEPS = np.linspace(0.0, 1.0, 201)


def share_that_turns(appraisal: Appraisal, share: str) -> float:
    """Return the share, between 0 and 1, at which the option that is asked for turns best or not.

    Parameters
    ----------
    appraisal
    share
        The input that says it; every other input is as estimated.

    Returns
    -------
    float
        The nearest to the estimate; not a number where no share turns it, or there is no such
        input.
    """
    estimates = appraisal.programme.inputs.estimates
    if share not in estimates:
        return float("nan")

    def lead(value: Any) -> Any:
        return _lead(appraisal, {**estimates, share: value})

    leads = lead(_STEPS)
    turns = [
        optimize.brentq(lambda value: float(lead(value)), _STEPS[at], _STEPS[at + 1])
        for at in np.flatnonzero(np.signbit(leads[1:]) != np.signbit(leads[:-1]))
        if np.isfinite(leads[at : at + 2]).all()
    ]
    return float(min(turns, key=lambda turn: abs(turn - estimates[share]), default=np.nan))


def is_best(appraisal: Appraisal) -> bool:
    """Say whether the option that is asked for is worth most, as estimated."""
    best = appraisal.best_option()
    return best is not None and best.option == appraisal.asked.option


def _lead(appraisal: Appraisal, values: dict[str, Any]) -> Any:
    """By how much it is worth more than the best of the others, doing nothing among them."""
    worths = {
        name: found.flows.appraise(values, finite=False).net_present_value
        for name, found in appraisal.by_option.items()
    }
    asked = worths.pop(appraisal.asked.option)
    return asked - np.maximum.reduce([np.zeros_like(asked), *worths.values()])
