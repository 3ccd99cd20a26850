"""A trained model: its trees, its calibration and its features, all that a risk needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import lightgbm as lgb
import numpy as np
import pandas as pd

from woda_lib.prediction.errors import PredictionError
from woda_lib.prediction.training.calibration import Calibration
from woda_lib.prediction.training.columns import Feature, check_missing, matrix
from woda_lib.prediction.training.settings import THREADS

BASE = "base"
"""Contributions' last column: the log odds of nobody in particular."""


@dataclass(frozen=True)
class Model:
    """What `train` returns.

    Attributes
    ----------
    booster
        LightGBM's trees. ``booster.model_to_string()`` is all of it; the same data and seed give
        the same text.
    calibration
        From the trees' log odds to a risk.
    features
        In the order of the trees' columns: name, kind, levels, direction, source.
    manifest
        How it was made: dates, rows, events, seed, settings tried and chosen, versions, hashes.
        Plain values that JSON can hold.
    out_of_fold
        A row a training row: `household_id`, `index_date`, `happened`, `fold`, `raw`, `risk`, by
        trees and a calibration that were fitted without that household. Empty once it was loaded
        from a bundle.
    """

    booster: lgb.Booster
    calibration: Calibration
    features: tuple[Feature, ...]
    manifest: dict[str, Any]
    out_of_fold: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False, compare=False)

    @property
    def names(self) -> tuple[str, ...]:
        """The features' names, in order."""
        return tuple(feature.name for feature in self.features)

    def predict(self, frame: pd.DataFrame) -> pd.Series:
        """Return each row's risk: the probability of the outcome within the horizon.

        Parameters
        ----------
        frame
            One row a household on a day; a column a feature.

        Returns
        -------
        Series of float, named ``risk``
            By the frame's index.

        Raises
        ------
        PredictionError
            If a column is missing or of another type, a category was never seen, a source is
            missing everywhere, or a feature is missing that never was in training.
        """
        return pd.Series(self.calibration.risk(self._odds(frame)), frame.index, name="risk")

    def raw(self, frame: pd.DataFrame) -> pd.Series:
        """Return each row's log odds before calibration; errors as `predict`."""
        return pd.Series(self._odds(frame), frame.index, name="raw")

    def contributions(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return how much each feature adds to a row's log odds before calibration.

        LightGBM's own exact tree SHAP values (Lundberg and others, *From local explanations to
        global understanding with explainable AI for trees*, 2020).

        Returns
        -------
        DataFrame
            A column a feature and ``base``, by the frame's index; a row's sum is its `raw`.

        Raises
        ------
        PredictionError
            As `predict`; or if the sums are not the log odds.
        """
        values = self._matrix(frame)
        parts = np.asarray(self.booster.predict(values, pred_contrib=True, num_threads=THREADS))
        odds = np.asarray(self.booster.predict(values, raw_score=True, num_threads=THREADS))
        if not np.allclose(parts.sum(axis=1), odds, atol=1e-6):
            raise PredictionError(
                "The features' contributions do not add up to the log odds, so that no reason "
                "can be given for a risk. The model's file is damaged; load it anew."
            )
        return pd.DataFrame(parts, index=frame.index, columns=[*self.names, BASE])

    def importance(self, contributions: pd.DataFrame) -> pd.Series:
        """Return the mean size of each feature's contribution, the largest first."""
        found = contributions[list(self.names)].abs().mean().sort_values(ascending=False)
        return found.rename("mean_size")

    def _matrix(self, frame: pd.DataFrame) -> np.ndarray:
        values = matrix(frame, self.features)
        check_missing(values, self.features)
        return values

    def _odds(self, frame: pd.DataFrame) -> np.ndarray:
        return np.asarray(
            self.booster.predict(self._matrix(frame), raw_score=True, num_threads=THREADS)
        )
