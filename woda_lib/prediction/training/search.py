"""Try settings on folds, with early stopping, and choose: what was tried stands in a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import lightgbm as lgb
import numpy as np
import pandas as pd

from woda_lib.prediction.training.settings import MOST_ROUNDS, PATIENCE, Setting
from woda_lib.prediction.training.splits import Fold


@dataclass(frozen=True)
class Tried:
    """A setting on folds.

    Attributes
    ----------
    setting
        What was tried.
    rounds
        Trees at the lowest mean log loss.
    loss, error
        That log loss; its standard error over folds.
    log_odds
        Of each row while it was held out; empty unless asked for.
    """

    setting: Setting
    rounds: int
    loss: float
    error: float
    log_odds: np.ndarray = field(default_factory=lambda: np.empty(0), repr=False)


def cross_validate(
    data: lgb.Dataset,
    setting: Setting,
    told: dict[str, Any],
    folds: Sequence[Fold],
    values: np.ndarray | None = None,
) -> Tried:
    """Fit a setting on every fold at once; stop when their mean log loss falls no more.

    Parameters
    ----------
    data
        All rows, binned once.
    setting, told
        The setting, and what LightGBM is told of it.
    folds
        Places of the rows fitted to and held out.
    values
        The features of all rows, where the log odds of those held out are wanted.
    """
    result: dict[str, Any] = lgb.cv(
        told,
        data,
        num_boost_round=MOST_ROUNDS,
        folds=folds,
        callbacks=[lgb.early_stopping(PATIENCE, verbose=False)],
        return_cvbooster=True,
    )
    boosters: lgb.CVBooster = result["cvbooster"]
    rounds = max(1, boosters.best_iteration)
    loss = result["valid binary_logloss-mean"][rounds - 1]
    spread = result["valid binary_logloss-stdv"][rounds - 1]
    log_odds = np.empty(0)
    if values is not None:
        log_odds = np.full(len(values), np.nan)
        for booster, (_, held) in zip(boosters.boosters, folds, strict=True):
            log_odds[held] = booster.predict(
                values[held], raw_score=True, num_iteration=rounds, num_threads=told["num_threads"]
            )
    error = spread / np.sqrt(max(1, len(folds) - 1))
    return Tried(setting, rounds, float(loss), float(error), log_odds)


def choose(tried: Sequence[Tried]) -> Tried:
    """Return the setting of the lowest log loss; of equal ones, that which is listed first."""
    return min(tried, key=lambda each: each.loss)


def table_of(tried: Sequence[Tried], chosen: Tried) -> pd.DataFrame:
    """Return what was tried, in the list's order.

    Returns
    -------
    DataFrame
        `setting, why, leaves, rate, trees, log_loss, standard_error, chosen`.
    """
    return pd.DataFrame(
        [
            {
                "setting": each.setting.name,
                "why": each.setting.why,
                "leaves": each.setting.leaves,
                "rate": each.setting.rate,
                "trees": each.rounds,
                "log_loss": each.loss,
                "standard_error": each.error,
                "chosen": each is chosen,
            }
            for each in tried
        ]
    )
