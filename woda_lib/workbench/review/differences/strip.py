"""A value's old and new estimate with their intervals, as a small picture in its row.

The numbers stand beside it, so that it says nothing to a reader who does not see it.
"""

from __future__ import annotations

from woda_lib.records import Value
from woda_lib.workbench.review.changes import Change
from woda_lib.workbench.review.differences.axes import Scale

_WIDTH, _HEIGHT = 150, 34


def draw_strip(change: Change) -> str:
    """Return the picture as SVG: open dot and thin line the old one, filled and thick the new one.

    Each row has its own scale; the mark of nought is drawn where it lies within.
    """
    numbers = [
        number
        for value in (change.old, change.new)
        if value is not None
        for number in _shown(value)
        if number is not None
    ]
    if not numbers:
        return ""
    low, high = min(numbers), max(numbers)
    pad = (high - low) * 0.08 or 1.0
    x = Scale(low - pad, high + pad, 6, _WIDTH - 6)
    parts = []
    if low - pad < 0 < high + pad:
        parts.append(f'<path class="zero" d="M{x(0):.1f} 2V{_HEIGHT - 2}"/>')
    for value, kind, y in ((change.old, "o", 11), (change.new, "w", 23)):
        parts.append(_estimate(value, kind, y, x))
    return (
        f'<svg class="then-now" viewBox="0 0 {_WIDTH} {_HEIGHT}" aria-hidden="true" '
        f'focusable="false">{"".join(parts)}</svg>'
    )


def _estimate(value: Value | None, kind: str, y: int, x: Scale) -> str:
    number, low, high = _shown(value) if value else (None, None, None)
    if number is None:
        return ""
    line = ""
    if low is not None and high is not None:
        line = f'<path class="{kind}" d="M{x(low):.1f} {y}H{x(high):.1f}"/>'
    return f'{line}<circle class="{kind}" cx="{x(number):.1f}" cy="{y}" r="4"/>'


def _shown(value: Value) -> tuple[float | None, float | None, float | None]:
    """The numbers as the page shows them: a picture tells no more than the figures beside it."""
    number, low, high = (
        None if n is None else round(n, value.decimals)
        for n in (value.value, value.low, value.high)
    )
    return number, low, high
