"""What the pilot changed, and who is harmed again: measures that name nobody."""

from woda_lib.pilots.domestic_abuse.measures.again_picture import again_picture
from woda_lib.pilots.domestic_abuse.measures.balance import balancing, change_of
from woda_lib.pilots.domestic_abuse.measures.data_quality import (
    FIELDS,
    SAME_PERSON,
    completeness,
    consistency,
    quality_finding,
    same_sex_everywhere,
)
from woda_lib.pilots.domestic_abuse.measures.doubts import (
    headline,
    other_choices,
    verdict,
    what_would_change,
)
from woda_lib.pilots.domestic_abuse.measures.escalation import (
    by_order,
    escalation,
    escalation_finding,
    incidents_of_couples,
)
from woda_lib.pilots.domestic_abuse.measures.first_contact import (
    contact_by_period,
    contact_clocks,
    hours_to_contact,
    median_hours,
    median_of_reached,
)
from woda_lib.pilots.domestic_abuse.measures.in_and_out import in_and_out
from woda_lib.pilots.domestic_abuse.measures.known_already import (
    AMONG_KNOWN,
    AMONG_NEW,
    duplicate_rate,
    duplicate_shares,
    known_by_time,
    new_nominals,
)
from woda_lib.pilots.domestic_abuse.measures.meetings import (
    before_and_after,
    meetings_by_month,
    paired,
)
from woda_lib.pilots.domestic_abuse.measures.planted import (
    DUPLICATES,
    HOURS,
    MINUTES,
    REPEATS,
    against_planted,
    planted_answers,
    planted_completeness,
)
from woda_lib.pilots.domestic_abuse.measures.repeat_risk import (
    again_by_order,
    curves_by_order,
    gaps_by_order,
    hazards,
    hazards_picture,
    ratios,
)
from woda_lib.pilots.domestic_abuse.measures.repeat_victimisation import (
    DAY,
    events_of_victims,
    first_of_period,
    gaps,
    harmed_again,
    interval_of,
    repeats_by_month,
    within_a_year,
)
from woda_lib.pilots.domestic_abuse.measures.serial import (
    partners_of_perpetrators,
    share_of_serial,
)
from woda_lib.pilots.domestic_abuse.measures.shares import shares_before_and_since
from woda_lib.pilots.domestic_abuse.measures.soon_and_few import (
    concentrations,
    how_often,
    near_repeats_of,
    who_is_there,
)
from woda_lib.pilots.domestic_abuse.measures.weighed import as_it_was, marked_by_truth, with_harm
from woda_lib.pilots.domestic_abuse.measures.where import area_finding, area_forest, by_area
from woda_lib.pilots.doubts import PAIR, without_each_month

__all__ = [
    "AMONG_KNOWN",
    "AMONG_NEW",
    "DAY",
    "DUPLICATES",
    "FIELDS",
    "HOURS",
    "MINUTES",
    "PAIR",
    "REPEATS",
    "SAME_PERSON",
    "again_by_order",
    "again_picture",
    "against_planted",
    "area_finding",
    "area_forest",
    "as_it_was",
    "balancing",
    "before_and_after",
    "by_area",
    "by_order",
    "change_of",
    "completeness",
    "concentrations",
    "consistency",
    "contact_by_period",
    "contact_clocks",
    "curves_by_order",
    "duplicate_rate",
    "duplicate_shares",
    "escalation",
    "escalation_finding",
    "events_of_victims",
    "first_of_period",
    "gaps",
    "gaps_by_order",
    "harmed_again",
    "hazards",
    "hazards_picture",
    "headline",
    "hours_to_contact",
    "how_often",
    "in_and_out",
    "incidents_of_couples",
    "interval_of",
    "known_by_time",
    "marked_by_truth",
    "median_hours",
    "median_of_reached",
    "meetings_by_month",
    "near_repeats_of",
    "new_nominals",
    "other_choices",
    "paired",
    "partners_of_perpetrators",
    "planted_answers",
    "planted_completeness",
    "quality_finding",
    "ratios",
    "repeats_by_month",
    "same_sex_everywhere",
    "share_of_serial",
    "shares_before_and_since",
    "verdict",
    "what_would_change",
    "who_is_there",
    "with_harm",
    "within_a_year",
    "without_each_month",
]
