"""A value's history as a small drawing: a line, its interval's band, a ring at each release.

The last point is filled. Runs stand at equal distances, as they came; a run that withheld the value
leaves a gap. Only the newest runs are drawn, so that a page stays small however long it goes on.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from woda_lib.records import Value, say_amount

MOST_RUNS = 36
_WIDTH, _HEIGHT, _EDGE = 168.0, 44.0, 5.0


@dataclass(frozen=True)
class Point:
    """A value in one run; `release` is the version that was made of it."""

    value: Value | None
    release: str = ""


def sparkline(name: str, history: Sequence[Point]) -> Markup:
    """Return the drawing with its own description; empty where there is nothing to draw.

    Parameters
    ----------
    name : str
        What the value is called in words.
    history : sequence of Point
        The oldest first; of a long one only the newest `MOST_RUNS` are drawn.
    """
    drawn = history[-MOST_RUNS:]
    known = [(i, p.value) for i, p in enumerate(drawn) if p.value and p.value.value is not None]
    if len(known) < 2:
        return Markup("")
    place = _Place.over([value for _, value in known], len(drawn))
    parts = []
    for stretch in _stretches(known):
        if band := _band(stretch, place):
            parts.append(f'<path class="band" d="{band}"/>')
        parts.append(f'<path class="line" d="{_line([place.at(i, v) for i, v in stretch])}"/>')
    for i, value in known:
        if drawn[i].release:
            x, y = place.at(i, value)
            parts.append(f'<circle class="rel" cx="{x:g}" cy="{y:g}" r="3.2"/>')
    x, y = place.at(*known[-1])
    parts.append(f'<circle class="last" cx="{x:g}" cy="{y:g}" r="3.6"/>')
    said = escape(_said(name, [value for _, value in known], [p.release for p in drawn]))
    return Markup(
        f'<svg class="spark" viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" role="img" aria-label="{said}">'
        f"{''.join(parts)}</svg>"
    )


@dataclass(frozen=True)
class _Place:
    """From a run and a number to a point of the drawing."""

    low: float
    high: float
    runs: int

    @classmethod
    def over(cls, values: Sequence[Value], runs: int) -> _Place:
        ends = [n for v in values for n in (v.value, v.low, v.high) if n is not None]
        return cls(min(ends), max(ends), runs)

    def at(self, run: int, value: Value) -> tuple[float, float]:
        assert value.value is not None  # such values were left out
        return self.x(run), self.y(value.value)

    def x(self, run: int) -> float:
        return round(_EDGE + (_WIDTH - 2 * _EDGE) * run / (self.runs - 1), 1)

    def y(self, number: float) -> float:
        if self.high == self.low:
            return _HEIGHT / 2
        share = (number - self.low) / (self.high - self.low)
        return round(_HEIGHT - _EDGE - (_HEIGHT - 2 * _EDGE) * share, 1)


def _stretches(known: Sequence[tuple[int, Value]]) -> list[list[tuple[int, Value]]]:
    """Divide points where a run is missing between them."""
    stretches: list[list[tuple[int, Value]]] = []
    for i, value in known:
        if stretches and stretches[-1][-1][0] == i - 1:
            stretches[-1].append((i, value))
        else:
            stretches.append([(i, value)])
    return stretches


def _band(stretch: Sequence[tuple[int, Value]], place: _Place) -> str:
    if len(stretch) < 2:
        return ""
    lows = [(place.x(i), place.y(v.low)) for i, v in stretch if v.low is not None]
    highs = [(place.x(i), place.y(v.high)) for i, v in stretch if v.high is not None]
    if len(lows) != len(stretch) or len(highs) != len(stretch):
        return ""
    return f"{_line([*highs, *reversed(lows)])}Z"


def _line(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)


def _said(name: str, values: Sequence[Value], releases: Collection[str]) -> str:
    first, last = say_amount(values[0]), say_amount(values[-1])
    moved = f"{last} throughout" if first == last else f"from {first} to {last}"
    marked = [version for version in releases if version]
    rings = f"; releases {', '.join(marked)} marked" if marked else ""
    return f"{name} over {len(values)} runs: {moved}{rings}."
