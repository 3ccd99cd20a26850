"""What needs no model: a caseworker's rule by hand, logistic regression, prevalence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from woda_lib.prediction.assessment.ranking import listed_share
from woda_lib.prediction.errors import PredictionError
from woda_lib.prediction.features import FeatureSet
from woda_lib.prediction.training import (
    NEEDS,
    Model,
    fit_baselines,
    logistic_out_of_fold,
    rule_points,
)
from woda_lib.synthetic.complex_dependencies.tabular import MadeUp

# household  needs  statutory  contacts
SHEET = """
a             0        0         0
b             2        0         9
c             2        1         0
d             2        1         3
e             3        0         0
"""


def households(sheet: str) -> pd.DataFrame:
    lines = [line.split() for line in sheet.strip().splitlines()]
    frame = pd.DataFrame({"household_id": [line[0] for line in lines]})
    frame["index_date"] = pd.Timestamp("2022-03-31")
    for place, need in enumerate(NEEDS):
        frame[need] = [float(place < int(line[1])) for line in lines]
    frame["statutory_12m"] = [float(line[2]) for line in lines]
    frame["police_contacts"] = [float(line[3]) for line in lines]
    return frame


def test_needs_come_first_then_a_statutory_step_then_police_contacts():
    frame = households(SHEET)
    points = rule_points(frame)
    order = frame["household_id"].loc[points.sort_values(ascending=False).index]
    assert "".join(order) == "edcba"
    assert np.floor(points).tolist() == [0, 2, 2, 2, 3]
    assert rule_points(frame.assign(police_contacts=1e6)).lt(np.floor(points) + 1).all()


def test_equal_households_have_equal_points_whoever_stands_beside_them():
    frame = households("\n".join(f"h{n} {n % 3} 0 7" for n in range(60)))
    points = rule_points(frame)
    assert points.nunique() == 3
    assert rule_points(frame[::-7]).to_dict() == points[::-7].to_dict()


def test_ties_of_the_rule_are_judged_as_a_lot_breaks_them_on_average():
    frame = households("\n".join(f"h{n} 1 0 0" for n in range(100)))
    assert listed_share(rule_points(frame).to_numpy(), 0.1) == pytest.approx(0.1)


def test_what_a_sheet_does_not_say_counts_as_nought():
    frame = households(SHEET)
    blank = frame.assign(health=np.nan, police_contacts=np.nan)
    assert np.isfinite(rule_points(blank)).all()
    with pytest.raises(PredictionError, match="needs the column 'money'"):
        rule_points(frame.drop(columns="money"))


def test_logistic_regression_and_prevalence_are_fitted_to_the_same_rows(
    county: MadeUp, registry: FeatureSet, model: Model
):
    some = model.out_of_fold.iloc[::4]
    rows = county.features.merge(some[["household_id", "index_date"]])
    fitted = fit_baselines(rows, county.outcomes, registry)
    assert fitted.prevalence == some["happened"].mean()
    scores = fitted.scores(rows)
    assert list(scores.columns) == ["rule", "logistic", "prevalence"]
    assert scores["logistic"].mean() == pytest.approx(fitted.prevalence, rel=0.01)
    keys = ["household_id", "index_date"]
    happened = rows[keys].merge(county.outcomes, on=keys)["happened"]
    held_out = logistic_out_of_fold(rows, some, registry)
    inside = roc_auc_score(happened, scores["logistic"])
    assert inside - 0.05 < roc_auc_score(some["happened"], held_out) < inside
