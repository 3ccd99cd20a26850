"""How a model treats each group of households, and what being known to many services does."""

from woda_lib.prediction.fairness.coverage import coverage_bias
from woda_lib.prediction.fairness.coverage_result import CoverageBias
from woda_lib.prediction.fairness.enough import Enough
from woda_lib.prediction.fairness.fairness import fairness
from woda_lib.prediction.fairness.judged import GROUPS, judged_rows, on_the_list
from woda_lib.prediction.fairness.measures import BOUNDS, MEASURES
from woda_lib.prediction.fairness.result import Fairness

__all__ = [
    "BOUNDS",
    "GROUPS",
    "MEASURES",
    "CoverageBias",
    "Enough",
    "Fairness",
    "coverage_bias",
    "fairness",
    "judged_rows",
    "on_the_list",
]
