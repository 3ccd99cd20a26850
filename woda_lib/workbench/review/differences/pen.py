"""The marks that every chart of a difference page is made of: words, strokes, a frame, in SVG."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from markupsafe import escape

from woda_lib.phrases import MINUS


def text(
    x: float, y: float, said: str, *, anchor: str = "", style: str = "t", halo: bool = False
) -> str:
    """Return words; a halo keeps them readable where they cross a line."""
    place = f' text-anchor="{anchor}"' if anchor else ""
    kind = f"{style} halo" if halo else style
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}"{place}>{escape(said)}</text>'


def stroke(points: Sequence[tuple[float, float] | None]) -> str:
    """Return the path of a line that breaks where a number is missing."""
    strokes = []
    for there, run in groupby(points, key=lambda point: point is not None):
        if there:
            found = [point for point in run if point]
            strokes.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in found))
    return "".join(strokes)


def say_ticks(ticks: Sequence[float]) -> list[str]:
    """Return the marks of an axis, all with the decimals that their distance needs."""
    step = ticks[1] - ticks[0]
    decimals = next((d for d in range(6) if abs(step - round(step, d)) < step / 1e6), 6)
    return [f"{tick:,.{decimals}f}".replace("-", MINUS) for tick in ticks]


def svg(width: int, height: int, alt: str, parts: Sequence[str]) -> str:
    """Return a whole chart, with what it says to a reader who does not see it."""
    return (
        f'<svg class="chart" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape(alt)}">{"".join(parts)}</svg>'
    )
