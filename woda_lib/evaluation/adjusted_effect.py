"""One group against its controls, with covariates: regression and doubly robust.

Groups that differ in age or size may move differently without any treatment. Two adjustments assume
parallel movement only among units of equal covariates:

- *regression*: the movement of the controls is regressed on the covariates, and predicted for the
  treated (Heckman, Ichimura and Todd 1997, Review of Economic Studies 64: 605-654);
- *doubly robust*: the controls are weighted besides by how alike they are to the treated, so that
  the estimate is right if either the regression or the weights are (Sant'Anna and Zhao 2020,
  Journal of Econometrics 219: 101-122).

Each function returns the effect and the influence of each unit, which counts that the regressions
were estimated too; the variance of the effect is the sum of the squared influences.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from woda_lib.evaluation.adoption import AdoptionError

Floats = NDArray[np.floating[Any]]
Booleans = NDArray[np.bool_]

ALMOST_SURE = 0.999
STEPS = 100


def adjusted_change(
    *,
    change: Floats,
    treated: Booleans,
    covariates: Floats,
    weight: Floats,
    adjust_by: Literal["doubly-robust", "regression"],
) -> tuple[float, Floats]:
    """Compare the changes of treated units with those of controls of equal covariates.

    Parameters
    ----------
    change
        (units,) outcome after less outcome before.
    treated
        (units,) whether a unit is treated.
    covariates
        (units, covariates) before treatment.
    weight
        (units,) weights.
    adjust_by
        How.

    Raises
    ------
    AdoptionError
        If the controls are too few or too unlike the treated.
    """
    n = len(change)
    x = np.column_stack([np.ones(n), covariates])
    beta, ols = _regression(change, x, weight * ~treated)
    distance = change - x @ beta
    w_treated = weight * treated
    if adjust_by == "regression":
        effect = float(np.average(distance, weights=w_treated))
        moved = w_treated * (distance - effect) - ols @ (w_treated @ x / n)
        return effect, moved / w_treated.mean() / n
    chance, logit = _propensity(treated, x, weight)
    w_control = np.where(treated, 0.0, weight * chance / (1 - chance))
    mean_treated = float(np.average(distance, weights=w_treated))
    mean_control = float(np.average(distance, weights=w_control))
    from_treated = w_treated * (distance - mean_treated) - ols @ (w_treated @ x / n)
    from_control = (
        w_control * (distance - mean_control)
        + logit @ ((w_control * (distance - mean_control)) @ x / n)
        - ols @ (w_control @ x / n)
    )
    influence = from_treated / w_treated.mean() - from_control / w_control.mean()
    return mean_treated - mean_control, influence / n


def adjusted_cross_sections(
    *, outcome: Floats, later: Booleans, treated: Booleans, covariates: Floats, weight: Floats
) -> tuple[float, Floats]:
    """Compare treated with control rows of two periods by regression on covariates.

    Parameters
    ----------
    outcome
        (rows,) outcomes.
    later
        (rows,) whether a row is of the period of interest, and not of the base.
    treated, covariates, weight
        As in `adjusted_change`, of rows.
    """
    n = len(outcome)
    x = np.column_stack([np.ones(n), covariates])
    beta_after, ols_after = _regression(outcome, x, weight * (~treated & later))
    beta_before, ols_before = _regression(outcome, x, weight * (~treated & ~later))
    w_after, w_before, w_all = (
        weight * (treated & later),
        weight * (treated & ~later),
        weight * treated,
    )
    mean_after = float(np.average(outcome, weights=w_after))
    mean_before = float(np.average(outcome, weights=w_before))
    expected = x @ (beta_after - beta_before)
    moved = float(np.average(expected, weights=w_all))
    middle = w_all @ x / n
    influence = (
        w_after * (outcome - mean_after) / w_after.mean()
        - w_before * (outcome - mean_before) / w_before.mean()
        - (w_all * (expected - moved) + (ols_after - ols_before) @ middle) / w_all.mean()
    )
    return mean_after - mean_before - moved, influence / n


def _regression(y: Floats, x: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Weighted least squares: coefficients, and (rows, coefficients) influences on them."""
    information = (x * weight[:, None]).T @ x / len(y)
    if np.linalg.matrix_rank(information) < x.shape[1]:
        raise AdoptionError(
            f"The controls cannot tell the {x.shape[1] - 1} covariates apart: some are constant "
            "among them, repeat each other, or outnumber the controls. Adjust for fewer."
        )
    inverse = np.linalg.inv(information)
    beta = inverse @ (x.T @ (weight * y)) / len(y)
    return beta, (x * (weight * (y - x @ beta))[:, None]) @ inverse


def _propensity(treated: Booleans, x: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Logistic chance of being treated, and (rows, coefficients) influences on its coefficients."""
    n = len(treated)
    beta = np.zeros(x.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-np.clip(x @ beta, -500, 500)))
        information = (x * (weight * chance * (1 - chance))[:, None]).T @ x / n
        if np.linalg.cond(information) > 1e14:
            break
        step = np.linalg.solve(information, x.T @ (weight * (treated - chance)) / n)
        beta = beta + step
        if np.abs(step).max() < 1e-10 * (1 + np.abs(beta).max()):
            inverse = np.linalg.inv(information)
            if chance[treated].max() > ALMOST_SURE or chance[~treated].max() > ALMOST_SURE:
                break
            return chance, (x * (weight * (treated - chance))[:, None]) @ inverse
    raise AdoptionError(
        "The covariates tell treated units and controls apart almost surely, so no control is like "
        'the treated and the doubly robust weights break down. Set adjust_by="regression", or '
        "adjust for fewer covariates."
    )
