"""The rules of the referral-to-discharge clock, one by one, as arithmetic on dates."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.pilots.ascii_table import table
from woda_lib.pilots.patient_flow import (
    MissingColumnsError,
    UnknownSpellError,
    discharge_clock,
)

AS_OF = pd.Timestamp("2025-03-31")
ONE_REFERRAL = """
    partner  referral_id  received_on  hospital  spell_id
    council  R1           2023-05-02   trust     S1
"""


def run_clock(spells: str, events: str, referrals: str = ONE_REFERRAL) -> pd.DataFrame:
    return discharge_clock(
        table(referrals, dates=("received_on",)),
        table(spells, dates=("discharge_date",)),
        table(events, dates=("event_date",)),
        as_of=AS_OF,
    )


def spell(discharge_date: str, method: str = "alive") -> str:
    return f"""
        partner  spell_id  discharge_date    discharge_method
        trust    S1        {discharge_date}  {method}
    """


def events(*rows: str) -> str:
    head = "partner  spell_id  event_type  event_date"
    return "\n".join([head, *(f"trust S1 {row}" for row in rows)])


def only(clocks: pd.DataFrame) -> pd.Series:
    assert len(clocks) == 1
    return clocks.iloc[0]


class TestDischargeToAssess:
    def test_runs_from_the_pathway_decision_to_discharge(self) -> None:
        clock = only(run_clock(spell("2023-05-15"), events("pathway_decision 2023-05-04")))
        assert clock["regime"] == "discharge_to_assess"
        assert clock["started_by"] == "pathway_decision"
        assert clock["days"] == 15 - 4
        assert (clock["ended_by"], clock["observed"]) == ("discharged", True)

    def test_pauses_from_not_ready_to_the_next_ready_date(self) -> None:
        clock = only(
            run_clock(
                spell("2023-05-20"),
                events(
                    "pathway_decision 2023-05-04",
                    "discharge_ready  2023-05-05",
                    "not_ready        2023-05-08",
                    "discharge_ready  2023-05-11",
                    "not_ready        2023-05-13",
                    "discharge_ready  2023-05-14",
                ),
            )
        )
        assert clock["paused_days"] == (11 - 8) + (14 - 13)
        assert clock["days"] == (20 - 4) - 4

    def test_a_second_not_ready_within_a_pause_changes_nothing(self) -> None:
        clock = only(
            run_clock(
                spell("2023-05-20"),
                events(
                    "pathway_decision 2023-05-04",
                    "not_ready        2023-05-08",
                    "not_ready        2023-05-10",
                    "discharge_ready  2023-05-12",
                    "discharge_ready  2023-05-13",
                ),
            )
        )
        assert clock["paused_days"] == 12 - 8

    def test_a_pause_that_nothing_ends_lasts_until_the_clock_stops(self) -> None:
        clock = only(
            run_clock(
                spell("2023-05-20"),
                events("pathway_decision 2023-05-04", "not_ready 2023-05-08"),
            )
        )
        assert clock["days"] == 8 - 4

    def test_a_pause_that_ends_on_its_first_day_is_none(self) -> None:
        clock = only(
            run_clock(
                spell("2023-05-20"),
                events(
                    "pathway_decision 2023-05-04",
                    "discharge_ready  2023-05-08",
                    "not_ready        2023-05-08",
                ),
            )
        )
        assert clock["days"] == 20 - 4

    def test_events_before_the_decision_and_after_discharge_do_not_count(self) -> None:
        clock = only(
            run_clock(
                spell("2023-05-20"),
                events(
                    "not_ready        2023-05-01",
                    "pathway_decision 2023-05-04",
                    "not_ready        2023-05-25",
                ),
            )
        )
        assert clock["paused_days"] == 0

    def test_notices_mean_nothing_to_it(self) -> None:
        clock = only(
            run_clock(
                spell("2023-05-20"),
                events("pathway_decision 2023-05-04", "withdrawal_notice 2023-05-08"),
            )
        )
        assert clock["days"] == 20 - 4


class TestNotices:
    def test_runs_from_the_first_assessment_notice(self) -> None:
        clock = only(
            run_clock(
                spell("2021-11-20"),
                events("assessment_notice 2021-11-03", "discharge_notice 2021-11-18"),
            )
        )
        assert clock["regime"] == "notices"
        assert clock["days"] == 20 - 3

    def test_pauses_from_withdrawal_to_the_next_assessment_notice(self) -> None:
        clock = only(
            run_clock(
                spell("2021-11-20"),
                events(
                    "assessment_notice 2021-11-03",
                    "withdrawal_notice 2021-11-06",
                    "assessment_notice 2021-11-10",
                ),
            )
        )
        assert clock["paused_days"] == 10 - 6
        assert clock["days"] == (20 - 3) - 4

    def test_a_clock_that_straddles_1_july_2022_keeps_the_rules_it_started_under(self) -> None:
        clock = only(
            run_clock(
                spell("2022-07-10"),
                events(
                    "assessment_notice 2022-06-25",
                    "withdrawal_notice 2022-06-26",
                    "assessment_notice 2022-06-28",
                    "pathway_decision  2022-07-01",
                    "not_ready         2022-07-02",
                    "discharge_ready   2022-07-07",
                ),
            )
        )
        assert clock["regime"] == "notices"
        assert clock["paused_days"] == 28 - 26  # the pause of the later regime does not count
        assert clock["days"] == (5 + 10) - 2  # 25 to 30 June, then to 10 July


class TestWithoutAStartEvent:
    @pytest.mark.parametrize(
        ("received", "left", "regime"),
        [
            ("2022-06-30", "2022-07-09", "notices"),
            ("2022-07-01", "2022-07-09", "discharge_to_assess"),
        ],
    )
    def test_the_day_the_council_received_it_starts_it(
        self, received: str, left: str, regime: str
    ) -> None:
        referral = ONE_REFERRAL.replace("2023-05-02", received)
        clock = only(run_clock(spell(left), events("delay_review 2022-07-05"), referral))
        assert clock["started_by"] == "received_on"
        assert clock["regime"] == regime
        assert clock["days"] == (pd.Timestamp(left) - pd.Timestamp(received)).days

    def test_a_stay_of_which_nothing_was_written_down_has_a_clock_too(self) -> None:
        assert only(run_clock(spell("2023-05-15"), events()))["days"] == 15 - 2

    def test_a_start_event_after_discharge_is_none(self) -> None:
        clock = only(run_clock(spell("2023-05-15"), events("pathway_decision 2023-05-18")))
        assert clock["started_by"] == "received_on"
        assert clock["days"] == 15 - 2

    def test_a_referral_after_discharge_starts_no_clock(self) -> None:
        assert run_clock(spell("2023-05-01"), events("delay_review 2023-04-30")).empty


class TestCensoring:
    def test_death_hides_the_rest(self) -> None:
        clock = only(run_clock(spell("2023-05-15", "died"), events("pathway_decision 2023-05-04")))
        assert (clock["days"], clock["ended_by"], clock["observed"]) == (11, "died", False)

    def test_still_in_hospital_counts_up_to_the_last_day_of_the_data(self) -> None:
        clock = only(run_clock(spell("-", "-"), events("pathway_decision 2025-03-21")))
        assert (clock["days"], clock["ended_by"], clock["observed"]) == (10, "still_waiting", False)
        assert clock["stopped_on"] == AS_OF

    def test_a_discharge_after_the_last_day_is_not_yet_known(self) -> None:
        clock = only(run_clock(spell("2025-04-02"), events("pathway_decision 2025-03-21")))
        assert (clock["days"], clock["ended_by"]) == (10, "still_waiting")


def test_of_several_referrals_for_one_stay_the_first_counts() -> None:
    clock = only(
        run_clock(
            spell("2023-05-20"),
            events("delay_review 2023-05-10"),
            """
            partner  referral_id  received_on  hospital  spell_id
            council  R2           2023-05-06   trust     S1
            council  R1           2023-05-03   trust     S1
            council  R3           2023-05-03   trust     -
            """,
        )
    )
    assert clock["referral_id"] == "R1"
    assert clock["days"] == 20 - 3


def test_spells_of_two_trusts_with_one_number_are_two_spells() -> None:
    clocks = run_clock(
        """
        partner  spell_id  discharge_date  discharge_method
        trust    S1        2023-05-20      alive
        other    S1        2023-05-30      alive
        """,
        """
        partner  spell_id  event_type        event_date
        trust    S1        pathway_decision  2023-05-10
        other    S1        pathway_decision  2023-05-11
        """,
        """
        partner  referral_id  received_on  hospital  spell_id
        council  R1           2023-05-02   trust     S1
        council  R2           2023-05-02   other     S1
        """,
    )
    assert clocks.set_index("hospital")["days"].to_dict() == {"trust": 20 - 10, "other": 30 - 11}


def test_a_referral_to_an_unknown_stay_is_said_so() -> None:
    referral = ONE_REFERRAL.replace("S1", "S9")
    with pytest.raises(UnknownSpellError, match="1 referrals name a hospital stay"):
        run_clock(spell("2023-05-20"), events("pathway_decision 2023-05-04"), referral)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(MissingColumnsError, match="hospital stays has no column discharge_method"):
        run_clock(
            "partner spell_id discharge_date\ntrust S1 2023-05-20",
            events("pathway_decision 2023-05-04"),
        )
