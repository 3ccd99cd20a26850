"""The house style of figures: one picture, drawn at two widths, as SVG that follows the page.

A method does not return an image. It returns a `Picture`: a function that draws on any canvas, and
the numbers behind the drawing. The page chooses the width, the reader's browser chooses light or
dark, and the disclosure gate sees the numbers before anyone sees the ink.

Three decisions explain the rest of this room:

- *Text stays text* (`svg.fonttype: none`), so that it can be searched, read aloud and zoomed.
- *Colours are tokens.* Drawing code names `TOKENS["ink"]`; the written SVG says
  `var(--ink, #1d1a21)`, so the page's style sheet decides and a lone SVG still looks right.
- *No global state.* Figures are made directly, never through `pyplot`, so that two pictures can be
  drawn in any order, in any notebook, and come out byte for byte the same.
"""

from __future__ import annotations

from woda_lib.figures.axes import (
    at_edge,
    effect_bracket,
    event_line,
    event_name,
    house_axes,
    month_axis,
    row_axes,
)
from woda_lib.figures.notes import Note, side_notes
from woda_lib.figures.picture import Picture, to_svg
from woda_lib.figures.tokens import LINES, SMALLEST_TEXT, TEXT, TOKENS, WIDTHS

__all__ = [
    "LINES",
    "SMALLEST_TEXT",
    "TEXT",
    "TOKENS",
    "WIDTHS",
    "Note",
    "Picture",
    "at_edge",
    "effect_bracket",
    "event_line",
    "event_name",
    "house_axes",
    "month_axis",
    "row_axes",
    "side_notes",
    "to_svg",
]
