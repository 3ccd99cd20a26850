"""An estimate with its interval, and the arithmetic that carries the interval along."""

from __future__ import annotations

import math
from dataclasses import dataclass

from woda_lib.phrases import say_number, say_range


@dataclass(frozen=True)
class Interval:
    """A number that is known only between two others.

    Attributes
    ----------
    estimate, low, high
        In `unit`; `low` and `high` bound the 95% interval.
    unit
        What is counted, in the plural: days, people, pounds.

    Examples
    --------
    >>> saved = Interval(2.7, 2.1, 3.3, "days")
    >>> print(saved.times(Interval(185, 185, 185, "people"), unit="bed-days"))
    499.5 bed-days (388.5 to 610.5)
    """

    estimate: float
    low: float
    high: float
    unit: str

    def __post_init__(self) -> None:
        if not self.low <= self.estimate <= self.high:
            raise ValueError("an interval must hold its estimate: low <= estimate <= high")

    def __str__(self) -> str:
        decimals = max(1, decimals_of(self.low, self.high))
        number = say_number(self.estimate, decimals)
        unit = self.unit if self.unit in ("", "%") else f" {self.unit}"
        return f"{number}{unit} ({say_range(self.low, self.high, decimals)})"

    def __neg__(self) -> Interval:
        """Turn a change into a saving: −2.7 (−3.3 to −2.1) becomes 2.7 (2.1 to 3.3)."""
        return Interval(-self.estimate, -self.high, -self.low, self.unit)

    def scaled(self, by: float, *, unit: str) -> Interval:
        """Multiply by a known number."""
        low, high = sorted((self.low * by, self.high * by))
        return Interval(self.estimate * by, low, high, unit)

    def times(self, other: Interval, *, unit: str) -> Interval:
        """Multiply by another, independent estimate.

        Each side's distance from estimate to limit is carried through the product to first order,
        and the two distances are added in squares. This is the method of variance estimates
        recovery (Zou and Donner 2008, Statistics in Medicine 27: 1693-1702), which needs no
        symmetry and gives back the plain scaling when one side is known exactly.
        """
        estimate = self.estimate * other.estimate
        mine = self.scaled(other.estimate, unit=unit)
        theirs = other.scaled(self.estimate, unit=unit)
        return Interval(
            estimate,
            estimate - math.hypot(estimate - mine.low, estimate - theirs.low),
            estimate + math.hypot(mine.high - estimate, theirs.high - estimate),
            unit,
        )


def decimals_of(low: float, high: float) -> int:
    """Return the digits after the point that an interval deserves: two that mean anything.

    A negative number rounds to tens, hundreds and so on, as `say_number` takes it.

    Examples
    --------
    >>> decimals_of(2.1, 3.3), decimals_of(0.71, 0.78), decimals_of(-14_000, 3_000)
    (1, 3, -3)
    """
    width = high - low
    if not (math.isfinite(width) and width > 0):
        return 1
    return min(1 - math.floor(math.log10(width)), 6)
