"""From a booster's log odds to a risk that means what it says, kept as a few plain numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from scipy.special import expit
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from woda_lib.prediction.errors import PredictionError

Method = Literal["logistic", "isotonic"]

EVENTS_FOR_ISOTONIC = 1000
"""Below this, isotonic regression overfits (Niculescu-Mizil and Caruana, ICML 2005, section 5)."""

LEAST_RISK = 1e-6
"""No risk is said to be nought or certain."""


@dataclass(frozen=True)
class Calibration:
    """A curve from log odds to risk.

    Attributes
    ----------
    method
        ``logistic``: risk = 1 / (1 + exp(-(intercept + slope × log odds))) (Platt, 1999).
        ``isotonic``: risk lies on straight lines between the points (`odds`, `risks`), level
        outside them.
    intercept, slope
        Of the logistic curve.
    odds, risks
        Points of the isotonic curve, both ascending.
    why
        A sentence: by which rule the method was chosen.
    """

    method: Method
    intercept: float = 0.0
    slope: float = 1.0
    odds: tuple[float, ...] = ()
    risks: tuple[float, ...] = ()
    why: str = ""

    def risk(self, log_odds: np.ndarray) -> np.ndarray:
        """Return the risk, between `LEAST_RISK` and 1 - `LEAST_RISK`."""
        if self.method == "logistic":
            risk = expit(self.intercept + self.slope * log_odds)
        else:
            risk = np.interp(log_odds, self.odds, self.risks)
        return np.clip(risk, LEAST_RISK, 1 - LEAST_RISK)

    def plain(self) -> dict[str, Any]:
        """Return it as a dictionary that JSON can hold."""
        return {**asdict(self), "odds": list(self.odds), "risks": list(self.risks)}

    @classmethod
    def read(cls, plain: dict[str, Any]) -> Calibration:
        """Return what `plain` wrote."""
        lists = {name: tuple(plain[name]) for name in ("odds", "risks")}
        return cls(**{**plain, **lists})


def calibrate(
    log_odds: np.ndarray, happened: np.ndarray, fold: np.ndarray
) -> tuple[Calibration, np.ndarray]:
    """Choose the curve on predictions for households that the booster was not fitted to.

    The rule: the logistic curve, which keeps the order of households, unless there are
    `EVENTS_FOR_ISOTONIC` events and the isotonic curve's log loss, each fold judged by a curve
    fitted to the others, is lower by more than one standard error of the folds' differences.

    Parameters
    ----------
    log_odds, happened, fold
        A value a row: out-of-fold log odds, 0 or 1, and the fold, all rows of a household in one.

    Returns
    -------
    Calibration
        Fitted to all rows.
    ndarray
        The risk of each row by the curve of the other folds, so that no row helped to calibrate
        itself.

    Raises
    ------
    PredictionError
        If higher log odds do not go with more events: there is nothing to calibrate.
    """
    makers = {"logistic": _logistic}
    if happened.sum() >= EVENTS_FOR_ISOTONIC:
        makers["isotonic"] = _isotonic
    crossed = {method: _crossed(make, log_odds, happened, fold) for method, make in makers.items()}
    method, why = _choose(crossed, happened, fold)
    chosen = makers[method](log_odds, happened)
    if chosen.method == "logistic" and chosen.slope <= 0:
        raise PredictionError(
            "Households that the model calls riskier have the outcome no more often, on those "
            "that it was not fitted to. There is no signal in these features: do not use a model."
        )
    return Calibration(**{**asdict(chosen), "why": why}), crossed[method]


def _choose(
    crossed: dict[str, np.ndarray], happened: np.ndarray, fold: np.ndarray
) -> tuple[str, str]:
    events = int(happened.sum())
    if "isotonic" not in crossed:
        return "logistic", (
            f"Logistic: there are {events:,} events, and isotonic regression needs "
            f"{EVENTS_FOR_ISOTONIC:,}."
        )
    gains = np.array(
        [
            _loss(crossed["logistic"], happened, fold == number)
            - _loss(crossed["isotonic"], happened, fold == number)
            for number in np.unique(fold)
        ]
    )
    error = gains.std(ddof=1) / np.sqrt(len(gains))
    told = (
        f"the isotonic curve's log loss is lower by {gains.mean():.6f} (standard error {error:.6f})"
    )
    if gains.mean() > error:
        return "isotonic", f"Isotonic: on households of other folds {told}."
    return "logistic", f"Logistic, which keeps the order: on households of other folds {told}."


def _crossed(make: Any, log_odds: np.ndarray, happened: np.ndarray, fold: np.ndarray) -> np.ndarray:
    risk = np.empty(len(log_odds))
    for number in np.unique(fold):
        held = fold == number
        risk[held] = make(log_odds[~held], happened[~held]).risk(log_odds[held])
    return risk


def _logistic(log_odds: np.ndarray, happened: np.ndarray) -> Calibration:
    fitted = LogisticRegression(C=np.inf, tol=1e-8).fit(log_odds[:, None], happened)
    return Calibration("logistic", float(fitted.intercept_[0]), float(fitted.coef_[0, 0]))


def _isotonic(log_odds: np.ndarray, happened: np.ndarray) -> Calibration:
    fitted = IsotonicRegression(y_min=LEAST_RISK, y_max=1 - LEAST_RISK).fit(log_odds, happened)
    return Calibration(
        "isotonic", odds=_plain(fitted.X_thresholds_), risks=_plain(fitted.y_thresholds_)
    )


def _plain(values: Sequence[float]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def _loss(risk: np.ndarray, happened: np.ndarray, rows: np.ndarray) -> float:
    return float(log_loss(happened[rows], risk[rows]))
