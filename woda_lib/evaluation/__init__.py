"""Did it work, by how much, how sure are we, and what is it worth?"""

from __future__ import annotations

from woda_lib.evaluation.adjusted_by_period import (
    adjusted_by_period,
)
from woda_lib.evaluation.adjusted_difference import (
    AdjustedDifference,
    adjusted_difference,
)
from woda_lib.evaluation.adoption import (
    AdoptionError,
)
from woda_lib.evaluation.autoregressive import (
    AutoregressiveFit,
    AutoregressiveModel,
    Contrast,
    TooFewMonthsError,
    UnidentifiedDesignError,
)
from woda_lib.evaluation.balancing import (
    BalancingError,
    BalancingMeasures,
    balancing_measures,
)
from woda_lib.evaluation.benefit import (
    Benefit,
    BenefitError,
    monte_carlo_benefit,
)
from woda_lib.evaluation.capacity import (
    PlacesNeeded,
    places_needed,
)
from woda_lib.evaluation.case_mix.errors import (
    CaseMixError,
    OverlapError,
)
from woda_lib.evaluation.competing_risks import (
    CompetingRisks,
    competing_risks,
)
from woda_lib.evaluation.copula import (
    CorrelationError,
)
from woda_lib.evaluation.cox import (
    CoxRegression,
    cox,
)
from woda_lib.evaluation.did_analysis import (
    PreTrend,
)
from woda_lib.evaluation.did_result import (
    DifferenceInDifferences,
)
from woda_lib.evaluation.difference_in_differences import (
    difference_in_differences,
)
from woda_lib.evaluation.discharge_bias import (
    DischargeBias,
    discharged_this_month_bias,
)
from woda_lib.evaluation.discounting import (
    DiscountingError,
    discount_factors,
    net_present_value,
)
from woda_lib.evaluation.distributions import (
    DistributionError,
)
from woda_lib.evaluation.donors.panel import (
    DonorError,
)
from woda_lib.evaluation.durations import (
    DurationError,
)
from woda_lib.evaluation.errors import (
    EvaluationError,
    FrameError,
)
from woda_lib.evaluation.forest import (
    forest,
)
from woda_lib.evaluation.formula import (
    FormulaError,
)
from woda_lib.evaluation.impact import (
    Impact,
    ImpactError,
)
from woda_lib.evaluation.interrupted_result import (
    InterruptedTimeSeries,
)
from woda_lib.evaluation.interrupted_time_series import (
    interrupted_time_series,
)
from woda_lib.evaluation.interval import (
    Interval,
)
from woda_lib.evaluation.kaplan_meier import (
    KaplanMeier,
    kaplan_meier,
)
from woda_lib.evaluation.money import (
    MoneyError,
    bed_days_per_month,
    cost_avoided,
    money_table,
    people_per_month,
)
from woda_lib.evaluation.optimism_bias import (
    OptimismBiasError,
    read_optimism_bias,
)
from woda_lib.evaluation.over_linkages import (
    OverLinkages,
    over_linkages,
)
from woda_lib.evaluation.parametric_durations import (
    ParametricDurations,
    parametric_durations,
)
from woda_lib.evaluation.participants import (
    Participants,
    ParticipantsError,
    participants,
)
from woda_lib.evaluation.prices import (
    PriceYearError,
    price_factor,
    read_price_index,
)
from woda_lib.evaluation.process_charts import (
    ProcessChart,
    ProcessChartError,
    ProcessTable,
    icon_svg,
    process_chart,
    process_table,
)
from woda_lib.evaluation.quantile_durations import (
    QuantileDurations,
    quantile_durations,
)
from woda_lib.evaluation.restricted_mean import (
    RestrictedMean,
    restricted_mean,
)
from woda_lib.evaluation.restricted_mean_tables import (
    mature_months,
    monthly_pseudo_mean,
    monthly_restricted_mean,
    restricted_mean_by,
    restricted_mean_difference,
)
from woda_lib.evaluation.rubin import (
    PoolingError,
)
from woda_lib.evaluation.subdistribution import (
    Subdistribution,
    subdistribution,
)
from woda_lib.evaluation.subgroups import (
    SubgroupEffects,
    SubgroupError,
    subgroup_effects,
)
from woda_lib.evaluation.synthetic_control import (
    SyntheticControl,
    synthetic_control,
)
from woda_lib.evaluation.time_axis import (
    TimeAxis,
    TimeError,
)
from woda_lib.evaluation.time_series import (
    SeriesError,
    TimeSeries,
)
from woda_lib.evaluation.tipping_point import (
    TippingPoint,
    TippingPointError,
    tipping_point,
)
from woda_lib.evaluation.uncertain_inputs import (
    uncertain_inputs,
)

__all__ = [
    "AdjustedDifference",
    "AdoptionError",
    "AutoregressiveFit",
    "AutoregressiveModel",
    "BalancingError",
    "BalancingMeasures",
    "Benefit",
    "BenefitError",
    "CaseMixError",
    "CompetingRisks",
    "Contrast",
    "CorrelationError",
    "CoxRegression",
    "DifferenceInDifferences",
    "DischargeBias",
    "DiscountingError",
    "DistributionError",
    "DonorError",
    "DurationError",
    "EvaluationError",
    "FormulaError",
    "FrameError",
    "Impact",
    "ImpactError",
    "InterruptedTimeSeries",
    "Interval",
    "KaplanMeier",
    "MoneyError",
    "OptimismBiasError",
    "OverLinkages",
    "OverlapError",
    "ParametricDurations",
    "Participants",
    "ParticipantsError",
    "PlacesNeeded",
    "PoolingError",
    "PreTrend",
    "PriceYearError",
    "ProcessChart",
    "ProcessChartError",
    "ProcessTable",
    "QuantileDurations",
    "RestrictedMean",
    "SeriesError",
    "Subdistribution",
    "SubgroupEffects",
    "SubgroupError",
    "SyntheticControl",
    "TimeAxis",
    "TimeError",
    "TimeSeries",
    "TippingPoint",
    "TippingPointError",
    "TooFewMonthsError",
    "UnidentifiedDesignError",
    "adjusted_by_period",
    "adjusted_difference",
    "balancing_measures",
    "bed_days_per_month",
    "competing_risks",
    "cost_avoided",
    "cox",
    "difference_in_differences",
    "discharged_this_month_bias",
    "discount_factors",
    "forest",
    "icon_svg",
    "interrupted_time_series",
    "kaplan_meier",
    "mature_months",
    "money_table",
    "monte_carlo_benefit",
    "monthly_pseudo_mean",
    "monthly_restricted_mean",
    "net_present_value",
    "over_linkages",
    "parametric_durations",
    "participants",
    "people_per_month",
    "places_needed",
    "price_factor",
    "process_chart",
    "process_table",
    "quantile_durations",
    "read_optimism_bias",
    "read_price_index",
    "restricted_mean",
    "restricted_mean_by",
    "restricted_mean_difference",
    "subdistribution",
    "subgroup_effects",
    "synthetic_control",
    "tipping_point",
    "uncertain_inputs",
]
