"""The picture of an event study: the effect before and after treatment, period by period."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from woda_lib.evaluation.differences.did_analysis import Estimate
from woda_lib.evaluation.time_axis import Every
from woda_lib.figures import LINES, TOKENS, Note, Picture, event_line, house_axes, side_notes
from woda_lib.phrases import say_number

LONGEST_NARROW = 46


def event_picture(
    events: pd.DataFrame,
    *,
    average: Estimate,
    unit: str,
    every: Every,
    level: float,
) -> Picture:
    """Draw effects by event time.

    Parameters
    ----------
    events
        `DifferenceInDifferences.event_study()`.
    average
        The average effect, drawn from event time 0 on.
    unit
        Of the outcome, in the plural.
    every
        What a step of event time is.
    level
        Of intervals and bands.
    """
    share = f"{level:.1%}".replace(".0%", "%")
    step = "period" if every == "step" else every
    short = f"Effect, {unit}" if unit else "Effect"
    measure = f"{short}, by {step}s since treatment"
    decimals = _decimals(average, events)

    def draw(figure: Figure, narrow: bool, data: pd.DataFrame) -> None:
        title = measure if not narrow or len(measure) <= LONGEST_NARROW else short
        axes = house_axes(figure, measure=title, narrow=narrow, left=_room(events))
        x = events["event_time"].to_numpy(dtype=float)
        crowded = len(x) > (30 if narrow else 90)
        banded = events.dropna(subset=["band_low"])
        if len(banded):
            axes.vlines(
                banded["event_time"],
                banded["band_low"],
                banded["band_high"],
                color=TOKENS["band"],
                lw=5 if len(x) < 25 and not narrow else 1.6 if crowded else 3,
            )
            axes.vlines(
                banded["event_time"],
                banded["low"],
                banded["high"],
                color=TOKENS["ink"],
                lw=0.6 if crowded else 1.1,
            )
        axes.axhline(0, color=TOKENS["edge"], lw=0.9)
        ends = [-0.4, x.max() + 0.4]
        level, low, high = data[["average", "average_low", "average_high"]].iloc[0]
        if np.isfinite(low):
            axes.fill_between(ends, low, high, color=TOKENS["band"], alpha=0.6, lw=0, zorder=0.5)
        axes.plot(ends, [level] * 2, **LINES["counterfactual"])
        for stage, face in (("before", "paper"), ("anticipation", "paper"), ("after", "ink")):
            mine = events[events["stage"] == stage]
            axes.plot(
                mine["event_time"],
                mine["estimate"],
                ls="",
                marker="o",
                ms=2.8 if crowded else 4.6,
                mec=TOKENS["ink"],
                mfc=TOKENS[face],
                mew=0.7 if crowded else 1.1,
                zorder=3,
            )
        base = events[events["stage"] == "reference"]
        axes.plot(
            base["event_time"],
            base["estimate"],
            ls="",
            marker="D",
            ms=5,
            mec=TOKENS["ink"],
            mfc=TOKENS["paper"],
            zorder=3,
        )
        axes.set_xlim(min(x.min(), -1) - 0.6, x.max() + 0.6)
        ticks = MaxNLocator(5 if narrow else 9, integer=True, min_n_ticks=1)
        axes.xaxis.set_major_locator(ticks)
        event_line(axes, -0.5, "treatment" if narrow else "Treatment begins", narrow=narrow)
        side_notes(axes, _notes(events, average, narrow=narrow, share=share, decimals=decimals))

    overall = {
        "average": average.estimate,
        "average_low": average.low,
        "average_high": average.high,
    }
    return Picture(draw=draw, data=events.assign(**overall), height=3.8)


def _notes(
    events: pd.DataFrame, average: Estimate, *, narrow: bool, share: str, decimals: int
) -> list[Note]:
    """Name what is drawn, at its height."""
    y, headline = average.estimate, say_number(average.estimate, decimals)
    notes = [
        Note(y, "average" if narrow else "Average effect", "plum", True),
        Note(y, headline, "ink", True, 1.0 if narrow else 1.2),
    ]
    if np.isfinite(average.low):
        low, high = say_number(average.low, decimals), say_number(average.high, decimals)
        if narrow:
            notes += [Note(y, f"{low} to"), Note(y, high)]
        else:
            notes.append(Note(y, f"{share}: {low} to {high}"))
    if narrow:
        return notes
    bottom = float(np.nanmin([events["estimate"].min(), events["band_low"].min(), average.low]))
    key = ["○ before   ● after"]
    if (events["stage"] == "reference").any():
        key.append("◇ compared with")
    if events["band_low"].notna().any():
        key += [f"line: {share} of each", f"bar: {share} of all"]
    return notes + [Note(bottom, words) for words in key]


def _room(events: pd.DataFrame) -> float:
    """Inches that the labels of the vertical axis need."""
    largest = float(np.nanmax(np.abs(events[["estimate", "band_low", "band_high"]].to_numpy())))
    digits = len(f"{largest:.0f}") + (2 if largest < 1 else 1 if largest < 3 else 0)
    return 0.24 + 0.08 * (digits + 1)


def _decimals(average: Estimate, events: pd.DataFrame) -> int:
    """Digits that the width of the interval deserves."""
    width = average.high - average.low
    if not (np.isfinite(width) and width > 0):
        width = float(np.ptp(events["estimate"]))
    if not (np.isfinite(width) and width > 0):
        return 1
    return int(np.clip(1 - np.floor(np.log10(width)), -6, 6))
