"""The pilot's own registry of features, on made-up households: what is published names them all."""

import pytest

from tests.prediction.bundle.small_model import PARAMETERS, known
from woda_lib.prediction.bundle import (
    Known,
    load_bundle,
    make_bundle,
    model_card,
    save_bundle,
    transparency_record,
)
from woda_lib.prediction.features import read_features
from woda_lib.prediction.training import SETTINGS, train
from woda_lib.synthetic.complex_dependencies.tabular import draw_households

REGISTRY = read_features(PARAMETERS / "complex_dependencies" / "features.yaml")


@pytest.fixture(scope="module")
def made():
    return draw_households(1500, 1)


@pytest.fixture(scope="module")
def said(made) -> Known:
    training = made.spine.loc[made.spine["split"] == "train", ["household_id", "index_date"]]
    rows, outcomes = (table.merge(training) for table in (made.features, made.outcomes))
    model = train(rows, outcomes, REGISTRY, seed=1, settings=SETTINGS[:1])
    return known(model=model, registry=REGISTRY.features)


def test_a_loaded_model_scores_other_days_with_the_same_bytes(said, made, tmp_path):
    card, record = model_card(said), transparency_record(said)
    bundle = make_bundle(said.model, registry=said.registry, card=card, record=record)
    back = load_bundle(save_bundle(bundle, tmp_path / "model"))
    scored = back.predict(made.features).to_numpy()
    assert scored.tobytes() == said.model.predict(made.features).to_numpy().tobytes()


def test_every_feature_and_every_dataset_is_published(said):
    record = transparency_record(said)
    tables = {t.name: t.frame for entry in record.entries for t in entry.tables}
    assert tables["features"]["feature"].tolist() == [each.title for each in REGISTRY.features]
    named = {name for each in REGISTRY.features for name in each.datasets}
    assert {name.replace("_", " ") for name in named} <= set(tables["datasets"]["dataset"])
