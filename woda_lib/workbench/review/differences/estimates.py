"""Estimates with intervals of two versions, a label above each, on the same axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from woda_lib.workbench.review.differences.axes import Scale, round_ticks
from woda_lib.workbench.review.differences.pen import say_ticks, svg, text
from woda_lib.workbench.review.differences.tables import Record, is_number

_ESTIMATE = frozenset(("estimate", "low", "high"))
_TOP = 12.0


@dataclass(frozen=True)
class Estimates:
    """A label, an estimate and both ends a row; the first is the primary one."""

    rows: tuple[tuple[str, float, float, float], ...]

    @property
    def numbers(self) -> list[float]:
        """Everything that the axis must hold."""
        return [number for row in self.rows for number in row[1:]]


def read_estimates(columns: Sequence[str], rows: Sequence[Record]) -> Estimates | None:
    """Return the estimates of an exported table; None where it is of another form."""
    if not rows or not set(columns) >= _ESTIMATE or columns[0] in _ESTIMATE:
        return None
    if any(is_number(row[columns[0]]) for row in rows):
        return None
    if not all(is_number(row.get(name, "")) for row in rows for name in _ESTIMATE):
        return None
    return Estimates(
        tuple(
            (row[columns[0]], float(row["estimate"]), float(row["low"]), float(row["high"]))
            for row in rows
        )
    )


def draw_estimates(side: Estimates, sides: Sequence[Estimates], alt: str, width: int) -> str:
    """Draw one version; each label stands above its interval, so that long ones fit on a phone."""
    step = 40.0
    height = int(_TOP + step * max(len(other.rows) for other in sides) + 30)
    numbers = [number for other in sides for number in other.numbers]
    ticks = round_ticks(min(*numbers, 0.0), max(*numbers, 0.0))
    x = Scale(ticks[0], ticks[-1], 14, width - 18)
    bottom = height - 26
    parts = []
    for tick, said in zip(ticks, say_ticks(ticks), strict=True):
        style = "ax" if tick == 0 else "gr"
        parts.append(f'<path class="{style}" d="M{x(tick):.1f} {_TOP}V{bottom}"/>')
        parts.append(text(x(tick), height - 8, said, anchor="middle"))
    for place, (label, estimate, low, high) in enumerate(side.rows):
        at = _TOP + place * step
        key = "key" if place == 0 else "other"
        parts.append(text(0, at + 12, label, style="tb" if place == 0 else "t", halo=True))
        parts.append(f'<path class="{key}" d="M{x(low):.1f} {at + 24:.1f}H{x(high):.1f}"/>')
        parts.append(f'<circle class="{key}" cx="{x(estimate):.1f}" cy="{at + 24:.1f}" r="4"/>')
    return svg(width, height, alt, parts)
