"""Models of the outcome and of group membership, each with what one person does to it.

The influence of a person on a coefficient is their score times the inverse of the mean slope of the
scores (M-estimation; Stefanski and Boos 2002, The American Statistician 56: 29-38). Whatever is
worked out from coefficients inherits it, so that intervals count that models and weights were
estimated, need no right variance function, and can be summed over a cluster.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import statsmodels.api as sm
from numpy.typing import NDArray
from scipy import stats
from scipy.optimize import linprog
from scipy.special import expit

from woda_lib.evaluation.case_mix.errors import CaseMixError, OverlapError

Floats = NDArray[np.floating[Any]]
Family = Literal["gaussian", "gamma", "poisson", "binomial", "quantile"]

FAMILIES: tuple[Family, ...] = ("gaussian", "gamma", "poisson", "binomial", "quantile")

_CERTAIN = 1e-8
_INDISTINCT = 1e13


@dataclass(frozen=True, eq=False)
class OutcomeModel:
    """A fitted model of the outcome.

    Attributes
    ----------
    coefficients
        (k,).
    influence
        (people, k) of each person on each coefficient.
    mean, slope
        From a linear predictor to the mean (or quantile), and its derivative.
    """

    coefficients: Floats
    influence: Floats
    mean: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]

    def predict(self, design: Floats) -> Floats:
        """Return the mean (or quantile) for each row of a design."""
        return self.mean(design @ self.coefficients)

    def gradient(self, design: Floats) -> Floats:
        """Return (rows, k) derivatives of the predictions by the coefficients."""
        return self.slope(design @ self.coefficients)[:, None] * design


def fit_outcome(
    outcome: Floats, design: Floats, family: Family, quantile: float, name: str
) -> OutcomeModel:
    """Fit a generalised linear model, or a quantile regression.

    Parameters
    ----------
    outcome
        (people,).
    design
        (people, k), with its constant.
    family
        "gaussian" is linear; "gamma" and "poisson" have a logarithmic link, "binomial" a logit.
    quantile
        For the family "quantile".
    name
        Of the outcome, for errors.

    Raises
    ------
    CaseMixError
        If the outcome cannot come from the family, or the fit finds no end.
    """
    _refuse_outcome(outcome, family, name)
    if family == "quantile":
        return _fit_quantile(outcome, design, quantile)
    if family == "gaussian":
        coefficients = np.linalg.lstsq(design, outcome, rcond=None)[0]
    else:
        coefficients = _fit_glm(outcome, design, family, name)
    predictor = design @ coefficients
    mean, slope, variance = _LINKS[family]
    fitted = mean(predictor)
    weight = slope(predictor) / variance(fitted)
    scores = (weight * (outcome - fitted))[:, None] * design
    bread = design.T @ ((weight * slope(predictor))[:, None] * design) / len(outcome)
    return OutcomeModel(coefficients, _influence(bread, scores), mean, slope)


def _influence(bread: Floats, scores: Floats) -> Floats:
    """Return (people, k) influences; refuse coefficients that cannot be told apart."""
    size = np.sqrt(np.diag(bread))
    if size.min() == 0 or np.linalg.cond(bread / np.outer(size, size)) > _INDISTINCT:
        raise CaseMixError(
            "Two terms of the model cannot be told apart: a level may be found in one group or "
            "period only. Group rare levels, adjust for less, or leave `interactions` out."
        )
    return np.linalg.solve(bread, scores.T).T


def _fit_glm(outcome: Floats, design: Floats, family: Family, name: str) -> Floats:
    families = {
        "gamma": lambda: sm.families.Gamma(sm.families.links.Log()),
        "poisson": sm.families.Poisson,
        "binomial": sm.families.Binomial,
    }
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # of a separation, which is refused below
        try:
            result = sm.GLM(outcome, design, family=families[family]()).fit(maxiter=200)
            fitted = np.asarray(result.fittedvalues)
        except (np.linalg.LinAlgError, ValueError, FloatingPointError):
            result = None
    if (
        result is None
        or not result.converged
        or not np.isfinite(result.params).all()
        or (family == "binomial" and _certain(fitted))
    ):
        raise CaseMixError(
            f"The {family} model of {name!r} finds no end: some combination of the columns in "
            "`adjust` decides the outcome by itself. Adjust for less, or group rare levels."
        )
    return np.asarray(result.params)


def _certain(chances: Floats) -> bool:
    return bool(np.min(np.minimum(chances, 1 - chances)) < _CERTAIN)


def _fit_quantile(outcome: Floats, design: Floats, quantile: float) -> OutcomeModel:
    """Solve the dual linear programme (Koenker 2005, section 6.2).

    It is exact, and on 20,000 people 40 times as fast as statsmodels' reweighted least squares.
    """
    solved = linprog(
        -outcome,
        A_eq=design.T,
        b_eq=(1 - quantile) * design.sum(axis=0),
        bounds=(0, 1),
        method="highs",
    )
    coefficients = -solved.eqlin.marginals
    residuals = outcome - design @ coefficients
    scores = (quantile - (residuals < 0))[:, None] * design
    near = np.abs(residuals) < bandwidth(residuals, quantile)
    bread = (design * near[:, None]).T @ design
    bread /= 2 * bandwidth(residuals, quantile) * len(outcome)
    mean, slope, _ = _LINKS["gaussian"]
    return OutcomeModel(coefficients, _influence(bread, scores), mean, slope)


def bandwidth(residuals: Floats, quantile: float) -> float:
    """Return how far from nought residuals count as near it.

    Hall and Sheather's (1988, Journal of the Royal Statistical Society B 50: 381-391) width on the
    scale of probabilities, carried to the residuals' scale as Koenker (2005, Quantile Regression,
    section 3.4.2) does.
    """
    n = len(residuals)
    normal = stats.norm.ppf(quantile)
    width = n ** (-1 / 3) * stats.norm.ppf(0.975) ** (2 / 3)
    width *= (1.5 * stats.norm.pdf(normal) ** 2 / (2 * normal**2 + 1)) ** (1 / 3)
    width = min(width, 0.95 * min(quantile, 1 - quantile))
    spread = min(residuals.std(), stats.iqr(residuals) / 1.34) or residuals.std()
    reach = stats.norm.ppf(quantile + width) - stats.norm.ppf(quantile - width)
    return float(reach * spread)


def _refuse_outcome(outcome: Floats, family: Family, name: str) -> None:
    if np.ptp(outcome) == 0:
        raise CaseMixError(
            f"The outcome {name!r} is the same in every row, so no difference can be estimated."
        )
    if family == "gamma" and outcome.min() <= 0:
        raise CaseMixError(
            f"The outcome {name!r} is nought or negative in {int((outcome <= 0).sum())} rows, and "
            'a gamma model knows only more than nought. Use `family="poisson"`, which has the same '
            "logarithmic link and allows nought."
        )
    if family == "poisson" and outcome.min() < 0:
        raise CaseMixError(
            f"The outcome {name!r} is negative in {int((outcome < 0).sum())} rows, and a model "
            'with a logarithmic link knows no negative means. Use `family="gaussian"`.'
        )
    if family == "binomial" and not np.isin(outcome, (0, 1)).all():
        raise CaseMixError(
            f"The outcome {name!r} must be 0 or 1 (or false or true) for a binomial model."
        )


_LINKS: dict[str, tuple[Callable[..., Floats], Callable[..., Floats], Callable[..., Floats]]] = {
    "gaussian": (lambda eta: eta, np.ones_like, np.ones_like),
    "gamma": (np.exp, np.exp, lambda mu: mu**2),
    "poisson": (np.exp, np.exp, lambda mu: mu),
    "binomial": (expit, lambda eta: expit(eta) * expit(-eta), lambda mu: mu * (1 - mu)),
}


@dataclass(frozen=True, eq=False)
class Propensity:
    """The chance of being in the group compared, given what people bring with them.

    Attributes
    ----------
    chance
        (people,).
    design
        (people, k), with its constant.
    influence
        (people, k) on the coefficients.
    """

    chance: Floats
    design: Floats
    influence: Floats


def fit_propensity(compared: NDArray[np.bool_], terms: Floats) -> Propensity:
    """Fit a logistic model of group membership.

    Raises
    ------
    OverlapError
        If what people bring with them decides for some which group they are in.
    """
    design = np.column_stack([np.ones(len(terms)), terms])
    try:
        coefficients = _fit_glm(compared.astype(float), design, "binomial", "group")
    except CaseMixError:
        raise OverlapError(
            "For some people the columns in `adjust` decide which group they are in, so there is "
            "nobody to compare them with and their weights would have no bound. Merge levels that "
            "only one group has, leave out such people, or adjust for less."
        ) from None
    chance = expit(design @ coefficients)
    scores = (compared - chance)[:, None] * design
    bread = design.T @ ((chance * (1 - chance))[:, None] * design) / len(design)
    return Propensity(chance, design, _influence(bread, scores))
