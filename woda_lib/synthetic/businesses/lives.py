"""How long businesses live: births and deaths at the rates of national statistics, year by year.

Of a hundred births 40 live five years later (ONS, *Business demography, UK: 2023*: 39% of the
births of 2018), and older businesses end at a steady rate; births are then about 11% of the stock a
year, as there.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.random import Generator

from woda_lib.synthetic.draws import add_days
from woda_lib.synthetic.population import NOT_A_DAY

YEAR: Final = 365.25
YEARS_OF_HISTORY: Final = 6
ENDS_IN_YEAR: Final = (0.07, 0.20, 0.20, 0.19, 0.18)
"""Chance of ending in each of the first five years."""
ENDS_LATER: Final = 0.075  # a year
BIRTHS_A_YEAR: Final = 0.116  # of the stock: what keeps it steady at these rates
_OLDEST = 45.0  # years

_KNOTS = np.concatenate([[0.0], np.cumsum(-np.log1p(-np.array(ENDS_IN_YEAR)))])
_RATE_LATER = -np.log1p(-ENDS_LATER)


def lifetimes(n: int, rng: Generator) -> np.ndarray:
    """Draw how many days each of `n` businesses lives from its birth."""
    spent = rng.exponential(size=n)
    early = np.interp(spent, _KNOTS, np.arange(len(_KNOTS), dtype=float))
    late = len(ENDS_IN_YEAR) + (spent - _KNOTS[-1]) / _RATE_LATER
    return 1 + np.floor(YEAR * np.where(spent < _KNOTS[-1], early, late))


def alive_on(day: np.datetime64, n: int, rng: Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw the days of birth and death of `n` businesses that live on a day."""
    ages, lives = np.empty(0), np.empty(0)
    while len(ages) < n:
        wanted = 8 * (n - len(ages)) + 64
        age, life = rng.uniform(0, YEAR * _OLDEST, wanted), lifetimes(wanted, rng)
        ages, lives = np.append(ages, age[life > age]), np.append(lives, life[life > age])
    born = add_days(np.full(n, day), -np.floor(ages[:n]))
    return born, np.maximum(add_days(born, lives[:n]), day)


def born_between(
    first: np.datetime64, last: np.datetime64, n: int, rng: Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw the days of birth and death of `n` businesses born in a span of days."""
    span = int((last - first).astype(np.int64)) + 1
    born = add_days(np.full(n, first), rng.integers(0, span, n))
    return born, add_days(born, lifetimes(n, rng))


def begins(as_of: np.datetime64) -> np.datetime64:
    """Return the first day of the history that ends with a window."""
    months = as_of.astype("datetime64[M]") + 1 - 12 * YEARS_OF_HISTORY
    day: np.datetime64 = months.astype("datetime64[D]")
    return day


def up_to(days: np.ndarray, as_of: np.datetime64) -> np.ndarray:
    """Days that nobody knows yet, at a window's end, as NaT."""
    return np.where(days <= as_of, days, NOT_A_DAY)
