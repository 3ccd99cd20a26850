"""Did it work, by how much, how sure are we, and what is it worth?"""

from __future__ import annotations

from woda_lib.evaluation.autoregressive import (
    AutoregressiveFit,
    AutoregressiveModel,
    Contrast,
    TooFewMonthsError,
    UnidentifiedDesignError,
)
from woda_lib.evaluation.benefit import Benefit, BenefitError, monte_carlo_benefit
from woda_lib.evaluation.copula import CorrelationError
from woda_lib.evaluation.discounting import (
    DiscountingError,
    discount_factors,
    net_present_value,
)
from woda_lib.evaluation.distributions import DistributionError
from woda_lib.evaluation.forest import forest
from woda_lib.evaluation.formula import FormulaError
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
from woda_lib.evaluation.optimism_bias import OptimismBiasError, read_optimism_bias
from woda_lib.evaluation.over_linkages import OverLinkages, over_linkages
from woda_lib.evaluation.prices import PriceYearError, price_factor, read_price_index
from woda_lib.evaluation.process_chart import ProcessChart, ProcessChartError, process_chart
from woda_lib.evaluation.restricted_mean import (
    DurationError,
    mature_months,
    monthly_restricted_mean,
    restricted_mean,
    restricted_mean_difference,
)
from woda_lib.evaluation.rubin import PoolingError
from woda_lib.evaluation.tipping_point import TippingPoint, TippingPointError, tipping_point
from woda_lib.evaluation.uncertain_inputs import uncertain_inputs

__all__ = [
    "AutoregressiveFit",
    "AutoregressiveModel",
    "Benefit",
    "BenefitError",
    "Contrast",
    "CorrelationError",
    "DiscountingError",
    "DistributionError",
    "DurationError",
    "FormulaError",
    "InterruptedSeries",
    "Interval",
    "MoneyError",
    "OptimismBiasError",
    "OverLinkages",
    "PoolingError",
    "PriceYearError",
    "ProcessChart",
    "ProcessChartError",
    "SeriesError",
    "TippingPoint",
    "TippingPointError",
    "TooFewMonthsError",
    "UnidentifiedDesignError",
    "bed_days_per_month",
    "cost_avoided",
    "discount_factors",
    "forest",
    "interrupted_series",
    "mature_months",
    "money_table",
    "monte_carlo_benefit",
    "monthly_restricted_mean",
    "net_present_value",
    "over_linkages",
    "people_per_month",
    "price_factor",
    "process_chart",
    "read_optimism_bias",
    "read_price_index",
    "restricted_mean",
    "restricted_mean_difference",
    "tipping_point",
    "uncertain_inputs",
]
