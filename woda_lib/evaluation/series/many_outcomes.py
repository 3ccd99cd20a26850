"""The regression of `autoregressive` for thousands of outcomes that share one design.

A calibration fits the same months ten thousand times; so does an analysis that is repeated over
draws of uncertain links. Everything but the outcome is then the same, and what `fit` does in Python
once a series is done here in a few products of matrices. The figures are those of `fit().contrast`
and `fit().posterior_interval`, to rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats
from scipy.optimize import elementwise

from woda_lib.evaluation.series.autoregressive import (
    LEAST_DF,
    AutoregressiveModel,
    UnidentifiedDesignError,
)

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False)
class ManyContrasts:
    """One weighted sum of coefficients for each of N outcomes.

    Attributes
    ----------
    estimate, standard_error, df, low, high, correlation
        (N,) each, as in `Contrast` and `AutoregressiveFit`.
    """

    estimate: Floats
    standard_error: Floats
    df: Floats
    low: Floats
    high: Floats
    correlation: Floats


def contrast_many(
    model: AutoregressiveModel,
    outcomes: ArrayLike,
    weights: Sequence[float] | Floats,
    *,
    level: float = 0.95,
) -> ManyContrasts:
    """Fit each outcome and estimate one weighted sum of its coefficients.

    Parameters
    ----------
    model
        The design that all outcomes share.
    outcomes
        (N, T) numbers, a row a series, none missing.
    weights
        (k,) weights of the coefficients.
    level
        Of the intervals.

    Raises
    ------
    UnidentifiedDesignError
        If the model goes exactly through every month of some series.

    Examples
    --------
    >>> step = np.repeat([0.0, 1.0], 12)
    >>> model = AutoregressiveModel(np.column_stack([np.ones(24), step]))
    >>> wave = 0.1 * np.sin(np.arange(24))
    >>> contrast_many(model, [10 - 2.7 * step + wave, 10 + wave], [0, 1]).estimate.round(1)
    array([-2.7,  0. ])
    """
    y, c = np.asarray(outcomes, dtype=float), np.asarray(weights, dtype=float)
    squares, profile = _profiles(model, y)
    best = profile.argmax(axis=0)
    estimate, unit_variance, df = np.empty(len(y)), np.empty(len(y)), np.empty(len(y))
    for place in np.unique(best):
        mine = best == place
        at, adjustment = model._grid[place], model._adjustment(int(place))
        plain = c @ at.covariance @ c
        gradient = np.array([c @ g @ c for g in adjustment.gradients])
        spread = gradient @ adjustment.parameter_covariance @ gradient
        estimate[mine] = y[mine] @ (c @ at.to_coefficients)
        unit_variance[mine] = max(plain, c @ adjustment.adjusted @ c)
        df[mine] = np.clip(2 * plain**2 / spread, LEAST_DF, model.spare_months)
    error = np.sqrt(squares[best, np.arange(len(y))] / model.spare_months * unit_variance)
    half = stats.t.ppf(0.5 + level / 2, df) * error
    return ManyContrasts(
        estimate=estimate,
        standard_error=error,
        df=df,
        low=estimate - half,
        high=estimate + half,
        correlation=model.correlations[best],
    )


def posterior_many(
    model: AutoregressiveModel,
    outcomes: ArrayLike,
    weights: Sequence[float] | Floats,
    *,
    level: float = 0.95,
) -> tuple[Floats, Floats, Floats]:
    """Average each outcome over the correlation: (N,) means, lows and highs.

    Parameters and errors are those of `contrast_many`.
    """
    y, c = np.asarray(outcomes, dtype=float), np.asarray(weights, dtype=float)
    squares, profile = _profiles(model, y)
    belief = np.exp(profile - profile.max(axis=0))
    belief /= belief.sum(axis=0)
    centres = np.stack([c @ at.to_coefficients for at in model._grid]) @ y.T
    unit = np.array([c @ at.covariance @ c for at in model._grid])
    scales = np.sqrt(squares / model.spare_months * unit[:, None])
    mean = np.sum(belief * centres, axis=0)
    reach = 60 * scales.max(axis=0)

    def excess(value: Floats, series: NDArray[np.intp], share: float) -> Floats:
        standard = (value - centres[:, series]) / scales[:, series]
        below = special.stdtr(model.spare_months, standard)
        return np.sum(belief[:, series] * below, axis=0) - share

    low, high = (
        elementwise.find_root(
            excess,
            (mean - reach, mean + reach),
            args=(np.arange(len(y)), share),
            tolerances={"xatol": 1e-12, "xrtol": 1e-14},
        ).x
        for share in ((1 - level) / 2, (1 + level) / 2)
    )
    return mean, low, high


def _profiles(model: AutoregressiveModel, y: Floats) -> tuple[Floats, Floats]:
    """(R, N) generalised residual sums of squares and restricted log likelihoods."""
    squares = np.stack([np.einsum("nt,nt->n", y @ at.projection, y) for at in model._grid])
    totals = np.einsum("nt,nt->n", y, y)
    if np.any(squares.min(axis=0) <= 1e-12 * np.maximum(totals, 1e-300)):
        raise UnidentifiedDesignError(
            "An outcome does not vary around the model at all, so no interval can be given. "
            "Check that every series holds measured values."
        )
    determinants = np.array([at.log_determinants for at in model._grid])
    return squares, -0.5 * (model.spare_months * np.log(squares) + determinants[:, None])
