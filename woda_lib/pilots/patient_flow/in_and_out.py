"""Who is in the evaluation and who is out: the counts behind the diagram, from the same tables."""

from __future__ import annotations

from typing import Any

import pandas as pd

from woda_lib.evaluation import Participants, mature_months, participants
from woda_lib.pilots.patient_flow.clock import SPELL

_REASONS = {
    "no_person_link": "nobody in hospital was found to be the same person",
    "no_stay_at_that_date": "the person had no stay at that date",
}
_SENT = "Referrals that a hospital sent to a council"
_FOUND = "Referrals with their stay"
_STAYS = "Stays with a referral"
_CLOCKS = "Discharge clocks"
_COUNTED = "Clocks that are analysed"


def in_and_out(
    matched: pd.DataFrame,
    clocks: pd.DataFrame,
    *,
    go_live: Any,
    horizon: float,
    as_of: pd.Timestamp,
) -> Participants:
    """Count who reaches each stage of the evaluation, and why others do not.

    Parameters
    ----------
    matched
        From `match_referrals_to_spells`.
    clocks
        From `discharge_clock`.
    go_live, horizon, as_of
        Of the evaluation.
    """
    sent = matched[matched["unmatched_because"].fillna("") != "community_referral"]
    found = sent[sent["spell_id"].notna()]
    stays = found[SPELL].drop_duplicates()
    months = clocks["started_on"].dt.to_period("M").dt.to_timestamp()
    followed = mature_months(months, as_of=as_of, horizon=horizon)
    analysed = clocks[followed]
    unmatched = sent["unmatched_because"].value_counts()
    rows: list[tuple[str, str, str, int]] = [(_SENT, "", "", len(sent))]
    rows += [
        (_SENT, words, "", int(unmatched[reason]))
        for reason, words in _REASONS.items()
        if unmatched.get(reason, 0)
    ]
    rows.append((_FOUND, "", "", len(found)))
    rows += _left(_FOUND, "a later referral for the same stay", len(found) - len(stays))
    rows.append((_STAYS, "", "", len(stays)))
    late = _left(_STAYS, "referred after the person had left", len(stays) - len(clocks))
    rows += [*late, (_CLOCKS, "", "", len(clocks))] if late else []
    last = _CLOCKS if late else _STAYS  # every stay has its clock: one box says it
    unripe = f"started in a month not yet followed for {horizon:g} days"
    rows += _left(last, unripe, len(clocks) - len(analysed))
    rows.append((_COUNTED, "", "", len(analysed)))
    rows += _groups(analysed, go_live)
    table = pd.DataFrame(rows, columns=["stage", "left_out", "group", "people"])
    return participants(
        table, stage="stage", people="people", left_out="left_out", group="group", counted=""
    )


def _left(stage: str, reason: str, people: int) -> list[tuple[str, str, str, int]]:
    return [(stage, reason, "", people)] if people else []


def _groups(analysed: pd.DataFrame, go_live: Any) -> list[tuple[str, str, str, int]]:
    after = analysed["started_on"] >= pd.Timestamp(go_live)
    places = {"worcestershire_acute": "Worcestershire", "severnside_acute": "Severnside"}
    words = {False: "before", True: "since go-live"}
    return [
        (
            _COUNTED,
            "",
            f"{place}, {words[since]}",
            int(((analysed["hospital"] == hospital) & (after == since)).sum()),
        )
        for hospital, place in places.items()
        for since in (False, True)
    ]
