"""The referral-to-discharge clock: when it starts, pauses and stops, under each regime.

Two regimes follow each other in law, and a clock belongs to the one it starts in:

=================  =========================================  ======================================
rule               notices, until 30 June 2022                discharge to assess, from 1 July 2022
=================  =========================================  ======================================
starts at          the first assessment notice that the       the pathway decision
                   hospital gives the council
pauses from        a withdrawal notice                        the day the person is found not ready
until              the next assessment notice                 the next discharge ready date
stops at           discharge alive                            discharge alive
=================  =========================================  ======================================

The notices are those of the Care and Support (Discharge of Hospital Patients) Regulations 2014 (SI
2014/2823), made under schedule 3 of the Care Act 2014. Section 91 of the Health and Care Act 2022
ended them on 1 July 2022; since then people leave first and are assessed at home or in a community
bed, by pathway 0 to 3.

The rules that both regimes share:

1. One clock a hospital stay, whoever asks how often: the first referral counts.
2. Where no start event is recorded, the day on which the council received the referral starts it.
3. Death in hospital ends the watching, not the wait: the person counts as waiting until then.
4. So does the last day of the data, for people who are still in hospital.
5. A pause that nothing ends lasts until the clock stops. Pauses of the other regime do not count.
   If a pause is recorded to end on the day it begins, the clock keeps running.
6. Days are whole days from start to stop, less the days paused.
7. A referral that reached the council after the person had left starts no clock and has no row.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from woda_lib.partners import LAST_NOTICE_DAY
from woda_lib.pilots.patient_flow.errors import UnknownSpellError, require_columns

SPELL = ["hospital", "spell_id"]
CLOCK_COLUMNS = [
    "partner",
    "referral_id",
    "hospital",
    "spell_id",
    "regime",
    "started_on",
    "started_by",
    "stopped_on",
    "paused_days",
    "days",
    "observed",
    "ended_by",
]


@dataclass(frozen=True)
class Regime:
    """Which events move the clock."""

    name: str
    starts: str
    pauses: str
    resumes: str


NOTICES = Regime("notices", "assessment_notice", "withdrawal_notice", "assessment_notice")
DISCHARGE_TO_ASSESS = Regime(
    "discharge_to_assess", "pathway_decision", "not_ready", "discharge_ready"
)
REGIMES = (NOTICES, DISCHARGE_TO_ASSESS)


def discharge_clock(
    referral_spells: pd.DataFrame,
    spells: pd.DataFrame,
    events: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """Run the clock of every hospital stay that a referral was matched to.

    Parameters
    ----------
    referral_spells
        One row a referral: `partner` (the council), `referral_id`, `received_on`, and the stay it
        belongs to, `hospital` (the trust) and `spell_id`. Rows without a stay are passed over.
    spells
        Hospital stays: `partner` (the trust), `spell_id`, `discharge_date`, `discharge_method`.
    events
        Discharge events: `partner` (the trust), `spell_id`, `event_type`, `event_date`.
    as_of
        The last day that the data reach. What happened later is not yet known.

    Returns
    -------
    DataFrame
        One row a stay: `partner, referral_id, hospital, spell_id`; `regime` (notices or
        discharge_to_assess); `started_on`, `started_by` (the event's type, or received_on);
        `stopped_on`; `paused_days`; `days`; `observed` (true when discharged alive); `ended_by`
        (discharged, died or still_waiting).

    Raises
    ------
    MissingColumnsError
        If a table lacks a column.
    UnknownSpellError
        If a referral names a stay that is not among the spells.
    """
    as_of = pd.Timestamp(as_of)
    require_columns(
        referral_spells,
        ["partner", "referral_id", "received_on", *SPELL],
        table="referrals with their stays",
    )
    require_columns(
        spells,
        ["partner", "spell_id", "discharge_date", "discharge_method"],
        table="hospital stays",
    )
    require_columns(
        events, ["partner", "spell_id", "event_type", "event_date"], table="discharge events"
    )
    clocks = _with_stop(_first_referrals(referral_spells), spells, as_of=as_of)
    known = events.rename(columns={"partner": "hospital"}).merge(
        clocks[[*SPELL, "stopped_on"]], on=SPELL, validate="many_to_one"
    )
    known = known[known["event_date"] <= known["stopped_on"]]
    clocks = _with_start(clocks, known)
    clocks = clocks[clocks["started_on"] <= clocks["stopped_on"]].reset_index(drop=True)
    clocks["paused_days"] = _paused_days(clocks, known)
    whole = (clocks["stopped_on"] - clocks["started_on"]).dt.days
    clocks["days"] = (whole - clocks["paused_days"]).astype("int64")
    clocks["observed"] = clocks["ended_by"] == "discharged"
    return (
        clocks[CLOCK_COLUMNS]
        .sort_values(["hospital", "started_on", "spell_id"])
        .reset_index(drop=True)
    )


def _first_referrals(referral_spells: pd.DataFrame) -> pd.DataFrame:
    """Rule 1: of several referrals for one stay the first counts."""
    matched = referral_spells.dropna(subset=["spell_id"])
    ordered = matched.sort_values(["received_on", "partner", "referral_id"])
    first = ordered.drop_duplicates(SPELL)
    return first[["partner", "referral_id", "received_on", *SPELL]].reset_index(drop=True)


def _with_stop(clocks: pd.DataFrame, spells: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """Rules 3 and 4: what stops the clock, and what ends the watching."""
    stays = spells[["partner", "spell_id", "discharge_date", "discharge_method"]]
    joined = clocks.merge(
        stays.rename(columns={"partner": "hospital"}),
        on=SPELL,
        how="left",
        validate="many_to_one",
        indicator="found",
    )
    unknown = int((joined["found"] == "left_only").sum())
    if unknown:
        raise UnknownSpellError(
            f"{unknown} referrals name a hospital stay that is not among the stays. "
            "Match the referrals again, with the same extracts that the stays come from."
        )
    left = joined["discharge_date"] <= as_of
    died = left & joined["discharge_method"].eq("died").fillna(False).astype(bool)
    joined["stopped_on"] = joined["discharge_date"].where(left, as_of)
    joined["ended_by"] = np.select([died, left], ["died", "discharged"], "still_waiting")
    return joined.drop(columns=["found", "discharge_date", "discharge_method"])


def _with_start(clocks: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Rule 2 and the table's first row: the first start event, else the council's date."""
    starting = events[events["event_type"].isin([regime.starts for regime in REGIMES])]
    first = starting.sort_values("event_date", kind="stable").drop_duplicates(SPELL)
    joined = clocks.merge(
        first[[*SPELL, "event_type", "event_date"]], on=SPELL, how="left", validate="one_to_one"
    )
    joined["started_on"] = joined["event_date"].fillna(joined["received_on"])
    joined["started_by"] = joined["event_type"].astype("string").fillna("received_on")
    by_date = np.where(
        joined["started_on"] <= LAST_NOTICE_DAY, NOTICES.name, DISCHARGE_TO_ASSESS.name
    )
    by_event = joined["started_by"].map({regime.starts: regime.name for regime in REGIMES})
    joined["regime"] = by_event.astype("string").fillna(pd.Series(by_date, dtype="string"))
    return joined.drop(columns=["event_type", "event_date"])


def _paused_days(clocks: pd.DataFrame, events: pd.DataFrame) -> pd.Series:
    """Rule 5: add up, for each clock, the days between a pause and what ends it."""
    switches = pd.DataFrame(
        [
            (regime.name, kind, pausing)
            for regime in REGIMES
            for kind, pausing in ((regime.pauses, True), (regime.resumes, False))
        ],
        columns=["regime", "event_type", "pausing"],
    )
    moves = (
        events[[*SPELL, "event_type", "event_date"]]
        .merge(clocks[[*SPELL, "regime", "started_on", "stopped_on"]], on=SPELL)
        .merge(switches, on=["regime", "event_type"])
    )
    moves = moves[moves["event_date"] >= moves["started_on"]]
    # On one day the pause comes first, so that what ends it on that day finds it.
    moves = moves.sort_values(
        [*SPELL, "event_date", "pausing"], ascending=[True, True, True, False], kind="stable"
    )
    before = moves.groupby(SPELL)["pausing"].shift(fill_value=False)
    turns = moves[moves["pausing"] != before]
    until = turns.groupby(SPELL)["event_date"].shift(-1).fillna(turns["stopped_on"])
    lengths = (until - turns["event_date"]).dt.days.where(turns["pausing"], 0)
    totals = lengths.groupby([turns[name] for name in SPELL]).sum().rename("paused_days")
    joined = clocks[SPELL].merge(totals.reset_index(), on=SPELL, how="left")
    return joined["paused_days"].fillna(0).astype("int64")
