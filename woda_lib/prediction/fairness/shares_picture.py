"""Whose list it is: three marks a group, its share of households, of need, and of the list."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from woda_lib.figures import TOKENS, Picture, at_edge, row_axes
from woda_lib.prediction.fairness.picture import ABOVE_TEXT, TITLES, left_name

_ROW = 0.27
_MARKS = {
    "of_all": ("o", TOKENS["paper"], "of households"),
    "of_happened": ("D", TOKENS["ctl"], "of those to whom it happened"),
    "of_list": ("s", TOKENS["ink"], "of the list"),
}


def shares_picture(shares: pd.DataFrame) -> Picture:
    """Draw each group's three shares on one line, in per cent.

    Parameters
    ----------
    shares
        As `shown_shares` returns them. A share that is not shown has no mark.
    """
    shown = shares[["by", "group", *_MARKS]].reset_index(drop=True)
    lines = shown["by"].nunique() + len(shown)
    height = _ROW * lines + 1.55

    def draw(figure: Figure, narrow: bool, data: pd.DataFrame) -> None:
        left = 1.28 if narrow else 2.3
        axes = row_axes(figure, left=left, right=0.2, below=0.42, around=1.5)
        axes.set_ylim(lines - 0.5, -0.5)
        axes.set_yticks([])
        place = 0
        for by, rows in data.groupby("by", sort=False):
            left_name(axes, place, TITLES.get(str(by), str(by)), left, bold=True)
            for row in rows.to_dict("records"):
                place += 1
                left_name(axes, place, str(row["group"]), left - 0.12)
                values = [row[name] for name in _MARKS if pd.notna(row[name])]
                if not values:
                    at_edge(axes, place, "too few to tell", away=4, edge=0, color=TOKENS["ink2"])
                    continue
                axes.plot([min(values), max(values)], [place, place], color=TOKENS["rule"], lw=3)
                for name, (marker, fill, _) in _MARKS.items():
                    mark: dict[str, Any] = {
                        "marker": marker,
                        "ms": 6,
                        "mfc": fill,
                        "mec": TOKENS["ink"],
                    }
                    axes.plot(row[name], place, zorder=ABOVE_TEXT, **mark)
            place += 1
        axes.set_xlim(left=min(0, axes.get_xlim()[0]))
        axes.locator_params(axis="x", nbins=4 if narrow else 7)
        _key(figure, height)

    return Picture(draw=draw, data=shown, height=height, gaps=True)


def _key(figure: Figure, height: float) -> None:
    """Name the marks above the rows, one under the other."""
    key = figure.add_axes((0, 1 - 1.02 / height, 1, 0.75 / height))
    key.set_axis_off()
    key.set_xlim(0, figure.get_size_inches()[0])
    key.set_ylim(2.5, -0.5)
    figure.text(
        0, 1 - 0.02 / height, "Per cent of all, each group's; no mark: too few", va="top", ha="left"
    )
    for line, (marker, fill, words) in enumerate(_MARKS.values()):
        key.plot(0.1, line, marker=marker, ms=6, mfc=fill, mec=TOKENS["ink"], ls="")
        key.annotate(words, (0.1, line), xytext=(9, 0), textcoords="offset points", va="center")
