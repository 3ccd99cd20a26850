"""How many matches escaped every blocking rule: capture–recapture between the rules.

Each rule is a trap set for matches. Matches caught by one rule alone tell how many were caught by
none: where nearly every match is caught several times, few can have escaped.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Escaped:
    """An estimate of how many there are in all.

    Attributes
    ----------
    caught
        By at least one trap.
    once, twice
        By exactly one, and exactly two.
    total
        Estimated number, caught or not.
    """

    caught: float
    once: float
    twice: float
    total: float

    @property
    def recall(self) -> float:
        """Share that was caught; missing where there is nothing to catch."""
        return self.caught / self.total if self.total > 0 else float("nan")


def chapman(first: float, second: float, both: float) -> float:
    """Estimate a number from two catches and their overlap.

    Parameters
    ----------
    first, second
        Caught by the one and by the other trap.
    both
        Caught by both.

    Returns
    -------
    float
        (first + 1)(second + 1) / (both + 1) − 1. Right where the traps are independent; too small
        where what one catches the other is likelier to catch too.

    References
    ----------
    Chapman, D. G. (1951), Some properties of the hypergeometric distribution with applications
    to zoological sample censuses, University of California Publications in Statistics 1, 131–160:
    the estimator of Petersen and Lincoln without most of its bias.
    """
    return (first + 1) * (second + 1) / (both + 1) - 1


def chao(catches: npt.NDArray[np.bool_], weights: npt.NDArray[np.float64]) -> Escaped:
    """Estimate a number from many catches, some easier to make than others.

    Parameters
    ----------
    catches
        Which trap caught which, shape (things, traps).
    weights
        How much each thing counts, shape (things,): here the probability of being a match.

    Returns
    -------
    Escaped
        With f₁ caught once and f₂ twice by t traps, the total is at least
        caught + (t − 1)/t · f₁(f₁ − 1) / (2(f₂ + 1)): a lower bound however much things differ in
        how easily they are caught, so that recall is at most what it implies.

    References
    ----------
    Chao, A. (1987), Estimating the population size for capture–recapture data with unequal
    catchability, Biometrics 43, 783–791, in the bias-corrected form.
    """
    times = catches.sum(axis=1)
    caught = float(weights[times > 0].sum())
    once, twice = float(weights[times == 1].sum()), float(weights[times == 2].sum())
    traps = max(catches.shape[1], 1)
    escaped = (traps - 1) / traps * max(once * (once - 1), 0.0) / (2 * (twice + 1))
    return Escaped(caught, once, twice, caught + escaped)
