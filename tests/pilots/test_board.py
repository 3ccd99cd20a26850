"""The flow board: stages, waits and series on a handful of stays."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.pilots.ascii_table import table
from woda_lib.pilots.patient_flow import discharge_clock, flow_series, queue, waiting_list

AS_OF = pd.Timestamp("2025-03-31")

REFERRALS = table(
    """
    partner  referral_id  received_on  hospital  spell_id  team   service
    council  R1           2025-03-01   trust     S1        North  home_care
    council  R2           2025-03-10   trust     S2        North  care_home
    council  R3           2025-03-20   trust     S3        South  home_care
    council  R4           2025-03-24   trust     S4        South  home_care
    council  R5           2025-02-03   trust     S5        South  home_care
    """,
    dates=("received_on",),
)
SPELLS = table(
    """
    partner  spell_id  patient_id  admission_date  discharge_date  discharge_method  site   ward
    trust    S1        P1          2025-02-20      -               -                 North  Elm
    trust    S2        P2          2025-03-01      -               -                 North  Oak
    trust    S3        P3          2025-03-15      -               -                 North  Elm
    trust    S4        P4          2025-03-20      -               -                 North  Elm
    trust    S5        P5          2025-02-01      2025-02-20      alive             North  Elm
    """,
    dates=("admission_date", "discharge_date"),
)
EVENTS = table(
    """
    partner  spell_id  event_type        event_date  pathway  delay_reason
    trust    S1        pathway_decision  2025-03-02  1        -
    trust    S1        discharge_ready   2025-03-03  -        -
    trust    S1        delay_review      2025-03-10  -        awaiting_equipment
    trust    S1        delay_review      2025-03-17  -        awaiting_care_package
    trust    S2        pathway_decision  2025-03-11  3        -
    trust    S2        discharge_ready   2025-03-11  -        -
    trust    S2        not_ready         2025-03-21  -        -
    trust    S3        pathway_decision  2025-03-21  1        -
    trust    S5        pathway_decision  2025-02-05  1        -
    """,
    dates=("event_date",),
)


@pytest.fixture
def clocks() -> pd.DataFrame:
    return discharge_clock(REFERRALS, SPELLS, EVENTS, as_of=AS_OF)


@pytest.fixture
def waiting(clocks: pd.DataFrame) -> pd.DataFrame:
    return waiting_list(clocks, REFERRALS, SPELLS, EVENTS, as_of=AS_OF)


def test_the_longest_wait_comes_first_and_those_who_left_are_gone(waiting: pd.DataFrame) -> None:
    assert waiting["patient_id"].tolist() == ["P1", "P2", "P3", "P4"]
    # 31 March less the start; P2 has been on hold since the 21st; P4 has no decision yet.
    assert waiting["days"].tolist() == [31 - 2, 21 - 11, 31 - 21, 31 - 24]


def test_the_stage_is_what_the_last_event_says(waiting: pd.DataFrame) -> None:
    assert waiting.set_index("patient_id")["stage"].astype(str).to_dict() == {
        "P1": "ready_and_waiting",
        "P2": "on_hold",
        "P3": "getting_ready",
        "P4": "awaiting_assessment",
    }


def test_the_latest_reason_and_pathway_stand(waiting: pd.DataFrame) -> None:
    first = waiting.iloc[0]
    assert (first["delay_reason"], first["pathway"]) == ("awaiting_care_package", "1")
    assert (first["team"], first["ward"]) == ("North", "Elm")


def test_events_after_the_day_of_the_board_are_not_yet_known() -> None:
    day = pd.Timestamp("2025-03-15")
    clocks = discharge_clock(REFERRALS, SPELLS, EVENTS, as_of=day)
    board = waiting_list(clocks, REFERRALS, SPELLS, EVENTS, as_of=day).set_index("patient_id")
    assert board.index.tolist() == ["P1", "P2"]
    assert board.loc["P1", "delay_reason"] == "awaiting_equipment"
    assert board.loc["P2", "stage"] == "ready_and_waiting"


def test_the_queue_counts_people_and_long_waits(waiting: pd.DataFrame) -> None:
    by_ward = queue(waiting, by=["ward"])
    assert by_ward.to_dict("list") == {
        "ward": ["Elm", "Oak"],
        "waiting": [3, 1],
        "over_7_days": [2, 1],  # 29 and 10, but not 7
        "over_14_days": [1, 0],
        "over_21_days": [1, 0],
    }


def test_the_queue_keeps_the_order_of_stages_and_names_what_is_missing(
    waiting: pd.DataFrame,
) -> None:
    by_stage = queue(waiting, by=["stage"], thresholds=())
    assert by_stage["stage"].tolist() == [
        "awaiting_assessment",
        "getting_ready",
        "ready_and_waiting",
        "on_hold",
    ]
    by_reason = queue(waiting, by=["delay_reason"], thresholds=())
    assert by_reason["delay_reason"].tolist() == ["awaiting_care_package", "not recorded"]
    assert by_reason["waiting"].tolist() == [1, 3]


def test_the_series_adds_up(clocks: pd.DataFrame) -> None:
    monthly = flow_series(clocks, every="month")
    assert monthly["period"].tolist() == [pd.Timestamp("2025-02-01"), pd.Timestamp("2025-03-01")]
    assert monthly["started"].tolist() == [1, 4]
    assert monthly["ended"].tolist() == [1, 0]
    assert monthly["waiting_at_end"].tolist() == [0, 4]


def test_weeks_begin_on_monday_and_none_is_left_out(clocks: pd.DataFrame) -> None:
    weekly = flow_series(clocks, every="week")
    assert (weekly["period"].dt.dayofweek == 0).all()
    assert weekly["period"].diff().dropna().eq(pd.Timedelta(days=7)).all()
    assert weekly["waiting_at_end"].iloc[-1] == 4
