"""The roadmap's pictures: who shares what, how good it is, and whether partners know it."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from woda_lib.figures import Picture
from woda_lib.pilots.partnership.roadmap.cells import Look, cell, cell_axes, frame
from woda_lib.pilots.partnership.roadmap.levels import TOP
from woda_lib.pilots.partnership.roadmap.priority_picture import priority_picture
from woda_lib.pilots.partnership.roadmap.quality import (
    DIMENSIONS,
    FAIR,
    GOOD,
    POOR,
    UNKNOWN,
    say_share,
)
from woda_lib.pilots.partnership.roadmap.register import About

__all__ = ["maturity_picture", "priority_picture", "quality_picture", "sharing_picture"]

_ABOUT: tuple[str, ...] = get_args(About)
_ROW = 0.25  # inches
_NAMES = {False: 1.55, True: 1.28}  # inches beside the cells
_DEPTH = {1: 0.10, 2: 0.26, 3: 0.44, 4: 0.74, 5: 0.95}
_GRADES = {
    GOOD: Look(fill="band", alpha=0.5),
    FAIR: Look(edge="orange", text="ink"),
    POOR: Look(fill="red", text="paper", bold=True),
    UNKNOWN: Look(text="ink2"),
}


def sharing_picture(matrix: pd.DataFrame) -> Picture:
    """Draw partners by subject area: the lowest level of what is shared, and how much is wanted.

    Parameters
    ----------
    matrix
        From `standing.matrix`.
    """
    partners = list(dict.fromkeys(matrix["partner"]))

    def draw(figure: Figure, narrow: bool, shown: pd.DataFrame) -> None:
        measure = (
            "Number: lowest level of what is shared\n+: datasets that are wanted"
            if narrow
            else "The number is the lowest measured level of what is shared, from "
            f"1 to {TOP}; after + stands how many are wanted"
        )
        above = 1.12 if narrow else 0.62
        axes = cell_axes(
            figure, partners, [name.capitalize() for name in _ABOUT], measure=measure,
            upright=narrow, left=_NAMES[narrow], above=above,
        )  # fmt: skip
        rows = shown["partner"].map(partners.index) + 1
        columns = shown["about"].map(_ABOUT.index) + 1
        full = set(zip(rows, columns, strict=True))
        for row, column in np.ndindex(len(partners), len(_ABOUT)):
            if (row + 1, column + 1) not in full:
                cell(axes, row + 1, column + 1, "·", Look(text="ctl"))
        for row, column, level, wanted in zip(
            rows, columns, shown["level"], shown["wanted"], strict=True
        ):
            asked = f"+{wanted}" if wanted else ""
            if pd.isna(level):
                cell(axes, row, column, asked, Look(edge="edge", dashed=True, bold=True))
            else:
                edge, ink = ("edge" if asked else None), ("paper" if level >= 4 else "ink")
                look = Look("plum", _DEPTH[level], edge, dashed=bool(asked), text=ink, bold=True)
                text = f"{level}{asked}" if narrow else f"{level} {asked}".strip()
                cell(axes, row, column, text, look)

    return Picture(draw, matrix, height=1.15 + _ROW * len(partners), gaps=True)


def quality_picture(weakest: pd.DataFrame) -> Picture:
    """Draw partners by dimension: the share of each one's weakest dataset.

    Parameters
    ----------
    weakest
        From `quality.weakest`.
    """
    partners = list(dict.fromkeys(weakest["partner"]))

    def draw(figure: Figure, narrow: bool, shown: pd.DataFrame) -> None:
        measure = (
            "Weakest dataset, % (rounded down)\nfilled red: poor; outlined: fair"
            if narrow
            else "Each partner's weakest dataset, %, rounded down. Filled red is poor, outlined is "
            "fair, – is not known"
        )
        axes = cell_axes(
            figure, partners, [name.capitalize() for name in DIMENSIONS], measure=measure,
            upright=narrow, left=_NAMES[narrow], above=1.42 if narrow else 0.62,
        )  # fmt: skip
        for row, column, share, grade in zip(
            shown["partner"].map(partners.index) + 1,
            shown["dimension"].map(DIMENSIONS.index) + 1,
            shown["share"],
            shown["grade"],
            strict=True,
        ):
            cell(axes, row, column, say_share(share), _GRADES[grade])

    return Picture(draw, weakest, height=1.45 + _ROW * len(partners), gaps=True)


def maturity_picture(counted: pd.DataFrame) -> Picture:
    """Draw how many datasets stand at which self-assessed and measured level.

    Parameters
    ----------
    counted
        From `maturity.held_against`.
    """

    def draw(figure: Figure, narrow: bool, shown: pd.DataFrame) -> None:
        measure = (
            "Datasets, by own word (down) and\nmeasured level (across). Boxed: both\n"
            "agree; above: own word is higher"
            if narrow
            else "Datasets, by the level that the partner gives itself (down) and that was "
            "measured (across).\nBoxed: both agree; above the boxes the partner says more"
        )
        levels = range(TOP, 0, -1)
        axes = cell_axes(
            figure, [f"says {level}" for level in levels], [f"{level}" for level in levels][::-1],
            measure=measure, upright=False, left=0.75, above=0.95 if narrow else 0.75,
        )  # fmt: skip
        most = max(int(shown["datasets"].max()), 1)
        for says, measured, datasets in zip(
            shown["self_assessed"], shown["measured"], shown["datasets"], strict=True
        ):
            alpha = 0.5 * datasets / most
            look = Look("plum" if datasets else None, alpha, bold=bool(datasets))
            cell(axes, TOP + 1 - says, measured, str(datasets) if datasets else "·", look)
        for level in range(1, TOP + 1):
            frame(axes, TOP + 1 - level, level, Look(edge="ink", width=1.6))  # both agree

    return Picture(draw, counted, height=3.4)
