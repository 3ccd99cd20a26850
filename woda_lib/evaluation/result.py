"""The one shape of every result: an estimate, its interval, the numbers behind it, its picture."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import pandas as pd

from woda_lib.evaluation.interval import Interval, decimals_of
from woda_lib.figures import Picture
from woda_lib.phrases import say_number, say_range


class Result(ABC):
    """What every method of this room returns.

    A method's own class is a frozen dataclass, which derives from this and gives these as fields or
    properties.

    Attributes
    ----------
    estimate, low, high : float
        The effect and the limits of its interval, in `unit`.
    level : float
        Of the interval.
    unit : str
        What is counted, in the plural; empty for a pure number such as a ratio.
    method : str
        One sentence: model, errors, source.
    assumptions : tuple of str
        What must hold for the interval to mean what it says, a sentence each.
    warnings : tuple of str
        What in these data speaks against it, a sentence each.
    table : DataFrame
        The numbers behind the picture.
    """

    estimate: Any
    low: Any
    high: Any
    level: Any
    unit: Any
    method: Any
    assumptions: Any
    warnings: Any
    table: Any

    @abstractmethod
    def summary(self) -> pd.DataFrame:
        """Return the estimates, a row each: its name, ``estimate``, ``low``, ``high`` and more."""

    @abstractmethod
    def plot(self) -> Picture:
        """Draw the result in the house style. It shows itself at the end of a notebook's cell."""

    @property
    def interval(self) -> Interval:
        """Estimate and limits together, for `money`."""
        return Interval(self.estimate, self.low, self.high, self.unit)

    @property
    def no_effect(self) -> float:
        """The value that says nothing changed: nought, or one for a ratio."""
        return 0.0

    @property
    def found(self) -> bool:
        """Whether the interval excludes no effect."""
        return not self.low <= self.no_effect <= self.high

    @property
    def decimals(self) -> int:
        """Digits after the point that the width of the interval deserves; see `decimals_of`."""
        return decimals_of(self.low, self.high)

    def __str__(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        within = say_range(self.low, self.high, self.decimals)
        lines = [
            f"{say_number(self.estimate, self.decimals)}{unit} "
            f"({say_share(self.level)} interval {within})",
            f"Method: {self.method}",
            *(f"Assumes: {sentence}" for sentence in self.assumptions),
            *(f"Warning: {sentence}" for sentence in self.warnings),
        ]
        return "\n".join(lines)


def say_share(level: float) -> str:
    """Return the level of an interval as it is said: 95%, 99.9%."""
    return f"{level:.1%}".replace(".0%", "%")
