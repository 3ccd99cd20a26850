"""A schedule's slots: cron in a time zone, over clock changes, forwards and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from woda_lib.records import Schedule


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def slots(cron: str, since: str, number: int, time_zone: str = "Europe/London") -> list[str]:
    schedule = Schedule(cron=cron, time_zone=time_zone)
    return [f"{slot:%d %H:%M}" for slot in islice(schedule.slots_after(utc(since)), number)]


@pytest.mark.parametrize(
    ("time_zone", "winter", "summer"),
    [
        ("Europe/London", "06:00", "05:00"),
        ("UTC", "06:00", "06:00"),
        ("Europe/Paris", "05:00", "04:00"),
        ("Asia/Kolkata", "00:30", "00:30"),
        ("America/New_York", "11:00", "10:00"),
        ("Pacific/Auckland", "17:00", "18:00"),
    ],
)
def test_six_in_the_morning_is_six_by_the_clocks_of_its_zone(time_zone, winter, summer):
    schedule = Schedule(cron="0 6 * * *", time_zone=time_zone)
    for day, clock in (("2026-01-15T12:00", winter), ("2026-07-15T12:00", summer)):
        assert f"{schedule.last_slot(utc(day)):%H:%M}" == clock
        assert f"{schedule.next_slot(utc(day)):%H:%M}" == clock


# In London, 01:00 to 02:00 is left out on 29 March 2026 and comes twice on 25 October 2026.
@pytest.mark.parametrize(
    ("cron", "since", "expected"),
    [
        # a slot in the hour that is left out comes when that hour is over: 02:00 BST is 01:00 UTC
        ("30 1 * * *", "2026-03-28T02:00", ["29 01:00", "30 00:30"]),
        # of several in it, one comes
        ("0,30 1 * * *", "2026-03-28T02:00", ["29 01:00", "30 00:00", "30 00:30"]),
        # a slot in the hour that comes twice comes once, the first time
        ("30 1 * * *", "2026-10-24T01:00", ["25 00:30", "26 01:30"]),
        # what runs every few minutes or hours takes no notice of clocks
        ("*/30 * * * *", "2026-03-29T00:15", ["29 00:30", "29 01:00", "29 01:30"]),
        ("*/30 * * * *", "2026-10-25T00:15", ["25 00:30", "25 01:00", "25 01:30"]),
        # a day later, all is as ever
        ("0 6 * * *", "2026-03-28T12:00", ["29 05:00", "30 05:00"]),
        ("0 6 * * *", "2026-10-24T12:00", ["25 06:00", "26 06:00"]),
    ],
)
def test_clock_changes_in_london(cron, since, expected):
    assert slots(cron, since, len(expected)) == expected


@pytest.mark.parametrize(
    ("now", "last"),
    [
        ("2026-10-25T00:29", "2026-10-24T00:30"),
        ("2026-10-25T00:30", "2026-10-25T00:30"),
        ("2026-10-25T01:15", "2026-10-25T00:30"),  # the clock says 01:15 for the second time
        ("2026-10-25T01:45", "2026-10-25T00:30"),
        ("2026-03-29T00:59", "2026-03-28T01:30"),
        ("2026-03-29T01:00", "2026-03-29T01:00"),
        ("2026-03-29T01:01", "2026-03-29T01:00"),
    ],
)
def test_looking_back_over_a_clock_change_finds_what_looking_ahead_found(now, last):
    assert Schedule(cron="30 1 * * *").last_slot(utc(now)) == utc(last)


@pytest.mark.parametrize(
    ("cron", "since", "expected"),
    [
        ("0 2 * * *", "2026-10-03T00:00", ["03 15:30"]),  # 02:00 is left out: it comes at 02:30
        ("45 1 * * *", "2026-04-04T00:00", ["04 14:45"]),  # 01:45 comes twice: the first counts
    ],
)
def test_a_change_of_half_an_hour(cron, since, expected):
    """Lord Howe Island's clocks change by half an hour, at 02:00."""
    assert slots(cron, since, 1, "Australia/Lord_Howe") == expected


ZONES = ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Pacific/Auckland", "UTC"]
CRONS = ["30 1 * * *", "0 6 * * 1-5", "*/20 * * * *", "15 */3 * * *", "0 2 1 * *", "0,30 0-3 * * *"]


@given(
    st.sampled_from(ZONES),
    st.sampled_from(CRONS),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),
)
def test_last_and_next_agree_about_every_moment(time_zone, cron, moment):
    schedule, now = Schedule(cron=cron, time_zone=time_zone), moment.replace(tzinfo=UTC)
    last, coming = schedule.last_slot(now), schedule.next_slot(now)
    assert last <= now < coming
    assert schedule.last_slot(coming) == coming
    assert schedule.last_slot(coming - timedelta(seconds=1)) == last


def test_a_slot_is_said_by_its_own_clocks():
    schedule = Schedule(cron="0 6 * * *")
    assert schedule.say(utc("2026-07-01T05:00")) == "Wed 1 July 2026, 06:00 BST"
    assert schedule.words == "At 06:00 every day"


def test_waits_double():
    schedule = Schedule(cron="0 6 * * *", retry_minutes=10)
    assert [schedule.wait_after(n) for n in (1, 2, 3)] == [
        timedelta(minutes=m) for m in (10, 20, 40)
    ]


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ({"cron": "0 6 * *"}, "'0 6 * *' has 4 fields"),
        ({"cron": "0 0 6 * * *"}, "has 6 fields"),
        ({"cron": "@daily"}, "has 1 fields"),
        ({"cron": "61 6 * * *"}, "'61 6 * * *' is no cron expression (Bad minute)"),
        ({"cron": "0 6 * * MOON"}, "(Bad day-of-week)"),
        ({"cron": "0 6 31 2 *"}, "(Bad day-of-month)"),
        ({"cron": "0 6 * * *", "time_zone": "Europe/Lundon"}, "'Europe/Lundon' is no time zone"),
        ({"cron": "0 6 * * *", "time_zone": "Europe"}, "'Europe' is no time zone"),
        ({"cron": "0 6 * * *", "time_zone": "/etc/passwd"}, "'/etc/passwd' is no time zone"),
        ({"cron": "0 6 * * *", "time_zone": ""}, "is no time zone"),
        ({"cron": "0 6 * * *", "retries": 11}, "less than or equal to 10"),
        ({"cron": "0 6 * * *", "timezone": "UTC"}, "Extra inputs"),
    ],
)
def test_what_is_no_schedule_is_refused_with_the_reason(given_, said):
    with pytest.raises(ValidationError) as refused:
        Schedule(**given_)
    assert said in str(refused.value)
