"""The picture of places needed: share of people in time, by the number of places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from woda_lib.figures import LINES, TOKENS
from woda_lib.phrases import say_number

if TYPE_CHECKING:
    from woda_lib.evaluation.capacity.places import PlacesNeeded

_GAP = 0.25  # inches between panels


def draw_shares(results: Mapping[str, PlacesNeeded], figure: Figure, narrow: bool) -> None:
    """Draw a panel a service, side by side on a page and one beneath the other on a phone."""
    width, height = (float(inches) for inches in figure.get_size_inches())
    columns = 1 if narrow else len(results)
    wide, tall = width / columns, height / (len(results) if narrow else 1)
    lowest = min(float(found.table["share_low"].min()) for found in results.values())
    for place, (name, found) in enumerate(results.items()):
        left = 0.0 if narrow else place * wide
        top = height - place * tall if narrow else height
        axes = figure.add_axes(
            (
                (left + 0.5) / width,
                (top - tall + 0.55) / height,
                (wide - 0.5 - _GAP) / width,
                (tall - 1.2) / height,
            )
        )
        axes.set_ylim(max(lowest - 0.05, 0), 1.02)
        _draw_panel(axes, found)
        figure.text(
            left / width,
            (top - 0.04) / height,
            f"{name}\n",
            va="top",
            weight="bold",
            color=TOKENS["ink"],
        )
        figure.text(
            left / width,
            (top - 0.25) / height,
            f"Within {found.within:g} days, %",
            va="top",
        )


def _draw_panel(axes: Axes, found: PlacesNeeded) -> None:
    table = found.table
    axes.patch.set_visible(False)
    axes.spines[["left", "right", "top"]].set_visible(False)
    axes.grid(axis="y", color=TOKENS["rule"], lw=0.75)
    axes.tick_params(axis="y", length=0)
    axes.fill_between(
        table["places"], table["share_low"], table["share_high"], color=TOKENS["band"], lw=0
    )
    axes.plot(table["places"], table["share_within"], **{**LINES["observed"], "lw": 1.2})
    axes.axhline(found.share, **LINES["target"])
    needed = table[table["smallest"]].iloc[0]
    axes.axvspan(found.low, found.high, color=TOKENS["rule"], lw=0, alpha=0.45, zorder=0)
    axes.plot(
        needed["places"],
        needed["share_within"],
        marker="o",
        ms=7,
        mfc=TOKENS["plum"],
        mew=0,
    )
    axes.annotate(
        say_number(found.estimate, 0),
        (needed["places"], needed["share_within"]),
        xytext=(5, -6),
        textcoords="offset points",
        ha="left",
        va="top",
        weight="bold",
        color=TOKENS["plum"],
    )
    axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=""))
    axes.set_xlabel(found.unit.capitalize())
