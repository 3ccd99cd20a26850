"""What the mixture should share with the treated unit: predictors, and how much each one counts.

A predictor is a column's mean over a window before the start. How much each counts (the matrix V of
Abadie, Diamond and Hainmueller 2010, JASA 105: 493-505) is either

- *fit*: searched for so that the resulting mixture follows the treated unit's outcome before the
  start as closely as any does that these predictors lead to;
- *regression*: the sum of squares of a predictor's coefficients when the outcomes of each period
  before the start are regressed on all predictors, the default of Stata's `synth`;
- *equal*: each counts the same, in units of its standard deviation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from numba import njit
from numpy.typing import NDArray
from scipy.optimize import minimize

from woda_lib.evaluation.donors.nearest import least_norm
from woda_lib.evaluation.donors.panel import DonorError, Panel

Floats = NDArray[np.floating[Any]]
Importance = Literal["fit", "regression", "equal"]
Predictor = str | tuple[Any, ...]

_LEAST = 1e-7
_DRAWS = 400
_WALKS = 4
_STEPS = 400
_SEED = 2010


def predictor_table(
    frame: pd.DataFrame, panel: Panel, predictors: Sequence[Predictor]
) -> pd.DataFrame:
    """Work out every predictor of every unit.

    Parameters
    ----------
    frame
        The caller's table.
    panel
        Its units and periods.
    predictors
        Names of columns, averaged over all periods before the start; or tuples `(column, time)` for
        the value at one time and `(column, first, last)` for the mean over a window, both ends
        included.

    Returns
    -------
    DataFrame
        One row a predictor, one column a unit, the treated unit first.

    Raises
    ------
    DonorError
        If a window holds no period, reaches to the start, or leaves a unit without a value; or if
        all units are alike.
    """
    if isinstance(predictors, str):
        raise DonorError("`predictors` must be a list, even where there is one.")
    rows = {}
    for predictor in predictors:
        column, *window = predictor if isinstance(predictor, tuple) else (predictor,)
        if column not in frame.columns or len(window) > 2:
            raise DonorError(
                f"`predictors` must hold names of columns, (column, time) or (column, first, "
                f"last), and {predictor!r} is none of these."
            )
        inside, name = _window(panel, str(column), window)
        means = panel.values(frame[column], str(column)).iloc[inside].mean()
        if means.isna().any():
            raise DonorError(
                f"The predictor {name!r} has no value at all for {int(means.isna().sum())} of the "
                f"{len(means)} units in its window. Widen the window, or leave the units out with "
                "`donors`."
            )
        if np.ptp(means.to_numpy()) == 0:
            raise DonorError(f"The predictor {name!r} is the same for every unit. Leave it out.")
        rows[name] = means
    return pd.DataFrame(rows).T


def _window(panel: Panel, column: str, window: list[Any]) -> tuple[NDArray[np.intp], str]:
    positions = panel.positions
    if not window:
        return np.arange(panel.before), column
    ends = [panel.axis.place(time, argument="predictors") for time in (window[0], window[-1])]
    inside = np.flatnonzero((positions > ends[0] - 0.5) & (positions < ends[1] + 0.5))
    named = " to ".join(panel.axis.say(end) for end in dict.fromkeys(ends))
    if len(inside) == 0:
        raise DonorError(f"The table has no period in the predictor's window {column!r}, {named}.")
    if inside[-1] >= panel.before:
        raise DonorError(
            f"The predictor {column!r}, {named}, reaches to or past the start, where the change "
            "may have moved it. End its window earlier."
        )
    return inside, f"{column}, {named}"


def predicted_weights(
    table: Floats, outcomes: Floats, importance: Importance
) -> tuple[Floats, Floats]:
    """Return the donors' weights and how much each predictor counts.

    Parameters
    ----------
    table
        (predictors, units), the unit to be followed first.
    outcomes
        (units, periods before the start), in the same order.
    importance
        How predictors are weighed.

    Returns
    -------
    tuple
        (donors,) weights and (predictors,) shares of sum 1.
    """
    spread = table.std(axis=1, ddof=1, keepdims=True)
    scaled = table / np.where(spread > 0, spread, 1.0)  # of placebos: donors may all be alike
    apart = np.ascontiguousarray(scaled[:, 1:] - scaled[:, [0]])
    gaps = np.ascontiguousarray(outcomes[1:] - outcomes[0])
    equal = np.full(len(table), 1 / len(table))
    shares = equal if importance == "equal" else _regression_shares(scaled, outcomes)
    if importance == "fit":
        shares = _searched(lambda tried: _misfit(apart, gaps, tried), (shares, equal))
    return _mixed(apart, shares), shares


@njit(nogil=True, cache=True)
def _mixed(apart: Floats, shares: Floats) -> Floats:
    """Return the weights that bring the predictors nearest to nought, each as much as it counts."""
    return least_norm(apart.T @ (apart * shares.reshape(-1, 1)))


@njit(nogil=True, cache=True)
def _misfit(apart: Floats, gaps: Floats, shares: Floats) -> float:
    """Return the squared gap before the start that the predictors' mixture leaves."""
    left = gaps.T @ _mixed(apart, shares)
    return float(left @ left)


def _regression_shares(scaled: Floats, outcomes: Floats) -> Floats:
    design = np.column_stack([np.ones(scaled.shape[1]), scaled.T])
    coefficients = np.linalg.lstsq(design, outcomes, rcond=None)[0][1:]
    squares = (coefficients**2).sum(axis=1)
    return squares / squares.sum() if squares.sum() > 0 else np.full(len(scaled), 1 / len(scaled))


def _searched(loss: Callable[[Floats], float], starts: Sequence[Floats]) -> Floats:
    """Look for shares with a smaller loss.

    The loss has kinks, flat stretches and many valleys. So the starts and a few hundred shares
    drawn at random (always the same) are tried, a simplex walks from the best of them, and the best
    end is searched on, direction by direction. No share is ever nought: predictors that hardly
    count still decide between mixtures that are equally near in those that do.
    """
    size = len(starts[0])
    span = np.log(_LEAST)
    drawn = np.random.default_rng(_SEED).uniform(span, 0.0, size=(_DRAWS, size))
    tried = np.vstack([np.log(np.array(starts) + _LEAST), drawn])
    scale = loss(starts[1]) or 1.0

    def of_logs(logs: Floats) -> float:
        return loss(_shares(logs)) / scale

    best = tried[np.argsort([of_logs(logs) for logs in tried], kind="stable")[:_WALKS]]
    walks = []
    for first in best:
        corners = first + np.vstack([np.zeros(size), 2 * np.eye(size)])
        options = {"maxfev": _STEPS, "xatol": 1e-4, "fatol": 1e-8, "initial_simplex": corners}
        walks.append(minimize(of_logs, first, method="Nelder-Mead", options=options))
    end = min(walks, key=lambda walk: walk.fun).x
    return _shares(minimize(of_logs, end, method="Powell", options={"maxfev": _STEPS}).x)


def _shares(logs: Floats) -> Floats:
    raised = np.exp(logs - logs.max())
    floored = raised / raised.sum() + _LEAST
    return floored / floored.sum()
