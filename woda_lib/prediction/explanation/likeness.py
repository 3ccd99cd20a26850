"""What became of households with scores like this one: so many of 1,000, with an interval.

A calibrated probability is a number with no household behind it. So a score is told by the
households of a year that the model had not seen whose scores were nearest: how many there were, and
of how many it came true.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from woda_lib.prediction.errors import PredictionError


@dataclass(frozen=True)
class Likeness:
    """Households whose scores and outcomes are both known.

    Attributes
    ----------
    risk
        Their scores, in rising order.
    happened
        How many of the first so many had the outcome; one more than there are households.
    size
        How many count as like another, at the least.
    """

    risk: np.ndarray
    happened: np.ndarray
    size: int

    @classmethod
    def of(cls, known: pd.DataFrame, *, size: int = 400) -> Likeness:
        """Take in households that the model had not seen.

        Parameters
        ----------
        known
            `household_id`, `risk` (calibrated), `happened`; a row a household.
        size
            How many of the nearest scores count as like one. Fewer say less surely, more say it of
            households that are less like it.

        Raises
        ------
        PredictionError
            If there are fewer than `size`, a household stands there twice, or a value is missing.
        """
        if len(known) < size:
            raise PredictionError(
                f"Scores like one are told from {size:,} households whose year is over, and there "
                f"are {len(known):,}. Score a date whose outcomes are known, or ask for fewer."
            )
        if known["household_id"].duplicated().any():
            raise PredictionError(
                "A household stands twice among those whose outcomes are known. Give one date."
            )
        if known[["risk", "happened"]].isna().any(axis=None):
            raise PredictionError(
                "A household whose outcome should be known has no score or no outcome."
            )
        ordered = known.sort_values("risk", kind="stable")
        summed = np.concatenate([[0], np.cumsum(ordered["happened"].to_numpy(int))])
        return cls(ordered["risk"].to_numpy(float), summed, size)

    def around(self, risk: pd.Series, *, level: float = 0.95) -> pd.DataFrame:
        """Say what became of the households with the nearest scores.

        Parameters
        ----------
        risk
            Calibrated scores.
        level
            Of the intervals, which are Wilson's.

        Returns
        -------
        DataFrame
            Indexed as `risk`: `households` (how many are like it), `happened` (to how many),
            `in_1000`, `low` and `high` (whole numbers out of 1,000), `from_risk` and `to_risk` (of
            the likes) and `beyond` (whether no score in that year was as high).
        """
        asked = risk.to_numpy(float)
        begin, end = self._nearest(asked)
        likes, count = end - begin, self.happened[end] - self.happened[begin]
        low, high = proportion_confint(count, likes, alpha=1 - level, method="wilson")
        return pd.DataFrame(
            {
                "households": likes,
                "happened": count,
                "in_1000": np.rint(1000 * count / likes).astype(int),
                "low": np.floor(1000 * np.asarray(low) + 1e-9).astype(int),
                "high": np.ceil(1000 * np.asarray(high) - 1e-9).astype(int),
                "from_risk": self.risk[begin],
                "to_risk": self.risk[end - 1],
                "beyond": asked > self.risk[-1],
            },
            index=risk.index,
        )

    def _nearest(self, asked: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where the nearest scores begin and end: half of them below, where there are so many."""
        left = np.searchsorted(self.risk, asked, side="left")
        right = np.searchsorted(self.risk, asked, side="right")
        first = np.clip((left + right) // 2 - self.size // 2, 0, len(self.risk) - self.size)
        # Of equal scores all count or none: a calibration in steps has many.
        begin = np.searchsorted(self.risk, self.risk[first], side="left")
        end = np.searchsorted(self.risk, self.risk[first + self.size - 1], side="right")
        return begin, end
