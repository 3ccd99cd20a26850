"""A series in time of two versions, with the columns that the house knows, on the same axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from woda_lib.workbench.review.differences.axes import Scale, date_ticks, round_ticks
from woda_lib.workbench.review.differences.pen import say_ticks, stroke, svg, text
from woda_lib.workbench.review.differences.tables import Record, is_number

# What a column of a series is, and how the house draws it; in the order of drawing.
_ROLES = {
    "lower": "lim",
    "upper": "lim",
    "mean": "mean",
    "control": "ctl",
    "expected": "cf",
    "observed": "obs",
    "value": "obs",
    "fitted": "fit",
}
_SAID = {"expected": "expected without it", "control": "comparison", "value": "observed"}
_QUIET = frozenset(("moving_range", "range_mean", "range_limit"))  # a panel of its own
_ENDS = frozenset(("expected_low", "expected_high"))
_NOT_ZERO = frozenset(("lower", "upper"))  # process charts need not start at nought
_LINE = 15.0  # pixels between two lines of text
_TOP = 12.0


@dataclass(frozen=True)
class Series:
    """Lines over days, and the band of one of them."""

    days: tuple[int, ...]
    lines: dict[str, tuple[float | None, ...]]
    band: tuple[tuple[float | None, ...], tuple[float | None, ...]] | None

    @property
    def numbers(self) -> list[float]:
        """Everything that the axis must hold."""
        lines = [*self.lines.values(), *(self.band or ())]
        return [number for line in lines for number in line if number is not None]


def read_series(columns: Sequence[str], rows: Sequence[Record]) -> Series | None:
    """Return the series of an exported table; None where a column is not known."""
    if not columns or not rows:
        return None
    try:
        days = tuple(date.fromisoformat(row[columns[0]]).toordinal() for row in rows)
    except ValueError:
        return None
    numeric = [
        name
        for name in columns[1:]
        if any(is_number(row.get(name, "")) for row in rows)
        and all(is_number(text) or text == "" for text in (row.get(name, "") for row in rows))
    ]
    known = [name for name in _ROLES if name in numeric]
    strangers = set(numeric) - set(known) - _QUIET - _ENDS
    if len(set(days)) != len(days) or not known or strangers:
        return None
    lines = {name: _numbers(rows, name) for name in known}
    low, high = (_numbers(rows, name) for name in ("expected_low", "expected_high"))
    band = (low, high) if set(numeric) >= _ENDS and "expected" in known else None
    return Series(days, lines, band)


def _numbers(rows: Sequence[Record], name: str) -> tuple[float | None, ...]:
    return tuple(float(t) if is_number(t := row.get(name, "")) else None for row in rows)


def draw_series(side: Series, sides: Sequence[Series], alt: str, width: int) -> str:
    """Draw one version; the axes hold both."""
    height, left, right = (300, 38, 104) if width > 400 else (280, 34, 92)
    numbers = [number for other in sides for number in other.numbers]
    low, high = min(numbers), max(numbers)
    if low > 0 and not any(_NOT_ZERO & set(other.lines) for other in sides):
        low = 0.0
    ticks = round_ticks(low, high)
    y = Scale(ticks[0], ticks[-1], height - 26, _TOP)
    days = [day for other in sides for day in other.days]
    x = Scale(min(days), max(days), left + 6, width - right)
    parts = [_grid_y(ticks, y, left, width - right)]
    for day, said in date_ticks(min(days), max(days), 5 if width > 400 else 3):
        at = x(day)
        parts.append(f'<path class="ax" d="M{at:.1f} {height - 26}v5"/>')
        parts.append(text(at, height - 7, said, anchor="middle"))
    at_x = [x(day) for day in side.days]
    if side.band:
        parts.append(f'<path class="band" d="{_band(at_x, side.band, y)}"/>')
    ends: list[tuple[float, str, str]] = []
    for name, line in side.lines.items():
        role = _ROLES[name]
        points = [
            None if value is None else (at, y(value)) for at, value in zip(at_x, line, strict=True)
        ]
        parts.append(f'<path class="{role}" d="{stroke(points)}"/>')
        if role == "obs":
            dots = "".join(f"M{p[0]:.1f} {p[1]:.1f}h0" for p in points if p)
            parts.append(f'<path class="dots" d="{dots}"/>')
        if found := [point for point in points if point]:
            name_said = _SAID.get(name, name.replace("_", " "))
            ends.append((found[-1][1], name_said, "tc" if role == "cf" else "t"))
    last = max(at_x)
    for at_y, said, style in _apart(ends, _TOP, height - 30):
        parts.append(_lines(last + 9, at_y + 4, said, style))
    return svg(width, height, alt, parts)


def _grid_y(ticks: Sequence[float], y: Scale, left: float, right: float) -> str:
    parts = []
    for place, (tick, said) in enumerate(zip(ticks, say_ticks(ticks), strict=True)):
        style = "ax" if place == 0 else "gr"
        parts.append(f'<path class="{style}" d="M{left} {y(tick):.1f}H{right}"/>')
        parts.append(text(left - 6, y(tick) + 4, said, anchor="end"))
    return "".join(parts)


def _band(
    at_x: Sequence[float], band: tuple[Sequence[float | None], Sequence[float | None]], y: Scale
) -> str:
    ends = [
        (at, y(low), y(high))
        for at, low, high in zip(at_x, *band, strict=True)
        if low is not None and high is not None
    ]
    there = "L".join(f"{at:.1f} {high:.1f}" for at, _, high in ends)
    back = "L".join(f"{at:.1f} {low:.1f}" for at, low, _ in reversed(ends))
    return f"M{there}L{back}Z" if ends else ""


def _apart(
    ends: list[tuple[float, str, str]], top: float, bottom: float
) -> list[tuple[float, str, str]]:
    """Move the names at the lines' ends apart, and keep them in their order."""
    placed: list[tuple[float, str, str]] = []
    floor = top
    for wanted, said, style in sorted(ends):
        at = max(wanted, floor)
        placed.append((at, said, style))
        floor = at + _LINE * len(_wrapped(said))
    over = floor - _LINE - bottom
    return [(at - over, said, style) for at, said, style in placed] if over > 0 else placed


def _wrapped(said: str) -> list[str]:
    words = said.split()
    return [said] if len(said) <= 14 else [" ".join(words[:1]), " ".join(words[1:])]


def _lines(x: float, y: float, said: str, style: str) -> str:
    return "".join(
        text(x, y + place * _LINE, line, style=style) for place, line in enumerate(_wrapped(said))
    )
