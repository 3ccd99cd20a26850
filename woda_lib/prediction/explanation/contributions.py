"""What each feature adds to each score: LightGBM's own contributions, whose sum is the score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from woda_lib.prediction.errors import PredictionError
from woda_lib.prediction.training import BASE

_CLOSE = 1e-6  # log-odds; contributions are sums of doubles over some hundred trees


@dataclass(frozen=True)
class Contributions:
    """Scores taken apart, a row a household.

    A score, in log-odds and before calibration, is `baseline` plus the contributions of its
    features: TreeSHAP, as LightGBM computes it (Lundberg and others, *From local explanations to
    global understanding with explainable AI for trees*, Nature Machine Intelligence 2, 2020). They
    say how the model came to its score, and nothing about what would change a household's life.

    Attributes
    ----------
    table
        A column a feature, indexed as the households that were scored; log-odds.
    baseline
        What the score is before anything is known of a household; log-odds.
    raw
        The score; log-odds.
    """

    table: pd.DataFrame
    baseline: float
    raw: pd.Series

    @classmethod
    def of(cls, table: pd.DataFrame, raw: pd.Series) -> Contributions:
        """Take contributions in, once they are seen to add up.

        Parameters
        ----------
        table
            From `Model.contributions`: a column a feature and the column `BASE`, a row a household.
        raw
            The scores of the same households, in log-odds.

        Raises
        ------
        PredictionError
            If there is no baseline, a number is missing, the rows are not the same households, or
            the contributions of any household do not add up to its score.
        """
        if BASE not in table:
            raise PredictionError(
                f"The contributions have no column {BASE}: the score before anything is known. "
                "Ask the model for them with its own pred_contrib."
            )
        if len(table) != len(raw) or not table.index.equals(raw.index):
            raise PredictionError(
                "Contributions and scores are not of the same households in the same order. "
                "Compute both from one table of features."
            )
        sums = table.to_numpy(float).sum(axis=1)
        off = ~(np.abs(sums - raw.to_numpy(float)) <= _CLOSE * (1 + np.abs(sums)))
        if off.any():
            raise PredictionError(
                f"The contributions of {int(off.sum()):,} of {len(raw):,} households do not add up "
                "to their scores, so that nothing is explained. Contributions and scores must come "
                "from the same model, the scores in log-odds and before calibration."
            )
        before = float(table[BASE].iloc[0]) if len(table) else 0.0
        return cls(table.drop(columns=BASE), before, raw)

    def where(self, chosen: pd.Series) -> Contributions:
        """Return those of some households.

        Parameters
        ----------
        chosen
            Whether each is one of them, in the same order.
        """
        kept = chosen.to_numpy(bool)
        return Contributions(self.table[kept], self.baseline, self.raw[kept])
