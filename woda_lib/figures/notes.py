"""Direct labels beside the axes, in place of a legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from scipy.optimize import isotonic_regression

from woda_lib.figures.tokens import TOKENS


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
