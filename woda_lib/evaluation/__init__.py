"""Did it work, by how much, how sure are we, and what is it worth?"""

from __future__ import annotations

from woda_lib.evaluation.adjusted_by_period import adjusted_by_period
from woda_lib.evaluation.adjusted_difference import AdjustedDifference, adjusted_difference
from woda_lib.evaluation.autoregressive import (
    AutoregressiveFit,
    AutoregressiveModel,
    Contrast,
    TooFewMonthsError,
    UnidentifiedDesignError,
)
from woda_lib.evaluation.case_mix.errors import CaseMixError, OverlapError
from woda_lib.evaluation.donors.panel import DonorError
from woda_lib.evaluation.forest import forest
from woda_lib.evaluation.interrupted_series import InterruptedSeries, interrupted_series
from woda_lib.evaluation.interval import Interval
from woda_lib.evaluation.money import (
    MoneyError,
    bed_days_per_month,
    cost_avoided,
    money_table,
    people_per_month,
)
from woda_lib.evaluation.monthly_series import SeriesError
from woda_lib.evaluation.process_chart import ProcessChart, ProcessChartError, process_chart
from woda_lib.evaluation.restricted_mean import (
    DurationError,
    mature_months,
    monthly_restricted_mean,
    restricted_mean,
    restricted_mean_difference,
)
from woda_lib.evaluation.synthetic_control import SyntheticControl, synthetic_control

__all__ = [
    "AdjustedDifference",
    "AutoregressiveFit",
    "AutoregressiveModel",
    "CaseMixError",
    "Contrast",
    "DonorError",
    "DurationError",
    "InterruptedSeries",
    "Interval",
    "MoneyError",
    "OverlapError",
    "ProcessChart",
    "ProcessChartError",
    "SeriesError",
    "SyntheticControl",
    "TooFewMonthsError",
    "UnidentifiedDesignError",
    "adjusted_by_period",
    "adjusted_difference",
    "bed_days_per_month",
    "cost_avoided",
    "forest",
    "interrupted_series",
    "mature_months",
    "money_table",
    "monthly_restricted_mean",
    "people_per_month",
    "process_chart",
    "restricted_mean",
    "restricted_mean_difference",
    "synthetic_control",
]
