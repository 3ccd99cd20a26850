"""One headline value over a sweep: a dot a scenario, with its interval."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from woda_lib.figures import LINES, Note, Picture, event_line, house_axes, side_notes
from woda_lib.phrases import MINUS, say_number
from woda_lib.records import Scenario, Sweep, say_name

_MOST_TICKS = {True: 5, False: 12}
_APART = 0.012
"""Of the axis' width: how far the dots of neighbouring lines stand apart."""


def sweep_picture(sweep: Sweep, name: str, *, measure: str) -> Picture:
    """Draw a value against the first swept parameter, with a line for each value of a second one.

    Where the first parameter is a number, dots stand on its scale; else in the order given.

    Parameters
    ----------
    sweep : Sweep
        With at least one scenario that found the value and did not withhold it.
    name : str
        The value's.
    measure : str
        What is drawn, with its unit.
    """
    data = _data(sweep, name)
    first = sweep.swept[0]
    base = next((each.swept[first] for each in sweep.scenarios if each.base), None)

    def draw(figure: Figure, narrow: bool, data: pd.DataFrame) -> None:
        largest = float(data[["value", "low", "high"]].abs().max().max())
        lines = list(dict.fromkeys(data["line"]))
        alone = len(lines) == 1
        right = 0.1 if alone else None  # without names at the right, the axes may reach there
        axes = house_axes(figure, measure=measure, narrow=narrow, left=_left(largest), right=right)
        places = _places(data["x"])
        span = max(places.values()) - min(places.values()) or 1.0
        notes = []
        for number, line in enumerate(lines):
            rows = data[data["line"] == line].sort_values("place")
            shift = (number - (len(lines) - 1) / 2) * _APART * span
            _draw_line(axes, rows, shift, main=bool(rows["base_line"].any()))
            notes.append(Note(float(rows["value"].iloc[-1]), line))
        axes.set_xlim(min(places.values()) - 0.06 * span, max(places.values()) + 0.06 * span)
        axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: _tick(y, largest)))
        _ticks(axes, places, narrow)
        if base is not None and say_given(base) in places:
            event_line(axes, places[say_given(base)], "base", narrow=narrow)
        if not alone:
            side_notes(axes, notes)

    return Picture(draw=draw, data=data)


def say_given(value: Any) -> str:
    """Return a parameter's value as a person would write it: 280, yes, 2023-10-01."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:,.10g}".replace("-", MINUS)
    return str(value)


def _data(sweep: Sweep, name: str) -> pd.DataFrame:
    first, *second = sweep.swept
    at_base = next((each for each in sweep.scenarios if each.base), None)
    rows = []
    for each in sweep.scenarios:
        found = each.value(name)
        if found is None or found.value is None:
            continue
        rows.append(
            {
                "x": each.swept[first],
                "line": _line(each, second),
                "base_line": at_base is not None and _line(each, second) == _line(at_base, second),
                "value": found.value,
                "low": found.low,
                "high": found.high,
            }
        )
    data = pd.DataFrame(rows)
    data["place"] = data["x"].map(lambda x: _places(data["x"])[say_given(x)])
    return data


def _line(scenario: Scenario, second: list[str]) -> str:
    return ", ".join(f"{say_name(name)} {say_given(scenario.swept[name])}" for name in second)


def _places(xs: pd.Series) -> dict[str, float]:
    """Where each value of the first parameter stands: at itself, or in the order given."""
    given = list(dict.fromkeys(xs))
    if all(isinstance(x, int | float) and not isinstance(x, bool) for x in given):
        return {say_given(x): float(x) for x in given}
    return {say_given(x): float(place) for place, x in enumerate(given)}


def _draw_line(axes: Axes, rows: pd.DataFrame, shift: float, *, main: bool) -> None:
    style: dict[str, Any] = dict(LINES["primary" if main else "other"])
    xs = rows["place"] + shift
    whole = rows["low"].notna() & rows["high"].notna()
    axes.vlines(
        xs[whole], rows["low"][whole].astype(float), rows["high"][whole].astype(float),
        color=style["color"], lw=style["lw"],
    )  # fmt: skip
    axes.plot(xs, rows["value"], color=style["color"], lw=0.5, marker="o", ms=5, mew=0)


def _ticks(axes: Axes, places: dict[str, float], narrow: bool) -> None:
    every = -(-len(places) // _MOST_TICKS[narrow])
    shown = list(places.items())[::every]
    axes.set_xticks([place for _, place in shown], [name for name, _ in shown])


def _tick(number: float, largest: float) -> str:
    return say_number(number, 0 if largest >= 100 else 1 if largest >= 5 else 2)


def _left(largest: float) -> float:
    """Inches for the tick labels of numbers up to `largest`."""
    return 0.12 + 0.09 * len(_tick(-largest, largest))
