"""Did it work, by how much, how sure are we, and what is it worth?"""

from __future__ import annotations

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
from woda_lib.evaluation.copula import (
    CorrelationError,
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
from woda_lib.evaluation.restricted_mean import (
    restricted_mean,
)
from woda_lib.evaluation.restricted_mean_tables import (
    mature_months,
    monthly_restricted_mean,
    restricted_mean_by,
    restricted_mean_difference,
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
from woda_lib.evaluation.time_series import (
    SeriesError,
    TimeSeries,
)
from woda_lib.evaluation.uncertain_inputs import (
    uncertain_inputs,
)

__all__ = [
    "AutoregressiveFit",
    "AutoregressiveModel",
    "BalancingError",
    "BalancingMeasures",
    "Benefit",
    "BenefitError",
    "Contrast",
    "CorrelationError",
    "DischargeBias",
    "DiscountingError",
    "DistributionError",
    "EvaluationError",
    "FormulaError",
    "FrameError",
    "Impact",
    "ImpactError",
    "InterruptedTimeSeries",
    "Interval",
    "MoneyError",
    "OptimismBiasError",
    "Participants",
    "ParticipantsError",
    "PriceYearError",
    "ProcessChart",
    "ProcessChartError",
    "ProcessTable",
    "SeriesError",
    "SubgroupEffects",
    "SubgroupError",
    "TimeAxis",
    "TimeError",
    "TimeSeries",
    "TooFewMonthsError",
    "UnidentifiedDesignError",
    "balancing_measures",
    "bed_days_per_month",
    "cost_avoided",
    "discharged_this_month_bias",
    "discount_factors",
    "forest",
    "icon_svg",
    "interrupted_time_series",
    "mature_months",
    "money_table",
    "monte_carlo_benefit",
    "monthly_restricted_mean",
    "net_present_value",
    "participants",
    "people_per_month",
    "price_factor",
    "process_chart",
    "process_table",
    "read_optimism_bias",
    "read_price_index",
    "restricted_mean",
    "restricted_mean_by",
    "restricted_mean_difference",
    "subgroup_effects",
    "uncertain_inputs",
]
