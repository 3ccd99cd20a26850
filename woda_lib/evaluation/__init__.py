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
from woda_lib.evaluation.competing_risks import CompetingRisks, competing_risks
from woda_lib.evaluation.cox import CoxRegression, cox
from woda_lib.evaluation.did_analysis import PreTrend
from woda_lib.evaluation.did_result import DifferenceInDifferences
from woda_lib.evaluation.difference_in_differences import difference_in_differences
from woda_lib.evaluation.discharge_bias import DischargeBias, discharged_this_month_bias
from woda_lib.evaluation.durations import DurationError
from woda_lib.evaluation.forest import forest
from woda_lib.evaluation.impact import Impact, ImpactError
from woda_lib.evaluation.interrupted_result import InterruptedTimeSeries
from woda_lib.evaluation.interrupted_time_series import interrupted_time_series
from woda_lib.evaluation.interval import Interval
from woda_lib.evaluation.kaplan_meier import KaplanMeier, kaplan_meier
from woda_lib.evaluation.many_outcomes import ManyContrasts, contrast_many, posterior_many
from woda_lib.evaluation.money import (
    MoneyError,
    bed_days_per_month,
    cost_avoided,
    money_table,
    people_per_month,
)
from woda_lib.evaluation.parametric_durations import ParametricDurations, parametric_durations
from woda_lib.evaluation.process_chart import ProcessChart, ProcessChartError, process_chart
from woda_lib.evaluation.quantile_durations import QuantileDurations, quantile_durations
from woda_lib.evaluation.restricted_mean import restricted_mean
from woda_lib.evaluation.restricted_mean_result import RestrictedMean
from woda_lib.evaluation.restricted_mean_tables import (
    mature_months,
    monthly_pseudo_mean,
    monthly_restricted_mean,
    restricted_mean_by,
    restricted_mean_difference,
)
from woda_lib.evaluation.subdistribution import Subdistribution, subdistribution
from woda_lib.evaluation.time_axis import TimeAxis, TimeError
from woda_lib.evaluation.time_series import SeriesError, TimeSeries

__all__ = [
    "AdoptionError",
    "AutoregressiveFit",
    "AutoregressiveModel",
    "CompetingRisks",
    "Contrast",
    "CoxRegression",
    "DifferenceInDifferences",
    "DischargeBias",
    "DurationError",
    "Impact",
    "ImpactError",
    "InterruptedTimeSeries",
    "Interval",
    "KaplanMeier",
    "ManyContrasts",
    "MoneyError",
    "ParametricDurations",
    "PreTrend",
    "ProcessChart",
    "ProcessChartError",
    "QuantileDurations",
    "RestrictedMean",
    "SeriesError",
    "Subdistribution",
    "TimeAxis",
    "TimeError",
    "TimeSeries",
    "TooFewMonthsError",
    "UnidentifiedDesignError",
    "bed_days_per_month",
    "competing_risks",
    "contrast_many",
    "cost_avoided",
    "cox",
    "difference_in_differences",
    "discharged_this_month_bias",
    "forest",
    "interrupted_time_series",
    "kaplan_meier",
    "mature_months",
    "money_table",
    "monthly_pseudo_mean",
    "monthly_restricted_mean",
    "parametric_durations",
    "people_per_month",
    "posterior_many",
    "process_chart",
    "quantile_durations",
    "restricted_mean",
    "restricted_mean_by",
    "restricted_mean_difference",
    "subdistribution",
]
