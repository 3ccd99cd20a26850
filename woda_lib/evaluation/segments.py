"""The terms of a segmented regression: level, step, trend, change of slope, season.

An interrupted time series asks what a series would have done without the change (Wagner, Soumerai,
Zhang and Ross-Degnan 2002, J Clin Pharm Ther 27: 299-309; Bernal, Cummins and Gasparrini 2017, Int
J Epidemiol 46: 348-355). Each term is one column of the design, or a few:

======== ==========================================================================================
level    1 throughout
step     the effect as it unfolds: see `impact`
slope    years since the start, counted only after it and centred over that time, so that the step
         remains the *average* effect over the time seen, and not the jump on the first day
trend    years since the start: what was under way anyhow; beside it a curve, or a bend half-way
         through the time before the start, where the trend is not a straight line
season   pairs of cosine and sine over the year
week     three pairs of cosine and sine over the week, in daily series: a free level each weekday
adjust   columns of the caller's own
======== ==========================================================================================

Where times are plain numbers, a year is one step.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from woda_lib.evaluation.impact import Impact

Floats = NDArray[np.floating[Any]]
Trend = Literal["linear", "none", "quadratic", "piecewise"]

_TRENDS: dict[Trend, str] = {
    "linear": "trend",
    "none": "",
    "quadratic": "trend with a curve",
    "piecewise": "trend that bends half-way before the start",
}
_DAYS_A_WEEK = 7


@dataclass(frozen=True)
class Terms:
    """Which terms a model has, besides the level.

    Attributes
    ----------
    impact
        How the effect unfolds.
    trend
        A straight line over the whole series, none, one with a curve, or one that bends half-way
        through the time before the start.
    harmonics
        Pairs of cosine and sine a year; 0 for no season.
    week
        Whether each weekday has a level of its own.
    adjust
        Names of further columns.
    """

    impact: Impact = field(default_factory=Impact)
    trend: Trend = "linear"
    harmonics: int = 0
    week: bool = False
    adjust: tuple[str, ...] = ()

    def but(self, **changes: Any) -> Terms:
        """Return the same terms with some changed."""
        return replace(self, **changes)

    def __str__(self) -> str:
        named = [
            str(self.impact),
            _TRENDS[self.trend],
            f"season ({_pairs(self.harmonics)})" if self.harmonics else "",
            "weekdays" if self.week else "",
            *self.adjust,
        ]
        return ", ".join(name for name in named if name)


@dataclass(frozen=True, eq=False)
class SegmentedDesign:
    """A design matrix with the names of its columns.

    Attributes
    ----------
    names
        (k,) `level, step, slope, trend, …, cos1, sin1, …`, as far as the terms ask for them.
    matrix
        (T, k).
    """

    names: tuple[str, ...]
    matrix: Floats

    @classmethod
    def of(
        cls,
        positions: Floats,
        *,
        start: float,
        terms: Terms,
        per_year: float | None = 12,
        adjust: Floats | None = None,
    ) -> SegmentedDesign:
        """Lay out the terms.

        Parameters
        ----------
        positions
            (T,) where each point lies, in steps.
        start
            Position of the first step with the change.
        terms
            Which terms to lay out.
        per_year
            Steps a year, for slopes and seasons.
        adjust
            (T, m) columns of the caller's own, as `terms.adjust` names them.
        """
        year = per_year or 1.0
        since = np.asarray(positions, dtype=float) - start
        columns: dict[str, Floats] = {"level": np.ones(len(since))}
        columns |= terms.impact.columns(since)
        if "slope" in columns:
            columns["slope"] = columns["slope"] / year
        if terms.trend != "none":
            columns["trend"] = since / year
        if terms.trend == "quadratic":
            middle = (since[0] + since[-1]) / 2
            columns["curve"] = ((since - middle) / year) ** 2
        if terms.trend == "piecewise":
            columns["bend"] = np.maximum(since - since[0] / 2, 0) / year
        columns |= _turns(positions, year, terms.harmonics, "")
        if terms.week:
            columns |= _turns(positions, _DAYS_A_WEEK, 3, "_week")
        for place, name in enumerate(terms.adjust):
            assert adjust is not None
            columns[f"adjust {name}"] = adjust[:, place]
        return cls(names=tuple(columns), matrix=np.column_stack(list(columns.values())))

    def pick(self, name: str) -> Floats:
        """(k,) weights that pick one coefficient; that of the step is the effect."""
        return np.array([float(each == name) for each in self.names])

    @property
    def step(self) -> Floats:
        """(k,) weights that pick the step: the effect."""
        return self.pick("step")

    @property
    def without_change(self) -> Floats:
        """(T, k) the same design as if the change had never come."""
        of_change = np.array([name in ("step", "slope") for name in self.names])
        return np.where(of_change, 0.0, self.matrix)


def _turns(positions: Floats, period: float, pairs: int, suffix: str) -> dict[str, Floats]:
    """Cosines and sines over a period; at two steps a turn a sine is nought and is left out."""
    turn = 2 * np.pi * np.asarray(positions, dtype=float) / period
    found: dict[str, Floats] = {}
    for pair in range(1, pairs + 1):
        found[f"cos{pair}{suffix}"] = np.cos(pair * turn)
        if abs(2 * pair - period) > 1e-6:
            found[f"sin{pair}{suffix}"] = np.sin(pair * turn)
    return found


def _pairs(number: int) -> str:
    return f"{number} harmonic pair{'s' if number > 1 else ''}"
