"""The timeline of a card as a drawing: lanes of dots and bars, laid out for a page or for a phone.

Only places are worked out here; the template draws them. Colours and lines are those of the page's
style, so that light, dark and paper follow by themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import log10

import pandas as pd

from woda_lib.phrases import say_count
from woda_lib.pilots.domestic_abuse.card_lines import Lane, TimelineEvent

LANES: tuple[Lane, ...] = (
    "couple",
    "victim_with_others",
    "perpetrator_with_others",
    "health",
    "social_care",
    "orders",
    "refuge",
    "conference",
)
"""From the top down."""

MONTHS = 24
_LETTER = 6.7  # mean width of a letter of 13 px, from which it is told whether words fit
_GRAVEST_DAYS = 4380  # of the Cambridge Crime Harm Index: attempted murder
_INCIDENTS: Mapping[Lane, int] = {
    "couple": 68,
    "victim_with_others": 46,
    "perpetrator_with_others": 46,
}  # heights of the lanes that hold incidents
_MARKS, _ROW, _HEAD, _FOOT = 30, 28, 22, 22


@dataclass(frozen=True)
class Sheet:
    """How wide a drawing is, where time runs in it, and whether lanes are named above or beside."""

    name: str
    width: int
    left: int
    right: int
    named_above: bool
    letters: int

    @property
    def above(self) -> int:
        """What a lane's name takes of its height."""
        return 22 if self.named_above else 0


WIDE = Sheet("wide", 760, 164, 752, named_above=False, letters=62)
NARROW = Sheet("narrow", 300, 6, 294, named_above=True, letters=40)


@dataclass(frozen=True)
class Text:
    """Words in a drawing."""

    x: float
    y: float
    words: str
    anchor: str = "start"
    look: str = ""


@dataclass(frozen=True)
class Dot:
    """An incident, on a stem that is higher for a graver one; or a diamond on its line."""

    x: float
    y: float
    base: float
    look: str
    label: str


@dataclass(frozen=True)
class Bar:
    """Something that ran for a time; an end that is not capped lies outside the drawing."""

    x: float
    to: float
    y: float
    caps: tuple[float, ...]
    label: str


@dataclass
class Drawing:
    """Everything that a timeline draws, at its places."""

    sheet: Sheet
    height: float = 0.0
    recent: tuple[float, float] = (0.0, 0.0)
    columns: list[float] = field(default_factory=list)
    rules: list[float] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)


def draw_timeline(
    events: Iterable[TimelineEvent],
    lanes: Mapping[Lane, str],
    *,
    on: date,
    until: date,
    sheet: Sheet,
) -> Drawing:
    """Lay out a timeline.

    Parameters
    ----------
    events
        Of one card.
    lanes
        What each lane is called; a lane without events is left out, but for the couple's.
    on
        The day of the card's incident, from which months are counted back.
    until
        The day on which the drawing ends.
    sheet
        `WIDE` or `NARROW`.
    """
    return _Drawer(on, until, sheet).draw(events, lanes)


class _Drawer:
    """Draws one timeline from the top down."""

    def __init__(self, on: date, until: date, sheet: Sheet) -> None:
        self.begin, last_year = (_months_before(on, months) for months in (MONTHS, MONTHS // 2))
        self.until, self.sheet = max(on, until), sheet
        self.drawing = Drawing(sheet, recent=(self.place(last_year), self.place(on)))

    def place(self, day: date) -> float:
        """Where a day stands; days outside the drawing stand at its edges."""
        inside = min(max(day, self.begin), self.until)
        share = (inside - self.begin).days / ((self.until - self.begin).days or 1)
        return round(self.sheet.left + share * (self.sheet.right - self.sheet.left), 1)

    def draw(self, events: Iterable[TimelineEvent], lanes: Mapping[Lane, str]) -> Drawing:
        by_lane: dict[Lane, list[TimelineEvent]] = {}
        for event in sorted(events, key=lambda event: (event.start, event.this_one)):
            if event.start <= self.until and (event.end is None or event.end >= self.begin):
                by_lane.setdefault(event.lane, []).append(event)
        top, above = float(_HEAD), self.sheet.named_above
        for lane in LANES:
            here = by_lane.get(lane, [])
            if here or lane == "couple":
                bottom = self._lane(here, lane, top + self.sheet.above)
                bars = any(event.bar for event in here)
                beside = top + 27 if bars else bottom - 9
                self._name(lanes[lane], top + 16 if above else beside, bold=lane == "couple")
                self.drawing.rules.append(bottom)
                top = bottom
        self._months()
        words = "shaded: the 12 months before"
        self.drawing.texts.append(Text(self.drawing.recent[1], top + 17, words, "end"))
        self.drawing.height = top + _FOOT
        return self.drawing

    def _lane(self, events: Sequence[TimelineEvent], lane: Lane, top: float) -> float:
        """Draw what stands in a lane, and return its lower edge."""
        if any(event.bar for event in events):
            return self._bars(events, top)
        if lane not in _INCIDENTS:
            for event in events:
                x, y = self.place(event.start), top + _MARKS / 2
                self.drawing.dots.append(Dot(x, y, y, "diamond", event.label))
            return top + _MARKS
        bottom = top + _INCIDENTS[lane]
        for event in events:
            look = "this" if event.this_one else "key" if lane == "couple" else "other"
            x, y = self.place(event.start), round(bottom - rise(event.harm_days), 1)
            self.drawing.dots.append(Dot(x, y, bottom, look, event.label))
            if event.this_one:
                words = f"{event.start.day} {event.start:%b}: this incident"
                self.drawing.texts.append(Text(x + 5, top + 13, words, "end", "new"))
        return bottom

    def _bars(self, events: Sequence[TimelineEvent], top: float) -> float:
        """Draw bars with their words above them, in as few rows as hold them apart."""
        ends: list[float] = []
        for event in events:
            words = _shortened(event.label.rpartition(", ")[0] or event.label, self.sheet.letters)
            x, to = self.place(event.start), self.place(event.end or self.until)
            long = len(words) * _LETTER
            at = max(self.sheet.left + 3, min(x, self.sheet.right - long))
            row = next((row for row, end in enumerate(ends) if end + 10 < min(at, x)), len(ends))
            ends[row : row + 1] = [max(to, at + long)]
            y = top + row * _ROW + 21
            caps = [x] if event.start > self.begin else []
            caps += [to] if event.end is not None and event.end <= self.until else []
            self.drawing.bars.append(Bar(x, max(to, x + 1), y, tuple(caps), event.label))
            self.drawing.texts.append(Text(round(at, 1), y - 7, words))
        return top + len(ends) * _ROW + 4

    def _name(self, words: str, y: float, *, bold: bool) -> None:
        sheet, look = self.sheet, "bold" if bold else ""
        if sheet.named_above:
            text = Text(0, y, _shortened(words, sheet.letters), "start", look)
        else:
            fits = _shortened(words, int((sheet.left - 14) / _LETTER))
            text = Text(sheet.left - 14, y, fits, "end", look)
        self.drawing.texts.append(text)

    def _months(self) -> None:
        """Name every January and July, where there is room."""
        free = 0.0
        for first in pd.date_range(self.begin, self.until, freq="MS"):
            if first.month in (1, 7):
                x = self.place(first.date())
                self.drawing.columns.append(x)
                starts, long = x + 3, 8 * _LETTER
                if x + long > self.sheet.right:
                    starts = x - 3 - long
                if starts > free:
                    anchor, at = ("start", starts) if starts > x else ("end", x - 3)
                    self.drawing.texts.append(Text(at, 13, f"{first:%b %Y}", anchor))
                    free = starts + long


def rise(days: float | None) -> float:
    """Return how high a dot stands, by the logarithm of its days of harm so that all show apart.

    Examples
    --------
    >>> [round(rise(days)) for days in (0, 1, 10, 365, 4380)]
    [8, 10, 16, 28, 36]
    """
    return 8 + 28 * log10(1 + (days or 0)) / log10(1 + _GRAVEST_DAYS)


def _shortened(words: str, letters: int) -> str:
    return words if len(words) <= letters else words[: letters - 1].rstrip() + "…"


def _months_before(day: date, months: int) -> date:
    before: date = (pd.Timestamp(day) - pd.DateOffset(months=months)).date()
    return before


def timeline_in_words(events: Sequence[TimelineEvent], lanes: Mapping[Lane, str]) -> str:
    """Return what a timeline shows, for somebody who cannot see it: each lane, and its latest."""
    said = []
    for lane in LANES:
        here = sorted(
            (event for event in events if event.lane == lane and not event.this_one),
            key=lambda event: event.start,
        )
        if here:
            things = "bar" if any(event.bar for event in here) else "mark"
            count = f"{say_count(len(here))} {things}{'s' * (len(here) > 1)}"
            said.append(f"{lanes[lane]}: {count}, the latest {here[-1].label}.")
    return " ".join(["Timeline of 24 months up to this incident.", *said, "A list follows."])
