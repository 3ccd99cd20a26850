"""Business demography over the register: births, deaths, survival, sectors, and who grows."""

from __future__ import annotations

from woda_lib.pilots.business_register.growth.births_and_deaths import (
    births_by_year,
    rates_of_a_year,
)
from woda_lib.pilots.business_register.growth.differing import who_differs
from woda_lib.pilots.business_register.growth.errors import GrowthError
from woda_lib.pilots.business_register.growth.headline import LABELS, headline, values_of
from woda_lib.pilots.business_register.growth.lives import alive, held, lives
from woda_lib.pilots.business_register.growth.missing import who_shares
from woda_lib.pilots.business_register.growth.mix import (
    concentration,
    herfindahl,
    location_quotients,
    specialities,
)
from woda_lib.pilots.business_register.growth.pictures import (
    births_a_year,
    shares_with_bounds,
    survival_curves,
)
from woda_lib.pilots.business_register.growth.scale_up_shares import (
    answers,
    bounds,
    near_share,
    scale_up_shares,
)
from woda_lib.pilots.business_register.growth.scale_ups import Rule, over_spans, scale_ups
from woda_lib.pilots.business_register.growth.sizes import size_bands, sums
from woda_lib.pilots.business_register.growth.survival import (
    naive_and_right,
    survival,
    survival_of_both,
    survival_table,
)
from woda_lib.pilots.business_register.growth.tables import (
    by_other_rules,
    growing,
    per_resident,
    where_more_grow,
)
from woda_lib.pilots.business_register.growth.truth import (
    Measures,
    five_years,
    marked,
    true_lives,
)
from woda_lib.pilots.business_register.growth.windows import require_held
from woda_lib.pilots.business_register.growth.years import (
    last_day,
    last_shared_year,
    last_whole_year,
)
from woda_lib.pilots.business_register.sections import SECTIONS, named

__all__ = [
    "LABELS",
    "SECTIONS",
    "GrowthError",
    "Measures",
    "Rule",
    "alive",
    "answers",
    "births_a_year",
    "births_by_year",
    "bounds",
    "by_other_rules",
    "concentration",
    "five_years",
    "growing",
    "headline",
    "held",
    "herfindahl",
    "last_day",
    "last_shared_year",
    "last_whole_year",
    "lives",
    "location_quotients",
    "marked",
    "naive_and_right",
    "named",
    "near_share",
    "over_spans",
    "per_resident",
    "rates_of_a_year",
    "require_held",
    "scale_up_shares",
    "scale_ups",
    "shares_with_bounds",
    "size_bands",
    "specialities",
    "sums",
    "survival",
    "survival_curves",
    "survival_of_both",
    "survival_table",
    "true_lives",
    "values_of",
    "where_more_grow",
    "who_differs",
    "who_shares",
]
