"""Features with an index date: the registry, the building, and the test that nothing leaks."""

from woda_lib.prediction.features.agreed import require_agreed
from woda_lib.prediction.features.attribution import lived_there
from woda_lib.prediction.features.building import KEYS, Built, build
from woda_lib.prediction.features.leakage import CHANGES, leaking, leaks
from woda_lib.prediction.features.registry import (
    Feature,
    FeatureSet,
    Kind,
    Rows,
    read_features,
)

__all__ = [
    "CHANGES",
    "KEYS",
    "Built",
    "Feature",
    "FeatureSet",
    "Kind",
    "Rows",
    "build",
    "leaking",
    "leaks",
    "lived_there",
    "read_features",
    "require_agreed",
]
