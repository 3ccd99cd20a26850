"""The picture of places needed: share of people in time, by the number of places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from woda_lib.figures import LINES, TOKENS
from woda_lib.phrases import say_number, say_range

if TYPE_CHECKING:
    from woda_lib.evaluation.capacity.places import PlacesNeeded

ROW = 1.75  # inches: the height of a service's panel

_NAMES = 1.75  # inches for the names on a page


def draw_shares(results: Mapping[str, PlacesNeeded], figure: Figure, narrow: bool) -> None:
    """Draw a panel a service, one beneath the other; on a page with the names at the left."""
    width, height = (float(inches) for inches in figure.get_size_inches())
    tall = height / len(results)
    lowest = min(float(found.table["share_low"].min()) for found in results.values())
    for place, (name, found) in enumerate(results.items()):
        top = height - place * tall
        left, above = (0.5, 0.5) if narrow else (_NAMES + 0.5, 0.15)
        axes = figure.add_axes(
            (
                left / width,
                (top - tall + 0.5) / height,
                (width - left - 0.15) / width,
                (tall - 0.5 - above) / height,
            )
        )
        axes.set_ylim(max(lowest - 0.05, 0), 1.02)
        _draw_panel(axes, found)
        figure.text(
            0, (top - 0.04) / height, name, va="top", weight="bold", color=TOKENS["ink"]
        )  # fmt: skip
        said = f"% within {found.within:g} days"
        down = 0.04 if narrow else 0.26
        across = 1.0 if narrow else 0.0
        figure.text(
            across, (top - down) / height, said, va="top", ha="right" if narrow else "left"
        )  # fmt: skip


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
    limits = say_range(found.low, found.high, 0)
    axes.text(
        0.985,
        0.1,
        f"{say_number(found.estimate, 0)} ({limits})",
        transform=axes.transAxes,
        ha="right",
        weight="bold",
        color=TOKENS["plum"],
    )
    axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=""))
    axes.set_xlabel(found.unit.capitalize(), labelpad=1)
