"""What the pilot changed, and who is harmed again: measures that name nobody."""

from woda_lib.pilots.domestic_abuse.measures.balance import balancing
from woda_lib.pilots.domestic_abuse.measures.data_quality import (
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
    without_each_month,
)
from woda_lib.pilots.domestic_abuse.measures.escalation import (
    by_order,
    escalation,
    incidents_of_couples,
)
from woda_lib.pilots.domestic_abuse.measures.first_contact import (
    contact_by_period,
    contact_clocks,
    hours_to_contact,
    median_hours,
)
from woda_lib.pilots.domestic_abuse.measures.known_already import (
    AMONG_KNOWN,
    AMONG_NEW,
    duplicate_rate,
    duplicate_shares,
    known_by_month,
    new_nominals,
)
from woda_lib.pilots.domestic_abuse.measures.meetings import (
    PAIR,
    before_and_after,
    meetings_by_month,
    paired,
)
from woda_lib.pilots.domestic_abuse.measures.planted import against_planted, planted_completeness
from woda_lib.pilots.domestic_abuse.measures.repeat_risk import (
    curves_by_order,
    gaps_by_order,
    hazards,
)
from woda_lib.pilots.domestic_abuse.measures.repeat_victimisation import (
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
from woda_lib.pilots.domestic_abuse.measures.where import area_finding, area_forest, by_area

__all__ = [
    "AMONG_KNOWN",
    "AMONG_NEW",
    "PAIR",
    "against_planted",
    "area_finding",
    "area_forest",
    "balancing",
    "before_and_after",
    "by_area",
    "by_order",
    "completeness",
    "consistency",
    "contact_by_period",
    "contact_clocks",
    "curves_by_order",
    "duplicate_rate",
    "duplicate_shares",
    "escalation",
    "events_of_victims",
    "first_of_period",
    "gaps",
    "gaps_by_order",
    "harmed_again",
    "hazards",
    "headline",
    "hours_to_contact",
    "incidents_of_couples",
    "interval_of",
    "known_by_month",
    "median_hours",
    "meetings_by_month",
    "new_nominals",
    "other_choices",
    "paired",
    "partners_of_perpetrators",
    "planted_completeness",
    "quality_finding",
    "repeats_by_month",
    "same_sex_everywhere",
    "share_of_serial",
    "shares_before_and_since",
    "verdict",
    "what_would_change",
    "within_a_year",
    "without_each_month",
]
