"""The drawn timeline: where days, dots and bars stand, wide and narrow."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from tests.pilots.domestic_abuse.made_up_pack import WHOLE, bar, dot
from woda_lib.pilots.domestic_abuse.card_lines import TimelineEvent
from woda_lib.pilots.domestic_abuse.pack.drawing import (
    NARROW,
    WIDE,
    Drawing,
    Sheet,
    draw_timeline,
)
from woda_lib.pilots.domestic_abuse.pack.wording import lanes_of

ON = date(2025, 3, 30)
LANES = lanes_of(WHOLE)
both = pytest.mark.parametrize("sheet", [WIDE, NARROW], ids=["wide", "narrow"])


def draw(*events: TimelineEvent, sheet: Sheet = WIDE, until: date = ON) -> Drawing:
    return draw_timeline(events, LANES, on=ON, until=until, sheet=sheet)


@both
def test_24_months_run_from_edge_to_edge_and_the_last_12_are_shaded(sheet: Sheet) -> None:
    first, last = (dot("couple", day, "") for day in (date(2023, 3, 30), ON))
    drawing = draw(first, last, sheet=sheet)
    assert [mark.x for mark in drawing.dots] == [sheet.left, sheet.right]
    begin, end = drawing.recent
    assert end == sheet.right
    assert begin == pytest.approx((sheet.left + sheet.right) / 2, abs=1)  # 366 + 365 days


def test_what_was_over_before_or_is_yet_to_come_is_not_drawn() -> None:
    before = bar("orders", date(2021, 1, 1), date(2023, 3, 29), "Rowan: licence, long ago")
    after = dot("health", date(2025, 3, 31), "Amber: tomorrow")
    drawing = draw(before, after)
    assert (drawing.bars, drawing.dots) == ([], [])
    assert [text.words for text in drawing.texts if text.look == "bold"] == ["Amber and Rowan"]


def test_a_bar_that_began_before_or_goes_on_has_no_cap_at_that_end() -> None:
    whole = bar("orders", date(2024, 1, 1), date(2024, 6, 1), "Rowan: licence, then")
    open_end = bar("orders", date(2022, 1, 1), None, "Rowan: restraining order, since then")
    by_label = {each.label: each for each in draw(whole, open_end).bars}
    assert len(by_label["Rowan: licence, then"].caps) == 2
    going_on = by_label["Rowan: restraining order, since then"]
    assert going_on.caps == ()
    assert (going_on.x, going_on.to) == (WIDE.left, WIDE.right)


def test_a_graver_incident_stands_higher_and_a_tenfold_is_seen() -> None:
    days = [0.0, 1.0, 10.0, 100.0, 1000.0]
    events = [dot("couple", date(2024, 1 + n, 1), "", harm) for n, harm in enumerate(days)]
    heights = [mark.base - mark.y for mark in draw(*events).dots]
    steps = [later - earlier for earlier, later in pairwise(heights)]
    assert all(step >= 2 for step in steps)
    assert max(heights) < 40


@both
def test_words_of_bars_lie_inside_and_on_no_other_words(sheet: Sheet) -> None:
    events = [
        bar(
            "social_care",
            date(2024, 1 + n, 1),
            date(2024, 2 + n, 1),
            f"Clover: early help {n}, now",
        )
        for n in range(10)
    ]
    drawing = draw(*events, sheet=sheet)
    words = [text for text in drawing.texts if "early help" in text.words]
    assert len(words) == 10
    spans = sorted((text.y, text.x, text.x + 6.7 * len(text.words)) for text in words)
    for one, other in pairwise(spans):
        assert one[0] != other[0] or one[2] < other[1]
    assert all(sheet.left <= start and end <= sheet.right + 1 for _, start, end in spans)
    assert max(each.y for each in drawing.bars) < drawing.height


@both
def test_months_are_named_without_overlap(sheet: Sheet) -> None:
    drawing = draw(sheet=sheet)
    spans = sorted(
        (text.x, text.x + 53) if text.anchor == "start" else (text.x - 53, text.x)
        for text in drawing.texts
        if text.y == 13
    )
    assert len(spans) >= 3
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    assert spans[-1][1] <= sheet.right + 8
