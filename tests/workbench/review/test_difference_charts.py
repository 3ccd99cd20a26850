"""Figures drawn again on the same axes, and those that cannot be."""

from __future__ import annotations

import re
from datetime import date

import pytest

from woda_lib.workbench.review.differences.axes import date_ticks, round_ticks
from woda_lib.workbench.review.differences.charts import Table, draw_alike

ALTS = ("Older <finding>", "Newer finding")


def table(text: str) -> Table:
    heads, *rows = (line.split(",") for line in text.strip().split())
    return tuple(heads), [dict(zip(heads, row, strict=True)) for row in rows]


def words(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_two_series_have_one_axis_that_holds_both() -> None:
    low = table("month,observed\n2024-01-01,2\n2024-02-01,3")
    high = table("month,observed\n2024-01-01,9\n2024-03-01,11")
    drawn = draw_alike(low, high, ALTS)
    assert drawn is not None
    older, newer = drawn
    assert words(older.wide) == words(newer.wide)  # the same marks, names and dates
    assert [text for text in words(older.wide) if text.isdigit()] == [
        "0",
        "2",
        "4",
        "6",
        "8",
        "10",
        "12",
    ]
    assert 'aria-label="Older &lt;finding&gt;"' in older.narrow


def test_a_missing_month_breaks_the_line() -> None:
    gap = table("month,observed\n2024-01-01,2\n2024-02-01,\n2024-03-01,3\n2024-04-01,4")
    drawn = draw_alike(gap, gap, ALTS)
    assert drawn is not None
    (line,) = re.findall(r'class="obs" d="([^"]+)"', drawn[0].wide)
    assert line.count("M") == 2


def test_estimates_keep_their_labels_and_hold_nought() -> None:
    old = table("method,estimate,low,high\nprimary,-2.7,-3.7,-1.7\nother,-2.5,-3,-2")
    new = table("method,estimate,low,high\nprimary,-3.1,-4.6,-1.9")
    drawn = draw_alike(old, new, ALTS)
    assert drawn is not None
    assert words(drawn[0].wide)[:6] == ["−5", "−4", "−3", "−2", "−1", "0"]
    assert words(drawn[1].wide)[-1] == "primary"


@pytest.mark.parametrize(
    "text",
    [
        "reason,stays\ncare,120\nhome,100",  # bars
        "partner,month,referrals\ncouncil,2024-01-01,180",  # several series in one column
        "month,observed,unheard_of\n2024-01-01,2,900",  # a column of who knows what unit
        "month,observed",  # nothing
    ],
)
def test_what_the_house_does_not_know_is_left_as_each_version_drew_it(text: str) -> None:
    known = table("month,observed\n2024-01-01,2\n2024-02-01,3")
    assert draw_alike(known, table(text), ALTS) is None
    assert draw_alike(table(text), table(text), ALTS) is None


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 12.1, [0, 2, 4, 6, 8, 10, 12, 14]),
        (-0.3, 0.3, [-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3]),
        (5, 5, [4.4, 4.6, 4.8, 5.0, 5.2, 5.4, 5.6]),
        (3, 97_000, [0, 20_000, 40_000, 60_000, 80_000, 100_000]),
    ],
)
def test_marks_are_round_and_hold_the_range(low: float, high: float, ticks: list[float]) -> None:
    assert round_ticks(low, high) == pytest.approx(ticks)


def test_long_ranges_are_marked_by_year_and_short_ones_by_month() -> None:
    years = date_ticks(date(2021, 4, 1).toordinal(), date(2024, 12, 1).toordinal(), 5)
    assert [text for _, text in years] == ["2022", "2023", "2024"]
    months = date_ticks(date(2024, 1, 1).toordinal(), date(2024, 3, 15).toordinal(), 5)
    assert [text for _, text in months] == ["Jan 2024", "Feb 2024", "Mar 2024"]
