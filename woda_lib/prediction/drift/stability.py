"""The population stability index, and what chance alone would make of it.

It is the sum over bins of (q − p) ln(q / p), p a bin's share in training and q its share later:
Jeffreys' divergence. Under 0.1 is by convention little change, from 0.25 a large one; the bands go
back to Lewis (1994, An Introduction to Credit Scoring) and were set without regard to how many are
counted (Yurdakul and Naranjo, Statistical properties of the population stability index, Journal of
Risk Model Validation). If nothing changed, the index over (1/N + 1/M), of N in training and M
later, is near chi-squared with one degree of freedom fewer than there are bins (the same authors).
So a change is called one only above what chance reaches.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import chi2

Floats = npt.NDArray[np.float64]

MOVED, FAR = 0.1, 0.25
"""The conventional bands: moved, and moved far."""

_AT_LEAST = 0.5  # added to each bin, so that an empty one has a logarithm


@dataclass(frozen=True)
class Stability:
    """One input at one later date against training.

    Attributes
    ----------
    index
        Population stability index.
    chance
        What it reaches by chance if nothing changed, at the level asked for.
    bins
        That were not empty on both sides.
    """

    index: float
    chance: float
    bins: int


def stability(then: Floats, now: Floats, *, people: tuple[int, int], tail: float) -> Stability:
    """Compare the counts of bins in training and later.

    Parameters
    ----------
    then, now
        Counts by bin.
    people
        Different households in training and later. A household that stands at two training dates
        counts once, because its rows resemble each other.
    tail
        The chance with which nothing but chance exceeds `Stability.chance`.

    Examples
    --------
    >>> round(stability(np.array([50.0, 50.0]), np.array([70.0, 30.0]),
    ...                 people=(100, 100), tail=0.05).index, 2)
    0.17
    """
    used = (then > 0) | (now > 0)
    bins = int(used.sum())
    if bins < 2:
        return Stability(0.0, 0.0, bins)
    p, q = (_shares(counts[used]) for counts in (then, now))
    index = float(((q - p) * np.log(q / p)).sum())
    spread = 1 / people[0] + 1 / people[1]
    return Stability(index, float(chi2.isf(tail, bins - 1)) * spread, bins)


def _shares(counts: Floats) -> Floats:
    smoothed = counts + _AT_LEAST
    return np.asarray(smoothed / smoothed.sum(), dtype=float)
