"""A model of planted households: as good as who knows the mechanism, and silent about nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from tests.prediction.training.conftest import CAREFUL
from woda_lib.prediction.errors import PredictionError
from woda_lib.prediction.features import FeatureSet
from woda_lib.prediction.training import BASE, Calibration, Feature, Model, of_split, train
from woda_lib.synthetic.complex_dependencies.tabular import MadeUp

KEYS = ["household_id", "index_date"]


@pytest.fixture(scope="module")
def test_date(county: MadeUp) -> pd.DataFrame:
    return of_split(county.features, county.spine, "test")


@pytest.fixture(scope="module")
def few(test_date: pd.DataFrame) -> pd.DataFrame:
    return test_date.head(50)


def of_rows(frame: pd.DataFrame, table: pd.DataFrame, column: str) -> np.ndarray:
    return frame[KEYS].merge(table, on=KEYS, how="left")[column].to_numpy()


def test_it_is_within_a_hundredth_of_who_knows_the_mechanism_and_its_risks_mean_what_they_say(
    county: MadeUp, model: Model, test_date: pd.DataFrame
):
    happened = of_rows(test_date, county.outcomes, "happened")
    known = of_rows(test_date, county.oracle, "risk")
    risk = model.predict(test_date)
    assert roc_auc_score(happened, risk) > roc_auc_score(happened, known) - 0.01
    curve = LogisticRegression(C=np.inf).fit(logit(risk.to_numpy())[:, None], happened)
    assert 0.9 < curve.coef_[0, 0] < 1.1


def test_the_same_data_and_seed_give_the_same_bytes_in_whatever_order_rows_come(
    county: MadeUp, registry: FeatureSet
):
    some = of_split(county.features, county.spine, "train").iloc[::8]
    first, again, other = (
        train(rows, county.outcomes, registry, seed=seed, settings=CAREFUL[:1], folds=2)
        for rows, seed in ((some, 5), (some.sample(frac=1, random_state=1), 5), (some, 6))
    )
    assert first.booster.model_to_string() == again.booster.model_to_string()
    assert first.calibration == again.calibration
    assert first.manifest == again.manifest
    assert first.booster.model_to_string() != other.booster.model_to_string()


def test_more_never_lowers_a_risk_whose_direction_is_fixed(model: Model, test_date: pd.DataFrame):
    some = test_date.sample(300, random_state=1)
    held = [feature for feature in model.features if feature.direction]
    assert len(held) > 10
    for feature in held:
        values = [0, 1] if feature.kind == "flag" else range(0, 12)
        risks = np.array([model.raw(some.assign(**{feature.name: float(v)})) for v in values])
        assert (feature.direction * np.diff(risks, axis=0) >= -1e-9).all(), feature.name


def test_contributions_add_up_to_the_log_odds(model: Model, few: pd.DataFrame):
    parts = model.contributions(few)
    assert list(parts.columns) == [*model.names, BASE]
    assert np.allclose(parts.sum(axis=1), model.raw(few))
    odds = model.calibration.intercept + model.calibration.slope * model.raw(few)
    assert np.allclose(expit(odds), model.predict(few))


def test_out_of_fold_has_each_training_row_once(model: Model, county: MadeUp):
    rows = of_split(county.outcomes, county.spine, "train")
    assert len(model.out_of_fold) == len(rows)
    assert model.out_of_fold["happened"].sum() == rows["happened"].sum()
    assert model.out_of_fold["risk"].mean() == pytest.approx(rows["happened"].mean(), rel=0.02)


def test_the_manifest_says_how_it_was_made(model: Model):
    told = model.manifest
    assert told["index_dates"] == ["2022-03-31", "2022-09-30"]
    assert (told["rows"], told["rows_purged"], told["seed"]) == (40_000, 0, 5)
    assert told["chosen"]["name"] == "careful"
    assert Calibration.read(told["calibration"]) == model.calibration
    assert [Feature.read(feature.plain()) for feature in model.features] == list(model.features)


def test_training_on_a_date_whose_outcomes_are_not_over_is_refused_or_left_out(
    county: MadeUp, registry: FeatureSet
):
    with pytest.raises(PredictionError, match="2025-03-31 lies beyond the data"):
        train(of_split(county.features, county.spine, "score"), county.outcomes, registry, seed=1)
    with pytest.raises(PredictionError, match="complete by 2022-09-30"):
        train(county.features, county.outcomes, registry, seed=1, before="2022-09-30")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda f: f.drop(columns="police_contacts"), "lacks 'police_contacts'"),
        (lambda f: f.assign(police_contacts="two"), "'police_contacts' must hold numbers"),
        (lambda f: f.assign(police_contacts=np.inf), "'police_contacts' is infinite in row 1"),
        (lambda f: f.assign(crime=0.5), "'crime' is 0 or 1, and row 1 holds another"),
        (lambda f: f.assign(kind=3.0), "'kind' is a category"),
        (lambda f: f.assign(kind="lighthouse"), "a category that the model never saw"),
        (
            lambda f: f.assign(arrears_notices=np.nan),
            "Nothing of the source 'arrears_notices' has a value in any of 50 rows",
        ),
        (
            lambda f: f.assign(moves=f["moves"].where(f.index != f.index[3])),
            "'moves' has no value in 1 of 50 rows, and always had one",
        ),
        (lambda f: f.iloc[:0], "There are no rows"),
        (lambda f: f.to_numpy(), "must be a pandas DataFrame"),
    ],
)
def test_what_the_model_was_not_made_for_is_refused(
    model: Model, few: pd.DataFrame, change: object, sentence: str
):
    for ask in (model.predict, model.raw, model.contributions):
        with pytest.raises(PredictionError, match=sentence):
            ask(change(few))


def test_a_household_of_whom_nothing_statutory_is_known_is_scored(model: Model, few: pd.DataFrame):
    never = few.assign(statutory_12m=0.0, months_since_statutory=np.nan)
    assert model.predict(never).between(0, 1).all()


def test_a_source_without_a_value_in_training_is_refused(county: MadeUp, registry: FeatureSet):
    rows = of_split(county.features, county.spine, "train").assign(arrears_notices=np.nan)
    with pytest.raises(PredictionError, match="Nothing of the source 'arrears_notices'"):
        train(rows, county.outcomes, registry, seed=1)
