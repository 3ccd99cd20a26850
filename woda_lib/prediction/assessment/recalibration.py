"""Is a stated risk of 5% one in twenty? Logistic recalibration, whole and resampled.

The slope is that of a logistic regression of the outcome on the log-odds of the stated risk: 1 is
right, below 1 the high risks are too high and the low ones too low. The intercept is fitted with
the slope held at 1 (calibration in the large): above 0 more happened than was said. Van Calster,
McLernon, van Smeden, Wynants and Steyerberg 2019, BMC Medicine 17: 230.
"""

from __future__ import annotations

import numpy as np
import statsmodels.api as sm
from numpy.typing import NDArray
from scipy.special import expit, logit

from woda_lib.prediction.assessment.scored import Numbers

_LEAST = 1e-6  # a stated risk of nought has no odds
_STEPS = 25
_CLOSE = 1e-6


class Recalibration:
    """The slope and intercept of one set of stated risks.

    The whole sample is fitted by statsmodels; each draw starts from there, and two or three steps
    of Newton's method bring it to its own fit.

    Parameters
    ----------
    risk : array of float
        Stated probabilities.
    happened : array of bool

    Attributes
    ----------
    slope, intercept : float
        Not known (NaN) where all risks are the same, or the risks part those with an event from
        those without altogether.
    """

    def __init__(self, risk: Numbers, happened: NDArray[np.bool_]) -> None:
        self._odds = logit(np.clip(risk, _LEAST, 1 - _LEAST))
        self._outcome = happened.astype(float)
        self.intercept = self.slope = np.nan
        if _parted(self._odds, happened):
            return
        ones = np.ones((len(self._odds), 1))
        (self.intercept,) = _fit(self._outcome, ones, self._odds)
        if np.ptp(self._odds) > 0:
            design = np.column_stack([ones, self._odds])
            self._constant, self.slope = _fit(self._outcome, design, None)

    def resampled(self, weights: Numbers) -> tuple[float, float]:
        """Return slope and intercept with each household as often as `weights` says."""
        return self._slope(weights), self._intercept(weights)

    def _intercept(self, weights: Numbers) -> float:
        level = float(self.intercept)
        for _ in range(_STEPS if np.isfinite(level) else 0):
            mean = expit(level + self._odds)
            spread = weights @ (mean * (1 - mean))
            step = weights @ (self._outcome - mean) / spread if spread > 0 else np.nan
            level += step
            if not abs(step) > _CLOSE:
                break
        return level

    def _slope(self, weights: Numbers) -> float:
        if not np.isfinite(self.slope):
            return np.nan
        constant, slope = float(self._constant), float(self.slope)
        for _ in range(_STEPS):
            mean = expit(constant + slope * self._odds)
            residual, spread = weights * (self._outcome - mean), weights * mean * (1 - mean)
            once = spread @ self._odds
            zero, two = spread.sum(), spread @ self._odds**2
            first, second = residual.sum(), residual @ self._odds
            determinant = zero * two - once * once
            if not determinant > 0:
                return np.nan
            step = (zero * second - once * first) / determinant
            constant += (two * first - once * second) / determinant
            slope += step
            if abs(step) < _CLOSE:
                break
        return slope


def _fit(outcome: Numbers, design: Numbers, offset: Numbers | None) -> Numbers:
    """Return the parameters of a logistic regression."""
    fitted = sm.GLM(outcome, design, family=sm.families.Binomial(), offset=offset).fit()
    return np.asarray(fitted.params, dtype=float)


def _parted(odds: Numbers, happened: NDArray[np.bool_]) -> bool:
    """Whether risks part those with an event from those without, so that no slope is finite."""
    if np.ptp(odds) == 0:
        return False
    with_event, without = odds[happened], odds[~happened]
    return bool(with_event.min() >= without.max() or with_event.max() <= without.min())
