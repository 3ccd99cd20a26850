"""The diagram of who is in and who is out: boxes down the page, exclusions beside the arrows."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Rectangle

from woda_lib.figures import TOKENS, WIDTHS, Picture
from woda_lib.phrases import say_number

_LINE = 0.19  # inches from one line of text to the next
_PAD = 0.11  # inches between a box and its text
_DESCENT = 0.05  # inches that the last line needs less
_GAP = 0.34  # inches of arrow where nobody is left out
_LETTER = {False: 0.069, True: 0.065}  # inches, of an average letter at the house's text size
_WITHHELD = "[c]"


@dataclass(frozen=True)
class _Block:
    """Lines of text in a box, or beside an arrow."""

    kind: str
    lines: tuple[str, ...]

    @property
    def height(self) -> float:
        return len(self.lines) * _LINE + 2 * _PAD - _DESCENT


def participants_picture(table: pd.DataFrame, *, counted: str) -> Picture:
    """Draw the flow of participants.

    Parameters
    ----------
    table
        `Participants.table`: ``stage, status, reason, people``.
    counted
        What is counted, in the plural.
    """

    def draw(figure: Figure, narrow: bool, data: pd.DataFrame) -> None:
        _Drawing(figure, narrow).flow(_blocks(data, counted, narrow))

    height = max(_height(_blocks(table, counted, narrow), narrow) for narrow in (False, True))
    # A count that is withheld leaves a gap in the text, and the diagram still stands.
    return Picture(draw=draw, data=table, counts=("people",), height=height, gaps=True)


def _blocks(data: pd.DataFrame, counted: str, narrow: bool) -> list[_Block]:
    """Lay the rows out in the order in which they are drawn."""
    blocks = []
    width = WIDTHS[narrow]
    groups = data[data["status"] == "group"]
    box = width - 0.05 if narrow else 3.5
    beside = width - 0.55 if narrow else width - 4.35
    across = width - 0.05 if narrow else width / max(len(groups), 1) - 0.12
    for stage in dict.fromkeys(data["stage"]):
        rows = data[data["stage"] == stage]
        (entered,) = rows.loc[rows["status"] == "in", "people"]
        blocks.append(
            _Block("in", (*_wrapped(str(stage), box, narrow), f"{_said(entered)} {counted}"))
        )
        out = rows[rows["status"] == "left out"]
        if len(out):
            lines = ["Left out:"]
            for reason, people in zip(out["reason"], out["people"], strict=True):
                lines += _wrapped(f"{reason}: {_said(people)}", beside, narrow)
            blocks.append(_Block("left out", tuple(lines)))
    for name, people in zip(groups["reason"], groups["people"], strict=True):
        text = [f"{name}: {_said(people)}"] if narrow else [str(name), f"{_said(people)} {counted}"]
        lines = [line for each in text for line in _wrapped(each, across, narrow)]
        blocks.append(_Block("group", tuple(lines)))
    return blocks


def _wrapped(text: str, inches: float, narrow: bool) -> list[str]:
    return wrap(text, int((inches - 2 * _PAD) / _LETTER[narrow]))


def _said(people: Any) -> str:
    return _WITHHELD if pd.isna(people) else say_number(float(people), 0)


def _height(blocks: list[_Block], narrow: bool) -> float:
    total = 0.1
    for place, block in enumerate(blocks):
        if block.kind == "in":
            total += block.height
            after = blocks[place + 1].kind if place + 1 < len(blocks) else ""
            total += _GAP if after in ("in", "group") else 0.0
        elif block.kind == "left out":
            total += block.height + 0.12
    groups = [block.height for block in blocks if block.kind == "group"]
    if groups:
        total += sum(groups) + 0.06 * len(groups) if narrow else max(groups)
    return total


class _Drawing:
    """A pen that knows inches from the top, on a figure without axes."""

    def __init__(self, figure: Figure, narrow: bool) -> None:
        self._figure = figure
        self._width, self._height = figure.get_size_inches()
        self._narrow = narrow
        self._box = self._width - 0.05 if narrow else 3.5
        self._middle = 0.22 if narrow else 1.75
        self._y = 0.03

    def flow(self, blocks: list[_Block]) -> None:
        """Draw every block, from the top down."""
        # What the narrow drawing needs more of, the wide one spends on its arrows.
        arrows = sum(block.kind == "left out" for block in blocks) or 1
        spare = max(self._height - _height(blocks, self._narrow), 0.0) / arrows
        for place, block in enumerate(blocks):
            after = blocks[place + 1].kind if place + 1 < len(blocks) else ""
            if block.kind == "in":
                self._boxed(block, 0.02, self._box)
                if after == "in":
                    self._arrow(self._y, self._y + _GAP)
                    self._y += _GAP
            elif block.kind == "left out":
                self._beside(block, spare)
        groups = [block for block in blocks if block.kind == "group"]
        if groups:
            self._groups(groups)

    def _boxed(self, block: _Block, left: float, width: float, *, bold: int = 1) -> None:
        self._rectangle(left, self._y, width, block.height)
        for number, line in enumerate(block.lines):
            last = number == len(block.lines) - 1
            self._text(left + _PAD, number, line, bold=last and bold > 0)
        self._y += block.height

    def _beside(self, block: _Block, spare: float) -> None:
        """Write who was left out beside the arrow to the next box."""
        height = block.height + 0.12 + spare
        self._arrow(self._y, self._y + height)
        top = self._y
        self._y += (height - block.height) / 2
        left = 0.5 if self._narrow else 4.3
        if not self._narrow:
            middle = self._y + block.height / 2
            self._line(self._middle, middle, left, middle)
            self._rectangle(left, self._y, self._width - left - 0.02, block.height, quiet=True)
        for number, line in enumerate(block.lines):
            self._text(left + (0 if self._narrow else _PAD), number, line, quiet=True)
        self._y = top + height

    def _groups(self, groups: list[_Block]) -> None:
        if self._narrow:
            self._y += 0.08
            for block in groups:
                self._boxed(block, 0.22, self._box - 0.2, bold=0)
                self._y += 0.06
            return
        step = self._width / len(groups)
        top, tallest = self._y + _GAP, max(block.height for block in groups)
        branch = self._y + _GAP / 2
        centres = [step * (place + 0.5) for place in range(len(groups))]
        self._line(self._middle, self._y, self._middle, branch)
        self._line(min(self._middle, centres[0]), branch, centres[-1], branch)
        for place, block in enumerate(groups):
            self._arrow(branch, top, at=centres[place])
            self._y = top
            self._rectangle(step * place + 0.05, top, step - 0.1, tallest)
            for number, line in enumerate(block.lines):
                last = number == len(block.lines) - 1
                self._text(step * place + 0.05 + _PAD, number, line, bold=last)
        self._y = top + tallest

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return x / self._width, 1 - y / self._height

    def _text(
        self, x: float, line: int, text: str, *, bold: bool = False, quiet: bool = False
    ) -> None:
        place = self._at(x, self._y + _PAD + line * _LINE)
        colour = TOKENS["ink2" if quiet else "ink"]
        weight = "bold" if bold else "normal"
        self._figure.text(*place, text, va="top", ha="left", color=colour, weight=weight)

    def _rectangle(
        self, left: float, top: float, width: float, height: float, *, quiet: bool = False
    ) -> None:
        x, y = self._at(left, top + height)
        box = Rectangle(
            (x, y),
            width / self._width,
            height / self._height,
            transform=self._figure.transFigure,
            facecolor="none",
            edgecolor=TOKENS["edge" if quiet else "ink"],
            linewidth=0.8 if quiet else 1.1,
        )
        self._figure.add_artist(box)

    def _line(self, x: float, y: float, to_x: float, to_y: float) -> None:
        self._pen(x, y, to_x, to_y, "-")

    def _arrow(self, top: float, bottom: float, *, at: float | None = None) -> None:
        x = self._middle if at is None else at
        self._pen(x, top, x, bottom, "-|>")

    def _pen(self, x: float, y: float, to_x: float, to_y: float, style: str) -> None:
        arrow = FancyArrowPatch(
            self._at(x, y),
            self._at(to_x, to_y),
            transform=self._figure.transFigure,
            arrowstyle=style,
            mutation_scale=9,
            shrinkA=0,
            shrinkB=0,
            linewidth=1.0,
            color=TOKENS["ink"],
        )
        self._figure.add_artist(arrow)
