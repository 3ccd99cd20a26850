"""Households of the planted mechanism and a model of them, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from woda_lib.prediction.features import FeatureSet, read_features
from woda_lib.prediction.training import SETTINGS, Model, of_split, train
from woda_lib.synthetic.complex_dependencies.tabular import MadeUp, draw_households

ROOT = Path(__file__).parents[3]
FEATURES = ROOT / "parameters" / "complex_dependencies" / "features.yaml"
CAREFUL = tuple(setting for setting in SETTINGS if setting.name == "careful")


@pytest.fixture(scope="session")
def registry() -> FeatureSet:
    return read_features(FEATURES)


@pytest.fixture(scope="session")
def county() -> MadeUp:
    return draw_households(20_000, seed=11)


@pytest.fixture(scope="session")
def model(county: MadeUp, registry: FeatureSet) -> Model:
    """A model of one setting, so that a test's seconds are spent on what it asks."""
    return train(
        of_split(county.features, county.spine, "train"),
        county.outcomes,
        registry,
        seed=5,
        before="2023-09-30",
        settings=CAREFUL,
        folds=3,
    )
