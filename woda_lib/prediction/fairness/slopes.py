"""Calibration slopes: by how much does what happened follow what was predicted, in each group?

Cox (1958, Biometrika 45: 562-565) regresses the outcome on the log-odds of what was predicted: a
slope of one says that risks are as far apart as they should be, under one that they are too far
apart. Errors are robust, by household (Liang and Zeger 1986, Biometrika 73: 13-22).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit, logit

Floats = npt.NDArray[np.float64]

_STEPS = 50
_NEAR_ZERO = 1e-6


def log_odds(risk: Floats) -> Floats:
    """Return the log-odds of risks, those of nought and one drawn in by a millionth."""
    return np.asarray(logit(np.clip(risk, _NEAR_ZERO, 1 - _NEAR_ZERO)), dtype=float)


def calibration_slope(
    risk: Floats, happened: npt.NDArray[np.bool_], household: pd.Series
) -> tuple[float, float]:
    """Return the slope and its standard error; not a number where there is none to be had."""
    x = np.column_stack([np.ones(len(risk)), log_odds(risk)])
    if happened.all() or not happened.any() or np.ptp(x[:, 1]) == 0:
        return np.nan, np.nan
    beta, covariance = clustered_logistic(x, happened.astype(float), household)
    return float(beta[1]), float(np.sqrt(covariance[1, 1]))


def clustered_logistic(x: Floats, y: Floats, cluster: pd.Series) -> tuple[Floats, Floats]:
    """Fit a logistic regression by Newton's method, its covariance robust by cluster.

    statsmodels gives the same numbers; on a county's rows and thirty groups this is what can be
    waited for.
    """
    beta = np.zeros(x.shape[1])
    for _ in range(_STEPS):
        p = expit(x @ beta)
        bread = np.linalg.inv((x * (p * (1 - p))[:, None]).T @ x)
        step = bread @ (x.T @ (y - p))
        beta = beta + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-9:
            break
    code, names = pd.factorize(cluster)
    residual = x * (y - expit(x @ beta))[:, None]
    scores = np.column_stack([np.bincount(code, weights=column) for column in residual.T])
    few = len(names) / (len(names) - 1) * (len(y) - 1) / (len(y) - x.shape[1])
    return beta, few * bread @ (scores.T @ scores) @ bread
