"""A figure with the numbers behind it, and its drawing as SVG at the width of a page or a phone."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import matplotlib as mpl
import pandas as pd
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.text import Text

from woda_lib.figures.page import for_a_page
from woda_lib.figures.tokens import SMALLEST_TEXT, TEXT, TOKENS, WIDTHS


@dataclass(frozen=True)
class Picture:
    """A figure that can be drawn at any width, with the numbers behind it.

    Attributes
    ----------
    draw
        Called with an empty figure, whether it is narrow, and `data` as the gate passed it: what
        counts people is drawn from there, so that no mark stands at a number that was rounded.
    data
        The numbers that the drawing shows, one row a mark; exported as CSV after the gate.
    counts
        Columns of `data` that count people, which the gate therefore rounds and withholds.
    height
        Inches.
    gaps
        Whether the drawing can stand without what the gate withheld, which is then missing from
        the data. Without it, a figure of which anything is withheld is refused.
    each_mark
        What a mark stands for: a group, or one person, in which case the gate refuses it.
    """

    draw: Callable[[Figure, bool, pd.DataFrame], None]
    data: pd.DataFrame
    counts: tuple[str, ...] = ()
    height: float = 3.6
    gaps: bool = False
    each_mark: Literal["group", "person"] = "group"

    def __post_init__(self) -> None:
        unknown = [name for name in self.counts if name not in self.data.columns]
        if unknown:
            raise ValueError(f"counts names columns that the data do not have: {unknown}")

    def _repr_html_(self) -> str:
        """Show the picture at the end of a cell while somebody tries things out."""
        return to_svg(self)


def to_svg(
    picture: Picture, *, narrow: bool = False, look: Callable[[Figure], None] | None = None
) -> str:
    """Render a picture as SVG to be put inside a page.

    Parameters
    ----------
    picture
        What to draw.
    narrow
        Draw for a phone's column (3.0 in) instead of a page's (7.6 in).
    look
        Called with what was drawn before it is written; may raise to keep it from that.

    Returns
    -------
    str
        One `<svg>` element without an XML header; the page adds its name (`role`, `aria-label`).
        The same picture gives the same text; different pictures share no identifier, so that many
        can stand on one page.

    Raises
    ------
    ValueError
        If any text would be drawn smaller than 12 px.
    """
    house: Any = {
        "svg.fonttype": "none",
        "svg.hashsalt": "woda",
        "font.family": "DejaVu Sans",  # measures only; the page's own sans draws the letters
        "font.size": TEXT[narrow],
        "text.color": TOKENS["ink2"],
        "axes.edgecolor": TOKENS["edge"],
        "axes.labelcolor": TOKENS["ink2"],
        "axes.unicode_minus": True,
        "axes.axisbelow": True,
        "xtick.color": TOKENS["edge"],
        "ytick.color": TOKENS["edge"],
        "xtick.labelcolor": TOKENS["ink2"],
        "ytick.labelcolor": TOKENS["ink2"],
    }
    with mpl.rc_context(house):
        figure = Figure(figsize=(WIDTHS[narrow], picture.height))
        figure.patch.set_visible(False)
        picture.draw(figure, narrow, picture.data)
        _refuse_small_text(figure)
        if look is not None:
            look(figure)
        written = io.StringIO()
        FigureCanvasSVG(figure).print_svg(
            written, metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
        )
    return for_a_page(written.getvalue())


def _refuse_small_text(figure: Figure) -> None:
    for text in figure.findobj(Text):
        if text.get_text() and text.get_visible() and float(text.get_fontsize()) < SMALLEST_TEXT:
            raise ValueError(f"the text {text.get_text()!r} would be smaller than 12 px")
