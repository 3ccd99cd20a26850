"""Did it work, by how much, how sure are we, and what is it worth?"""

from __future__ import annotations

from woda_lib.evaluation.autoregressive import (
    AutoregressiveFit,
    AutoregressiveModel,
    Contrast,
    TooFewMonthsError,
    UnidentifiedDesignError,
)
from woda_lib.evaluation.capacity import PlacesNeeded, places_needed
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
from woda_lib.evaluation.process_charts import (
    ProcessChart,
    ProcessChartError,
    ProcessTable,
    icon_svg,
    process_chart,
    process_table,
)
from woda_lib.evaluation.restricted_mean import (
    DurationError,
    mature_months,
    monthly_restricted_mean,
    restricted_mean,
    restricted_mean_difference,
)

__all__ = [
    "AutoregressiveFit",
    "AutoregressiveModel",
    "Contrast",
    "DurationError",
    "InterruptedSeries",
    "Interval",
    "MoneyError",
    "PlacesNeeded",
    "ProcessChart",
    "ProcessChartError",
    "ProcessTable",
    "SeriesError",
    "TooFewMonthsError",
    "UnidentifiedDesignError",
    "bed_days_per_month",
    "cost_avoided",
    "forest",
    "icon_svg",
    "interrupted_series",
    "mature_months",
    "money_table",
    "monthly_restricted_mean",
    "people_per_month",
    "places_needed",
    "process_chart",
    "process_table",
    "restricted_mean",
    "restricted_mean_difference",
]
