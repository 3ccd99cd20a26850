"""The terms of a segmented regression: level, step, trend, change of slope, season.

An interrupted time series asks what a series would have done without the change (Wagner, Soumerai,
Zhang and Ross-Degnan 2002, J Clin Pharm Ther 27: 299-309; Bernal, Cummins and Gasparrini 2017, Int
J Epidemiol 46: 348-355). Each term is one column of the design:

======== ==========================================================================================
level    1 in every month
step     1 from the go-live month on: what the change did
trend    years since go-live: what was under way anyhow
slope    years since go-live, counted only after it and centred over those months, so that the
         step remains the *average* effect over the months seen, and not the jump on the first day
season   pairs of cosine and sine over the calendar year
======== ==========================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Terms:
    """Which terms a model has, besides the level and the step.

    Attributes
    ----------
    trend
        A straight line over the whole series.
    slope
        A change of that line after go-live.
    harmonics
        Pairs of cosine and sine a year; 0 for no season.
    """

    trend: bool = True
    slope: bool = False
    harmonics: int = 0

    def but(self, **changes: Any) -> Terms:
        """Return the same terms with some changed."""
        return replace(self, **changes)

    def __str__(self) -> str:
        named = ["step"]
        named += ["trend"] if self.trend else []
        named += ["change of slope"] if self.slope else []
        named += [f"season ({self.harmonics} harmonic pairs)"] if self.harmonics else []
        return ", ".join(named)


@dataclass(frozen=True, eq=False)
class SegmentedDesign:
    """A design matrix with the names of its columns.

    Attributes
    ----------
    names
        (k,) `level, step, trend, slope, cos1, sin1, …`, as far as the terms ask for them.
    matrix
        (T, k).
    """

    names: tuple[str, ...]
    matrix: Floats

    @classmethod
    def of(
        cls, months: pd.DatetimeIndex, *, go_live: pd.Timestamp, terms: Terms
    ) -> SegmentedDesign:
        """Lay out the terms for some months.

        Parameters
        ----------
        months
            (T,) first days of months.
        go_live
            First day of the first month with the change.
        terms
            Which terms to lay out.
        """
        after = (months >= go_live).astype(float)
        since = ((months.year - go_live.year) * 12 + months.month - go_live.month).to_numpy()
        columns: dict[str, Floats] = {"level": np.ones(len(months)), "step": after}
        if terms.trend:
            columns["trend"] = since / 12
        if terms.slope:
            middle = since[after > 0].mean() if after.any() else 0.0
            columns["slope"] = after * (since - middle) / 12
        turn = 2 * np.pi * months.month.to_numpy() / 12
        for harmonic in range(1, terms.harmonics + 1):
            columns[f"cos{harmonic}"] = np.cos(harmonic * turn)
            columns[f"sin{harmonic}"] = np.sin(harmonic * turn)
        return cls(names=tuple(columns), matrix=np.column_stack(list(columns.values())))

    @property
    def step(self) -> Floats:
        """(k,) weights that pick the step: the average effect."""
        return np.array([float(name == "step") for name in self.names])

    @property
    def without_change(self) -> Floats:
        """(T, k) the same months as if the change had never come."""
        of_change = np.array([name in ("step", "slope") for name in self.names])
        return np.where(of_change, 0.0, self.matrix)
