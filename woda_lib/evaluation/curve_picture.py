"""The picture of waiting: how many still wait by time, and how many were still in view.

A curve that falls at each person's end is a list of people. It is therefore drawn in even steps,
wide enough to hold several ends each where there are people enough, and the ends and the people in
view of each step stand in the data as counts, so that the gate can withhold them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from woda_lib.evaluation.durations import Floats
from woda_lib.evaluation.survival_curve import Curve
from woda_lib.figures import TOKENS, Note, Picture, house_axes, side_notes
from woda_lib.phrases import say_number

MOST_STEPS = 60
FEWEST_STEPS = 12
ENDS_IN_A_STEP = 10

STYLES: tuple[dict[str, Any], ...] = (
    {"color": TOKENS["ink"], "lw": 1.8},
    {"color": TOKENS["plum"], "lw": 1.8, "ls": (0, (2.9, 1.7))},
    {"color": TOKENS["blue"], "lw": 1.8, "ls": (0, (6.0, 1.5, 1.2, 1.5))},
    {"color": TOKENS["ctl"], "lw": 1.8, "ls": (0, (1.2, 1.2))},
)
"""How the first, second … group is drawn; told apart by their dashes where colour is not seen."""


@dataclass(frozen=True)
class Words:
    """What stands on the picture.

    Attributes
    ----------
    measure
        Above the axes: what the curves show.
    unit
        Of the time, in the plural.
    difference
        Beside the axes, under the groups; empty for none.
    """

    measure: str
    unit: str
    difference: str = ""


def curve_data(curves: Mapping[str, Curve], horizon: float) -> pd.DataFrame:
    """Return the curves on an even grid.

    Returns
    -------
    DataFrame
        A row a group and time: `group, time, waiting` (percent, after that time), `at_risk` (just
        before it) and `ended` (since the time before).
    """
    edges = drawing_times(curves, horizon)
    parts = []
    for name, curve in curves.items():
        before = np.append(0.0, curve.ended.cumsum())
        gone = before[np.searchsorted(curve.times, edges, side="right")]
        waiting = 100 * curve.at(edges)
        # Those who left at once belong to the first step, and everybody is there at its start.
        gone[0], waiting[0] = 0.0, 100.0
        parts.append(
            pd.DataFrame(
                {
                    "group": name,
                    "time": edges,
                    "waiting": waiting,
                    "at_risk": curve.waiting(edges).astype(int),
                    "ended": np.diff(gone, prepend=0.0).astype(int),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def drawing_times(curves: Mapping[str, Curve], horizon: float) -> Floats:
    """Return the times to draw at: as many as leave several ends in each step of each group.

    Times to be named are always among them. Where people are too few for that, steps are even and
    twelve or a few more; the gate may then withhold what is shown.
    """
    ticks = _round_parts(horizon)
    finest = range(MOST_STEPS // ticks * ticks, FEWEST_STEPS, -ticks)
    # Whole days where they can be: a step of a day and a half holds one day and two in turn.
    fine = next((steps for steps in finest if horizon % steps == 0), finest[0])
    edges = np.linspace(0.0, horizon, fine + 1)
    gone = np.column_stack(
        [
            np.append(0.0, curve.ended.cumsum())[np.searchsorted(curve.times, edges, side="right")]
            for curve in curves.values()
        ]
    )
    kept, last = [0], np.zeros(gone.shape[1])
    for place in range(1, fine + 1):
        if place % (fine // ticks) == 0 or (gone[place] - last).min() >= ENDS_IN_A_STEP:
            kept.append(place)
            last = gone[place]
    if len(kept) > FEWEST_STEPS:
        return edges[kept]
    return np.linspace(0.0, horizon, ticks * -(-FEWEST_STEPS // ticks) + 1)


def tick_times(edges: Floats, *, most: int) -> list[int]:
    """Return the places of the times to be named: round numbers where there are some."""
    ticks = _round_parts(float(edges[-1]))
    every = 1
    while ticks // every > most:
        every += 1
    wanted = np.linspace(0.0, float(edges[-1]), ticks + 1)[::every]
    return [int(np.abs(edges - time).argmin()) for time in wanted]


def _round_parts(horizon: float) -> int:
    """Say into how many parts a horizon falls so that they end at round numbers."""

    def digits(parts: int) -> float:
        mantissa = f"{horizon / parts:.10e}".split("e")[0].rstrip("0").rstrip(".")
        return len(mantissa.replace(".", "")) - 0.5 * mantissa.endswith("5")

    return min((5, 4, 6, 3), key=digits)


def curve_picture(curves: Mapping[str, Curve], *, horizon: float, words: Words) -> Picture:
    """Draw curves from 100% down, shaded under and between, with the people in view below.

    Parameters
    ----------
    curves
        By the name of the group, at most four; the reference first.
    horizon
        Where the picture ends.
    words
        What stands on it.
    """
    names = list(curves)
    data = curve_data(curves, horizon)

    def draw(figure: Figure, narrow: bool, shown: pd.DataFrame) -> None:
        axes = lay_out(figure, words.measure, narrow, groups=len(names))
        lines = {name: _visible(shown[shown["group"] == name]) for name in names}
        first = lines[names[0]]
        if len(names) == 2:
            second = lines[names[1]]
            axes.fill_between(
                first["time"].to_numpy(float),
                first["waiting"].to_numpy(float),
                second["waiting"].to_numpy(float),
                color=TOKENS["band"],
                lw=0,
            )
        elif len(names) == 1:
            axes.fill_between(
                first["time"].to_numpy(float),
                first["waiting"].to_numpy(float),
                color=TOKENS["band"],
                lw=0,
            )
        for name, style in zip(names, STYLES, strict=False):
            axes.plot(lines[name]["time"], lines[name]["waiting"].to_numpy(float), **style)
        axes.set_ylim(0, 100)
        axes.set_yticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100"])
        axes.set_xlim(0, horizon)
        people_in_view(axes, shown, names, grid_of(data, names), words.unit, narrow=narrow)
        notes = []
        for place, name in enumerate(names):
            height = lines[name]["waiting"].dropna()
            token = ("ink", "plum", "blue", "ctl")[place]
            label = shorten(name, 9 if narrow else 24)
            notes.append(Note(float(height.iloc[-1]) if len(height) else 0.0, label, token, True))
        if words.difference and not narrow:
            # Away from the groups' names, which stand where the curves end.
            top = 75 if max(note.y for note in notes) < 50 else 15
            said = words.difference.split("\n")
            notes += [Note(top - place, line) for place, line in enumerate(said)]
        side_notes(axes, notes)

    return Picture(
        draw=draw,
        data=data,
        counts=("at_risk", "ended"),
        height=picture_height(len(names)),
        gaps=True,
    )


def picture_height(groups: int) -> float:
    """Inches of a picture with a line of people in view for each group."""
    return 3.75 + 0.22 * groups


def lay_out(figure: Figure, measure: str, narrow: bool, *, groups: int) -> Axes:
    """Add axes that leave room under them for the people in view."""
    height = figure.get_size_inches()[1]
    under = 0.66 + 0.22 * groups + (0.22 * groups if narrow else 0.0)
    return house_axes(
        figure,
        measure=measure,
        narrow=narrow,
        above=0.36,
        left=0.5,
        band=(under / height, 1.0),
    )


def people_in_view(
    axes: Axes, shown: pd.DataFrame, names: list[str], grid: Floats, unit: str, *, narrow: bool
) -> None:
    """Write the numbers at risk under the axis, where the ticks are, from what the gate passed.

    The times are given apart, since a row that the gate withholds has lost its time as well.
    """
    places = tick_times(grid, most=3 if narrow else 6)
    axes.set_xticks(grid[places], [say_tick(time) for time in grid[places]])
    line = mpl.rcParams["font.size"] * 1.45

    def write(text: str, x: float, down: float, **more: Any) -> None:
        axes.annotate(
            text,
            (x, 0),
            xycoords=axes.get_xaxis_transform(),
            xytext=(more.pop("shift", 0.0), -22 - down * line),
            textcoords="offset points",
            va="top",
            **more,
        )

    write(f"{unit} since the start", grid[-1] / 2, 0, ha="center")
    write("Still in view", 0.0, 1, ha="left", color=TOKENS["ink2"], shift=-30)
    row = 2.0
    for place, name in enumerate(names):
        token = ("ink", "plum", "blue", "ctl")[place]
        counted = shown.loc[shown["group"] == name, "at_risk"].iloc[np.array(places)]
        if narrow and len(names) > 1:
            write(name, 0.0, row, ha="left", color=TOKENS[token], weight="bold", shift=-30)
            row += 1
        for time, count in zip(grid[places], counted, strict=True):
            text = "–" if pd.isna(count) else say_number(float(count), 0)
            write(text, time, row, ha="center", color=TOKENS[token])
        if not narrow and len(names) > 1:
            write(
                shorten(name, 24),
                grid[-1],
                row,
                ha="left",
                color=TOKENS[token],
                weight="bold",
                shift=24,
            )
        row += 1


def say_tick(time: float) -> str:
    """Name a time on the axis without needless decimals."""
    return say_number(time, 0) if time == round(time) else f"{time:.3g}"


def shorten(name: str, most: int) -> str:
    """Cut a name that would run out of the figure."""
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"


def grid_of(data: pd.DataFrame, names: list[str]) -> Floats:
    """Return the times at which the curves are drawn."""
    return data.loc[data["group"] == names[0], "time"].to_numpy(float)


def _visible(part: pd.DataFrame) -> pd.DataFrame:
    """Break the line where the gate withheld how many ended."""
    known = part["ended"].notna() | (part["time"] == 0)
    return part.assign(waiting=part["waiting"].astype(float).where(known))
