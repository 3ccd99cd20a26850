"""What is judged: the scores of one index date beside what happened to those households."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from woda_lib.prediction.errors import PredictionError

Numbers = NDArray[np.float64]

SCORERS: Mapping[str, str] = MappingProxyType(
    {"model": "risk", "rule": "rule", "logistic": "logistic", "prevalence": "prevalence"}
)
"""Who scores, and the column of its scores."""

PROBABILITIES = ("model", "logistic", "prevalence")
"""Scorers that state a probability; the rule gives points, which only put households in order."""


@dataclass(frozen=True, eq=False)
class Scored:
    """Households that were scored and followed, checked and as arrays.

    Attributes
    ----------
    happened : array of bool
        Whether the outcome came, a row each.
    household : array of int
        Number of the row's household, from 0; a household may have several rows.
    scores : mapping of str to array of float
        By scorer.
    """

    happened: NDArray[np.bool_]
    household: NDArray[np.intp]
    scores: Mapping[str, Numbers]

    @property
    def rows(self) -> int:
        """Households, once for each index date."""
        return len(self.happened)

    @property
    def households(self) -> int:
        """Different households."""
        return int(self.household.max()) + 1

    @property
    def rate(self) -> float:
        """The share to whom it happened."""
        return float(self.happened.mean())


def with_outcomes(scores: pd.DataFrame, outcomes: pd.DataFrame, split: str) -> pd.DataFrame:
    """Put what happened beside the scores of one split.

    Parameters
    ----------
    scores
        ``household_id, index_date, split, risk, rule, logistic, prevalence``.
    outcomes
        ``household_id, index_date, happened`` and more; a row where the whole horizon was seen.
    split
        "test" or "watch".

    Returns
    -------
    DataFrame
        The rows of `scores` with ``happened`` and the other columns of `outcomes`.

    Raises
    ------
    PredictionError
        If the split was not scored, or some of its households were not followed to the end.
    """
    keys = ["household_id", "index_date"]
    rows = scores.loc[scores["split"] == split]
    if rows.empty:
        raise PredictionError(
            f"No household was scored on the {split} date, so that the model cannot be judged "
            "there. Score it first in 2_train."
        )
    found = rows.merge(outcomes, on=keys, how="left", validate="one_to_one")
    if (unknown := int(found["happened"].isna().sum())) > 0:
        raise PredictionError(
            f"{unknown:,} of the households scored on the {split} date have no outcome: their "
            "horizon ends after the data, or 1_features was run on other data than 2_train."
        )
    return found.astype({"happened": bool})


def take_scored(frame: pd.DataFrame, scorers: Mapping[str, str] = SCORERS) -> Scored:
    """Check a table of scores with outcomes, and take it as arrays.

    Parameters
    ----------
    frame
        ``household_id, happened`` and a column a scorer; see `with_outcomes`.
    scorers
        Name and column.

    Raises
    ------
    PredictionError
        If the table is empty, a column or a score is missing, a probability lies outside 0 to 1,
        or the outcome came to everybody or to nobody.
    """
    wanted = ["household_id", "happened", *scorers.values()]
    if missing := [name for name in wanted if name not in frame]:
        raise PredictionError(
            f"The table to be judged lacks {', '.join(missing)}. It needs {', '.join(wanted)}."
        )
    if frame.empty:
        raise PredictionError("The table to be judged holds no household. Check the filter.")
    if frame["happened"].isna().any():
        raise PredictionError(
            "Some households have no outcome. Judge only those that were followed to the end."
        )
    happened = frame["happened"].to_numpy(bool)
    if happened.all() or not happened.any():
        every = "every" if happened.all() else "no"
        raise PredictionError(
            f"The outcome came to {every} household of the table, so that no order of them is "
            "better than another. Judge more households, or a longer time."
        )
    scores = {name: _numbers(frame, name, column) for name, column in scorers.items()}
    household, _ = pd.factorize(frame["household_id"])
    return Scored(happened=happened, household=household, scores=scores)


def _numbers(frame: pd.DataFrame, name: str, column: str) -> Numbers:
    """One scorer's column as numbers."""
    if not pd.api.types.is_numeric_dtype(frame[column]):
        raise PredictionError(f"The scores of the {name} (column {column}) are no numbers.")
    values = frame[column].to_numpy(float)
    if not np.isfinite(values).all():
        raise PredictionError(
            f"The {name} left households without a score (column {column}). Whoever cannot be "
            "scored must be told of, and not be judged as if they had been."
        )
    if name in PROBABILITIES and ((values < 0) | (values > 1)).any():
        raise PredictionError(
            f"The {name} gives scores outside 0 to 1 (column {column}), which are no probabilities."
        )
    return values
