"""Axes of the charts that a difference page draws: a linear scale and where its marks stand."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Scale:
    """A linear scale from numbers to pixels."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, number: float) -> float:
        """Return where a number lies; one that is the whole range lies in the middle."""
        if self.high == self.low:
            return (self.start + self.end) / 2
        return self.start + (number - self.low) / (self.high - self.low) * (self.end - self.start)


def round_ticks(low: float, high: float, most: int = 7) -> list[float]:
    """Return about `most` round numbers that hold a range between the first and the last."""
    if low == high:
        low, high = low - 0.5, high + 0.5
    rough = (high - low) / (most - 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(s * power for s in (1, 2, 5, 10) if s * power >= rough * 0.8)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(i * step, 12) + 0.0 for i in range(first, last + 1)]


def date_ticks(first: int, last: int, most: int) -> list[tuple[int, str]]:
    """Return days (as ordinals) with names: years where the range is long, else months."""
    start, end = date.fromordinal(first), date.fromordinal(last)
    years = [date(y, 1, 1).toordinal() for y in range(start.year, end.year + 2)]
    years = [day for day in years if first <= day <= last]
    if len(years) >= 2:
        every = math.ceil(len(years) / most)
        return [(day, f"{date.fromordinal(day):%Y}") for day in years[::every]]
    months = [
        date(year, month, 1)
        for year in range(start.year, end.year + 1)
        for month in range(1, 13)
        if first <= date(year, month, 1).toordinal() <= last
    ]
    if not months:
        return [(first, f"{start:%-d %b %Y}")]
    every = math.ceil(len(months) / most)
    return [(day.toordinal(), f"{day:%b %Y}") for day in months[::every]]
