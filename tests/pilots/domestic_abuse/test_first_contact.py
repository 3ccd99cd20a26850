"""Hours to first contact: whose clock runs, when it stops, and who is still waiting."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tests.pilots.ascii_table import table
from woda_lib.pilots.domestic_abuse.measures import (
    contact_by_period,
    contact_clocks,
    hours_to_contact,
    median_hours,
)

CASES = table(
    """
    incident_id  reported_at       victim  duplicate_of
    I1           2024-01-01T08:00  anna    -
    I2           2024-01-01T12:00  anna    I1
    I3           2024-02-01T08:00  bert    -
    I4           2024-02-05T08:00  -       -
    I5           2024-02-07T08:00  cora    -
    I6           2024-05-30T08:00  dora    -
    """,
    dates=("reported_at",),
)
CONTACTS = table(
    """
    incident_id  attempted_at      reached
    I1           2024-01-01T20:00  no
    I2           2024-01-02T08:00  yes
    I2           2024-01-03T08:00  yes
    I3           2024-02-02T08:00  no
    I4           2024-02-06T08:00  yes
    I6           2024-05-30T09:00  yes
    """,
    dates=("attempted_at",),
)


@pytest.fixture(scope="module")
def clocks() -> pd.DataFrame:
    found = contact_clocks(CASES, CONTACTS, go_live="2024-02-01", as_of=date(2024, 5, 31))
    return found.set_index("incident_id")


def test_the_clock_stops_at_the_first_attempt_that_reached_the_victim(
    clocks: pd.DataFrame,
) -> None:
    assert clocks.loc["I1", ["hours", "reached"]].tolist() == [24.0, True]


def test_an_event_entered_twice_is_one_clock_with_the_attempts_of_both(
    clocks: pd.DataFrame,
) -> None:
    assert "I2" not in clocks.index
    assert clocks.loc["I1", "attempts"] == 3


def test_who_was_never_reached_waits_to_the_end_of_the_data(clocks: pd.DataFrame) -> None:
    days = (pd.Timestamp("2024-06-01") - pd.Timestamp("2024-02-01T08:00")) / pd.Timedelta(hours=1)
    assert clocks.loc["I3", ["hours", "reached"]].tolist() == [days, False]


def test_an_incident_without_a_known_victim_or_of_the_last_weeks_has_no_clock(
    clocks: pd.DataFrame,
) -> None:
    assert not {"I4", "I6"} & set(clocks.index)


def test_where_nobody_tried_the_incident_was_not_passed_on(clocks: pd.DataFrame) -> None:
    assert clocks.loc["I5", "attempts"] == 0


class TestByPeriod:
    CLOCKS = pd.DataFrame(
        {
            "period": ["before"] * 5 + ["since"] * 5,
            "attempts": [1, 1, 2, 1, 0, 1, 1, 1, 1, 1],
            "reached": [True, True, True, False, False, True, True, True, True, True],
            "hours": [10.0, 20.0, 30.0, 900.0, 900.0, 5.0, 6.0, 7.0, 8.0, 9.0],
        }
    )

    def test_the_median_counts_who_was_never_reached(self) -> None:
        found = contact_by_period(self.CLOCKS, hours_to_contact(self.CLOCKS)).set_index("period")
        # Of four passed on, two were reached by 20 hours and the third at 30: the curve lies flat
        # on the half between them. Of the three who were reached the median would be 20.
        assert found.loc["before", "median_hours"] == 25
        assert found.loc["before", "passed_on_percent"] == 80
        assert found.loc["before", "reached_percent"] == 75

    def test_the_headline_is_the_period_since(self) -> None:
        found = median_hours(hours_to_contact(self.CLOCKS), "since")
        assert found.estimate == 7
        assert found.unit == "hours"
