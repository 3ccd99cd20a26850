"""What later money is worth today: discount factors as in HM Treasury's Green Book.

Money is real, in the prices of one year, so that discounting is about time alone and inflation is
left out twice or not at all. The rate is 3.5% a year for the first 30 years and falls after that,
because nobody knows the rate of the far future (The Green Book 2022, Annex A6). For effects on
health that are counted in quality-adjusted life years it is 1.5%, also falling.

Year 0 is now and is not discounted; a year's money counts as if it came at its end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from woda_lib.evaluation.distributions import Floats
from woda_lib.evaluation.errors import EvaluationError

Schedule = Literal["standard", "health"]

_LAST_YEARS = (30, 75, 125, 200, 300)
_RATES: dict[Schedule, tuple[float, ...]] = {
    "standard": (0.035, 0.030, 0.025, 0.020, 0.015, 0.010),
    "health": (0.015, 0.0129, 0.0107, 0.0086, 0.0064, 0.0043),
}


class DiscountingError(EvaluationError):
    """Money cannot be discounted so."""


def discount_factors(
    years: int, *, schedule: Schedule = "standard", rate: float | None = None
) -> Floats:
    """Return what a pound of each year is worth in year 0.

    Parameters
    ----------
    years
        The last year; year 0 is the first.
    schedule
        The Green Book's rates: "standard", or "health" for quality-adjusted life years.
    rate
        One rate for all years instead, such as 0.05.

    Returns
    -------
    ndarray, shape (years + 1,)

    Raises
    ------
    DiscountingError
        If there is no such schedule, or the rate or the number of years makes no sense.

    Examples
    --------
    >>> discount_factors(30)[[0, 1, 10, 30]].round(4).tolist()
    [1.0, 0.9662, 0.7089, 0.3563]
    """
    if years < 0 or years != int(years):
        raise DiscountingError("The last year must be a whole number, nought or more.")
    if rate is not None:
        if not -0.5 < rate < 1:
            raise DiscountingError("A discount rate is a share a year: 0.035 means 3.5%.")
        yearly = np.full(int(years), rate)
    elif schedule in _RATES:
        ordinals = np.arange(1, int(years) + 1)
        yearly = np.array(_RATES[schedule])[np.searchsorted(_LAST_YEARS, ordinals)]
    else:
        raise DiscountingError(
            f"There is no discounting {schedule!r}. Known: {', '.join(_RATES)}; or give a rate."
        )
    return np.concatenate([[1.0], 1 / np.cumprod(1 + yearly)])


def net_present_value(flows: Sequence[float], *, rate: float | None = None) -> float:
    """Return the present value of a flow of money that begins in year 0.

    Parameters
    ----------
    flows
        Money of each year, costs negative.
    rate
        One rate for all years; the Green Book's standard rates without it.

    Examples
    --------
    >>> round(net_present_value([-100, 50, 50, 50], rate=0.035), 2)
    40.08
    """
    values = np.asarray(flows, dtype=float)
    return float(values @ discount_factors(len(values) - 1, rate=rate))


def payback_years(cumulative: Floats) -> Floats:
    """Return the first year from which on the discounted money has come back, and stays.

    Parameters
    ----------
    cumulative
        Shape (years, …): the running sum of discounted net money.

    Returns
    -------
    ndarray, shape (…)
        Infinite where it never comes back in these years.

    Examples
    --------
    >>> payback_years(np.array([[-100.0], [-40.0], [10.0], [60.0]])).tolist()
    [2.0]
    """
    below = cumulative < 0
    last_below = len(cumulative) - 1 - np.argmax(below[::-1], axis=0)
    year = np.where(below.any(axis=0), last_below + 1.0, 0.0)
    return np.where(year >= len(cumulative), np.inf, year)
