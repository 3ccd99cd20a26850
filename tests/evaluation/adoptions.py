"""Made-up panels of units that adopt a treatment at known times, with a known effect."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from tests.evaluation.histories import autoregression

NEVER = np.inf


def panel(outcomes: np.ndarray, first: Sequence[float], **more: object) -> pd.DataFrame:
    """Lay (units, periods) outcomes out as rows; `first` counts periods from 1."""
    units, periods = outcomes.shape
    return pd.DataFrame(
        {
            "unit": np.repeat(np.arange(units), periods),
            "t": np.tile(np.arange(1, periods + 1), units),
            "y": outcomes.ravel(),
            "first": np.repeat(np.asarray(first, dtype=float), periods),
            **more,
        }
    )


def staggered(
    rng: np.random.Generator,
    first: Sequence[float],
    periods: int,
    *,
    correlation: float = 0.3,
    sd: float = 0.6,
    noise: float = 0.0,
    effect: float = 0.0,
    growth: Sequence[float] | float = 0.0,
) -> pd.DataFrame:
    """Units with levels of their own, a path that all share, and shocks that remember.

    `noise` is what a period's mean strays by besides, because few people stand behind it.
    """
    first = np.asarray(first, dtype=float)
    t = np.arange(1, periods + 1)
    shocks = autoregression(rng, len(first), periods, correlation=correlation, sd=sd)
    shocks = shocks + noise * rng.standard_normal(shocks.shape)
    shared = np.sin(t / 3) + 0.05 * t
    since = np.where(t >= first[:, None], t - np.where(first < NEVER, first, 0)[:, None], 0)
    treated = effect * (t >= first[:, None]) + np.broadcast_to(growth, len(first))[:, None] * since
    levels = rng.normal(10, 2, (len(first), 1))
    return panel(levels + shared + shocks + treated, first)
