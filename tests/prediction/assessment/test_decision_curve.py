"""Net benefit: a published data set, the curve by hand, and where a model is worth using."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.prediction.assessment.tables import drawn, households
from woda_lib.figures import to_svg
from woda_lib.prediction.assessment import DecisionCurve, decision_curve, net_benefit
from woda_lib.prediction.errors import PredictionError

# The 750 patients of the decision-curve tutorial of Memorial Sloan Kettering, 105 with cancer
# (df_binary, column cancerpredmarker), by their predicted risk: how many with and without cancer
# stand between two thresholds. Net benefit as dcurves 1.1.7, by the method's own authors, gives it.
_TUTORIAL = pd.DataFrame(
    {"risk": [0.35, 0.25, 0.15, 0.07, 0.01], "with": [62, 13, 12, 9, 9],
     "without": [49, 49, 95, 127, 325]}
)  # fmt: skip
_PUBLISHED = pd.DataFrame(
    {"threshold": [0.05, 0.1, 0.2, 0.3],
     "model": [0.105544, 0.087407, 0.067333, 0.054667],
     "everybody": [0.094737, 0.044444, -0.075000, -0.228571]}
).set_index("threshold")  # fmt: skip


@pytest.fixture(scope="module")
def curve() -> DecisionCurve:
    return decision_curve(drawn(6000, 3), capacity=25, seed=1, draws=100)


def test_net_benefit_is_that_of_the_published_data_set() -> None:
    rows = _TUTORIAL.loc[_TUTORIAL.index.repeat(_TUTORIAL["with"] + _TUTORIAL["without"])]
    happened = rows.groupby("risk").cumcount() < rows["with"]
    assert (len(rows), happened.sum()) == (750, 105)
    table = households(happened.to_numpy(), rows["risk"].to_numpy())
    found = decision_curve(table, capacity=25, seed=1, draws=20, thresholds=(0.05, 0.1, 0.2, 0.3))
    values = found.table.pivot(index="threshold", columns="way", values="value")
    for way in ("model", "everybody"):
        np.testing.assert_allclose(values[way], _PUBLISHED[way], atol=1e-6)
    assert (values["nobody"] == 0).all()


def test_one_found_is_worth_nineteen_visits_for_nothing_at_one_in_twenty() -> None:
    assert net_benefit(1, 19, 100, 0.05) == pytest.approx(0)
    assert net_benefit(1, 18, 100, 0.05) > 0 > net_benefit(1, 20, 100, 0.05)


def test_a_rule_is_its_list_at_capacity_whatever_the_threshold() -> None:
    table = households([1, 0, 1, 0, 0, 0, 0, 0, 0, 0], np.full(10, 0.2), np.arange(10)[::-1])
    found = decision_curve(table, capacity=200, seed=1, draws=20, thresholds=(0.1, 0.5)).table
    rule = found.loc[found["way"] == "rule at capacity", "value"]
    # The list of two holds one event: 1 less 1 × 1/9, and 1 less 1 × 1, of ten households.
    np.testing.assert_allclose(rule, [(1 - 1 / 9) / 10, 0])


def test_who_stands_at_the_threshold_is_chosen() -> None:
    table = households([1, 0, 0, 0], [0.2, 0.1, 0.1, 0.1])
    found = decision_curve(table, capacity=250, seed=1, draws=20, thresholds=(0.2, 0.21)).table
    model = found.loc[found["way"] == "model", "value"]
    np.testing.assert_allclose(model, [0.25, 0])


def test_where_a_model_beats_every_other_way(curve: DecisionCurve) -> None:
    assert curve.worth_it is not None
    low, high = curve.worth_it
    assert low <= 0.05 <= high
    at = curve.differences.loc[curve.differences["threshold"].eq(0.05)]
    assert (at["low"] > 0).all()
    assert curve.finding.startswith("the model is better than every other way, beyond chance, from")


def test_a_model_that_orders_nobody_is_worth_nothing() -> None:
    table = drawn(4000, 4)
    shuffled = table["risk"].sample(frac=1, random_state=1).to_numpy()
    found = decision_curve(table.assign(risk=shuffled), capacity=25, seed=1, draws=60)
    assert found.worth_it is None
    assert found.finding.startswith("at no threshold is the model better")


def test_summary_is_of_1000_households(curve: DecisionCurve) -> None:
    summary = curve.summary(at=(0.05,))
    (value,) = curve.table.query("way == 'model' and threshold == 0.05")["value"]
    assert summary["model"].tolist() == [round(1000 * value, 2)]
    assert summary.columns.tolist() == [
        "threshold", "model", "rule at capacity", "logistic", "everybody", "nobody",
    ]  # fmt: skip


@pytest.mark.parametrize("narrow", [False, True])
def test_the_picture_names_every_way(curve: DecisionCurve, narrow: bool) -> None:
    drawing = to_svg(curve.plot(), narrow=narrow)
    for way in ("model", "logistic", "everybody", "nobody", "rule"):
        assert f">{way}" in drawing


@pytest.mark.parametrize("thresholds", [(), (0.0, 0.1), (0.2, 0.1), (1.0,)])
def test_thresholds_that_are_none_are_refused(thresholds: tuple[float, ...]) -> None:
    with pytest.raises(PredictionError, match="Thresholds are probabilities"):
        decision_curve(drawn(200, 1), capacity=25, seed=1, thresholds=thresholds)
