"""The flow board: who is waiting today, at what stage, where, with whom, and for what.

One row a person who is in hospital, has been referred, and has not left. The stage is what the last
event says:

==================  ==================================================================
awaiting_assessment no start event yet: nobody has been asked to assess, or has decided
awaiting_decision   an assessment was asked for (notices)
getting_ready       a pathway was decided, the person is not yet ready to leave
ready_and_waiting   the person could leave today
on_hold             not ready after all: the clock is paused
==================  ==================================================================

The list of people is for those who move them on, and belongs in `restricted/`. What a report may
show are the counts that the other functions make of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pandas as pd

from woda_lib.pilots.patient_flow.clock import SPELL
from woda_lib.pilots.patient_flow.errors import require_columns

STAGES = (
    "awaiting_assessment",
    "awaiting_decision",
    "getting_ready",
    "ready_and_waiting",
    "on_hold",
)
STAGE_AFTER = {
    "assessment_notice": "awaiting_decision",
    "pathway_decision": "getting_ready",
    "discharge_notice": "ready_and_waiting",
    "discharge_ready": "ready_and_waiting",
    "withdrawal_notice": "on_hold",
    "not_ready": "on_hold",
}
# Of several events on one day the one furthest along the way counts.
_ORDER_WITHIN_A_DAY = {kind: place for place, kind in enumerate(STAGE_AFTER)}

THRESHOLDS = (7, 14, 21)
LATE = 14
NOT_RECORDED = "not recorded"


def waiting_list(
    clocks: pd.DataFrame,
    referrals: pd.DataFrame,
    spells: pd.DataFrame,
    events: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """List the people who are waiting to leave hospital. Restricted: one row a person.

    Parameters
    ----------
    clocks
        From `discharge_clock`, run to the same day.
    referrals
        `partner` (the council), `referral_id, team, service`.
    spells
        `partner` (the trust), `spell_id, patient_id, admission_date, site, ward`.
    events
        `partner` (the trust), `spell_id, event_type, event_date, pathway, delay_reason`.
    as_of
        The day of the board.

    Returns
    -------
    DataFrame
        `hospital, site, ward, spell_id, patient_id, partner, team, service, referral_id, stage,
        pathway, delay_reason, admission_date, started_on, days` (waited so far, pauses taken off),
        longest wait first.

    Raises
    ------
    MissingColumnsError
        If a table lacks a column.
    """
    require_columns(clocks, [*SPELL, "started_on", "days", "ended_by"], table="clocks")
    require_columns(referrals, ["partner", "referral_id", "team", "service"], table="referrals")
    stay = ["spell_id", "patient_id", "admission_date", "site", "ward"]
    require_columns(spells, ["partner", *stay], table="hospital stays")
    told = ["spell_id", "event_type", "event_date", "pathway", "delay_reason"]
    require_columns(events, ["partner", *told], table="discharge events")

    waiting = clocks[clocks["ended_by"] == "still_waiting"]
    known = events[events["event_date"] <= as_of].rename(columns={"partner": "hospital"})
    known = known.merge(waiting[SPELL], on=SPELL).sort_values("event_date", kind="stable")
    table = (
        waiting.merge(
            spells[["partner", *stay]].rename(columns={"partner": "hospital"}), on=SPELL, how="left"
        )
        .merge(
            referrals[["partner", "referral_id", "team", "service"]],
            on=["partner", "referral_id"],
            how="left",
        )
        .merge(_latest_stage(known), on=SPELL, how="left")
        .merge(_latest(known, "pathway"), on=SPELL, how="left")
        .merge(_latest(known, "delay_reason"), on=SPELL, how="left")
    )
    table["stage"] = pd.Categorical(
        table["stage"].fillna("awaiting_assessment"), categories=STAGES, ordered=True
    )
    columns = [
        *("hospital", "site", "ward", "spell_id", "patient_id", "partner", "team", "service"),
        *("referral_id", "stage", "pathway", "delay_reason", "admission_date", "started_on"),
        "days",
    ]
    ranked = table.sort_values(["days", *SPELL], ascending=[False, True, True])
    return ranked[columns].reset_index(drop=True)


def _latest_stage(known: pd.DataFrame) -> pd.DataFrame:
    moves = known[known["event_type"].isin(list(STAGE_AFTER))]
    moves = moves.assign(place=moves["event_type"].map(_ORDER_WITHIN_A_DAY))
    last = moves.sort_values(["event_date", "place"]).drop_duplicates(SPELL, keep="last")
    return last.assign(stage=last["event_type"].map(STAGE_AFTER))[[*SPELL, "stage"]]


def _latest(known: pd.DataFrame, column: str) -> pd.DataFrame:
    """Take the last recorded value of a column for each stay."""
    recorded = known.dropna(subset=[column])
    return recorded.drop_duplicates(SPELL, keep="last")[[*SPELL, column]]


def queue(
    waiting: pd.DataFrame, *, by: Sequence[str], thresholds: Sequence[int] = THRESHOLDS
) -> pd.DataFrame:
    """Count who is waiting, and who has waited long.

    Parameters
    ----------
    waiting
        From `waiting_list`.
    by
        Columns to count by: stage, pathway, ward, site, team, hospital, delay_reason.
    thresholds
        Days; a wait *over* 7 days is one of at least 8.

    Returns
    -------
    DataFrame
        One row a group that has anyone in it: the columns of `by` (what is missing reads "not
        recorded"), `waiting`, and `over_7_days` and so on. Stages stand in the order of the way
        out, everything else by name.
    """
    named = waiting[list(by)].copy()
    for column in set(by) - {"stage"}:
        named[column] = named[column].astype("string").fillna(NOT_RECORDED)
    for days in thresholds:
        named[f"over_{days}_days"] = (waiting["days"] > days).astype("int64")
    over = [f"over_{days}_days" for days in thresholds]
    groups = named.groupby(list(by), observed=True, sort=True)
    return groups[over].sum().assign(waiting=groups.size()).reset_index()[[*by, "waiting", *over]]


def delay_reasons(events: pd.DataFrame, *, since: pd.Timestamp, hospital: str) -> pd.DataFrame:
    """Count the stays whose end was delayed, by reason, from the reviews since a day.

    Parameters
    ----------
    events
        `partner` (the trust), `spell_id, event_type, event_date, delay_reason`.
    since
        The first day that counts.
    hospital
        The trust.

    Returns
    -------
    DataFrame
        `reason`; `stays` that were reviewed with it; `after_two_weeks`, those of them that had
        a review with that reason 14 days or more after their first event. Most first.
    """
    own = events[events["partner"] == hospital]
    first = own.groupby("spell_id")["event_date"].min().rename("first_event")
    reviews = own[(own["event_type"] == "delay_review") & (own["event_date"] >= since)]
    reviews = reviews.dropna(subset=["delay_reason"]).join(first, on="spell_id")
    waited = (reviews["event_date"] - reviews["first_event"]).dt.days
    late = reviews[waited >= LATE].groupby("delay_reason")["spell_id"].nunique()
    table = reviews.groupby("delay_reason")["spell_id"].nunique().rename("stays").to_frame()
    table["after_two_weeks"] = late.reindex(table.index, fill_value=0)
    table = table.rename_axis("reason").reset_index()
    ranked = table.sort_values(["stays", "reason"], ascending=[False, True], ignore_index=True)
    return ranked.assign(reason=ranked["reason"].astype("string").str.replace("_", " "))


def flow_series(
    clocks: pd.DataFrame,
    *,
    every: Literal["week", "month"],
    by: Sequence[str] = ("hospital",),
    rounding: int = 1,
) -> pd.DataFrame:
    """Count what goes in, what comes out and what stays, for process charts.

    Parameters
    ----------
    clocks
        From `discharge_clock`.
    every
        Weeks (beginning on Monday) or calendar months.
    by
        Columns to count by.
    rounding
        Round the counts to multiples of this, so that a chart drawn from them may be shown.

    Returns
    -------
    DataFrame
        One row a group and period, gaps filled with 0: the columns of `by`, `period` (its first
        day), `started`, `ended` (discharged or died), `waiting_at_end`. The last period may be
        unfinished.
    """
    frequency = {"week": "W-SUN", "month": "M"}[every]
    ended = clocks[clocks["ended_by"] != "still_waiting"]
    keys = list(by)
    started_in = clocks["started_on"].dt.to_period(frequency)
    ended_in = ended["stopped_on"].dt.to_period(frequency)
    counts = pd.concat(
        {
            "started": clocks.groupby([*keys, started_in.rename("period")]).size(),
            "ended": ended.groupby([*keys, ended_in.rename("period")]).size(),
        },
        axis=1,
    )
    periods = pd.period_range(
        started_in.min(), clocks["stopped_on"].max().to_period(frequency), name="period"
    )
    groups = clocks[keys].drop_duplicates()
    grid = pd.MultiIndex.from_frame(groups.merge(periods.to_frame(index=False), how="cross"))
    counts = counts.reindex(grid, fill_value=0).fillna(0).astype("int64").sort_index()
    net = counts["started"] - counts["ended"]
    counts["waiting_at_end"] = net.groupby(level=keys).cumsum()
    counts = (counts / rounding).round().astype("int64") * rounding
    table = counts.reset_index()
    return table.assign(period=table["period"].dt.start_time)
