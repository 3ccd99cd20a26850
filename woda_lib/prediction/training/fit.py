"""Train a model: choose settings, fit with early stopping, calibrate, say how it was made."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

import lightgbm as lgb
import numpy as np
import pandas as pd

from woda_lib.prediction.errors import PredictionError
from woda_lib.prediction.training.calibration import calibrate
from woda_lib.prediction.training.columns import (
    Feature,
    Registry,
    fingerprint,
    matrix,
    told,
    with_missing,
)
from woda_lib.prediction.training.model import Model
from woda_lib.prediction.training.search import choose, cross_validate, table_of
from woda_lib.prediction.training.settings import (
    SEARCH_HOUSEHOLDS,
    SETTINGS,
    THREADS,
    Setting,
    parameters,
)
from woda_lib.prediction.training.splits import (
    deal,
    forward_folds,
    grouped_folds,
    pair,
    purge,
    sample,
)


def train(
    features: pd.DataFrame,
    outcomes: pd.DataFrame,
    feature_set: Registry | Sequence[Feature],
    *,
    seed: int,
    horizon_months: int = 12,
    before: pd.Timestamp | str | None = None,
    outcome: str = "happened",
    settings: Sequence[Setting] = SETTINGS,
    folds: int = 5,
) -> Model:
    """Make a model of the rows that are given, and of no others.

    1. Settings are tried forward in time: fitted to the earlier dates, judged on the last date's
       households of another fold, at most `SEARCH_HOUSEHOLDS`; the lowest log loss is chosen.
    2. The chosen setting is fitted to all dates in grouped folds; the number of trees is where the
       mean log loss of the households held out was lowest.
    3. Those folds' predictions for the households held out calibrate the log odds.
    4. The model is fitted to all rows with that number of trees.

    Parameters
    ----------
    features
        Rows of the training dates: `household_id`, `index_date`, a column a feature.
    outcomes
        `household_id`, `index_date`, and `outcome`, true or false.
    feature_set
        The registry, `FeatureSet`, or a list of `Feature`.
    seed
        Deals the folds and is LightGBM's own.
    horizon_months
        How long a household is followed.
    before
        First index date on which the model will be judged: rows whose outcomes reach beyond it
        are left out. None where the caller has seen to it.
    settings, folds
        What is tried; how many folds.

    Raises
    ------
    PredictionError
        If there is nothing to learn from: no rows, a single class, an index date beyond the data,
        a source missing, a feature missing or of another type, outcomes missing.
    """
    given = len(features)
    if before is not None:
        features = purge(features, pd.Timestamp(before), horizon_months)
    rows, happened = pair(features, outcomes, outcome)
    known = told(feature_set)
    values = matrix(rows, known)
    known = with_missing(known, values)
    _refuse_empty(known)
    fold = deal(rows["household_id"], happened, folds, seed)
    data = _binned(values, happened, known)

    def tell(setting: Setting) -> dict[str, Any]:
        return parameters(setting, known, seed=seed)

    seen = sample(rows["household_id"], SEARCH_HOUSEHOLDS, seed)
    forward = forward_folds(rows["index_date"], np.where(seen, fold, -1), happened)
    tried = [cross_validate(data, setting, tell(setting), forward) for setting in settings]
    chosen = choose(tried)
    final = cross_validate(
        data, chosen.setting, tell(chosen.setting), grouped_folds(fold, happened), values
    )
    calibration, risk = calibrate(final.log_odds, happened, fold)
    booster = lgb.train(tell(chosen.setting), data, num_boost_round=final.rounds)
    out_of_fold = rows[["household_id", "index_date"]].assign(
        happened=happened.astype(bool), fold=fold, raw=final.log_odds, risk=risk
    )
    manifest = {
        "outcome": outcome,
        "horizon_months": horizon_months,
        "index_dates": sorted({f"{day:%Y-%m-%d}" for day in rows["index_date"].unique()}),
        "rows": len(rows),
        "rows_purged": given - len(rows),
        "households": int(rows["household_id"].nunique()),
        "events": int(happened.sum()),
        "prevalence": float(happened.mean()),
        "seed": seed,
        "folds": folds,
        "tried": table_of(tried, chosen).to_dict("records"),
        "chosen": asdict(chosen.setting),
        "trees": final.rounds,
        "lightgbm": tell(chosen.setting),
        "out_of_fold_log_loss": final.loss,
        "calibration": calibration.plain(),
        "data_sha256": fingerprint(values, happened, fold),
        "booster_sha256": hashlib.sha256(booster.model_to_string().encode()).hexdigest(),
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("lightgbm", "numpy", "pandas", "scikit-learn")},
        },
    }
    return Model(booster, calibration, known, manifest, out_of_fold)


def directions(model: Model) -> pd.DataFrame:
    """Return the features whose direction is held: `feature`, `direction` in words."""
    words = {1: "more never lowers the risk", -1: "more never raises the risk"}
    return pd.DataFrame(
        [
            {"feature": feature.name, "direction": words[feature.direction]}
            for feature in model.features
            if feature.direction
        ],
        columns=["feature", "direction"],
    )


def _binned(values: np.ndarray, happened: np.ndarray, known: Sequence[Feature]) -> lgb.Dataset:
    data = lgb.Dataset(
        values,
        happened,
        feature_name=[feature.name for feature in known],
        categorical_feature=[
            place for place, feature in enumerate(known) if feature.kind == "category"
        ],
        params={"feature_pre_filter": False, "num_threads": THREADS, "verbosity": -1},
        free_raw_data=False,
    )
    return data.construct()


def _refuse_empty(known: Sequence[Feature]) -> None:
    for feature in known:
        if feature.source_missing == 1:
            raise PredictionError(
                f"Nothing of the source {feature.source!r} has a value in any training row. Its "
                "delivery is missing; load it, or take its features out of the registry."
            )
        if feature.missing == 1:
            raise PredictionError(
                f"The feature {feature.name!r} has no value in any training row. Take it out of "
                "the registry, or find out why nobody has one."
            )
