"""Other ways to use the same donors: the forest that stands beside the synthetic control.

- *Difference in differences*: all donors weigh the same, and so do all periods before the start; a
  constant difference in level is allowed.
- *Mixture with a constant difference*: weights as for a synthetic control, but of outcomes less
  their mean before the start, for a treated unit that lies outside the donors (Doudchenko and
  Imbens 2016, NBER working paper 22791; Ferman and Pinto 2021, Quantitative Economics 12:
  1197-1221).
- *Synthetic difference in differences*: the same with a penalty that spreads the weights, and with
  weights for the periods before the start too (Arkhangelsky, Athey, Hirshberg, Imbens and Wager
  2021, American Economic Review 111: 4088-4118).

Their intervals come from placebos in the same way as the primary one's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from woda_lib.evaluation.donors.match import Matcher
from woda_lib.evaluation.donors.nearest import mixture
from woda_lib.evaluation.donors.placebos import PlaceboScale

Floats = NDArray[np.floating[Any]]

COLUMNS = ("method", "estimate", "low", "high", "kind", "note")
_NO_PENALTY = 1e-6


@dataclass(frozen=True)
class Difference:
    """An effect, and the root mean squared gap before the start."""

    effect: float
    spread: float


Estimator = Callable[[Floats, Floats, int], Difference]


def difference_in_means(followed: Floats, donors: Floats, before: int) -> Difference:
    """Compare the change of the followed unit with the donors' mean change."""
    return _difference(followed - donors.mean(axis=0), before)


def shifted_mixture(followed: Floats, donors: Floats, before: int) -> Difference:
    """Compare with a mixture that may stand apart by a constant."""
    centred = donors[:, :before] - donors[:, :before].mean(axis=1, keepdims=True)
    weights = mixture(centred.T, followed[:before] - followed[:before].mean())
    return _difference(followed - weights @ donors, before)


def synthetic_difference(followed: Floats, donors: Floats, before: int) -> Difference:
    """Weigh both donors and periods."""
    noise = float(np.diff(donors[:, :before], axis=1).std(ddof=1)) if before > 2 else 0.0
    penalty = (followed.shape[0] - before) ** 0.25 * noise
    weights = _spread_mixture(donors[:, :before].T, followed[:before], penalty)
    of_periods = _spread_mixture(
        donors[:, :before], donors[:, before:].mean(axis=1), _NO_PENALTY * noise
    )
    gaps = followed - weights @ donors
    return _difference(gaps, before, of_periods)


def _difference(gaps: Floats, before: int, of_periods: Floats | None = None) -> Difference:
    level = gaps[:before].mean() if of_periods is None else of_periods @ gaps[:before]
    effect = float(gaps[before:].mean() - level)
    return Difference(effect, float(gaps[:before].std()))


def _spread_mixture(donors: Floats, target: Floats, penalty: float) -> Floats:
    """Weights with a constant of their own and a penalty on their squares."""
    rows, columns = donors.shape
    ridge = np.sqrt(rows) * penalty * np.eye(columns)
    return mixture(
        np.vstack([donors - donors.mean(axis=0), ridge]),
        np.concatenate([target - target.mean(), np.zeros(columns)]),
    )


def alternative_estimates(matcher: Matcher, *, level: float) -> pd.DataFrame:
    """Estimate the effect in the other ways.

    Parameters
    ----------
    matcher
        Outcomes and how the primary mixture was chosen.
    level
        Of the intervals, as `attainable` returns it.

    Returns
    -------
    DataFrame
        A row each: `method, estimate, low, high, kind, note`.
    """
    ways: list[tuple[str, Estimator, str]] = [
        (
            "Mixture with a constant difference",
            shifted_mixture,
            "for a treated unit above or below all donors",
        ),
        (
            "Synthetic difference in differences",
            synthetic_difference,
            "spread weights, and weights for periods",
        ),
        ("Difference in differences", difference_in_means, "all donors weigh the same"),
    ]
    if matcher.predictors is not None:
        ways.insert(
            0, ("Synthetic control, outcomes alone", plain_mixture, "without the predictors")
        )
    rows = [
        (name, *interval(estimator, matcher, level), "other model", note)
        for name, estimator, note in ways
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def plain_mixture(followed: Floats, donors: Floats, before: int) -> Difference:
    """Choose the mixture by the outcomes of each period before the start."""
    gaps = followed - mixture(donors[:, :before].T, followed[:before]) @ donors
    return Difference(float(gaps[before:].mean()), float(np.sqrt(np.mean(gaps[:before] ** 2))))


def interval(estimator: Estimator, matcher: Matcher, level: float) -> tuple[float, float, float]:
    """Return estimate and limits, the limits from the estimator's own placebos."""
    outcomes, before = matcher.outcomes, matcher.before
    found = estimator(outcomes[0], outcomes[1:], before)
    placebos = [
        estimator(outcomes[unit], np.delete(outcomes, [0, unit], axis=0), before)
        for unit in range(1, len(outcomes))
    ]
    scale = PlaceboScale.of(
        found.spread, [placebo.spread for placebo in placebos], size=float(outcomes.std())
    )
    half = float(scale.reach(np.array([placebo.effect for placebo in placebos]), level))
    return found.effect, found.effect - half, found.effect + half
