"""An interval for few donors: are the periods after the start out of the ordinary for this unit?

Chernozhukov, Wüthrich and Zhu (2021, JASA 116: 1849-1864): suppose the average effect were c in
every period. Take it away, choose the mixture anew on *all* periods, and move the block of periods
after the start along the (circular) series of gaps. The p value is the share of places at which the
block's mean gap is as large as where it really is; the interval holds every c with a p value above
1 - level. It compares periods of one unit and not units, so that it works with few donors, but
needs gaps that behave alike before and after: no trend, no change in how far they scatter.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from woda_lib.evaluation.donors.nearest import mixture

Floats = NDArray[np.floating[Any]]

_GRID = 240
_HALVINGS = 30


def attainable_by_periods(level: float, periods: int) -> float:
    """Return the level, or the highest that so many periods allow."""
    return min(level, 1 - 1 / periods)


def conformal_p_value(outcomes: Floats, before: int, effect: float) -> float:
    """Return the p value of one constant effect.

    Parameters
    ----------
    outcomes
        (units, periods), the treated unit first.
    before
        Periods before the start.
    effect
        The effect supposed for every period from the start on.
    """
    without = outcomes[0].copy()
    without[before:] -= effect
    gaps = without - mixture(outcomes[1:].T, without) @ outcomes[1:]
    length = len(gaps) - before
    sums = np.cumsum(np.concatenate([[0.0], gaps, gaps[:length]]))
    means = np.abs(sums[length:] - sums[:-length])[: len(gaps)]
    return float(np.mean(means >= means[before] * (1 - 1e-9)))


def conformal_interval(
    outcomes: Floats, before: int, *, estimate: float, spread: float, level: float
) -> tuple[float, float]:
    """Return the smallest and largest constant effect that is not refused.

    Parameters
    ----------
    outcomes, before
        As `conformal_p_value` takes them.
    estimate
        Where to look around.
    spread
        A first step: the root mean squared gap before the start.
    level
        As `attainable_by_periods` returns it.
    """

    def held(effect: float) -> bool:
        return conformal_p_value(outcomes, before, effect) > 1 - level + 1e-9

    reach = max(spread, 1e-6 * float(np.std(outcomes)))
    while any(held(estimate + sign * times * reach) for sign in (-1, 1) for times in (1, 1.5, 2)):
        reach *= 2
        if reach > 1e6 * float(np.std(outcomes)):
            return -np.inf, np.inf
    tried = np.linspace(estimate - 2 * reach, estimate + 2 * reach, _GRID + 1)
    inside = [effect for effect in tried if held(effect)] or [estimate]
    step = tried[1] - tried[0]
    return (
        min(estimate, _edge(held, inside[0], inside[0] - step)),
        max(estimate, _edge(held, inside[-1], inside[-1] + step)),
    )


def _edge(held: Any, inside: float, outside: float) -> float:
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if held(middle) else (inside, middle)
    return float(inside)
