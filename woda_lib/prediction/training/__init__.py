"""A model of households: splits, a fixed search, monotone trees, calibration, and baselines."""

from woda_lib.prediction.training.baselines import (
    NEEDS,
    Baselines,
    fit_baselines,
    logistic_out_of_fold,
    rule_points,
)
from woda_lib.prediction.training.calibration import Calibration, calibrate
from woda_lib.prediction.training.columns import Feature
from woda_lib.prediction.training.fit import directions, train
from woda_lib.prediction.training.model import BASE, Model
from woda_lib.prediction.training.settings import SETTINGS, Setting
from woda_lib.prediction.training.splits import of_split, purge

__all__ = [
    "BASE",
    "NEEDS",
    "SETTINGS",
    "Baselines",
    "Calibration",
    "Feature",
    "Model",
    "Setting",
    "calibrate",
    "directions",
    "fit_baselines",
    "logistic_out_of_fold",
    "of_split",
    "purge",
    "rule_points",
    "train",
]
