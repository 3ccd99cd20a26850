"""Linear regression on a short monthly series whose errors remember last month: REML AR(1).

The idea
--------
Months that follow each other are alike for reasons no model names: a ward is short of staff from
October to December, a care home closes. Ordinary regression takes 36 such months for 36 pieces of
evidence and promises too much. Here the errors follow a first-order autoregression,
corr(e_s, e_t) = rho^|s - t|, with s and t in calendar months, so a gap in the series is a gap.

On series this short, *how* the correlation is estimated decides whether a 95% interval holds the
truth in 95 of 100 histories. Four choices matter, and each has its source:

- restricted maximum likelihood, which does not forget that the trend and the season were estimated
  too (Patterson and Thompson 1971, Biometrika 58: 545-554; Harville 1977, JASA 72: 320-338);
- a covariance that counts the uncertainty of rho itself (Kenward and Roger 1997, Biometrics 53:
  983-997), never below the plain generalised least squares one;
- degrees of freedom after Satterthwaite, kept between 4 and T - k;
- beside it, an interval from the posterior of the coefficient over a grid of correlations (flat
  priors on the coefficients and on log sigma, uniform on rho): a mixture of t distributions.

The correlation is looked for from 0 to 0.9. Below 0 the interval would be made narrower by a
pattern that monthly waits do not show; above 0.9 a trend and the errors cannot be told apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from scipy.optimize import brentq
from scipy.special import stdtr

from woda_lib.evaluation.errors import EvaluationError
from woda_lib.evaluation.series.at_correlation import AtCorrelation, KenwardRoger

Floats = NDArray[np.floating[Any]]

CORRELATIONS = np.round(np.arange(0.0, 0.901, 0.02), 2)
LEAST_SPARE_MONTHS = 8
LEAST_DF = 4.0
HIGH_CORRELATION = 0.7


class TooFewMonthsError(EvaluationError):
    """The series has too few points in time for the number of things the model estimates."""


class UnidentifiedDesignError(EvaluationError):
    """Two terms of the model cannot be told apart on this series."""


@dataclass(frozen=True)
class Contrast:
    """One weighted sum of coefficients with its uncertainty.

    Attributes
    ----------
    estimate, standard_error
        In the outcome's unit.
    df
        Satterthwaite degrees of freedom.
    low, high
        Confidence interval from the t distribution with `df`.
    p_value
        Two-sided, against zero.
    """

    estimate: float
    standard_error: float
    df: float
    low: float
    high: float
    p_value: float


class AutoregressiveModel:
    """A design whose AR(1) algebra is done once and used for any number of outcomes.

    Parameters
    ----------
    design
        (T, k) matrix: one row a month, one column a coefficient.
    at
        (T,) calendar position of each month, in months; 0 … T - 1 when not given.
    correlations
        The grid on which the correlation is looked for.

    Raises
    ------
    TooFewMonthsError
        If there are fewer than 8 months more than coefficients.
    UnidentifiedDesignError
        If the columns of the design are linearly dependent.

    Examples
    --------
    >>> step = np.repeat([0.0, 1.0], 12)
    >>> model = AutoregressiveModel(np.column_stack([np.ones(24), step]))
    >>> fit = model.fit(10 - 2.7 * step + 0.1 * np.sin(np.arange(24)))
    >>> round(fit.contrast([0, 1]).estimate, 1)
    -2.7
    """

    def __init__(
        self,
        design: ArrayLike,
        *,
        at: ArrayLike | None = None,
        correlations: ArrayLike = CORRELATIONS,
    ) -> None:
        self.design: Floats = np.asarray(design, dtype=float)
        months, terms = self.design.shape
        if months - terms < LEAST_SPARE_MONTHS:
            raise TooFewMonthsError(
                f"The series has {months} points in time and the model estimates {terms} numbers "
                f"from it; at least {terms + LEAST_SPARE_MONTHS} points are needed. "
                "Use a longer series, or a model with fewer terms."
            )
        if np.linalg.matrix_rank(self.design) < terms:
            raise UnidentifiedDesignError(
                f"The model's {terms} terms cannot be told apart on these {months} points in time. "
                "Check that there are some on both sides of the start, that no column follows "
                "from others, or leave out a term."
            )
        positions = np.arange(months) if at is None else np.asarray(at, dtype=float)
        self.positions: Floats = positions.astype(float)
        self.correlations: Floats = np.asarray(correlations, dtype=float)
        self.spare_months = months - terms

    @cached_property
    def _grid(self) -> list[AtCorrelation]:
        return [AtCorrelation(self.design, self.positions, float(r)) for r in self.correlations]

    def _adjustment(self, place: int) -> KenwardRoger:
        """The Kenward-Roger matrices at a grid point, worked out when first needed."""
        return self._grid[place].kenward_roger

    def fit(self, outcome: ArrayLike) -> AutoregressiveFit:
        """Fit one outcome.

        Parameters
        ----------
        outcome
            (T,) numbers, one a month, none missing.

        Raises
        ------
        UnidentifiedDesignError
            If the model goes exactly through every point, so that no error is left to measure.
        """
        y = np.asarray(outcome, dtype=float)
        squares = np.array([at.squares(y) for at in self._grid])
        if squares.min() <= 1e-12 * max(float(y @ y), 1e-300):
            raise UnidentifiedDesignError(
                "The outcome does not vary around the model at all, so no interval can be given. "
                "Check that the outcome column holds measured values."
            )
        determinants = np.array([at.log_determinants for at in self._grid])
        profile = -0.5 * (self.spare_months * np.log(squares) + determinants)
        return AutoregressiveFit(model=self, outcome=y, squares=squares, profile=profile)


@dataclass(frozen=True, eq=False)
class AutoregressiveFit:
    """A fitted series: coefficients, contrasts, and how the errors behave.

    Attributes
    ----------
    model
        The design that was fitted.
    outcome
        (T,) the outcome.
    squares
        Generalised residual sum of squares at each correlation of the grid.
    profile
        Restricted log likelihood at each correlation, up to a constant.
    """

    model: AutoregressiveModel
    outcome: Floats
    squares: Floats
    profile: Floats

    @property
    def _best(self) -> int:
        return int(self.profile.argmax())

    @property
    def correlation(self) -> float:
        """Correlation of one month's error with the next."""
        return float(self.model.correlations[self._best])

    @property
    def correlation_is_high(self) -> bool:
        """Whether the errors are so alike (over 0.7) that the interval may still be too narrow."""
        return self.correlation > HIGH_CORRELATION

    @property
    def residual_sd(self) -> float:
        """Standard deviation of the errors, in the outcome's unit."""
        return float(np.sqrt(self.squares[self._best] / self.model.spare_months))

    @property
    def coefficients(self) -> Floats:
        """(k,) generalised least squares at the fitted correlation."""
        return self.model._grid[self._best].to_coefficients @ self.outcome

    @property
    def fitted(self) -> Floats:
        """(T,) the model's values."""
        return self.model.design @ self.coefficients

    def contrast(self, weights: Sequence[float] | Floats, *, level: float = 0.95) -> Contrast:
        """Estimate a weighted sum of coefficients.

        Parameters
        ----------
        weights
            (k,) weights.
        level
            Of the interval.
        """
        c = np.asarray(weights, dtype=float)
        phi = self.model._grid[self._best].covariance
        adjustment = self.model._adjustment(self._best)
        plain = float(c @ phi @ c)
        gradient = np.array([c @ g @ c for g in adjustment.gradients])
        spread = float(gradient @ adjustment.parameter_covariance @ gradient)
        df = float(np.clip(2 * plain**2 / spread, LEAST_DF, self.model.spare_months))
        estimate = float(c @ self.coefficients)
        error = self.residual_sd * np.sqrt(max(plain, float(c @ adjustment.adjusted @ c)))
        half = stats.t.ppf(0.5 + level / 2, df) * error
        return Contrast(
            estimate=estimate,
            standard_error=float(error),
            df=df,
            low=estimate - half,
            high=estimate + half,
            p_value=float(2 * stats.t.sf(abs(estimate) / error, df)),
        )

    def posterior_interval(
        self, weights: Sequence[float] | Floats, *, level: float = 0.95
    ) -> tuple[float, float, float]:
        """Average over the correlation instead of choosing one: mean, low and high.

        Parameters
        ----------
        weights
            (k,) weights of the coefficients.
        level
            Of the equal-tailed interval.
        """
        c = np.asarray(weights, dtype=float)
        belief = np.exp(self.profile - self.profile.max())
        belief /= belief.sum()
        centres = np.array([c @ at.to_coefficients @ self.outcome for at in self.model._grid])
        unit = np.array([c @ at.covariance @ c for at in self.model._grid])
        scales = np.sqrt(self.squares / self.model.spare_months * unit)
        mean = float(belief @ centres)
        reach = 60 * float(scales.max())

        def excess(value: float, share: float) -> float:
            # What `stats.t.cdf` gives, without its looking at every argument a hundred times.
            below = stdtr(self.model.spare_months, (value - centres) / scales)
            return float(belief @ below) - share

        low, high = (
            float(brentq(excess, mean - reach, mean + reach, args=(share,)))
            for share in ((1 - level) / 2, (1 + level) / 2)
        )
        return mean, low, high
