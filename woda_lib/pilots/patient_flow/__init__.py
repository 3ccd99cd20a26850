"""Patient flow: from a council's referral to a hospital's discharge."""

from __future__ import annotations

from woda_lib.pilots.doubts import (
    without_each_month,
)
from woda_lib.pilots.patient_flow.alternative_links import (
    alternative_links,
    linked_otherwise,
)
from woda_lib.pilots.patient_flow.attributes import (
    paired_series,
    series_by_group,
    with_attributes,
)
from woda_lib.pilots.patient_flow.balance import (
    balancing_series,
)
from woda_lib.pilots.patient_flow.board import (
    THRESHOLDS,
    delay_reasons,
    flow_series,
    queue,
    waiting_list,
)
from woda_lib.pilots.patient_flow.capacity import (
    PATHWAYS,
    checked_in_simpy,
    decisions,
    explained_waits,
    known_share,
    observed_waits,
    places_picture,
    places_table,
    plan_places,
)
from woda_lib.pilots.patient_flow.clock import (
    discharge_clock,
)
from woda_lib.pilots.patient_flow.doubts import (
    other_choices,
    verdict,
    what_would_change,
)
from woda_lib.pilots.patient_flow.errors import (
    MissingColumnsError,
    UnknownSpellError,
)
from woda_lib.pilots.patient_flow.for_whom import (
    subgroup_finding,
    subgroup_forest,
    subgroup_table,
)
from woda_lib.pilots.patient_flow.in_and_out import (
    in_and_out,
)
from woda_lib.pilots.patient_flow.links_in_doubt import (
    LinksInDoubt,
)
from woda_lib.pilots.patient_flow.matching import (
    PAIRINGS,
    match_referrals_to_spells,
)
from woda_lib.pilots.patient_flow.money_flows import (
    money_flows,
)
from woda_lib.pilots.patient_flow.people import (
    clients,
    link_people,
    linkage_shares,
    patients,
    person_links,
    person_truth,
    specification,
)
from woda_lib.pilots.patient_flow.pictures import (
    bars,
    matched_by_month,
)
from woda_lib.pilots.patient_flow.tables import (
    against_planted,
    headline,
    how_clocks_ended,
    match_outcomes,
    referrals_per_month,
    waits_by_period,
    who_is_missed,
)

__all__ = [
    "PAIRINGS",
    "PATHWAYS",
    "THRESHOLDS",
    "LinksInDoubt",
    "MissingColumnsError",
    "UnknownSpellError",
    "against_planted",
    "alternative_links",
    "balancing_series",
    "bars",
    "checked_in_simpy",
    "clients",
    "decisions",
    "delay_reasons",
    "discharge_clock",
    "explained_waits",
    "flow_series",
    "headline",
    "how_clocks_ended",
    "in_and_out",
    "known_share",
    "link_people",
    "linkage_shares",
    "linked_otherwise",
    "match_outcomes",
    "match_referrals_to_spells",
    "matched_by_month",
    "money_flows",
    "observed_waits",
    "other_choices",
    "paired_series",
    "patients",
    "person_links",
    "person_truth",
    "places_picture",
    "places_table",
    "plan_places",
    "queue",
    "referrals_per_month",
    "series_by_group",
    "specification",
    "subgroup_finding",
    "subgroup_forest",
    "subgroup_table",
    "verdict",
    "waiting_list",
    "waits_by_period",
    "what_would_change",
    "who_is_missed",
    "with_attributes",
    "without_each_month",
]
