"""Any column of times becomes whole steps, or a sentence that says why it cannot."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest

from woda_lib.evaluation import TimeAxis, TimeError


def axis(times: Any, *, widest: bool = True) -> TimeAxis:
    return TimeAxis.of(pd.Series(times), column="when", widest=widest)


@pytest.mark.parametrize(
    ("times", "every", "size", "positions", "said"),
    [
        (["2024-04", "2024-05", "2024-07"], "month", 1, [0, 1, 3], "April 2024"),
        (["2024-04-30", "2024-05-31", "2024-07-31"], "month", 1, [0, 1, 3], "April 2024"),
        ([dt.date(2024, 4, 1), dt.date(2024, 5, 1)], "month", 1, [0, 1], "April 2024"),
        (pd.period_range("2024-04", periods=3, freq="M"), "month", 1, [0, 1, 2], "April 2024"),
        (["2024Q2", "2024Q3"], "quarter", 1, [0, 1], "Q2 2024"),
        (["2024-05-01", "2024-04-30"], "day", 1, [1, 0], "30 April 2024"),
        (["2024-01-03", "2024-01-10", "2024-01-17"], "week", 1, [0, 1, 2], "3 January 2024"),
        (["2024-01-03", "2024-01-17", "2024-01-31"], "week", 2, [0, 1, 2], "3 January 2024"),
        (["2023-01-31", "2023-07-31", "2024-01-31"], "quarter", 2, [0, 1, 2], "Q1 2023"),
        ([1871, 1872, 1874], "year", 1, [0, 1, 3], "1871"),
        ([1951, 1961, 1971], "year", 10, [0, 1, 2], "1951"),
        (["2019", "2020", "2021"], "year", 1, [0, 1, 2], "2019"),
        ([1983.0, 1983.083, 1983.167], "month", 1, [0, 1, 2], "January 1983"),
        ([1983.0, 1983.25, 1983.5], "quarter", 1, [0, 1, 2], "Q1 1983"),
        ([3, 4, 6], "step", 1, [0, 1, 3], "3"),
        ([0.5, 1.0, 1.5], "step", 0.5, [0, 1, 2], "0.5"),
        (["2024-04-01"], "month", 1, [0], "April 2024"),
    ],
)
def test_times_become_steps(
    times: Any, every: str, size: float, positions: list[float], said: str
) -> None:
    found = axis(times)
    assert (found.every, found.size) == (every, size)
    assert found.positions.tolist() == positions
    assert found.say(0) == said


@pytest.mark.parametrize("times", [[1951, 1961, 1981], ["1951-06", "1961-06", "1981-06"]])
def test_unless_the_widest_step_is_wanted_years_stay_years(times: Any) -> None:
    assert axis(times, widest=False).positions.tolist() == [0, 10, 30]
    assert axis(times).positions.tolist() == [0, 1, 3]


@pytest.mark.parametrize(
    ("times", "time", "place", "begins"),
    [
        (["2024-04", "2024-05"], "2024-05-01", 1, True),
        (["2024-04", "2024-05"], "2024-05-17", 1, False),
        (["2024-04", "2024-05"], "2024-03", -1, True),
        (["2024-04", "2024-05"], 2025, 9, True),  # a whole year means its January
        (["2024-04", "2024-05"], 2024.5, 3, True),  # July
        (["2024-04", "2024-05"], dt.date(2024, 6, 1), 2, True),
        (["2024-04", "2024-05"], pd.Period("2024-06", "M"), 2, True),
        (["2024Q1", "2024Q2"], "2024-05-01", 1, False),
        (["2024-01-03", "2024-01-10"], "2024-01-16", 1, False),
        (["2024-01-03", "2024-01-10"], "2024-01-17", 2, True),
        (["2024-01-03", "2024-01-17", "2024-01-31"], "2024-01-16", 0, False),
        ([1951, 1961, 1971], 1965, 1, False),
        ([1871, 1872], 1899, 28, True),
        ([1, 2, 3], 2, 1, True),
        ([1, 2, 3], 2.5, 2, False),  # between two steps: from the later one on
    ],
)
def test_a_time_falls_into_a_step(times: Any, time: Any, place: float, begins: bool) -> None:
    found = axis(times)
    assert found.place(time, argument="start") == place
    assert found.begins_step(time, argument="start") == begins


@pytest.mark.parametrize(
    "times",
    [
        ["2024-04", "2024-07"],
        pd.date_range("2024-01-03", periods=4, freq="14D"),
        [1951, 1961, 1981],
        [0.5, 1.0, 2.5],
        pd.date_range("2024-02-28", periods=4),
    ],
)
def test_a_step_has_the_time_that_falls_into_it(times: Any) -> None:
    found = axis(times)
    for position in (-3, 0, 1, 7):
        assert found.place(found.time(position), argument="start") == position


@pytest.mark.parametrize(
    ("times", "per_year", "words"),
    [
        (["2024-04", "2024-05"], 12, "months"),
        (["2024Q1", "2024Q2"], 4, "quarters"),
        ([1951, 1961], 0.1, "steps of 10 years"),
        (["2024-01-01", "2024-01-08"], 365.25 / 7, "weeks"),
        (["2024-01-01", "2024-01-02"], 365.25, "days"),
        ([1, 2], None, "steps"),
    ],
)
def test_steps_a_year(times: Any, per_year: float | None, words: str) -> None:
    assert axis(times).per_year == per_year
    assert axis(times).words == words


@pytest.mark.parametrize(
    ("times", "message"),
    [
        (["2024-04", None], r"'when' has no time in row 2"),
        (["soon", "later"], "something that is no time"),
        (["01/02/2024", "03/04/2024"], "written as 2024-04-01"),  # which is the day?
        (pd.date_range("2024-01-01", periods=3, tz="Europe/London"), "carry a time zone"),
        (["2024-01-01T00:00+01:00"], "carry a time zone"),
        ([True, False], "true and false"),
        ([1.0, np.inf], "infinite"),
        ([1, 2, 4.3], "not evenly spaced"),
        ([202401, 202402], "look like dates in digits"),
        ([20240131, 20240229], "look like dates in digits"),
        ([], "no rows"),
    ],
)
def test_what_is_no_time_is_refused(times: Any, message: str) -> None:
    with pytest.raises(TimeError, match=message):
        axis(times)


@pytest.mark.parametrize("time", [None, float("nan"), True, "soon", 5])
def test_what_is_no_time_for_the_start_is_refused(time: Any) -> None:
    with pytest.raises(TimeError, match="start"):
        axis(["2024-04", "2024-05"]).place(time, argument="start")
    with pytest.raises(TimeError, match="must be a number"):
        axis([1, 2]).place("April", argument="start")
