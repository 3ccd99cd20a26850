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
from woda_lib.evaluation.errors import (
    EvaluationError,
    FrameError,
)
from woda_lib.evaluation.forest import (
    forest,
)
from woda_lib.evaluation.interrupted_time_series import (
    InterruptedTimeSeries,
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
from woda_lib.evaluation.monthly_series import (
    SeriesError,
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
from woda_lib.evaluation.restricted_mean import (
    DurationError,
    monthly_restricted_mean,
    restricted_mean,
)
from woda_lib.evaluation.restricted_mean_tables import (
    mature_months,
    restricted_mean_by,
    restricted_mean_difference,
)
from woda_lib.evaluation.subgroups import (
    SubgroupEffects,
    SubgroupError,
    subgroup_effects,
)

__all__ = [
    "AutoregressiveFit",
    "AutoregressiveModel",
    "BalancingError",
    "BalancingMeasures",
    "Contrast",
    "DurationError",
    "EvaluationError",
    "FrameError",
    "InterruptedTimeSeries",
    "Interval",
    "MoneyError",
    "Participants",
    "ParticipantsError",
    "ProcessChart",
    "ProcessChartError",
    "ProcessTable",
    "SeriesError",
    "SubgroupEffects",
    "SubgroupError",
    "TooFewMonthsError",
    "UnidentifiedDesignError",
    "balancing_measures",
    "bed_days_per_month",
    "cost_avoided",
    "forest",
    "icon_svg",
    "interrupted_time_series",
    "mature_months",
    "money_table",
    "monthly_restricted_mean",
    "participants",
    "people_per_month",
    "process_chart",
    "process_table",
    "restricted_mean",
    "restricted_mean_by",
    "restricted_mean_difference",
    "subgroup_effects",
]
