"""Did it work, by how much, how sure are we, and what is it worth?"""

from __future__ import annotations

from woda_lib.evaluation.adoption_columns import AdoptionError
from woda_lib.evaluation.autoregressive import (
    AutoregressiveFit,
    AutoregressiveModel,
    Contrast,
    TooFewMonthsError,
    UnidentifiedDesignError,
)
from woda_lib.evaluation.did_analysis import PreTrend
from woda_lib.evaluation.did_result import DifferenceInDifferences
from woda_lib.evaluation.difference_in_differences import difference_in_differences
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

__all__ = [
    "AdoptionError",
    "AutoregressiveFit",
    "AutoregressiveModel",
    "Contrast",
    "DifferenceInDifferences",
    "DurationError",
    "InterruptedSeries",
    "Interval",
    "MoneyError",
    "PreTrend",
    "ProcessChart",
    "ProcessChartError",
    "SeriesError",
    "TooFewMonthsError",
    "UnidentifiedDesignError",
    "bed_days_per_month",
    "cost_avoided",
    "difference_in_differences",
    "forest",
    "interrupted_series",
    "mature_months",
    "money_table",
    "monthly_restricted_mean",
    "people_per_month",
    "process_chart",
    "restricted_mean",
    "restricted_mean_difference",
]
