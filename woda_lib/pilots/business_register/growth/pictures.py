"""Figures: the share of scale-ups with what chance and what missing data leave open."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from woda_lib.figures import TOKENS, Note, Picture, house_axes, row_axes, side_notes
from woda_lib.phrases import say_number

_ROW, _HEADING = 0.34, 0.36  # inches


def shares_with_bounds(table: pd.DataFrame, *, measure: str) -> Picture:
    """Draw the share of each group: a dot, a bar for chance, a wider pale one for what is missing.

    Parameters
    ----------
    table
        `by, group, can_be_told, scale_ups, percent, low, high, least, most`, in the order to be
        drawn.
    measure
        What the dots stand for, with the unit.
    """
    data = table.reset_index(drop=True)
    first = data["by"] != data["by"].shift()
    depth = (_ROW * pd.Series(1.0, index=data.index) + _HEADING * first).cumsum()
    bottom = float(depth.iloc[-1])
    height = bottom + 1.25

    def draw(figure: Figure, narrow: bool, shown: pd.DataFrame) -> None:
        left, right = (1.35, 0.5) if narrow else (2.75, 0.7)
        axes = row_axes(figure, left=left, right=right, below=0.36, around=1.16)
        axes.set_ylim(bottom + 0.12, 0.0)
        axes.set_yticks([])
        axes.grid(axis="x", color=TOKENS["rule"], lw=0.75)
        axes.set_xlim(-1.5, 101.5)
        axes.set_xticks([0, 50, 100] if narrow else [0, 20, 40, 60, 80, 100])
        figure.text(0, 1 - 0.02 / height, measure, va="top", ha="left")
        figure.text(
            0,
            1 - 0.24 / height,
            "dark: 95% interval; pale: all it can be" + ("" if narrow else " with what is missing"),
            va="top",
            ha="left",
        )
        edge = axes.get_yaxis_transform()
        rows = shown.reset_index(drop=True)
        wanted = ["percent", "low", "high", "least", "most"]
        numbers = rows[wanted].astype("Float64").to_numpy(float, na_value=np.nan)
        for place, (share, low, high, least, most) in enumerate(numbers):
            y = float(depth.iloc[place]) - _ROW / 2
            if first.iloc[place]:
                axes.annotate(
                    str(rows.loc[place, "by"]),
                    (0, y - _ROW / 2 - 0.06),
                    xycoords=edge,
                    xytext=(-left * 72, 0),
                    textcoords="offset points",
                    va="bottom",
                    weight="bold",
                    color=TOKENS["ink"],
                )
            axes.annotate(
                _in_lines(str(rows.loc[place, "group"]), 17 if narrow else 40),
                (0, y),
                xycoords=edge,
                xytext=(-left * 72 + 6, 0),
                textcoords="offset points",
                va="center",
                linespacing=1.0,
            )
            axes.annotate(
                "[c]" if share != share else f"{say_number(share, 0)}%",
                (1, y),
                xycoords=edge,
                xytext=(right * 72, 0),
                textcoords="offset points",
                va="center",
                ha="right",
                color=TOKENS["ink"],
            )
            if share == share:
                axes.plot([least, most], [y, y], color=TOKENS["band"], lw=7, solid_capstyle="butt")
                axes.plot([low, high], [y, y], color=TOKENS["plum"], lw=1.8)
                axes.plot(share, y, marker="o", ms=5.5, mew=0, color=TOKENS["plum"])

    counts = ("can_be_told", "scale_ups")
    return Picture(draw=draw, data=data, counts=counts, height=height, gaps=True)


def survival_curves(
    table: pd.DataFrame, *, measure: str = "Still there, %, by years since it began"
) -> Picture:
    """Draw survival after whole years, a line a group with its interval.

    Parameters
    ----------
    table
        From `survival.survival_table`: `group, years, percent, low, high, enterprises, deaths`; at
        most three groups.
    measure
        What the lines show, in per cent.
    """
    styles: tuple[tuple[str, dict[str, Any]], ...] = (
        ("ink", {"marker": "o"}),
        ("plum", {"marker": "s", "ls": (0, (2.9, 1.7))}),
        ("blue", {"marker": "^", "ls": (0, (6.0, 1.5, 1.2, 1.5))}),
    )

    def draw(figure: Figure, narrow: bool, shown: pd.DataFrame) -> None:
        right = 1.05 if narrow else 1.75
        axes = house_axes(figure, measure=measure, narrow=narrow, right=right, above=0.4)
        axes.set_ylim(0, 105)
        groups = list(dict.fromkeys(shown["group"]))
        notes = []
        for name, (token, style) in zip(groups, styles, strict=False):
            part = shown[shown["group"] == name].dropna(subset=["percent", "low", "high"])
            wanted = ["years", "percent", "low", "high"]
            years, share, low, high = part[wanted].astype(float).to_numpy().T
            axes.plot(years, share, ms=5, lw=1.6, color=TOKENS[token], **style)
            axes.vlines(years, low, high, color=TOKENS[token], lw=1.4)
            if len(part):
                notes.append(Note(float(share[-1]), str(name), token))
        most = int(shown["years"].max())
        axes.set_xticks(range(most + 1), [str(each) for each in range(most + 1)])
        side_notes(axes, notes)

    start = table.drop_duplicates("group").assign(years=0, percent=100.0, low=100.0, high=100.0)
    data = pd.concat([start, table]).sort_values(["group", "years"], ignore_index=True)
    return Picture(draw=draw, data=data, counts=("enterprises", "deaths"), height=3.7, gaps=True)


def births_a_year(table: pd.DataFrame) -> Picture:
    """Draw births of each year: those in the register, and the estimate with its interval.

    Parameters
    ----------
    table
        From `births_and_deaths.births_by_year`: `year, seen, births, low, high`.
    """

    words = "Births a year\nbar: in the register; dot: estimate"

    def draw(figure: Figure, narrow: bool, shown: pd.DataFrame) -> None:
        axes = house_axes(figure, measure=words, narrow=narrow, above=0.72)
        rows = shown.astype({"seen": "Float64"})
        years = rows["year"].astype(int).to_numpy()
        seen = rows["seen"].to_numpy(float, na_value=np.nan)
        axes.bar(years, seen, width=0.62, color=TOKENS["band"])
        axes.vlines(years, rows["low"], rows["high"], color=TOKENS["plum"], lw=1.6)
        axes.plot(years, rows["births"], ls="", marker="o", ms=5.5, mew=0, color=TOKENS["plum"])
        named = years[::2] if narrow else years
        axes.set_xticks(named, [str(year) for year in named])
        axes.set_ylim(bottom=0)

    return Picture(draw=draw, data=table, counts=("seen",), height=3.2)


def _in_lines(name: str, width: int) -> str:
    return "\n".join(textwrap.wrap(name, width, max_lines=2, placeholder="…"))
