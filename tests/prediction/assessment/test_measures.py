"""Measures of scores: by hand, beside scikit-learn, and what their intervals are made of."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

from tests.prediction.assessment.tables import drawn, households
from woda_lib.figures import to_svg
from woda_lib.prediction.assessment import Assessment, assess, on_the_list, with_outcomes
from woda_lib.prediction.assessment.ranking import Ranking
from woda_lib.prediction.assessment.recalibration import Recalibration
from woda_lib.prediction.errors import PredictionError


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return drawn(4000, 1)


@pytest.fixture(scope="module")
def found(frame: pd.DataFrame) -> Assessment:
    return assess(frame, capacity=25, seed=3, draws=200)


def test_a_list_of_ten_worked_by_hand() -> None:
    """Ten households, three with an event, a list of four: two of the three are on it."""
    risk = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05]
    happened = [1, 0, 1, 0, 0, 1, 0, 0, 0, 0]
    found = assess(households(happened, risk), capacity=400, seed=1, draws=20)
    assert found.value("precision", "model") == 2 / 4
    assert found.value("recall", "model") == 2 / 3
    # Pairs of one with an event and one without: 7 + 6 + 4 of 21 in the right order.
    assert found.value("auc", "model") == pytest.approx(17 / 21)
    assert found.value("average_precision", "model") == pytest.approx((1 / 1 + 2 / 3 + 3 / 6) / 3)
    assert found.value("lift", "model") == pytest.approx((2 / 4) / (3 / 10))


def test_ties_at_the_end_of_a_list_count_as_a_lot_breaks_them_on_average() -> None:
    points = np.array([3, 2, 2, 2, 2, 1, 1, 0, 0, 0], dtype=float)
    happened = np.array([1, 1, 0, 0, 0, 1, 0, 0, 0, 0])
    table = households(happened, points / 10, points)
    found = assess(table, capacity=300, seed=1, draws=20)
    # One is on the list for sure; of four that tie, one with an event, two have room.
    assert found.value("precision", "rule") == pytest.approx((1 + 2 * 1 / 4) / 3)
    lots = [happened[on_the_list(table["rule"], 300, seed=seed)].mean() for seed in range(400)]
    assert np.mean(lots) == pytest.approx(found.value("precision", "rule"), abs=0.02)


def test_a_list_is_as_long_as_the_capacity_and_the_same_for_a_seed() -> None:
    points = pd.Series(np.repeat([1.0, 0.0], 500), index=range(1000, 2000))
    listed = on_the_list(points, 25, seed=7)
    assert listed.sum() == 25
    assert listed.index.equals(points.index)
    assert (points[listed] == 1).all()
    pd.testing.assert_series_equal(listed, on_the_list(points, 25, seed=7))
    assert not listed.equals(on_the_list(points, 25, seed=8))


def test_measures_are_those_of_scikit_learn(frame: pd.DataFrame, found: Assessment) -> None:
    happened = frame["happened"]
    for scorer, column in (("model", "risk"), ("rule", "rule"), ("logistic", "logistic")):
        assert found.value("auc", scorer) == pytest.approx(roc_auc_score(happened, frame[column]))
        assert found.value("average_precision", scorer) == pytest.approx(
            average_precision_score(happened, frame[column])
        )
    assert found.value("brier", "model") == pytest.approx(brier_score_loss(happened, frame["risk"]))
    rate = happened.mean()
    assert found.value("scaled_brier", "model") == pytest.approx(
        1 - brier_score_loss(happened, frame["risk"]) / (rate * (1 - rate))
    )
    assert found.value("scaled_brier", "prevalence") == pytest.approx(0)
    assert found.value("auc", "prevalence") == 0.5


def test_points_state_no_probability(found: Assessment) -> None:
    for measure in ("brier", "scaled_brier", "calibration_slope", "calibration_intercept"):
        assert np.isnan(found.value(measure, "rule"))


@pytest.mark.parametrize(("slope", "intercept"), [(1.0, 0.0), (0.5, 0.0), (1.0, 0.7), (2.0, -0.4)])
def test_a_planted_miscalibration_is_found(slope: float, intercept: float) -> None:
    """Stated odds are such that the true ones are `intercept + slope × stated`."""
    table = drawn(8000, 5)
    odds = np.log(table["risk"] / (1 - table["risk"]))
    stated = 1 / (1 + np.exp(-(odds - intercept) / slope))
    found = assess(table.assign(risk=stated), capacity=25, seed=1, draws=40)
    row = found.row("calibration_slope", "model")
    assert abs(row["value"] - slope) < row["high"] - row["low"] < 0.4 * slope
    if slope == 1:
        row = found.row("calibration_intercept", "model")
        assert abs(row["value"] - intercept) < row["high"] - row["low"] < 0.4


def test_resampled_calibration_is_what_a_fit_to_the_draw_gives(frame: pd.DataFrame) -> None:
    happened = frame["happened"].to_numpy()
    odds = np.log(frame["risk"] / (1 - frame["risk"])).to_numpy()
    weights = np.random.default_rng(2).poisson(1, len(frame)).astype(float)
    slope, intercept = Recalibration(frame["risk"].to_numpy(), happened).resampled(weights)
    family = sm.families.Binomial()
    line = sm.GLM(happened, sm.add_constant(odds), family=family, freq_weights=weights).fit()
    level = sm.GLM(
        happened, np.ones(len(odds)), family=family, offset=odds, freq_weights=weights
    ).fit()
    assert slope == pytest.approx(line.params[1], abs=1e-6)
    assert intercept == pytest.approx(level.params[0], abs=1e-6)


def test_weights_count_households_as_often_as_copies_would(frame: pd.DataFrame) -> None:
    few = frame.head(500)
    happened, risk = few["happened"].to_numpy(), few["risk"].round(2).to_numpy()
    times = np.random.default_rng(4).integers(0, 4, len(few))
    weighed = Ranking(risk, happened).weighed(times.astype(float))
    copied = Ranking(np.repeat(risk, times), np.repeat(happened, times)).weighed(
        np.ones(times.sum())
    )
    assert weighed.auc == pytest.approx(copied.auc)
    assert weighed.average_precision == pytest.approx(copied.average_precision)
    assert weighed.precision_and_recall(0.1) == pytest.approx(copied.precision_and_recall(0.1))
    assert weighed.auc == pytest.approx(roc_auc_score(happened, risk, sample_weight=times))


def test_differences_are_paired_and_tighter_than_intervals_side_by_side(
    found: Assessment,
) -> None:
    against = found.difference("auc", "logistic")
    model, logistic = found.row("auc", "model"), found.row("auc", "logistic")
    assert against["value"] == pytest.approx(model["value"] - logistic["value"])
    paired = against["high"] - against["low"]
    unpaired = np.hypot(model["high"] - model["low"], logistic["high"] - logistic["low"])
    assert paired < 0.9 * unpaired


def test_a_household_of_several_dates_is_drawn_whole() -> None:
    """Each household four times tells no more than once, and its interval is no narrower."""
    once = drawn(800, 2)
    often = pd.concat([once] * 4, ignore_index=True)
    one, four = (assess(table, capacity=25, seed=3, draws=60) for table in (once, often))
    widths = [float(np.diff(each.row("auc", "model")[["low", "high"]])[0]) for each in (one, four)]
    assert four.households == one.households
    assert widths[1] == pytest.approx(widths[0], rel=0.01)


def test_the_same_seed_gives_the_same_intervals(frame: pd.DataFrame, found: Assessment) -> None:
    again = assess(frame, capacity=25, seed=3, draws=200)
    pd.testing.assert_frame_equal(again.table, found.table)


def test_few_events_and_a_slope_that_cannot_be_told_are_warned_of() -> None:
    found = assess(households([1, 1, 0, 0, 0], [0.9, 0.8, 0.2, 0.1, 0.1]), capacity=200, seed=1)
    assert "The outcome came 2 times" in found.warnings[0]
    assert "slope cannot be told" in found.warnings[1]
    assert np.isnan(found.value("calibration_slope", "model"))


def test_a_table_says_each_number_with_its_interval(found: Assessment) -> None:
    said = found.summary().set_index("measure")
    assert list(said.columns) == ["model", "rule", "logistic", "prevalence"]
    assert said.loc["Brier score", "rule"] == "–"
    assert said.loc["Precision at capacity", "model"].count("%") == 1
    assert "points (" in found.compared().set_index("measure").loc["Recall at capacity", "rule"]
    assert "Method:" in str(found)


@pytest.mark.parametrize("narrow", [False, True])
def test_the_picture_names_every_scorer(found: Assessment, narrow: bool) -> None:
    drawing = to_svg(found.plot(), narrow=narrow)
    for scorer in ("model", "rule", "logistic", "by lot"):  # a lot's recall is no prevalence
        assert f">{scorer}<" in drawing


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"happened": False}, "to no household"),
        ({"happened": True}, "to every household"),
        ({"risk": np.nan}, "without a score"),
        ({"risk": 1.5}, "no probabilities"),
        ({"rule": "high"}, "no numbers"),
        ({"happened": np.nan}, "have no outcome"),
    ],
)
def test_what_cannot_be_judged_is_refused_in_a_sentence(
    frame: pd.DataFrame, change: dict[str, object], says: str
) -> None:
    with pytest.raises(PredictionError, match=says):
        assess(frame.assign(**change), capacity=25, seed=1, draws=20)


def test_other_refusals(frame: pd.DataFrame) -> None:
    with pytest.raises(PredictionError, match="lacks logistic"):
        assess(frame.drop(columns="logistic"), capacity=25, seed=1)
    with pytest.raises(PredictionError, match="no household"):
        assess(frame.head(0), capacity=25, seed=1)
    for capacity in (0, 1000, -3):
        with pytest.raises(PredictionError, match="of 1,000"):
            assess(frame, capacity=capacity, seed=1)
    with pytest.raises(PredictionError, match="draws of households"):
        assess(frame, capacity=25, seed=1, draws=3)


def test_outcomes_are_put_beside_the_scores_of_one_date() -> None:
    day = pd.Timestamp("2023-09-30")
    scores = pd.DataFrame(
        {"household_id": ["1", "2", "1"], "index_date": [day, day, pd.Timestamp("2025-03-31")],
         "split": ["test", "test", "score"], "risk": [0.1, 0.2, 0.3]}
    )  # fmt: skip
    outcomes = pd.DataFrame(
        {"household_id": ["2", "1"], "index_date": day, "happened": [True, False]}
    )
    both = with_outcomes(scores, outcomes, "test")
    assert both["happened"].tolist() == [False, True]
    with pytest.raises(PredictionError, match="have no outcome"):
        with_outcomes(scores, outcomes, "score")
    with pytest.raises(PredictionError, match="watch date"):
        with_outcomes(scores, outcomes, "watch")
