"""Popular intervals for a regression, for thousands of outcomes that share one design.

Each takes a (T, k) design, (N, T) outcomes and the place of the coefficient, and returns (N,)
estimates, lows and highs of nominal 95% intervals.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from woda_lib.evaluation import AutoregressiveModel

Limits = tuple[np.ndarray, np.ndarray, np.ndarray]


def around(estimate: np.ndarray, error: np.ndarray, df: float | np.ndarray = np.inf) -> Limits:
    """Put a t interval around each estimate; a normal one without degrees of freedom."""
    half = stats.t.ppf(0.975, df) * error
    return estimate, estimate - half, estimate + half


def _least_squares(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(N, k) coefficients, (N, T) residuals and the (k, k) inverse of X'X."""
    inverse = np.linalg.inv(x.T @ x)
    coefficients = y @ x @ inverse
    return coefficients, y - coefficients @ x.T, inverse


def ordinary_least_squares(x: np.ndarray, y: np.ndarray, place: int) -> Limits:
    coefficients, residuals, inverse = _least_squares(x, y)
    spare = x.shape[0] - x.shape[1]
    error = np.sqrt(np.sum(residuals**2, axis=1) / spare * inverse[place, place])
    return around(coefficients[:, place], error, spare)


def newey_west(x: np.ndarray, y: np.ndarray, place: int, *, lags: int = 3) -> Limits:
    """Bartlett weights, multiplied by T / (T - k), t(T - k): "corrected"."""
    coefficients, residuals, inverse = _least_squares(x, y)
    scores = residuals * (x @ inverse[:, place])
    months, terms = x.shape
    variance = np.sum(scores**2, axis=1)
    for lag in range(1, lags + 1):
        weight = 1 - lag / (lags + 1)
        variance = variance + 2 * weight * np.sum(scores[:, lag:] * scores[:, :-lag], axis=1)
    error = np.sqrt(np.maximum(variance, 0) * months / (months - terms))
    return around(coefficients[:, place], error, months - terms)


def prais_winsten(x: np.ndarray, y: np.ndarray, place: int) -> Limits:
    """Iterated; the first month is kept. t(T - k)."""
    months, terms = x.shape
    coefficients, residuals, _ = _least_squares(x, y)
    for _ in range(8):
        now, before = residuals[:, 1:], residuals[:, :-1]
        correlation = np.sum(now * before, axis=1) / np.sum(before**2, axis=1)
        correlation = np.clip(correlation, -0.95, 0.95)
        first = np.sqrt(1 - correlation**2)
        z = np.concatenate(
            [first[:, None] * y[:, :1], y[:, 1:] - correlation[:, None] * y[:, :-1]], axis=1
        )
        w = np.concatenate(
            [
                first[:, None, None] * x[None, :1],
                x[None, 1:] - correlation[:, None, None] * x[None, :-1],
            ],
            axis=1,
        )
        inverse = np.linalg.inv(np.swapaxes(w, 1, 2) @ w)
        coefficients = np.einsum("nij,ntj,nt->ni", inverse, w, z, optimize=True)
        residuals = y - coefficients @ x.T
    innovations = z - np.einsum("ntj,nj->nt", w, coefficients)
    variance = np.sum(innovations**2, axis=1) / (months - terms)
    return around(
        coefficients[:, place], np.sqrt(variance * inverse[:, place, place]), months - terms
    )


def arima(x: np.ndarray, y: np.ndarray, place: int) -> Limits:
    """Regression with AR(1) errors by exact maximum likelihood, normal interval."""
    grid = np.round(np.arange(-0.95, 0.951, 0.025), 3)
    model = AutoregressiveModel(x, correlations=grid)
    squares = _squares(model, y)
    of_errors = np.array([(x.shape[0] - 1) * np.log(1 - rho**2) for rho in grid])
    likelihood = -0.5 * (x.shape[0] * np.log(squares) + of_errors[:, None])
    return _at(model, y, place, likelihood.argmax(axis=0), squares / x.shape[0], np.inf)


def reml(
    x: np.ndarray,
    y: np.ndarray,
    place: int,
    *,
    normal: bool = False,
    least: float = 0.0,
    penalty: float = 0.0,
) -> Limits:
    """Cousins of the recipe without Kenward and Roger's variance and degrees of freedom.

    The correlation is kept above `least`, or drawn away from nought by `penalty` times its log; the
    interval is normal, or t(T - k).
    """
    model = AutoregressiveModel(x)
    grid = model.correlations
    squares = _squares(model, y)
    determinants = np.array([at.log_determinants for at in model._grid])
    likelihood = -0.5 * (model.spare_months * np.log(squares) + determinants[:, None])
    likelihood += penalty * np.log(np.maximum(grid, 1e-3))[:, None]
    likelihood[grid < least - 1e-9] = -np.inf
    df = np.inf if normal else model.spare_months
    return _at(model, y, place, likelihood.argmax(axis=0), squares / model.spare_months, df)


def _squares(model: AutoregressiveModel, y: np.ndarray) -> np.ndarray:
    return np.stack([np.einsum("nt,nt->n", y @ at.projection, y) for at in model._grid])


def _at(
    model: AutoregressiveModel,
    y: np.ndarray,
    place: int,
    chosen: np.ndarray,
    variance: np.ndarray,
    df: float,
) -> Limits:
    """Generalised least squares of each outcome at the correlation chosen for it."""
    weights = np.stack([at.to_coefficients[place] for at in model._grid])
    unit = np.array([at.covariance[place, place] for at in model._grid])
    estimate = np.einsum("nt,nt->n", weights[chosen], y)
    return around(estimate, np.sqrt(variance[chosen, np.arange(len(y))] * unit[chosen]), df)


def people_at_once(
    x: np.ndarray, means: np.ndarray, counts: np.ndarray, place: int, *, person_sd: float
) -> dict[str, Limits]:
    """Regress people on their month's row of the design: independent, or clustered by month.

    People of a month share the row, so that its count and mean say all that the estimate and the
    clusters need; `person_sd` is the spread of people within a month.
    """
    months = x.shape[0]
    inverse = np.linalg.inv(np.einsum("nt,ti,tj->nij", counts, x, x, optimize=True))
    coefficients = np.einsum("nij,tj,nt,nt->ni", inverse, x, counts, means, optimize=True)
    residuals = means - coefficients @ x.T
    scores = counts * residuals * (inverse[:, place] @ x.T)
    within = person_sd**2 + np.sum(counts * residuals**2, axis=1) / counts.sum(axis=1)
    clustered = np.sum(scores**2, axis=1) * months / (months - 1)
    estimate = coefficients[:, place]
    return {
        "People, as if independent, z": around(
            estimate, np.sqrt(within * inverse[:, place, place])
        ),
        "People, clustered by month (CR1), t(T − 1)": around(
            estimate, np.sqrt(clustered), months - 1
        ),
    }


def count_models(x: np.ndarray, counts: np.ndarray, place: int) -> dict[str, Limits]:
    """Log-linear Poisson regression with its own errors, quasi-Poisson's, and Newey-West's."""
    months, terms = x.shape
    linear = np.log(counts + 0.5)
    for _ in range(15):
        mean = np.exp(linear)
        working = linear + (counts - mean) / mean
        inverse = np.linalg.inv(np.einsum("nt,ti,tj->nij", mean, x, x, optimize=True))
        coefficients = np.einsum("nij,tj,nt,nt->ni", inverse, x, mean, working, optimize=True)
        linear = coefficients @ x.T
    mean = np.exp(linear)
    estimate, error = coefficients[:, place], np.sqrt(inverse[:, place, place])
    dispersion = np.sum((counts - mean) ** 2 / mean, axis=1) / (months - terms)
    scores = (counts - mean) * (inverse[:, place] @ x.T)
    robust = np.sum(scores**2, axis=1)
    for lag in range(1, 4):
        robust = robust + 2 * (1 - lag / 4) * np.sum(scores[:, lag:] * scores[:, :-lag], axis=1)
    robust = np.sqrt(np.maximum(robust, 0) * months / (months - terms))
    return {
        "Poisson, z": around(estimate, error),
        "Quasi-Poisson, t(T − k)": around(estimate, error * np.sqrt(dispersion), months - terms),
        "Poisson, Newey–West 3 lags, t(T − k)": around(estimate, robust, months - terms),
    }
