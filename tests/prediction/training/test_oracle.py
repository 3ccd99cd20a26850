"""Against who knows the planted mechanism, at the size of a county: writes its page."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import logit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from woda_lib.prediction.features import FeatureSet
from woda_lib.prediction.training import fit_baselines, of_split, train
from woda_lib.synthetic.complex_dependencies.tabular import draw_households

PAGE = Path(__file__).parents[3] / "docs" / "prediction_oracle.md"
DRAWN = ((50_000, 2), (50_000, 3), (50_000, 4), (250_000, 1))
KEYS = ["household_id", "index_date"]

_HEAD = """# A model beside who knows the mechanism

Written by `make prove` (tests/prediction/training/test_oracle.py). Households are drawn by the
planted mechanism, a model is trained on the two training dates and judged on the test date: all its
households, and those that stand in no training row. *Knows* is the area under the ROC curve of the
chance by the mechanism itself, from the same features. The bars: within 0.01 of it, and a
calibration slope from 0.9 to 1.1. *Drawn* is households a date.

| drawn, seed | judged | households | happened | knows | model | below | logistic | rule | slope |
|---|---|---|---|---|---|---|---|---|---|
"""


def judge(households: int, seed: int, registry: FeatureSet) -> pd.DataFrame:
    """Return a row for all households of the test date, and one for those never trained on."""
    made = draw_households(households, seed)
    fitted = of_split(made.features, made.spine, "train")
    test = of_split(made.features, made.spine, "test")
    model = train(fitted, made.outcomes, registry, seed=seed, before="2023-09-30")
    beside = fit_baselines(fitted, made.outcomes, registry).scores(test)
    known = (
        test[KEYS].merge(made.oracle, on=KEYS).merge(made.outcomes[[*KEYS, "happened"]], on=KEYS)
    )
    known = known.assign(
        model=model.predict(test).to_numpy(),
        logistic=beside["logistic"].to_numpy(),
        rule=beside["rule"].to_numpy(),
        new=~test["household_id"].isin(fitted["household_id"]).to_numpy(),
    )
    rows = []
    for name, some in (("all", known), ("no training row", known.loc[known["new"]])):
        areas = {
            score: roc_auc_score(some["happened"], some[score])
            for score in ("risk", "model", "logistic", "rule")
        }
        curve = LogisticRegression(C=np.inf).fit(
            logit(some[["model"]].to_numpy()), some["happened"]
        )
        rows.append(
            {
                "drawn": f"{households:,}, {seed}",
                "judged_on": name,
                "households": len(some),
                "happened": int(some["happened"].sum()),
                **areas,
                "slope": float(curve.coef_[0, 0]),
            }
        )
    return pd.DataFrame(rows)


def write_page(found: pd.DataFrame) -> None:
    """Write the page from what has been judged."""
    lines = [
        f"| {row.drawn} | {row.judged_on} | {row.households:,} | {row.happened:,} | "
        f"{row.risk:.4f} | {row.model:.4f} | {row.risk - row.model:.4f} | {row.logistic:.4f} | "
        f"{row.rule:.4f} | {row.slope:.2f} |"
        for row in found.itertuples()
    ]
    PAGE.write_text(_HEAD + "\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.prove
def test_a_county_s_model_is_within_a_hundredth_of_who_knows_the_mechanism(registry: FeatureSet):
    rows = []
    for households, seed in DRAWN:
        rows.append(judge(households, seed, registry))
        found = pd.concat(rows)
        write_page(found)  # each time: the largest takes an hour on a busy machine
    whole = found.loc[found["judged_on"].eq("all")]
    assert (whole["risk"] - whole["model"] < 0.01).all()
    assert whole["slope"].between(0.9, 1.1).all()
