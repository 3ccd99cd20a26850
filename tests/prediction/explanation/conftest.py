"""A model of three features, small enough to be seen through, and its contributions."""

from __future__ import annotations

from pathlib import Path

import lightgbm as lgb
import numpy as np
import pandas as pd
import pytest

from woda_lib.prediction.explanation import Contributions, Wording, read_wording
from woda_lib.prediction.features import read_features
from woda_lib.prediction.training import BASE

PARAMETERS = Path(__file__).parents[3] / "parameters" / "complex_dependencies"
WORDS = PARAMETERS / "wording.yaml"
REGISTRY = PARAMETERS / "features.yaml"
NAMES = ["arrears_notices", "early_help_open", "months_here"]


@pytest.fixture(scope="session")
def wording() -> Wording:
    """The words of the pilot."""
    return read_wording(WORDS, read_features(REGISTRY))


@pytest.fixture(scope="session")
def features() -> pd.DataFrame:
    """Notices raise the outcome, early help lowers it, time at the address does nothing."""
    random = np.random.default_rng(1)
    n = 3000
    table = pd.DataFrame(
        {
            "arrears_notices": random.poisson(0.7, n).astype(float),
            "early_help_open": random.binomial(1, 0.3, n).astype(float),
            "months_here": random.integers(0, 60, n).astype(float),
        },
        index=pd.Index([f"h{number}" for number in range(n)], name="household_id"),
    )
    table.loc[table.index[::50], "months_here"] = np.nan
    return table


@pytest.fixture(scope="session")
def taken_apart(features: pd.DataFrame) -> pd.DataFrame:
    """LightGBM's own contributions, the baseline last, and the score in log-odds."""
    odds = -2 + 0.9 * features["arrears_notices"] - 1.2 * features["early_help_open"]
    happened = np.random.default_rng(2).random(len(features)) < 1 / (1 + np.exp(-odds))
    settings = {"objective": "binary", "verbose": -1, "num_leaves": 7, "num_threads": 1}
    booster = lgb.train(settings, lgb.Dataset(features, happened), num_boost_round=40)
    told = np.asarray(booster.predict(features, pred_contrib=True))
    table = pd.DataFrame(told, columns=[*NAMES, BASE], index=features.index)
    return table.assign(raw=booster.predict(features, raw_score=True))


@pytest.fixture(scope="session")
def contributions(taken_apart: pd.DataFrame) -> Contributions:
    """What the model says, once it is seen to add up."""
    return Contributions.of(taken_apart.drop(columns="raw"), taken_apart["raw"])
