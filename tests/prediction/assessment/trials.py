"""A cheap model on made-up households, held to the registered stop rule: one trial a seed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import lightgbm as lgb
import pandas as pd
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from woda_lib.prediction.assessment import (
    StopRule,
    Verdict,
    against_the_rule,
    assess,
    with_outcomes,
)
from woda_lib.prediction.fairness import fairness
from woda_lib.prediction.training import rule_points
from woda_lib.records import read_protocol
from woda_lib.synthetic.complex_dependencies.tabular import MadeUp, draw_households

PROTOCOL = Path(__file__).parents[3] / "parameters" / "protocols" / "complex_dependencies.yaml"
KEYS = ["household_id", "index_date"]
BY = ("ethnicity", "sex", "age", "deprivation", "services")
CAPACITY = 25
DAY = date(2025, 3, 31)


def registered() -> StopRule:
    """The rule as the pilot's protocol has it."""
    protocol = read_protocol(PROTOCOL)
    return StopRule.registered(protocol.secondary, **protocol.primary.settings)


def scores_of(made: MadeUp, seed: int) -> pd.DataFrame:
    """Fit fixed settings to the training dates; score test and watch, baselines beside.

    Not the pilot's model, whose settings are searched for: small trees of one setting.
    """
    table = made.features.merge(made.spine[[*KEYS, "split"]], on=KEYS)
    told = [name for name in made.features if name not in KEYS]
    numbers = [name for name in told if name != "kind"]
    seen = table[table["split"] == "train"].merge(made.outcomes[[*KEYS, "happened"]], on=KEYS)
    settings: dict[str, Any] = {
        "objective": "binary", "learning_rate": 0.05, "num_leaves": 6, "min_data_in_leaf": 60,
        "lambda_l2": 1.0, "feature_fraction": 0.6, "verbosity": -1, "num_threads": 1,
        "seed": seed, "deterministic": True,
    }  # fmt: skip
    trees = lgb.train(settings, lgb.Dataset(seen[told], seen["happened"]), num_boost_round=200)
    line = make_pipeline(
        SimpleImputer(strategy="median", add_indicator=True),
        StandardScaler(),
        LogisticRegression(max_iter=500),
    ).fit(seen[numbers], seen["happened"])
    held = table[table["split"].isin(["test", "watch"])]
    return held[[*KEYS, "split"]].assign(
        risk=trees.predict(held[told]),
        rule=rule_points(held),
        logistic=line.predict_proba(held[numbers])[:, 1],
        prevalence=seen["happened"].mean(),
    )


def judged(number: int, seed: int, *, draws: int = 200, **planted: float) -> Verdict:
    """Draw households, fit, and hold the model to the rule."""
    rule = registered()
    made = draw_households(number, seed, **planted)
    scores = scores_of(made, seed)
    test = with_outcomes(scores, made.outcomes, "test").merge(made.spine[[*KEYS, *BY]], on=KEYS)
    watch = with_outcomes(scores, made.outcomes, "watch")
    beyond = against_the_rule(
        test, by=BY, capacity=CAPACITY, seed=seed, bounds=rule.beyond_the_rule, draws=draws
    )
    fair = fairness(
        scores[scores["split"] == "test"], made.outcomes, made.spine, capacity=CAPACITY,
        bounds=rule.beside_the_rest, resamples=draws, seed=seed,
    )  # fmt: skip
    assessed, latest = (
        assess(each, capacity=CAPACITY, seed=seed, draws=draws) for each in (test, watch)
    )
    groups = pd.concat([fair.table, beyond], ignore_index=True)
    return rule.judge(assessed, groups, on=DAY, latest=latest)
