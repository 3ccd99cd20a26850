"""The house style of figures: one picture, drawn at two widths, as SVG that follows the page.

A method does not return an image. It returns a `Picture`: a function that draws on any canvas, and
the numbers behind the drawing. The page chooses the width, the reader's browser chooses light or
dark, and the disclosure gate sees the numbers before anyone sees the ink.

Three decisions explain the rest of this module:

- *Text stays text* (`svg.fonttype: none`), so that it can be searched, read aloud and zoomed.
- *Colours are tokens.* Drawing code names `TOKENS["ink"]`; the written SVG says
  `var(--ink, #1d1a21)`, so the page's style sheet decides and a lone SVG still looks right.
- *No global state.* Figures are made directly, never through `pyplot`, so that two pictures can be
  drawn in any order, in any notebook, and come out byte for byte the same.
"""

from __future__ import annotations

import hashlib
import io
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.text import Text
from scipy.optimize import isotonic_regression

__all__ = [
    "LINES",
    "TOKENS",
    "Note",
    "Picture",
    "effect_bracket",
    "event_line",
    "house_axes",
    "month_axis",
    "side_notes",
    "to_svg",
]

TOKENS: Mapping[str, str] = MappingProxyType(
    {
        "paper": "#ffffff",
        "ink": "#1d1a21",
        "ink2": "#4f4a55",
        "rule": "#dedade",
        "edge": "#85808a",
        "plum": "#74214f",
        "blue": "#0a5ea6",
        "orange": "#ac4500",
        "green": "#1b6a4d",
        "red": "#a61f1b",
        "ctl": "#77727d",
        "band": "#eadee5",
    }
)
"""Colours by role, in their light value; `band` is plum at 15% on paper."""

LINES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "observed": {"color": TOKENS["ink"], "lw": 0.5, "marker": "o", "ms": 3.2, "mew": 0},
        "fitted": {"color": TOKENS["ink"], "lw": 1.8},
        "counterfactual": {"color": TOKENS["plum"], "lw": 1.8, "ls": (0, (2.9, 1.7))},
        "comparison": {"color": TOKENS["ctl"], "lw": 1.05},
        "event": {
            "color": TOKENS["ink"],
            "lw": 1.0,
            "ls": (0, (0.1, 2.6)),
            "dash_capstyle": "round",
        },
        "limit": {"color": TOKENS["ctl"], "lw": 0.9, "ls": (0, (2.0, 3.0))},
        "mean": {"color": TOKENS["ink"], "lw": 0.9},
        "target": {"color": TOKENS["ink"], "lw": 0.9, "ls": (0, (8.0, 2.5, 1.6, 2.5))},
        "primary": {"color": TOKENS["ink"], "lw": 1.8},
        "other": {"color": TOKENS["ctl"], "lw": 1.2},
    }
)
"""What each kind of line looks like: keyword arguments of `Axes.plot`, sizes in points."""

WIDTHS = {False: 7.6, True: 3.0}  # inches; 3.0 in is the text column of a 320 px screen
TEXT = {False: 10.25, True: 9.5}  # points
SMALLEST_TEXT = 9.0  # points: 12 px at the figure's natural size

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_COLOUR_OF_TOKEN = {value: name for name, value in TOKENS.items()}


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
    return _for_a_page(written.getvalue())


def _refuse_small_text(figure: Figure) -> None:
    for text in figure.findobj(Text):
        if text.get_text() and text.get_visible() and float(text.get_fontsize()) < SMALLEST_TEXT:
            raise ValueError(f"the text {text.get_text()!r} would be smaller than 12 px")


def _for_a_page(svg: str) -> str:
    """Turn a drawing for a file into one for a page: tokens, own identifiers, nothing global."""
    root = ElementTree.fromstring(svg)
    for parent in list(root.iter()):
        for child in list(parent):
            # The backend's style rule would apply to every element of the page.
            if child.tag in (f"{{{_SVG}}}style", f"{{{_SVG}}}metadata"):
                parent.remove(child)
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    root.set("class", "fig")
    root.set("style", "stroke-linejoin: round; stroke-linecap: butt")
    _shorten(root)
    _rename_identifiers(root, prefix="f" + hashlib.sha256(svg.encode()).hexdigest()[:10])
    ElementTree.register_namespace("", _SVG)
    return ElementTree.tostring(root, encoding="unicode")


def _shorten(root: ElementTree.Element) -> None:
    """Drop what says nothing and let the page's variables decide on colour and type."""
    for element in root.iter():
        if element.tag != f"{{{_SVG}}}text":
            element.text = None
        element.tail = None
        if "d" in element.attrib:
            element.set("d", " ".join(element.attrib["d"].split()))
        if element.attrib.get("transform", "").startswith("rotate(-0 "):
            del element.attrib["transform"]
        if "style" in element.attrib:
            element.set("style", _tokenised(element.attrib["style"]))


def _tokenised(style: str) -> str:
    def variable(match: re.Match[str]) -> str:
        name = _COLOUR_OF_TOKEN.get(match.group().lower())
        return f"var(--{name}, {match.group()})" if name else match.group()

    style = re.sub(r"(?<=: )#[0-9a-fA-F]{6}\b", variable, style)
    style = re.sub(r"font-family: [^;]+", "font-family: var(--sans, sans-serif)", style)
    return style.replace("font-weight: 700", "font-weight: 650")


def _rename_identifiers(root: ElementTree.Element, *, prefix: str) -> None:
    """Keep only the identifiers that something refers to, each with the picture's own prefix."""
    reference = re.compile(r"url\(#([^)]+)\)")
    used: set[str] = set()
    for element in root.iter():
        target = element.attrib.pop(f"{{{_XLINK}}}href", None)
        if target is not None:
            used.add(target[1:])
            element.set("href", f"#{prefix}-{target[1:]}")
        for name, value in element.attrib.items():
            used.update(reference.findall(value))
            element.set(name, reference.sub(rf"url(#{prefix}-\1)", value))
    for element in root.iter():
        identifier = element.attrib.pop("id", None)
        if identifier in used:
            element.set("id", f"{prefix}-{identifier}")


def house_axes(
    figure: Figure,
    *,
    measure: str,
    narrow: bool,
    left: float = 0.42,
    right: float | None = None,
    above: float = 0.62,
    band: tuple[float, float] = (0.0, 1.0),
) -> Axes:
    """Add axes as the house draws them: hairlines across, one edge below, the measure on top.

    Parameters
    ----------
    figure
        Where to add them.
    measure
        What the vertical axis measures, with its unit; written above the axes.
    narrow
        As given to `Picture.draw`.
    left, right, above
        Inches kept beside the axes for tick labels and for direct labels, and above them for the
        measure and the names of events.
    band
        The part of the figure's height to use, from the bottom up.
    """
    width, height = figure.get_size_inches()
    right = (0.75 if narrow else 1.75) if right is None else right
    floor, ceiling = (edge * height for edge in band)
    below = 0.34  # inches, for the tick labels
    axes = figure.add_axes(
        (
            left / width,
            (floor + below) / height,
            1 - (left + right) / width,
            (ceiling - floor - above - below) / height,
        )
    )
    axes.patch.set_visible(False)
    axes.spines[["left", "right", "top"]].set_visible(False)
    axes.grid(axis="y", color=TOKENS["rule"], lw=0.75)
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", length=4)
    axes.margins(x=0.02)
    figure.text(0.0, (ceiling - 0.02) / height, measure, va="top", ha="left")
    return axes


def month_axis(axes: Axes, months: pd.Series, *, narrow: bool) -> None:
    """Mark Januaries with their year; where there is none, mark the first and the last month."""
    stamps = pd.DatetimeIndex(months).sort_values()
    years = stamps[stamps.month == 1]
    if narrow and len(years) > 5:
        years = years[::2]
    if len(years) >= 2:
        axes.set_xticks(years.to_numpy(), [str(year) for year in years.year])
    else:
        ends = stamps[[0, -1]]
        axes.set_xticks(ends.to_numpy(), list(ends.strftime("%b %Y")))


def event_line(axes: Axes, when: Any, name: str, *, narrow: bool) -> None:
    """Draw a dotted line at a moment, with its name above the axes."""
    axes.axvline(when, **LINES["event"])
    low, high = axes.get_xlim()
    position = float(axes.convert_xunits(when))
    place = (position - low) / (high - low)
    align = "center" if narrow and 0.35 < place < 0.65 else ("right" if place > 0.5 else "left")
    axes.annotate(
        name,
        (position, 1.0),
        xycoords=axes.get_xaxis_transform(),
        xytext=(0, 4),
        textcoords="offset points",
        ha=align,
        va="bottom",
        color=TOKENS["ink"],
        weight="bold",
    )


@dataclass(frozen=True)
class Note:
    """A label beside the axes, at the height of what it names."""

    y: float
    text: str
    token: str = "ink2"
    bold: bool = False
    size: float = 1.0  # times the house's text size


def side_notes(axes: Axes, notes: Sequence[Note], *, inset: float = 0.08) -> None:
    """Write direct labels at the right of the axes, moved apart just enough not to overlap.

    Of all the places that keep the labels' order and a line's distance between neighbours, the ones
    taken lie nearest to where the labels belong (least squares, which isotonic regression solves).
    Call it last: it needs the final limits of the axes.

    Parameters
    ----------
    axes
        Axes made by `house_axes`.
    notes
        Labels; of two at one height the first stands above.
    inset
        Inches between the axes and the labels.
    """
    figure = axes.get_figure(root=True)
    assert figure is not None
    box = axes.get_position()
    height = box.height * figure.get_size_inches()[1] * 72
    low, high = axes.get_ylim()
    ordered = sorted(notes, key=lambda note: -note.y)
    wanted = np.array([(note.y - low) / (high - low) * height for note in ordered])
    sizes = np.array([mpl.rcParams["font.size"] * note.size * 1.3 for note in ordered])
    gaps = np.concatenate([[0.0], np.cumsum((sizes[:-1] + sizes[1:]) / 2)])
    placed = isotonic_regression(wanted + gaps, increasing=False).x - gaps
    for note, y in zip(ordered, placed, strict=True):
        axes.annotate(
            note.text,
            (1.0, 0.0),
            xycoords="axes fraction",
            xytext=(inset * 72, y),
            textcoords="offset points",
            ha="left",
            va="center",
            color=TOKENS[note.token],
            weight="bold" if note.bold else "normal",
            fontsize=mpl.rcParams["font.size"] * note.size,
        )


def effect_bracket(axes: Axes, low: float, high: float, *, inset: float = 0.06) -> None:
    """Draw a bracket beside the axes from one height to another: the effect, as a distance."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    inches = axes.get_position().width * figure.get_size_inches()[0]
    near, far = 1 + inset / inches, 1 + (inset + 0.06) / inches
    axes.plot(
        [near, far, far, near],
        [low, low, high, high],
        transform=axes.get_yaxis_transform(),
        clip_on=False,
        color=TOKENS["ink"],
        lw=0.95,
    )
