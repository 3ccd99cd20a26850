"""The picture of an interrupted series: what happened, what was to be expected, and the gap."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from woda_lib.evaluation.interval import Interval
from woda_lib.figures import (
    LINES,
    TOKENS,
    Note,
    Picture,
    effect_bracket,
    event_line,
    house_axes,
    month_axis,
    side_notes,
)
from woda_lib.phrases import say_number, say_range


def series_picture(
    table: pd.DataFrame,
    *,
    go_live: pd.Timestamp,
    change: Interval,
    measure: str,
    event: str,
    treated: str,
    comparison: str,
) -> Picture:
    """Draw a series with its counterfactual and the effect as a bracket between them.

    Parameters
    ----------
    table
        `InterruptedTimeSeries.table`; without a comparison its column `control` is empty.
    go_live
        First day of the first month with the change.
    change
        The effect, as a change in the measure.
    measure
        What the vertical axis measures, with its unit.
    event
        Name of the change; its month is added.
    treated, comparison
        Names of the two series.
    """

    def draw(figure: Figure, narrow: bool, data: pd.DataFrame) -> None:
        axes = house_axes(figure, measure=measure, narrow=narrow)
        after = table[table["month"] >= go_live]
        before = table[table["month"] < go_live]
        axes.fill_between(
            after["month"].to_numpy(),
            after["expected_low"],
            after["expected_high"],
            color=TOKENS["band"],
            lw=0,
        )
        compared = bool(table["control"].notna().any())
        if compared:
            axes.plot(table["month"], table["control"], **LINES["comparison"])
        axes.plot(table["month"], table["observed"], **LINES["observed"])
        axes.plot(before["month"], before["fitted"], **LINES["fitted"])
        if not compared:
            # Beside a comparison the fit repeats its every turn, and would hide what was observed.
            axes.plot(after["month"], after["fitted"], **LINES["fitted"])
        axes.plot(after["month"], after["expected"], **LINES["counterfactual"])
        axes.set_ylim(bottom=min(0.0, float(table["observed"].min())))
        month_axis(axes, table["month"], narrow=narrow)
        event_line(axes, go_live, f"{event}, {go_live:%b %Y}", narrow=narrow)
        notes = _effect_notes(after, change, narrow=narrow, treated=treated)
        if compared:
            notes.append(_comparison_note(after, "compared" if narrow else comparison))
        effect_bracket(axes, float(after["expected"].mean()), float(after["fitted"].mean()))
        side_notes(axes, notes, inset=0.2)

    return Picture(draw=draw, data=table.dropna(axis=1, how="all"))


def _effect_notes(
    after: pd.DataFrame, change: Interval, *, narrow: bool, treated: str
) -> list[Note]:
    """Say how wide the gap is, as a positive number of fewer or of more, between its two sides."""
    expected, seen = float(after["expected"].mean()), float(after["fitted"].mean())
    word, size = ("fewer", -change) if change.estimate < 0 else ("more", change)
    headline, limits = say_number(size.estimate), say_range(size.low, size.high)
    middle = (expected + seen) / 2
    return [
        Note(expected, "without" if narrow else "Expected without it", "plum", True),
        Note(middle, headline if narrow else f"{headline} {size.unit} {word}", "ink", True, 1.3),
        Note(middle, limits if narrow else f"95%: {limits}"),
        Note(seen, "with" if narrow else treated, "ink", True),
    ]


def _comparison_note(after: pd.DataFrame, name: str) -> Note:
    """Name the comparison where its line ends, but never amid the words about the effect."""
    ends, sides = float(after["control"].iloc[-1]), after[["expected", "fitted"]].mean()
    low, high = float(sides.min()), float(sides.max())
    if low <= ends <= high:
        margin = 0.01 * (high - low)
        ends = high + margin if high - ends < ends - low else low - margin
    return Note(ends, name)
