"""One figure of two versions, drawn again from its numbers on the same axes.

Only two kinds can be: a series in time whose columns the house knows (observed, fitted, expected
without the intervention, a comparison, a process chart's limits), and estimates with intervals. A
figure of any other form is shown as each version drew it, and the page says that axes may differ.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from woda_lib.workbench.review.differences.estimates import draw_estimates, read_estimates
from woda_lib.workbench.review.differences.series import draw_series, read_series
from woda_lib.workbench.review.differences.tables import Record

_WIDTHS = (470, 300)
_Side = TypeVar("_Side")

Table = tuple[Sequence[str], Sequence[Record]]


@dataclass(frozen=True)
class Drawing:
    """One version's figure, for wide and for narrow pages, as SVG."""

    wide: str
    narrow: str


def draw_alike(
    before: Table, after: Table, alts: tuple[str, str]
) -> tuple[Drawing, Drawing] | None:
    """Draw both versions of a figure on the same axes.

    Parameters
    ----------
    before, after : (columns, rows)
        The exported numbers of the figure, as text.
    alts : tuple of str
        What each says to a reader who does not see it.

    Returns
    -------
    tuple of Drawing, or None
        None where the numbers are of no form that can be drawn so.
    """
    tables = (before, after)
    return _drawn(read_series, draw_series, tables, alts) or _drawn(
        read_estimates, draw_estimates, tables, alts
    )


def _drawn(
    read: Callable[[Sequence[str], Sequence[Record]], _Side | None],
    draw: Callable[[_Side, Sequence[_Side], str, int], str],
    tables: tuple[Table, Table],
    alts: tuple[str, str],
) -> tuple[Drawing, Drawing] | None:
    sides = [side for table in tables if (side := read(*table)) is not None]
    if len(sides) < len(tables):
        return None
    old, new = (
        Drawing(*(draw(side, sides, alt, width) for width in _WIDTHS))
        for side, alt in zip(sides, alts, strict=True)
    )
    return old, new
