"""The picture of a synthetic control: the unit and its mixture, and the gap among the placebos'."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from woda_lib.figures import (
    LINES,
    TOKENS,
    Note,
    Picture,
    event_line,
    house_axes,
    month_axis,
    side_notes,
)
from woda_lib.phrases import say_number

POOR_FIT = 5.0
"""Placebos whose gap before the start is this many times the treated unit's are not drawn."""

_LETTERS = {False: 18, True: 10}


def donor_picture(
    table: pd.DataFrame,
    gaps: pd.DataFrame,
    placebos: pd.DataFrame,
    *,
    measure: str,
    event: str,
    treated: str,
) -> Picture:
    """Draw two panels over the same time.

    Parameters
    ----------
    table, gaps, placebos
        `SyntheticControl.table`, `.placebo_gaps` and `.placebos`.
    measure
        What the vertical axis measures, with its unit.
    event
        Name of the change.
    treated
        Name of the treated unit.
    """
    start = table.loc[table["period"] == "after", "time"].iloc[0]
    fits = placebos["rmspe_before"]
    drawn = placebos["unit"][1:][fits[1:] <= POOR_FIT * fits.iloc[0]]
    shown = gaps[gaps["unit"].isin(drawn)]
    left_out = gaps["unit"].nunique() - len(drawn)

    def draw(figure: Figure, narrow: bool, data: pd.DataFrame) -> None:
        above = house_axes(figure, measure=measure, narrow=narrow, band=(0.44, 1.0))
        below = house_axes(
            figure,
            measure=_second_measure(len(drawn), left_out, narrow=narrow),
            narrow=narrow,
            above=0.52 if narrow else 0.34,
            band=(0.0, 0.45),
        )
        above.plot(data["time"], data["synthetic"], **LINES["counterfactual"])
        above.plot(data["time"], data["observed"], **LINES["fitted"])
        for _, one in shown.groupby("unit", sort=False):
            below.plot(one["time"], one["gap"], **{**LINES["comparison"], "lw": 0.7, "alpha": 0.55})
        below.axhline(0, color=TOKENS["edge"], lw=0.9)
        below.plot(data["time"], data["gap"], **LINES["fitted"])
        for axes in (above, below):
            _time_axis(axes, data["time"], narrow=narrow)
        above.tick_params(axis="x", labelbottom=False)
        event_line(above, start, event, narrow=narrow)
        below.axvline(start, **LINES["event"])
        last = data.iloc[-1]
        name = _short(treated, narrow=narrow)
        average = float(data.loc[data["period"] == "after", "gap"].mean())
        side_notes(
            above,
            [
                Note(last["observed"], name, "ink", True),
                Note(last["synthetic"], "mixture" if narrow else "Mixture of donors", "plum", True),
            ],
        )
        ends = shown.groupby("unit")["gap"].last()
        notes = [Note(last["gap"], name, "ink", True)]
        if not narrow:
            notes.append(Note(average, f"{_signed(average)} on average"))
        if len(ends):
            notes.append(Note(float(ends.median()), "donors" if narrow else "Each donor"))
        side_notes(below, notes)

    return Picture(draw=draw, data=table, height=5.4)


def _short(name: str, *, narrow: bool) -> str:
    letters = _LETTERS[narrow]
    if len(name) <= letters:
        return name
    return "treated" if narrow else f"{name[: letters - 1]}…"


def _signed(number: float) -> str:
    """Say a number with three digits that mean something, and its sign."""
    if number == 0:
        return "0"
    said = say_number(number, min(2 - math.floor(math.log10(abs(number))), 6))
    return f"+{said}" if number > 0 else said


def _second_measure(drawn: int, left_out: int, *, narrow: bool) -> str:
    words = "Gap from the mixture" + ("\n" if narrow else ": ")
    kept = f"{drawn} donors as placebos" if drawn else "no placebo fits as well"
    return f"{words}{kept}" + (f" ({left_out} fit poorly)" if left_out and drawn else "")


def _time_axis(axes: Axes, times: pd.Series, *, narrow: bool) -> None:
    """Mark years, or for longer series every second, fifth or tenth of them."""
    if not pd.api.types.is_datetime64_any_dtype(times):
        axes.locator_params(axis="x", nbins=3 if narrow else 7, integer=True)
        return
    stamps = pd.DatetimeIndex(times)
    years = np.unique(stamps.year)
    most = 4 if narrow else 8
    if len(years) <= most:
        month_axis(axes, times, narrow=narrow)
        return
    every = next(step for step in (2, 5, 10, 20, 50, 100) if len(years) / step <= most)
    marked: list[Any] = [pd.Timestamp(int(year), 1, 1) for year in years if year % every == 0]
    axes.set_xticks(marked, [str(stamp.year) for stamp in marked])
