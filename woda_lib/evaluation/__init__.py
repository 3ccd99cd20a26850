"""Did it work, by how much, how sure are we, and what is it worth?"""

from __future__ import annotations

from woda_lib.evaluation.balancing import (
    BalancingError,
    BalancingMeasures,
    balancing_measures,
)
from woda_lib.evaluation.capacity import (
    PlacesNeeded,
    places_needed,
)
from woda_lib.evaluation.case_mix.adjusted_by_period import (
    adjusted_by_period,
)
from woda_lib.evaluation.case_mix.adjusted_difference import (
    AdjustedDifference,
    adjusted_difference,
)
from woda_lib.evaluation.case_mix.errors import (
    CaseMixError,
    OverlapError,
)
from woda_lib.evaluation.differences.adoption_columns import (
    AdoptionError,
)
from woda_lib.evaluation.differences.did_analysis import (
    PreTrend,
)
from woda_lib.evaluation.differences.did_result import (
    DifferenceInDifferences,
)
from woda_lib.evaluation.differences.difference_in_differences import (
    difference_in_differences,
)
from woda_lib.evaluation.donors.panel import (
    DonorError,
)
from woda_lib.evaluation.donors.synthetic_control import (
    SyntheticControl,
    synthetic_control,
)
from woda_lib.evaluation.durations.competing_risks import (
    CompetingRisks,
    competing_risks,
)
from woda_lib.evaluation.durations.cox import (
    CoxRegression,
    cox,
)
from woda_lib.evaluation.durations.discharge_bias import (
    DischargeBias,
    discharged_this_month_bias,
)
from woda_lib.evaluation.durations.durations import (
    DurationError,
)
from woda_lib.evaluation.durations.kaplan_meier import (
    KaplanMeier,
    kaplan_meier,
)
from woda_lib.evaluation.durations.parametric_durations import (
    ParametricDurations,
    parametric_durations,
)
from woda_lib.evaluation.durations.quantile_durations import (
    QuantileDurations,
    quantile_durations,
)
from woda_lib.evaluation.durations.restricted_mean import (
    restricted_mean,
)
from woda_lib.evaluation.durations.restricted_mean_result import (
    RestrictedMean,
)
from woda_lib.evaluation.durations.restricted_mean_tables import (
    mature_months,
    monthly_pseudo_mean,
    monthly_restricted_mean,
    restricted_mean_by,
    restricted_mean_difference,
)
from woda_lib.evaluation.durations.subdistribution import (
    Subdistribution,
    subdistribution,
)
from woda_lib.evaluation.errors import (
    EvaluationError,
    FrameError,
)
from woda_lib.evaluation.forest import (
    forest,
)
from woda_lib.evaluation.interval import (
    Interval,
)
from woda_lib.evaluation.linkage_error.over_linkages import (
    OverLinkages,
    over_linkages,
)
from woda_lib.evaluation.linkage_error.rubin import (
    PoolingError,
)
from woda_lib.evaluation.linkage_error.tipping_point import (
    TippingPoint,
    TippingPointError,
    tipping_point,
)
from woda_lib.evaluation.money.benefit import (
    monte_carlo_benefit,
)
from woda_lib.evaluation.money.benefit_result import (
    Benefit,
    BenefitError,
)
from woda_lib.evaluation.money.copula import (
    CorrelationError,
)
from woda_lib.evaluation.money.discounting import (
    DiscountingError,
    discount_factors,
    net_present_value,
)
from woda_lib.evaluation.money.distributions import (
    DistributionError,
)
from woda_lib.evaluation.money.formula import (
    Formula,
    FormulaError,
)
from woda_lib.evaluation.money.money import (
    MoneyError,
    bed_days_per_month,
    cost_avoided,
    money_table,
    people_per_month,
)
from woda_lib.evaluation.money.optimism_bias import (
    OptimismBiasError,
    read_optimism_bias,
)
from woda_lib.evaluation.money.prices import (
    PriceYearError,
    financial_year,
    price_factor,
    read_price_index,
)
from woda_lib.evaluation.money.uncertain_inputs import (
    SHARE,
    as_share,
    uncertain_inputs,
)
from woda_lib.evaluation.participants import (
    Participants,
    ParticipantsError,
    participants,
)
from woda_lib.evaluation.process_charts import (
    ProcessChart,
    ProcessChartError,
    ProcessTable,
    icon_svg,
    process_chart,
    process_table,
)
from woda_lib.evaluation.repeats.concentration import (
    Concentration,
    concentration,
)
from woda_lib.evaluation.repeats.errors import (
    RepeatsError,
)
from woda_lib.evaluation.repeats.near_repeats import (
    NearRepeats,
    near_repeats,
)
from woda_lib.evaluation.series.autoregressive import (
    AutoregressiveFit,
    AutoregressiveModel,
    Contrast,
    TooFewMonthsError,
    UnidentifiedDesignError,
)
from woda_lib.evaluation.series.impact import (
    Impact,
    ImpactError,
)
from woda_lib.evaluation.series.interrupted_result import (
    InterruptedTimeSeries,
)
from woda_lib.evaluation.series.interrupted_time_series import (
    interrupted_time_series,
)
from woda_lib.evaluation.series.many_outcomes import (
    ManyContrasts,
    contrast_many,
    posterior_many,
)
from woda_lib.evaluation.series.time_series import (
    SeriesError,
    TimeSeries,
)
from woda_lib.evaluation.subgroups import (
    SubgroupEffects,
    SubgroupError,
    subgroup_effects,
)
from woda_lib.evaluation.time_axis import (
    TimeAxis,
    TimeError,
)

__all__ = [
    "SHARE",
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
    "Concentration",
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
    "Formula",
    "FormulaError",
    "FrameError",
    "Impact",
    "ImpactError",
    "InterruptedTimeSeries",
    "Interval",
    "KaplanMeier",
    "ManyContrasts",
    "MoneyError",
    "NearRepeats",
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
    "RepeatsError",
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
    "as_share",
    "balancing_measures",
    "bed_days_per_month",
    "competing_risks",
    "concentration",
    "contrast_many",
    "cost_avoided",
    "cox",
    "difference_in_differences",
    "discharged_this_month_bias",
    "discount_factors",
    "financial_year",
    "forest",
    "icon_svg",
    "interrupted_time_series",
    "kaplan_meier",
    "mature_months",
    "money_table",
    "monte_carlo_benefit",
    "monthly_pseudo_mean",
    "monthly_restricted_mean",
    "near_repeats",
    "net_present_value",
    "over_linkages",
    "parametric_durations",
    "participants",
    "people_per_month",
    "places_needed",
    "posterior_many",
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
