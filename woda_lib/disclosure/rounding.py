"""What counts and statistics look like once rounded, and what is worked out from rounded counts.

A total whose parts are all shown is the sum of the rounded parts, so that a table adds up and the
total says nothing that the parts do not. A total of which a part is withheld is rounded on its own.
A rate is made from the rounded counts: its digits would otherwise tell both of them exactly.

References
----------
Griffiths, E. et al. (2019). *Handbook on Statistical Disclosure Control for Outputs*. Safe Data
Access Professionals Working Group: rounding, and rates from rounded counts.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from woda_lib.disclosure.columns import Rate
from woda_lib.disclosure.totals import Equation

DIGITS = 4
"""Significant digits of a statistic; more would give away how many people are behind it."""


def rounded_counts(
    values: np.ndarray, base: int, equations: Sequence[Equation], hidden: Collection[int]
) -> np.ndarray:
    """Return counts rounded to multiples of `base`, totals of shown parts as their sums.

    Parameters
    ----------
    values : ndarray, shape (n,)
        NaN where there is no count.
    base : int
    equations : sequence of Equation
        Only those that a label or the analyst names are followed: a row that happens to be the sum
        of others is no total.
    hidden : collection of int
        The cells that are withheld.
    """
    rounded = np.round(values / base) * base
    parts: dict[int, tuple[int, ...]] = {}
    for equation in equations:
        if equation.named and len(equation.minus) == 1:
            withheld = not set(hidden).isdisjoint(equation.cells)
            if not withheld and equation.minus[0] not in parts:
                parts[equation.minus[0]] = equation.plus
    settled: dict[int, float] = {}

    def settle(cell: int, above: frozenset[int]) -> float:
        if cell not in settled:
            below = parts.get(cell, ())
            if not below or not above.isdisjoint(below):
                settled[cell] = float(rounded[cell])
            else:
                settled[cell] = sum(settle(part, above | {cell}) for part in below)
        return settled[cell]

    return np.array([settle(cell, frozenset((cell,))) for cell in range(len(values))])


def rate_of(rate: Rate, whole: pd.Series, part: pd.Series) -> pd.Series:
    """Return a rate made of rounded counts; missing where the whole rounds to nought."""
    return (rate.scale * part / whole.where(whole > 0)).astype("Float64")


def significant(values: pd.Series, digits: int = DIGITS) -> pd.Series:
    """Return fractions with so many significant digits; whole numbers stay as they are."""
    numbers = pd.to_numeric(values).to_numpy(float, na_value=np.nan)
    finite = np.isfinite(numbers)
    fraction = finite & (np.where(finite, numbers, 0.0) % 1 != 0)
    with np.errstate(divide="ignore"):
        size = np.floor(np.log10(np.abs(np.where(fraction, numbers, 1.0))))
    # Dividing by a power of ten keeps decimals exact where multiplying by its inverse would not.
    places = digits - 1 - size
    scale = 10.0 ** np.abs(places)
    rounded = np.where(
        places >= 0, np.round(numbers * scale) / scale, np.round(numbers / scale) * scale
    )
    return pd.Series(np.where(fraction, rounded, numbers), index=values.index, name=values.name)
