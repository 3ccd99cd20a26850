"""The picture of an interrupted series: what happened, what was to be expected, and the gap."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import date2num
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from woda_lib.evaluation.interval import Interval, decimals_of
from woda_lib.evaluation.result import say_share
from woda_lib.evaluation.time_axis import TimeAxis
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

CROWDED = 150
"""Points above which dots are drawn smaller, and lines thinner."""

_SERIES = ["observed", "control", "fitted", "expected", "expected_low", "expected_high"]
INCHES_A_YEAR = 0.5
"""Room for the label of a year."""

_YEARS_ALL_MARKED = 4
_INCHES_A_LETTER = {False: 0.085, True: 0.07}


def series_picture(
    table: pd.DataFrame,
    *,
    axis: TimeAxis,
    start: float,
    full: NDArray[np.bool_],
    change: Interval,
    level: float,
    measure: str,
    per: str | None,
    event: str,
    treated: str,
    comparison: str,
) -> Picture:
    """Draw a series with its counterfactual and the effect as a bracket between them.

    Parameters
    ----------
    table
        `InterruptedTimeSeries.table`; without a comparison its column `control` is empty.
    axis, start
        Of the series, and the position of the first step with the change.
    full
        (T,) the points over which the bracket measures the effect.
    change
        The effect, as a change in the measure or in per cent.
    level
        Of its interval.
    measure
        What the vertical axis measures, with its unit.
    per
        Name of the exposure by which counts are divided, if any.
    event
        Name of the change; its time is added.
    treated, comparison
        Names of the two series.
    """
    rates, scale = _rates(table)
    if per is not None:
        measure = (
            f"{measure} per {say_number(scale, 0)} {per}" if scale > 1 else f"{measure} / {per}"
        )
    compared = bool(table["control"].notna().any())
    drawn = _with_gaps(rates, axis)

    def draw(figure: Figure, narrow: bool, data: pd.DataFrame) -> None:
        highest = float(np.nanmax(np.abs(rates[_SERIES].to_numpy(dtype=float))))
        sides = rates.loc[full, ["expected", "fitted"]].mean()
        notes = _effect_notes(sides, change, level=level, narrow=narrow, treated=treated)
        if compared:
            ends = float(rates["control"].iloc[-1])
            notes.append(_comparison_note(ends, sides, "compared" if narrow else comparison))
        axes = house_axes(
            figure,
            measure=measure,
            narrow=narrow,
            left=_room_for(highest),
            right=_room_beside(notes, narrow=narrow),
        )
        after, before = drawn[drawn["after"]], drawn[~drawn["after"]]
        axes.fill_between(
            after["time"].to_numpy(),
            after["expected_low"],
            after["expected_high"],
            color=TOKENS["band"],
            lw=0,
        )
        if compared:
            axes.plot(drawn["time"], drawn["control"], **LINES["comparison"])
        crowded = len(rates) > CROWDED
        dots, thin = ({"ms": 1.8}, {"lw": 1.1}) if crowded else ({}, {})
        axes.plot(drawn["time"], drawn["observed"], **{**LINES["observed"], **dots})
        axes.plot(before["time"], before["fitted"], **{**LINES["fitted"], **thin})
        if not compared:
            # Beside a comparison the fit repeats its every turn, and would hide what was observed.
            axes.plot(after["time"], after["fitted"], **{**LINES["fitted"], **thin})
        axes.plot(after["time"], after["expected"], **{**LINES["counterfactual"], **thin})
        _set_limits(axes, rates)
        _time_axis(axes, axis, drawn["time"], narrow=narrow)
        event_line(axes, axis.time(start), f"{event}, {_say_short(axis, start)}", narrow=narrow)
        effect_bracket(axes, float(sides["expected"]), float(sides["fitted"]))
        side_notes(axes, notes, inset=0.2)

    return Picture(draw=draw, data=table.dropna(axis=1, how="all"))


def _rates(table: pd.DataFrame) -> tuple[pd.DataFrame, float]:
    """Divide counts by their exposure, times the power of ten that makes rates readable."""
    if "exposure" not in table.columns:
        return table, 1.0
    rate = float((table["observed"].sum()) / table["exposure"].sum())
    scale = 1.0 if rate >= 1 else 10.0 ** math.ceil(-math.log10(rate))
    rates = table.copy()
    own = [name for name in _SERIES if name != "control"]
    rates[own] = table[own].div(table["exposure"], axis=0) * scale
    rates["control"] = table["control"] / table.get("control_exposure", 1.0) * scale
    return rates, scale


def _with_gaps(table: pd.DataFrame, axis: TimeAxis) -> pd.DataFrame:
    """Put an empty row where times were left out, so that no line crosses the gap."""
    positions = np.array([axis.place(time, argument="time") for time in table["time"]])
    whole = np.arange(positions[0], positions[-1] + 1)
    wide = table.set_index(positions).reindex(whole)
    wide["time"] = [axis.time(position) for position in whole]
    first_after = positions[table["after"].to_numpy()][0]
    wide["after"] = whole >= first_after
    return wide


def _room_for(highest: float) -> float:
    """Inches for the tick labels, which `_say_tick` writes."""
    return 0.16 + 0.085 * len(_say_tick(highest))


def _room_beside(notes: list[Note], *, narrow: bool) -> float:
    """Inches for the notes, of which a large one takes more."""
    longest = max(len(note.text) * note.size for note in notes)
    return max(0.75 if narrow else 1.75, 0.25 + _INCHES_A_LETTER[narrow] * longest)


def _say_tick(value: float, place: int | None = None) -> str:
    for size, letter in ((1e6, "m"), (1e4, "k")):
        if abs(value) >= size:
            return f"{value / (size if letter == 'm' else 1e3):g}{letter}".replace("-", "−")
    return f"{round(value, 6):,g}".replace("-", "−") if abs(value) < 1000 else say_number(value, 0)


def _set_limits(axes: Axes, table: pd.DataFrame) -> None:
    """Begin at nought, unless all that is drawn lies far from it."""
    shown = table[["observed", "control", "fitted", "expected"]].to_numpy(dtype=float)
    low, high = float(np.nanmin(shown)), float(np.nanmax(shown))
    if low >= 0 and low <= 1.5 * (high - low):
        axes.set_ylim(bottom=0.0)
    elif low >= 0:
        axes.set_ylim(bottom=max(0.0, low - 0.25 * (high - low)))
    axes.yaxis.set_major_formatter(FuncFormatter(_say_tick))


def _time_axis(axes: Axes, axis: TimeAxis, times: pd.Series, *, narrow: bool) -> None:
    """Mark years, or numbers where times are numbers."""
    if axis.every == "step":
        axes.xaxis.set_major_locator(MaxNLocator(4 if narrow else 8, integer=True))
        return
    stamps = pd.DatetimeIndex(times)
    span = stamps[-1].year - stamps[0].year
    if span <= _YEARS_ALL_MARKED and axis.every in ("month", "quarter"):
        month_axis(axes, times, narrow=narrow)
        return
    if span >= 2:
        figure = axes.get_figure(root=True)
        assert figure is not None
        inches = axes.get_position().width * figure.get_size_inches()[0]
        apart = max(1, math.ceil(span / max(1, inches / INCHES_A_YEAR)))
        apart = next(size for size in (1, 2, 5, 10, 20, 25, 50, 100, 1000) if size >= apart)
        years = [y for y in range(stamps[0].year, stamps[-1].year + 2) if y % apart == 0]
        marks = [pd.Timestamp(y, 1, 1) for y in years]
        marks = [mark for mark in marks if stamps[0] <= mark <= stamps[-1]]
        axes.set_xticks(date2num(marks), [str(mark.year) for mark in marks])
        return
    ends: list[Any] = [stamps[0], stamps[-1]]
    axes.set_xticks(ends, [f"{end.day} {end:%b %Y}" for end in ends])
    first, last = axes.get_xticklabels()
    first.set_horizontalalignment("left")
    last.set_horizontalalignment("right")


def _say_short(axis: TimeAxis, position: float) -> str:
    time = axis.time(position)
    if axis.every == "month":
        return f"{time:%b %Y}"
    if axis.every in ("day", "week"):
        return f"{time.day} {time:%b %Y}"
    return axis.say(position)


def _effect_notes(
    sides: pd.Series, change: Interval, *, level: float, narrow: bool, treated: str
) -> list[Note]:
    """Say how wide the gap is, as a positive number of lower or of higher, between its sides."""
    expected, seen = float(sides["expected"]), float(sides["fitted"])
    word, size = ("lower", -change) if change.estimate < 0 else ("higher", change)
    decimals = decimals_of(size.low, size.high)
    if narrow and decimals < -2:
        headline = _say_tick(round(size.estimate, decimals))
        limits = " to ".join(_say_tick(round(each, decimals)) for each in (size.low, size.high))
    else:
        headline = say_number(size.estimate, decimals) + ("%" if size.unit == "%" else "")
        limits = say_range(size.low, size.high, decimals)
    unit = f" {size.unit}" if size.unit not in ("", "%") else ""
    middle = (expected + seen) / 2
    return [
        Note(expected, "without" if narrow else "Expected without it", "plum", True),
        Note(middle, headline if narrow else f"{headline}{unit} {word}", "ink", True, 1.3),
        Note(middle, limits if narrow else f"{say_share(level)}: {limits}"),
        Note(seen, "with" if narrow else treated, "ink", True),
    ]


def _comparison_note(ends: float, sides: pd.Series, name: str) -> Note:
    """Name the comparison where its line ends, but never amid the words about the effect."""
    low, high = float(sides.min()), float(sides.max())
    if low <= ends <= high:
        margin = 0.01 * (high - low)
        ends = high + margin if high - ends < ends - low else low - margin
    return Note(ends, name)
