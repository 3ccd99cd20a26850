"""What is counted over many histories, and the bars that it is held to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

Cell = tuple[float, float]
"""Correlation of one month's shock with the next, and the shocks' standard deviation in days."""

CELLS: tuple[Cell, ...] = ((0.0, 0.3), (0.3, 0.6), (0.6, 0.6), (0.6, 1.0))
MIDDLE: Cell = (0.3, 0.6)
LENGTHS = (36, 48)
EFFECT = -2.7

Verdict = Literal["met", "on the line", "not met"]


@dataclass(frozen=True)
class Score:
    """What one method's 95% intervals did over the histories of one cell.

    Attributes
    ----------
    design, months, cell, effect
        What was simulated; the effect in days (for counts, of a mean of 12).
    method
        Whose intervals these are; "" for the recommended one.
    histories
        How many were simulated.
    held, found
        Share of intervals that hold the truth, and that exclude nought.
    bias, width
        Mean error of the estimate and mean width of the interval, in the outcome's unit.
    """

    design: str
    months: int
    cell: Cell
    effect: float
    method: str
    histories: int
    held: float
    found: float
    bias: float
    width: float

    @classmethod
    def of(
        cls,
        limits: tuple[np.ndarray, np.ndarray, np.ndarray],
        *,
        truth: float,
        design: str,
        months: int,
        cell: Cell,
        effect: float,
        method: str = "",
    ) -> Score:
        """Count over (N,) estimates, lows and highs."""
        estimate, low, high = limits
        return cls(
            design=design,
            months=months,
            cell=cell,
            effect=effect,
            method=method,
            histories=len(estimate),
            held=float(np.mean((low <= truth) & (truth <= high))),
            found=float(np.mean((low > 0) | (high < 0))),
            bias=float(np.mean(estimate) - truth),
            width=float(np.mean(high - low)),
        )


@dataclass(frozen=True)
class Bar:
    """The least and the largest share that is accepted.

    Examples
    --------
    >>> Bar(0.945, 0.975).verdict(0.944, histories=2000)
    'on the line'
    >>> Bar(0.945, 0.975).verdict(0.92, histories=2000)
    'not met'
    """

    least: float
    largest: float

    def __str__(self) -> str:
        if self.largest == 1:
            return f"at least {self.least:.1%}"
        return f"{self.least:.1%} to {self.largest:.1%}"

    def verdict(self, share: float, *, histories: int) -> Verdict:
        """Say whether a share is within, outside by less than two standard errors, or outside."""
        outside = max(self.least - share, share - self.largest)
        if outside <= 0:
            return "met"
        counting = np.sqrt(share * (1 - share) / histories)
        return "on the line" if outside <= 2 * counting else "not met"


FALSE_POSITIVES = Bar(0.025, 0.055)
LARGEST_BIAS = 0.1


def coverage_bar(cell: Cell, *, lenient: bool) -> Bar | None:
    """Return what coverage is held to: nothing is promised at 0.6 and 0.6."""
    match cell:
        case (0.0, 0.3):
            return Bar(0.95, 0.985)
        case (0.3, 0.6):
            return Bar(0.945, 0.975)
        case (0.6, 1.0):
            return Bar(0.91 if lenient else 0.93, 1.0)
    return None
