"""Patient flow: from a council's referral to a hospital's discharge."""

from __future__ import annotations

from woda_lib.pilots.patient_flow.board import THRESHOLDS, flow_series, queue, waiting_list
from woda_lib.pilots.patient_flow.clock import LAST_NOTICE_DAY, discharge_clock
from woda_lib.pilots.patient_flow.errors import MissingColumnsError, UnknownSpellError
from woda_lib.pilots.patient_flow.matching import PAIRINGS, match_referrals_to_spells

__all__ = [
    "LAST_NOTICE_DAY",
    "PAIRINGS",
    "THRESHOLDS",
    "MissingColumnsError",
    "UnknownSpellError",
    "discharge_clock",
    "flow_series",
    "match_referrals_to_spells",
    "queue",
    "waiting_list",
]
