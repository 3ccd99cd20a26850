"""The named ways to take the errors of a series, each of which gives a fit with intervals.

================= ================================================================================
reml-ar1          the recipe of `autoregressive`, the default: covers what it promises
ols               ordinary least squares, t: ignores that neighbours are alike
newey-west        the same with a covariance robust to correlation over a few lags, t; takes the
                  steps on either side of a gap for neighbours
prais-winsten     generalised least squares at the residuals' own correlation, iterated, t
arima             AR(1) errors by maximum likelihood in state-space form, normal
local-level       a level that wanders as a random walk, besides noise: the structural model of
                  Harvey and Durbin (1986, JRSS A 149: 187-227), normal. For long series
glm               counts only: the Poisson, quasi-Poisson or negative binomial model's own errors
================= ================================================================================

All but the first are statsmodels', and are here so that they can be stood beside it.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
import pandas as pd
import statsmodels.api as sm
from numpy.typing import NDArray
from scipy import stats
from statsmodels.tools.sm_exceptions import ModelWarning

from woda_lib.evaluation.at_correlation import whiten
from woda_lib.evaluation.autoregressive import AutoregressiveModel, Contrast
from woda_lib.evaluation.segments import SegmentedDesign
from woda_lib.evaluation.time_series import SeriesError, TimeSeries

Floats = NDArray[np.floating[Any]]
Errors = Literal["reml-ar1", "ols", "newey-west", "prais-winsten", "arima", "local-level", "glm"]
Family = Literal["gaussian", "poisson", "quasi-poisson", "negative-binomial"]

STRONGEST_CORRELATION = 0.95


class Fit(Protocol):
    """What every fit answers."""

    @property
    def coefficients(self) -> Floats:
        """(k,) in the order of the design."""

    @property
    def fitted(self) -> Floats:
        """(T,) on the scale that was modelled."""

    def contrast(self, weights: Sequence[float] | Floats, *, level: float = 0.95) -> Contrast:
        """Estimate a weighted sum of coefficients."""


@dataclass(frozen=True, eq=False)
class PlainFit:
    """Coefficients with their covariance, and t or normal intervals from it.

    Attributes
    ----------
    design
        (T, k) what was fitted.
    coefficients
        (k,)
    covariance
        (k, k)
    df
        Degrees of freedom; infinite for a normal interval.
    """

    design: Floats
    coefficients: Floats
    covariance: Floats
    df: float

    @property
    def fitted(self) -> Floats:
        """(T,) on the scale that was modelled."""
        return self.design @ self.coefficients

    def contrast(self, weights: Sequence[float] | Floats, *, level: float = 0.95) -> Contrast:
        """Estimate a weighted sum of coefficients; see `AutoregressiveFit.contrast`."""
        c = np.asarray(weights, dtype=float)
        estimate = float(c @ self.coefficients)
        error = float(np.sqrt(max(c @ self.covariance @ c, 0.0)))
        known = stats.norm() if np.isinf(self.df) else stats.t(self.df)
        half = float(known.ppf(0.5 + level / 2)) * error
        return Contrast(
            estimate=estimate,
            standard_error=error,
            df=self.df,
            low=estimate - half,
            high=estimate + half,
            p_value=float(2 * known.sf(abs(estimate) / error)) if error > 0 else np.nan,
        )


@dataclass(frozen=True, eq=False)
class LocalLevelFit:
    """A fit whose level is another one at each time.

    Attributes
    ----------
    design
        (T, k), its first column the level.
    states, covariances
        (T, k) and (T, k, k): smoothed level of each time, and coefficients, which are the same at
        all times.
    """

    design: Floats
    states: Floats
    covariances: Floats

    @property
    def coefficients(self) -> Floats:
        """(k,) with the level of the last time."""
        return self.states[-1]

    @property
    def fitted(self) -> Floats:
        """(T,) on the scale that was modelled."""
        return np.einsum("tk,tk->t", self.design, self.states)

    def contrast(self, weights: Sequence[float] | Floats, *, level: float = 0.95) -> Contrast:
        """Estimate a weighted sum of coefficients, the level being that of the last time."""
        return self.at(-1).contrast(weights, level=level)

    def at(self, place: int) -> PlainFit:
        """Return what is known at one time."""
        return PlainFit(self.design, self.states[place], self.covariances[place], np.inf)


def along(fit: Fit, rows: Floats, *, level: float) -> list[Contrast]:
    """Return the mean at each time for the rows of a design, with how well it is known."""
    if isinstance(fit, LocalLevelFit):
        return [fit.at(t).contrast(row, level=level) for t, row in enumerate(rows)]
    return [fit.contrast(row, level=level) for row in rows]


def fit_series(
    series: TimeSeries, design: SegmentedDesign, *, errors: Errors, family: Family = "gaussian"
) -> Fit:
    """Fit a design to a series.

    Parameters
    ----------
    series, design
        As they are.
    errors
        Which of the ways above.
    family
        Of a count model, for "glm" and "newey-west".

    Raises
    ------
    TooFewMonthsError, UnidentifiedDesignError
        If the series cannot carry the model, whichever way is chosen.
    SeriesError
        If a count model does not converge.
    """
    model = AutoregressiveModel(design.matrix, at=series.positions)
    recipe = model.fit(series.modelled)
    match errors:
        case "reml-ar1":
            return recipe
        case "ols":
            result = sm.OLS(series.modelled, design.matrix).fit()
        case "newey-west" if family == "gaussian" or series.control is not None:
            result = sm.OLS(series.modelled, design.matrix).fit(**_robust(len(series)))
        case "newey-west":
            return _glm(series, design, family, **_robust(len(series)))
        case "prais-winsten":
            result = _prais_winsten(series, design.matrix)
        case "arima":
            return _arima(series, design)
        case "local-level":
            return _local_level(series, design)
        case "glm":
            return _glm(series, design, family)
    return PlainFit(
        design.matrix,
        np.asarray(result.params),
        np.asarray(result.cov_params()),
        float(result.df_resid),
    )


def newey_west_lags(points: int) -> int:
    """Return the lags of Newey and West's rule of thumb, 4 (T / 100)^(2/9), in whole steps."""
    return int(4 * (points / 100) ** (2 / 9))


def _robust(points: int) -> dict[str, Any]:
    lags = {"maxlags": newey_west_lags(points), "use_correction": True}
    return {"cov_type": "HAC", "cov_kwds": lags, "use_t": True}


def _prais_winsten(
    series: TimeSeries, x: Floats
) -> sm.regression.linear_model.RegressionResultsWrapper:
    """Generalised least squares at the residuals' own first autocorrelation, until it settles.

    statsmodels' GLSAR drops the first point (Cochrane and Orcutt); Prais and Winsten (1954, Cowles
    Commission discussion paper 383) keep it, which on a short series matters.
    """
    y, gaps = series.modelled, np.diff(series.positions)
    neighbours = gaps == 1
    correlation, result = 0.0, sm.OLS(y, x).fit()
    for _ in range(100):
        residuals = y - x @ result.params
        pairs = residuals[1:][neighbours] @ residuals[:-1][neighbours]
        found = float(pairs / (residuals[:-1][neighbours] @ residuals[:-1][neighbours]))
        found = float(np.clip(found, -STRONGEST_CORRELATION, STRONGEST_CORRELATION))
        result = sm.OLS(whiten(y, found**gaps), whiten(x, found**gaps)).fit()
        if abs(found - correlation) < 1e-8:
            break
        correlation = found
    return result


def _arima(series: TimeSeries, design: SegmentedDesign) -> Fit:
    """Regression with AR(1) errors; steps that were left out are missing values."""
    y, x, _ = _whole(series, design)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scale = float(np.nanstd(y))  # of the order of 1 the search for the maximum stops in time
        result = sm.tsa.SARIMAX(y / scale, exog=x, order=(1, 0, 0)).fit(disp=False, maxiter=500)
    if not result.mle_retvals["converged"]:
        raise SeriesError(
            "The ARIMA model did not converge on this series. Use the default errors, reml-ar1."
        )
    terms = design.matrix.shape[1]
    covariance = scale**2 * np.asarray(result.cov_params())[:terms, :terms]
    return PlainFit(design.matrix, scale * np.asarray(result.params)[:terms], covariance, np.inf)


def _local_level(series: TimeSeries, design: SegmentedDesign) -> Fit:
    """Random walk and noise; coefficients are states, so that none is taken for known."""
    y, x, at = _whole(series, design)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scale = float(np.nanstd(y))
        model = sm.tsa.UnobservedComponents(
            y / scale, "llevel", exog=x[:, 1:], mle_regression=False
        )
        result = model.fit(disp=False, maxiter=500)
    if not result.mle_retvals["converged"]:
        raise SeriesError(
            "The local-level model did not converge on this series. Use the default errors."
        )
    states = scale * result.smoothed_state.T[at]
    covariances = scale**2 * result.smoothed_state_cov.transpose(2, 0, 1)[at]
    return LocalLevelFit(design.matrix, states, covariances)


def _whole(series: TimeSeries, design: SegmentedDesign) -> tuple[Floats, Floats, NDArray[Any]]:
    """Return outcome and design at every step, and where the series' own lie among them."""
    whole = np.arange(series.positions[0], series.positions[-1] + 1)
    at = np.searchsorted(whole, series.positions)
    y = np.full(len(whole), np.nan)
    y[at] = series.modelled
    # What a step left out would have had in the design does not matter: its outcome is missing.
    x = pd.DataFrame(design.matrix).set_axis(at).reindex(range(len(whole))).ffill().to_numpy()
    return y, x, at


def _glm(series: TimeSeries, design: SegmentedDesign, family: Family, **robust: Any) -> Fit:
    """A log-linear count model with the log of the exposure as its offset."""
    y, x, offset = series.outcome, design.matrix, np.log(series.exposure)
    changed = x[:, design.names.index("step")] != 0
    if not y[changed].any() or not y[~changed].any():
        raise SeriesError(
            "There is no event at all with the change, or none without it, so that a count model's "
            "log ratio is infinite. Use the default errors, or longer steps."
        )
    poisson = sm.GLM(y, x, family=sm.families.Poisson(), offset=offset)
    scale = {"scale": "X2"} if family == "quasi-poisson" and not robust else {}
    result = poisson.fit(maxiter=200, **scale, **robust)
    if family == "negative-binomial" and np.sum((y - result.mu) ** 2 - y) > 0:
        # Where the sum is not positive the likelihood falls from the Poisson model on, which is
        # then the negative binomial that fits best.
        result = _negative_binomial(y, x, offset, start=result.params, **robust)
    terms = x.shape[1]
    df = float(len(y) - terms) if robust or family == "quasi-poisson" else np.inf
    covariance = np.asarray(result.cov_params())[:terms, :terms]
    return PlainFit(x, np.asarray(result.params)[:terms], covariance, df)


def _negative_binomial(
    y: Floats, x: Floats, offset: Floats, *, start: Floats, **robust: Any
) -> sm.discrete.discrete_model.NegativeBinomialResultsWrapper:
    model = sm.NegativeBinomial(y, x, offset=offset)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", ModelWarning)
            warnings.simplefilter("ignore", RuntimeWarning)
            return model.fit(
                start_params=np.append(start, 0.05), disp=0, maxiter=500, method="bfgs", **robust
            )
    except (ModelWarning, np.linalg.LinAlgError):
        raise SeriesError(
            "The negative binomial model did not converge on this series. Use quasi-poisson, or "
            "the default errors."
        ) from None
