"""The icons of Making Data Count, drawn by ourselves: for figures, and as SVG with its words.

Blue is improvement, orange concern, grey common cause, purple neither; and because colour must
never speak alone, high and low have the letters H and L, assurance has P, F and ?, concern has
a double ring and diamonds where improvement has a single ring and open dots.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Polygon
from matplotlib.transforms import Affine2D

from woda_lib.evaluation.process_charts.verdicts import MEANING, Icon
from woda_lib.figures import SMALLEST_TEXT, TOKENS

Point = tuple[float, float]

# All shapes live in a square of side 100 with nought at the bottom left.
_RISING: tuple[Point, ...] = ((20, 34), (35, 27), (50, 34), (65, 52), (80, 46))
_WAVE: tuple[Point, ...] = ((18, 50), (34, 62), (50, 42), (66, 58), (82, 47))
_CLEAR: tuple[Point, ...] = ((28, 41), (39, 48), (50, 40), (61, 47), (72, 42))
_ACROSS: tuple[Point, ...] = ((28, 29), (39, 44), (50, 26), (61, 45), (72, 30))
_ARROW: tuple[Point, ...] = ((50, 84), (74, 56), (58, 56), (58, 18), (42, 18), (42, 56), (26, 56))


@dataclass(frozen=True)
class _Dot:
    at: Point
    token: str
    look: Literal["full", "open", "diamond"] = "full"


@dataclass(frozen=True)
class _Drawing:
    """What is inside a ring: dots, level lines, one arrow, one letter."""

    token: str
    rings: int = 1
    dots: tuple[_Dot, ...] = ()
    levels: tuple[float, ...] = ()
    arrow: tuple[Point, ...] = ()
    letter: tuple[str, Point] | None = None


def icon_svg(icon: Icon, *, size: int = 44) -> str:
    """Return an icon as one `<svg>` element that says what it means.

    Parameters
    ----------
    icon
        "common cause", "improvement high" and so on: a key of `MEANING`.
    size
        Width and height in CSS pixels.

    Examples
    --------
    >>> "lower values" in icon_svg("improvement low")
    True
    """
    drawing = _drawing(icon)
    words = escape(MEANING[icon], {'"': "&quot;"})
    colour = _css(drawing.token)
    inside = [
        f'<circle cx="50" cy="50" r="{radius}" fill="{_css("paper") if place == 0 else "none"}" '
        f'stroke="{colour}" stroke-width="{width}"/>'
        for place, (radius, width) in enumerate(_rings(drawing))
    ]
    inside += [
        f'<path d="M14 {100 - level}H86" stroke="{_css("ctl")}" stroke-width="2.5" '
        'stroke-dasharray="6 5" fill="none"/>'
        for level in drawing.levels
    ]
    inside += [_svg_dot(dot) for dot in drawing.dots]
    if drawing.arrow:
        corners = " ".join(f"{x:g},{100 - y:g}" for x, y in drawing.arrow)
        inside.append(f'<polygon points="{corners}" fill="{colour}"/>')
    if drawing.letter:
        letter, (x, y) = drawing.letter
        inside.append(
            f'<text x="{x:g}" y="{100 - y + 12:g}" text-anchor="middle" font-size="34" '
            f'font-weight="700" font-family="var(--sans, sans-serif)" fill="{colour}">'
            f"{letter}</text>"
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="{size}" '
        f'height="{size}" role="img" aria-label="{words}"><title>{words}</title>'
        f"{''.join(inside)}</svg>"
    )


def draw_icons(
    figure: Figure, icons: Sequence[Icon], *, right: float, top: float, size: float
) -> None:
    """Draw icons side by side on a figure.

    Parameters
    ----------
    figure
        Where to draw.
    icons
        From left to right.
    right, top
        Corner of the last icon, in inches from the figure's left and bottom edge.
    size
        Of an icon, inches.
    """
    width, height = figure.get_size_inches()
    for place, icon in enumerate(reversed(icons)):
        left = right - size * (place + 1) - 0.08 * place
        axes = figure.add_axes((left / width, (top - size) / height, size / width, size / height))
        axes.set_axis_off()
        _draw(axes, _drawing(icon), points=size * 72 / 100)


def _drawing(icon: Icon) -> _Drawing:
    match icon:
        case "common cause":
            dots = tuple(_Dot(at, "ctl") for at in _WAVE)
            return _Drawing("ctl", dots=dots, levels=(76, 24))
        case "neither high":
            return _Drawing("plum", arrow=_ARROW)
        case "neither low":
            return _Drawing("plum", arrow=tuple((x, 100 - y) for x, y in _ARROW))
        case "hit or miss":
            dots = tuple(_Dot(at, "ctl") for at in _ACROSS)
            return _Drawing("ctl", dots=dots, levels=(36,), letter=("?", (50, 68)))
        case "passing":
            dots = tuple(_Dot(at, "blue", "open") for at in _CLEAR)
            return _Drawing("blue", dots=dots, levels=(24,), letter=("P", (50, 70)))
        case "failing":
            dots = tuple(_Dot((x, y - 16), "orange", "diamond") for x, y in _CLEAR)
            return _Drawing("orange", 2, dots=dots, levels=(47,), letter=("F", (50, 69)))
    improves = icon.startswith("improvement")
    token, look = ("blue", "open") if improves else ("orange", "diamond")
    turn = icon.endswith("high")
    path = _RISING if turn else tuple((x, 100 - y) for x, y in _RISING)
    dots = tuple(
        _Dot(at, token, "open" if look == "open" else "diamond") if place > 2 else _Dot(at, "ctl")
        for place, at in enumerate(path)
    )
    letter = ("H", (38.0, 66.0)) if turn else ("L", (38.0, 34.0))
    return _Drawing(token, 1 if improves else 2, dots=dots, letter=letter)


def _rings(drawing: _Drawing) -> tuple[tuple[float, float], ...]:
    """Return radius and width of each ring."""
    return ((45.5, 6.0),) if drawing.rings == 1 else ((47.0, 3.0), (41.5, 3.0))


def _svg_dot(dot: _Dot) -> str:
    x, y = dot.at[0], 100 - dot.at[1]
    colour = _css(dot.token)
    match dot.look:
        case "open":
            return (
                f'<circle cx="{x:g}" cy="{y:g}" r="5" fill="{_css("paper")}" '
                f'stroke="{colour}" stroke-width="3.5"/>'
            )
        case "diamond":
            return f'<path d="M{x:g} {y - 7:g}l7 7-7 7-7-7z" fill="{colour}"/>'
        case _:
            return f'<circle cx="{x:g}" cy="{y:g}" r="5" fill="{colour}"/>'


def _css(token: str) -> str:
    return f"var(--{token}, {TOKENS[token]})"


def _draw(axes: Axes, drawing: _Drawing, *, points: float) -> None:
    """Draw on axes of 100 by 100, of which a unit is so many points wide.

    All is placed by the axes' corners and not by their scale: an icon is no mark of any number,
    and the gate looks at what stands on a scale.
    """
    colour = TOKENS[drawing.token]
    placed = Affine2D().scale(0.01) + axes.transAxes
    for place, (radius, width) in enumerate(_rings(drawing)):
        axes.add_patch(
            Circle(
                (50, 50),
                radius,
                facecolor=TOKENS["paper"] if place == 0 else "none",
                edgecolor=colour,
                lw=width * points,
                transform=placed,
            )
        )
    for level in drawing.levels:
        axes.plot(
            [14, 86],
            [level, level],
            color=TOKENS["ctl"],
            lw=2.5 * points,
            ls=(0, (2.4, 2)),
            transform=placed,
        )
    for dot in drawing.dots:
        axes.plot(
            *dot.at,
            marker="D" if dot.look == "diamond" else "o",
            ms=10 * points,
            mfc=TOKENS["paper"] if dot.look == "open" else TOKENS[dot.token],
            mec=TOKENS[dot.token],
            mew=3.5 * points if dot.look == "open" else 0,
            transform=placed,
        )
    if drawing.arrow:
        axes.add_patch(Polygon(drawing.arrow, facecolor=colour, lw=0, transform=placed))
    if drawing.letter:
        letter, (x, y) = drawing.letter
        axes.text(
            x,
            y,
            letter,
            color=colour,
            weight="bold",
            fontsize=max(34 * points, SMALLEST_TEXT),
            ha="center",
            va="center",
            transform=placed,
        )
