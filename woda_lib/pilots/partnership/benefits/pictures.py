"""The figures of `2_benefits`: how each answer is known, and who pays and who gains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from woda_lib.figures import TOKENS, Picture
from woda_lib.records import say_quantity

_FILLS: Mapping[str, tuple[str, str, str]] = {
    "measured": (TOKENS["plum"], TOKENS["paper"], ""),
    "modelled": (TOKENS["band"], TOKENS["ink"], ""),
    "reported elsewhere": (TOKENS["paper"], TOKENS["ink"], ""),
    "not shown": (TOKENS["paper"], TOKENS["ink2"], "///"),
}
"""How each grade is drawn: ground, text and hatching. The word stands in every cell."""

_ROW = 0.5
"""Inches of a row of the matrix; a phone has the pilot's name above its cells."""

_KINDS = (
    ("released", "cash released", TOKENS["ink"], ""),
    ("avoided", "cost avoided", TOKENS["plum"], "///"),
    ("paid", "paid", TOKENS["orange"], "..."),
)


def matrix_picture(matrix: pd.DataFrame) -> Picture:
    """Draw how each answer is known, a row a pilot and a column a question.

    Parameters
    ----------
    matrix
        From `woda_lib.pilots.partnership.benefits.told_evidence.matrix`.
    """

    def draw(figure: Figure, narrow: bool, shown: pd.DataFrame) -> None:
        questions = [column for column in shown.columns if column != "pilot"]
        width, height = figure.get_size_inches()
        left = 0.0 if narrow else 1.75 / width
        wide, high = (1 - left) / len(questions), _ROW / height
        head = 1 - 0.26 / height
        style: dict[str, Any] = {"va": "center", "color": TOKENS["ink"]}
        for place, question in enumerate(questions):
            figure.text(left + place * wide, 1 - 0.1 / height, question, weight="bold", **style)
        cell, name = (0.52, 0.79) if narrow else (0.88, 0.5)  # of a row, from its foot
        for row, one in enumerate(shown.to_dict("records")):
            floor = head - (row + 1) * high
            figure.text(0, floor + name * high, str(one["pilot"]), **style)
            for place, question in enumerate(questions):
                corner = (left + place * wide, floor + 0.06 * high)
                _cell(figure, corner, 0.96 * wide, cell * high, str(one[question]))

    return Picture(draw, matrix, height=0.3 + _ROW * len(matrix))


def partners_picture(table: pd.DataFrame) -> Picture:
    """Draw what each partner gains in a year, to the right, and pays, to the left.

    Parameters
    ----------
    table
        From `woda_lib.pilots.partnership.benefits.told_money.by_partner`.
    """

    def draw(figure: Figure, narrow: bool, shown: pd.DataFrame) -> None:
        axes = _bare(figure, left=0.0, above=0.0)
        gains = float(shown[["released", "avoided"]].max().max())
        axes.set_xlim(1.05 * float(shown["paid"].min()), (2.6 if narrow else 1.5) * gains)
        axes.set_ylim(_lines(shown), 0)
        line = 0
        for one in shown.to_dict("records"):
            axes.annotate(
                one["partner"],
                (0, line + 0.55),
                xycoords=axes.get_yaxis_transform(),
                va="center",
                color=TOKENS["ink"],
                weight="bold",
            )
            kinds = [kind for kind in _KINDS if one[kind[0]] != 0]
            axes.plot([0, 0], [line + 1, line + 1 + len(kinds)], color=TOKENS["edge"], lw=1)
            for place, (kind, title, color, hatch) in enumerate(kinds, start=line + 1):
                end = float(one[kind])
                axes.barh(
                    place + 0.5, end, height=0.68, facecolor=color, edgecolor=TOKENS["paper"],
                    hatch=hatch, lw=0,
                )  # fmt: skip
                axes.annotate(
                    f"{say_quantity(abs(end), 'pounds', -3)} {title}",
                    (max(end, 0.0), place + 0.5),
                    xytext=(5, 0),
                    textcoords="offset points",
                    va="center",
                    color=TOKENS["ink"],
                )
            line += 1 + len(kinds)

    to_the_left = table.assign(paid=-table["paid"])
    return Picture(draw, to_the_left, height=0.1 + 0.3 * _lines(table))


def _lines(table: pd.DataFrame) -> int:
    """A line a partner, and one for each kind of money that it gains or pays."""
    return len(table) + int((table[[kind[0] for kind in _KINDS]] != 0).sum().sum())


def _bare(figure: Figure, *, left: float, above: float) -> Axes:
    width, height = figure.get_size_inches()
    axes = figure.add_axes((left / width, 0.02, 1 - left / width, 0.98 - above / height))
    axes.patch.set_visible(False)
    axes.set_axis_off()
    return axes


def _cell(
    figure: Figure, corner: tuple[float, float], width: float, height: float, grade: str
) -> None:
    ground, ink, hatch = _FILLS[grade]
    figure.add_artist(
        Rectangle(
            corner,
            width,
            height,
            transform=figure.transFigure,
            facecolor=ground,
            edgecolor=TOKENS["edge"],
            hatch=hatch,
            lw=0.6,
        )
    )
    figure.text(
        corner[0] + width / 2,
        corner[1] + height / 2,
        grade.replace(" elsewhere", "\nelsewhere"),
        ha="center",
        va="center",
        color=ink,
        bbox={"fc": ground, "ec": "none", "pad": 1.5} if hatch else None,
    )
