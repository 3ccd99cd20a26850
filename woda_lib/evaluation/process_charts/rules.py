"""The four rules of Making Data Count: patterns that chance alone rarely makes.

========== =====================================================================================
outside    a point above the upper or below the lower limit
shift      seven or more points in a row on one side of the mean
trend      seven or more points in a row, each higher (or each lower) than the one before
two_of_3   two of three points in a row in the outer third between mean and limit, on one side
========== =====================================================================================

All points of a run are marked, not only the seventh. A point on the mean is on neither side, and
two equal neighbours end a trend. Every rule takes arrays of any shape whose last axis is time, so
that a simulation of ten thousand charts runs the very code that one chart does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Booleans = NDArray[np.bool_]
Floats = NDArray[np.floating[Any]]

RULES = ("outside", "shift", "trend", "two_of_3")
RUN_LENGTH = 7


@dataclass(frozen=True, eq=False)
class Signals:
    """What the rules find.

    Attributes
    ----------
    high, low
        A rule's name to (..., points): which points it marks on either side.
    """

    high: dict[str, Booleans]
    low: dict[str, Booleans]

    def marked(self, rule: str) -> Booleans:
        """Return which points a rule marks."""
        return self.high[rule] | self.low[rule]

    def side(self) -> NDArray[np.integer[Any]]:
        """Return 1 where the newest news is high, -1 where it is low, 0 where there is none.

        A falling trend may begin above the mean, and then two rules disagree. A point outside the
        limits decides first, then the direction of a trend, then the side of the mean.
        """
        side = np.zeros(self.high["outside"].shape, dtype=int)
        for rule in ("shift", "two_of_3", "trend", "outside"):
            side = np.where(self.high[rule], 1, np.where(self.low[rule], -1, side))
        return side


def find_signals(values: Floats, mean: Floats, sigma: Floats) -> Signals:
    """Apply the rules.

    Parameters
    ----------
    values
        (..., points).
    mean, sigma
        Of the same shape, or one that broadcasts to it: the centre, and a third of the way from
        it to either limit.
    """
    away = values - mean
    # Where nothing ever varied the limits lie on the mean, and any other value is outside.
    distance = np.where(
        sigma > 0, away / np.where(sigma > 0, sigma, np.nan), np.copysign(np.inf, away)
    )
    # The mean of equal values may differ from them in the last digit.
    distance = np.where(np.abs(away) <= 1e-9 * sigma + 1e-12 * np.abs(mean), 0.0, distance)
    rises = _trends(np.diff(values, axis=-1) > 0)
    falls = _trends(np.diff(values, axis=-1) < 0)
    # The point where a rise turns into a fall belongs to both, and is news of the fall.
    turned = rises & falls
    later_rise = np.diff(values, axis=-1, append=values[..., -1:]) > 0
    return Signals(
        high=_on_one_side(distance) | {"trend": rises & ~(turned & ~later_rise)},
        low=_on_one_side(-distance) | {"trend": falls & ~(turned & later_rise)},
    )


def _on_one_side(distance: Floats) -> dict[str, Booleans]:
    return {
        # A hair's breadth, so that a point on the limit is not outside by rounding.
        "outside": distance > 3 + 1e-9,
        "shift": _in_run(distance > 0, RUN_LENGTH),
        "two_of_3": _two_of_three((distance > 2 + 1e-9) & (distance <= 3 + 1e-9)),
    }


def _in_run(holds: Booleans, length: int) -> Booleans:
    """Mark the members of every unbroken run of at least this length."""
    if holds.shape[-1] < length:
        return np.zeros(holds.shape, dtype=bool)
    windows = np.lib.stride_tricks.sliding_window_view(holds, length, axis=-1)
    return _spread(np.all(windows, axis=-1, keepdims=False), length)


def _spread(starts: Booleans, length: int) -> Booleans:
    """Mark the points of every window whose start is marked."""
    marked = np.zeros((*starts.shape[:-1], starts.shape[-1] + length - 1), dtype=bool)
    for place in range(length):
        marked[..., place : place + starts.shape[-1]] |= starts
    return marked


def _trends(steps: Booleans) -> Booleans:
    """Mark the points of every unbroken row of steps one way, the first point included."""
    inside = _in_run(steps, RUN_LENGTH - 1)
    edge = np.zeros((*inside.shape[:-1], 1), dtype=bool)
    return np.concatenate([inside, edge], axis=-1) | np.concatenate([edge, inside], axis=-1)


def _two_of_three(outer: Booleans) -> Booleans:
    """Mark points in the outer third with another one among their near neighbours."""
    edge = np.zeros((*outer.shape[:-1], 2), dtype=bool)
    padded = np.concatenate([edge, outer, edge], axis=-1)
    neighbours = padded[..., :-4] | padded[..., 1:-3] | padded[..., 3:-1] | padded[..., 4:]
    return outer & neighbours
