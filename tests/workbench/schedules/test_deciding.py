"""When a pilot is due: slots missed, attempted, failed, cut off, and clocks set back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from woda_lib.records import Schedule, SlotState
from woda_lib.workbench.schedules.deciding import decide

DAILY = Schedule(cron="0 6 * * *", retries=2, retry_minutes=15)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=UTC)


def state(slot: str, outcome: str = "complete", **more) -> SlotState:
    given = {"attempts": 1, "started": utc(slot), "outcome": outcome} | more
    return SlotState(pilot="tiny", slot=utc(slot), **given)


@pytest.mark.parametrize(
    ("before", "now", "slot"),
    [
        # slot                       now             the slot that is run, if one is
        (None,                      "01-15T05:59",  "01-14T06:00"),
        (state("01-14T06:00"),      "01-15T05:59",  None),
        (state("01-14T06:00"),      "01-15T06:00",  "01-15T06:00"),
        (state("01-14T06:00"),      "01-15T23:00",  "01-15T06:00"),
        (state("01-15T06:00"),      "01-15T06:05",  None),
        (state("01-05T06:00"),      "01-15T12:00",  "01-15T06:00"),
        (state("01-14T06:00", "failed", attempts=3), "01-15T06:00", "01-15T06:00"),
    ],
)  # fmt: skip
def test_the_last_slot_is_run_once_however_many_were_missed(before, now, slot):
    decision = decide(DAILY, before, utc(now))
    assert decision.due == (slot is not None)
    if slot:
        assert (decision.slot, decision.attempt) == (utc(slot), 1)


def test_missed_slots_are_told_of():
    assert decide(DAILY, state("01-05T06:00"), utc("01-15T12:00")).why == (
        "has a new slot; 9 before it were missed"
    )
    assert decide(DAILY, state("01-14T06:00"), utc("01-15T12:00")).why == "has a new slot"


def test_a_failed_slot_is_tried_again_after_a_wait_and_then_given_up():
    def failed(attempts: int) -> SlotState:
        wait = DAILY.wait_after(attempts)
        again = utc("01-15T06:10") + wait if attempts <= DAILY.retries else None
        return state("01-15T06:00", "failed", attempts=attempts, retry_at=again)

    once = failed(1)
    assert not decide(DAILY, once, utc("01-15T06:24")).due
    assert decide(DAILY, once, utc("01-15T06:25")).attempt == 2
    twice = failed(2)
    assert not decide(DAILY, twice, utc("01-15T06:39")).due
    assert decide(DAILY, twice, utc("01-15T06:40")).attempt == 3
    given_up = decide(DAILY, failed(3), utc("01-15T23:00"))
    assert (given_up.due, given_up.why) == (False, "failed, was tried 3 times and is given up")


@pytest.mark.parametrize("outcome", ["running", "interrupted"])
def test_a_slot_that_was_cut_off_is_tried_again_at_once_but_no_more_often(outcome):
    """Nobody else holds the lock while this is asked, so that *running* is a killed process."""
    now = utc("01-15T06:05")
    assert decide(DAILY, state("01-15T06:00", outcome), now).attempt == 2
    assert not decide(DAILY, state("01-15T06:00", outcome, attempts=3), now).due


def test_without_retries_a_slot_is_tried_once():
    once = Schedule(cron="0 6 * * *", retries=0)
    assert not decide(once, state("01-15T06:00", "failed"), utc("01-15T12:00")).due


def test_a_clock_set_back_by_an_hour_does_not_run_a_slot_twice():
    done = state("01-15T06:00")
    for now in ("01-15T05:10", "01-15T05:59", "01-15T06:00", "01-15T07:00"):
        assert not decide(DAILY, done, utc(now)).due, now
    assert decide(DAILY, done, utc("01-16T06:00")).due


def test_a_clock_that_was_years_ahead_does_not_stop_a_schedule_for_years():
    decision = decide(DAILY, state("12-24T06:00"), utc("01-15T07:00"))
    assert (decision.due, decision.slot) == (True, utc("01-15T06:00"))


def test_each_day_of_a_clock_change_has_one_run():
    """A call every five minutes over both changes in London; the slot is in the strange hour."""
    nightly = Schedule(cron="30 1 * * *")
    for first, last in (("03-27T12:00", "04-01T12:00"), ("10-23T12:00", "10-28T12:00")):
        now, before, ran = utc(first), state(first), []
        while now < utc(last):
            decision = decide(nightly, before, now)
            if decision.due:
                ran.append(now.astimezone(nightly.zone).date())
                before = before.model_copy(update={"slot": decision.slot})
            now += timedelta(minutes=5)
        assert len(ran) == len(set(ran)) == 5


def test_a_changed_schedule_does_not_run_an_older_slot():
    earlier = Schedule(cron="0 4 * * *")
    assert not decide(earlier, state("01-15T06:00"), utc("01-15T08:00")).due
    assert decide(earlier, state("01-15T06:00"), utc("01-16T04:00")).due
