"""What needs no model: a rule that a caseworker could apply, logistic regression, prevalence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from woda_lib.prediction.errors import PredictionError
from woda_lib.prediction.training.columns import KEYS, Feature, Registry, matrix, told
from woda_lib.prediction.training.splits import pair

NEEDS = (
    "education",
    "early_years",
    "health",
    "substances",
    "relationships",
    "abuse",
    "crime",
    "domestic_abuse",
    "housing",
    "money",
)
"""The ten headings of the National Supporting Families Outcome Framework, a feature each."""


def rule_points(frame: pd.DataFrame) -> pd.Series:
    """Return the points by which a caseworker would put households in order.

    First the number of the ten needs; of equal ones those with a statutory intervention in the
    look-back; of equal ones those with more police contacts (from 99 on alike). What is still
    equal has the same points: measures count a tie as breaking it by lot does on average, and a
    lot is drawn only where a list is.

    Parameters
    ----------
    frame
        The ten needs, `statutory_12m`, `police_contacts`. What is missing counts as nought, as it
        would on a caseworker's sheet.

    Returns
    -------
    Series of float, named ``rule``
        The whole part is the number of needs, an intervention half a point, a contact 0.004.

    Raises
    ------
    PredictionError
        If a column is missing.
    """
    lacking = [name for name in (*NEEDS, "statutory_12m", "police_contacts") if name not in frame]
    if lacking:
        raise PredictionError(
            f"The caseworker's rule needs the column {lacking[0]!r}, which is not among the "
            "features."
        )
    needs = frame[list(NEEDS)].fillna(0).gt(0).sum(axis=1)
    statutory = frame["statutory_12m"].fillna(0).gt(0)
    contacts = frame["police_contacts"].fillna(0).clip(0, 99)
    points = needs + 0.5 * statutory + 0.004 * contacts
    return points.rename("rule")


@dataclass(frozen=True)
class Baselines:
    """The three of them, fitted to training rows.

    Attributes
    ----------
    features
        What logistic regression is told: the same as the model.
    prevalence
        Share of the training rows in which it happened.
    """

    features: tuple[Feature, ...]
    prevalence: float
    _logistic: Any

    def scores(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return `rule` (points), `logistic` and `prevalence` (probabilities) of each row."""
        risk = self._logistic.predict_proba(matrix(frame, self.features))[:, 1]
        return pd.DataFrame(
            {
                "rule": rule_points(frame),
                "logistic": risk,
                "prevalence": self.prevalence,
            },
            index=frame.index,
        )


def fit_baselines(
    features: pd.DataFrame,
    outcomes: pd.DataFrame,
    feature_set: Registry | Sequence[Feature],
    *,
    outcome: str = "happened",
) -> Baselines:
    """Fit what stands beside the model to the same rows.

    Logistic regression: numbers standardised, missing ones set to the median with an indicator,
    categories a column a level, L2 with C = 1 (scikit-learn).

    Parameters
    ----------
    features, outcomes, feature_set, outcome
        As for `train`.

    Raises
    ------
    PredictionError
        As `train`.
    """
    rows, happened = pair(features, outcomes, outcome)
    known = told(feature_set)
    fitted = _pipeline(known).fit(matrix(rows, known), happened)
    return Baselines(known, float(happened.mean()), fitted)


def logistic_out_of_fold(
    features: pd.DataFrame, out_of_fold: pd.DataFrame, feature_set: Registry | Sequence[Feature]
) -> pd.Series:
    """Return logistic regression's risk of each row, fitted without the row's household.

    Parameters
    ----------
    features
        The training rows, as `train` was given them.
    out_of_fold
        The model's; its folds are taken.
    feature_set
        As for `train`.

    Returns
    -------
    Series of float, named ``logistic``
        By the index of `out_of_fold`.
    """
    known = told(feature_set)
    rows = out_of_fold[list(KEYS)].merge(features, on=list(KEYS), how="left", validate="1:1")
    values, happened = matrix(rows, known), out_of_fold["happened"].to_numpy()
    fold, risk = out_of_fold["fold"].to_numpy(), np.empty(len(rows))
    for number in np.unique(fold):
        held = fold == number
        fitted = _pipeline(known).fit(values[~held], happened[~held])
        risk[held] = fitted.predict_proba(values[held])[:, 1]
    return pd.Series(risk, out_of_fold.index, name="logistic")


def _pipeline(known: Sequence[Feature]) -> Any:
    categories = [place for place, feature in enumerate(known) if feature.kind == "category"]
    numbers = [place for place in range(len(known)) if place not in categories]
    levels = [np.arange(len(known[place].levels), dtype=float) for place in categories]
    prepare = ColumnTransformer(
        [
            (
                "numbers",
                make_pipeline(
                    SimpleImputer(strategy="median", add_indicator=True), StandardScaler()
                ),
                numbers,
            ),
            (
                "categories",
                make_pipeline(
                    SimpleImputer(strategy="most_frequent"), OneHotEncoder(categories=levels)
                ),
                categories,
            ),
        ]
    )
    return make_pipeline(prepare, LogisticRegression(C=1.0, max_iter=500))
