"""The timeline as a drawing: a row a service, laid out for a page or for a phone.

Only places are worked out here; the template draws them. Work that goes on is a solid bar that ends
in an arrow, work that ended is a hollow one with both ends capped, and what happened on a day is a
diamond, so that nothing is told by colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from woda_lib.pilots.single_view.person.lines import Involvement, Mark
from woda_lib.pilots.single_view.person.words import say_short

_LETTER = 6.7  # mean width of a letter of 13 px, from which it is told whether words fit
_ROW, _HEAD, _FOOT, _LIFE = 26, 24, 6, 26


@dataclass(frozen=True)
class Sheet:
    """How wide a drawing is, where time runs in it, and whether rows are named above or beside."""

    name: str
    width: int
    left: int
    right: int
    named_above: bool


WIDE = Sheet("wide", 860, 292, 852, named_above=False)
NARROW = Sheet("narrow", 300, 4, 292, named_above=True)


@dataclass(frozen=True)
class Text:
    """Words in a drawing."""

    x: float
    y: float
    words: str
    anchor: str = "start"
    look: str = ""


@dataclass(frozen=True)
class Bar:
    """Work from one day to another; what began before the drawing has no cap at its beginning."""

    x: float
    to: float
    y: float
    open: bool
    begins: bool
    label: str


@dataclass(frozen=True)
class Sign:
    """A contact, a move, a birth or a death, on its day."""

    x: float
    y: float
    kind: str
    label: str


@dataclass
class Drawing:
    """Everything that a timeline draws, at its places."""

    sheet: Sheet
    height: float = 0.0
    columns: list[float] = field(default_factory=list)
    rules: list[float] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    signs: list[Sign] = field(default_factory=list)


def draw_timeline(
    involvements: Sequence[Involvement],
    marks: Sequence[Mark],
    *,
    begin: date,
    until: date,
    sheet: Sheet,
) -> Drawing:
    """Lay out a timeline.

    Parameters
    ----------
    involvements, marks
        Of one person; what ended before `begin` is left out.
    begin, until
        The first and the last day of the drawing.
    sheet
        `WIDE` or `NARROW`.
    """
    return _Drawer(begin, until, sheet).draw(involvements, marks)


def rows_of(
    involvements: Sequence[Involvement], begin: date
) -> list[tuple[str, list[Involvement]]]:
    """Return a row a service, with all its spells: those with open ones first."""
    rows: dict[str, list[Involvement]] = {}
    for each in involvements:
        if each.standing == "open" or (each.ends or each.starts) >= begin:
            rows.setdefault(each.service, []).append(each)
    return sorted(rows.items(), key=lambda row: (_rank(row[1]), row[0]))


def label_of(each: Involvement) -> str:
    """Say an involvement with its days, for whoever points at it or cannot see it."""
    if each.standing == "once":
        return f"{each.service}, {say_short(each.starts)}"
    if each.standing == "open":
        return f"{each.service}, open since {say_short(each.starts)}"
    ended = f" to {say_short(each.ends)}" if each.ends else ", end not recorded"
    return f"{each.service}, {say_short(each.starts)}{ended}"


def _rank(spells: list[Involvement]) -> tuple[int, int]:
    newest = max((each.ends or each.starts).toordinal() for each in spells)
    return (0 if any(each.standing == "open" for each in spells) else 1), -newest


class _Drawer:
    """Draws one timeline from the top down."""

    def __init__(self, begin: date, until: date, sheet: Sheet) -> None:
        self.begin, self.until, self.sheet = begin, until, sheet
        self.drawing = Drawing(sheet)

    def place(self, day: date) -> float:
        """Where a day stands; days outside the drawing stand at its edges."""
        inside = min(max(day, self.begin), self.until)
        share = (inside - self.begin).days / ((self.until - self.begin).days or 1)
        return round(self.sheet.left + share * (self.sheet.right - self.sheet.left), 1)

    def draw(self, involvements: Sequence[Involvement], marks: Sequence[Mark]) -> Drawing:
        top = float(_HEAD)
        lives = [mark for mark in marks if mark.on >= self.begin]
        if lives:
            top = self._row("Moves, births and deaths", top, bold=True)
            y = top - _ROW / 2
            for mark in lives:
                self.drawing.signs.append(
                    Sign(self.place(mark.on), y, mark.kind, f"{mark.words}, {say_short(mark.on)}")
                )
        for name, spells in rows_of(involvements, self.begin):
            top = self._row(name, top, bold=any(each.standing == "open" for each in spells))
            for each in spells:
                self._spell(each, top - _ROW / 2)
        self._years(top)
        self.drawing.height = top + _FOOT
        return self.drawing

    def _row(self, name: str, top: float, *, bold: bool) -> float:
        """Name a row and return its lower edge."""
        sheet, look = self.sheet, "bold" if bold else ""
        if sheet.named_above:
            top += 18
            words = _shortened(name, int((sheet.right - sheet.left) / _LETTER))
            self.drawing.texts.append(Text(sheet.left, top, words, "start", look))
        else:
            words = _shortened(name, int((sheet.left - 14) / _LETTER))
            self.drawing.texts.append(Text(0, top + _ROW / 2 + 4.5, words, "start", look))
        self.drawing.rules.append(top + _ROW)
        return top + _ROW

    def _spell(self, each: Involvement, y: float) -> None:
        x = self.place(each.starts)
        if each.standing == "once":
            if each.starts >= self.begin:
                self.drawing.signs.append(Sign(x, y, "contact", label_of(each)))
            return
        to = self.place(self.until if each.standing == "open" else each.ends or each.starts)
        begins = each.starts >= self.begin
        bar = Bar(x, max(to, x + 3), y, each.standing == "open", begins, label_of(each))
        self.drawing.bars.append(bar)

    def _years(self, bottom: float) -> None:
        """Name the years that have room, and draw a line at the beginning of each."""
        free = float(self.sheet.left)
        for year in range(self.begin.year + 1, self.until.year + 1):
            x = self.place(date(year, 1, 1))
            self.drawing.columns.append(x)
            if x >= free and x + 4 * _LETTER + 4 < self.sheet.right:
                self.drawing.texts.append(Text(x + 3, 14, str(year)))
                free = x + 4 * _LETTER + 14


def _shortened(words: str, letters: int) -> str:
    return words if len(words) <= letters else f"{words[: letters - 1].rstrip()}…"
