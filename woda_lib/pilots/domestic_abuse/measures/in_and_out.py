"""Which incidents are counted and which are not, as the flow chart that STROBE asks for."""

from __future__ import annotations

from typing import Any

import pandas as pd

from woda_lib.evaluation import Participants, participants
from woda_lib.pilots.domestic_abuse.measures.shares import periods

_STAND = "Incidents that stand"
_EVENTS = "Events, each counted once"
_COUNTED = "Events with a known victim"


def in_and_out(cases: pd.DataFrame, *, go_live: Any) -> Participants:
    """Count the incidents that reach the analysis, and why others do not.

    Parameters
    ----------
    cases
        `reported_at, victim, duplicate_of`, a row an incident that was not withdrawn.
    go_live
        First day with the pack.
    """
    events = cases[cases["duplicate_of"].isna()]
    known = events[events["victim"].notna()]
    period = periods(known["reported_at"], go_live)
    rows = [
        (_STAND, "", "", len(cases)),
        (_STAND, "the same event had been entered before", "", len(cases) - len(events)),
        (_EVENTS, "", "", len(events)),
        (_EVENTS, "no victim is named, or several are", "", len(events) - len(known)),
        (_COUNTED, "", "", len(known)),
        (_COUNTED, "", "before", int((period == "before").sum())),
        (_COUNTED, "", "since go-live", int((period == "since").sum())),
    ]
    table = pd.DataFrame(
        [row for row in rows if row[3] or not row[1]],
        columns=["stage", "left_out", "group", "people"],
    )
    return participants(
        table, stage="stage", people="people", left_out="left_out", group="group", counted=""
    )
