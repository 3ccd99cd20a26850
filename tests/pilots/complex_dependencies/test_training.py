"""What 2_train leaves: scores of every household and day, none by what has seen its outcome."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from woda_lib.pilots.complex_dependencies.training import (
    KEYS,
    Trained,
    finding,
    learned_from,
    train_beside,
)
from woda_lib.prediction.assessment import assess
from woda_lib.prediction.features import read_features
from woda_lib.synthetic.complex_dependencies.tabular import MadeUp, draw_households

REGISTRY = Path(__file__).parents[3] / "parameters" / "complex_dependencies" / "features.yaml"
SCORES = ["household_id", "index_date", "split", "risk", "raw", "rule", "logistic", "prevalence"]


@pytest.fixture(scope="module")
def county() -> MadeUp:
    return draw_households(3_000, seed=3)


@pytest.fixture(scope="module")
def made(county: MadeUp) -> Trained:
    return train_beside(
        county.spine,
        county.features,
        county.outcomes,
        read_features(REGISTRY),
        seed=1,
        horizon_months=12,
    )


def test_every_household_of_every_day_is_scored_once(county: MadeUp, made: Trained):
    scores = made.scores(county.features, county.spine)
    assert set(scores) == set(SCORES)
    assert not scores.duplicated(KEYS).any()
    assert (
        scores["split"].value_counts().to_dict() == county.spine["split"].value_counts().to_dict()
    )
    assert scores.drop(columns=[*KEYS, "split"]).notna().all(axis=None)


def test_scores_of_the_days_that_were_learned_from_are_out_of_fold(county: MadeUp, made: Trained):
    scores = made.scores(county.features, county.spine)
    learnt = scores.loc[scores["split"].eq("train")].merge(county.features, on=KEYS)
    inside = made.model.predict(learnt)
    assert (learnt["risk"] - inside).abs().max() > 0.01
    own = made.model.out_of_fold.merge(learnt[[*KEYS, "risk"]], on=KEYS, suffixes=("", "_scored"))
    assert (own["risk"] == own["risk_scored"]).all()


def test_rows_learned_from_are_counted_by_day(county: MadeUp):
    counted = learned_from(county.spine, county.outcomes)
    assert counted["index_date"].tolist() == ["31 March 2022", "30 September 2022"]
    assert counted["households"].tolist() == [3_000, 3_000]


def test_what_was_tried_and_what_it_is_bound_to_are_told_of_every_setting_and_feature(
    made: Trained,
):
    assert made.tried()["chosen"].tolist().count("chosen") == 1
    bound = made.directions()
    assert len(bound) == len(made.model.features)
    assert bound.set_index("feature").loc["Police contacts, last 12 months", "direction"] == (
        "more is riskier"
    )


def test_a_sentence_says_what_the_model_adds():
    frame = pd.DataFrame({"household_id": [str(n) for n in range(400)]})
    frame["happened"] = frame.index < 40
    frame["risk"] = frame["happened"] * 0.5 + 0.1
    frame["rule"] = [n % 10 for n in range(400)]
    says = finding(
        assess(
            frame.assign(logistic=frame["risk"]),
            capacity=100,
            seed=1,
            draws=50,
            scorers={"model": "risk", "rule": "rule", "logistic": "logistic"},
        )
    )
    assert "points above that of the caseworkers' rule" in says
    assert "do not tell it from logistic regression" in says
