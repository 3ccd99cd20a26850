"""The pictures of a benefit: how it may turn out, what it hangs on, and when it is paid back."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from woda_lib.evaluation.money.distributions import Floats
from woda_lib.evaluation.money.uncertain_inputs import SHARE
from woda_lib.figures import (
    LINES,
    TOKENS,
    Note,
    Picture,
    event_line,
    house_axes,
    row_axes,
    side_notes,
)
from woda_lib.phrases import say_number, say_range

_BINS = 40
_NOTHING = 1e-9
"""Of the widest swing: a swing under it is the rounding of a float."""

_ROW = 0.46
_SCALES = ((1e9, " billion"), (1e6, " million"), (1e3, " thousand"), (1.0, ""))


def bins(worth: Floats) -> pd.DataFrame:
    """Return the distribution of the draws: `from, to, share` (%), nought being an edge.

    The outermost half per cent on each side is gathered in the first and the last bin, so that one
    wild draw does not squeeze the rest.
    """
    low, high = np.quantile(worth, [0.005, 0.995])
    if high <= low:
        return pd.DataFrame({"from": [low], "to": [low], "share": [100.0]})
    width = (high - low) / _BINS
    first, last = math.floor(low / width), math.ceil(high / width)
    edges = np.arange(first, last + 1) * width
    counts, _ = np.histogram(np.clip(worth, edges[0], edges[-1]), edges)
    shares = 100 * counts / len(worth)
    return pd.DataFrame({"from": edges[:-1], "to": edges[1:], "share": shares})


def distribution_picture(
    table: pd.DataFrame,
    *,
    estimate: float,
    low: float,
    high: float,
    chance: float,
    unit: str,
    what: str,
) -> Picture:
    """Draw how often each result came out.

    Parameters
    ----------
    table
        From `bins`.
    estimate, low, high
        Of the result.
    chance
        That it is above nought.
    unit
        Of the result.
    what
        Its name.
    """
    scale, name = _scale(max(abs(table["from"].iloc[0]), abs(table["to"].iloc[-1])), unit)

    def draw(figure: Figure, narrow: bool, data: pd.DataFrame) -> None:
        axes = house_axes(
            figure,
            measure="% of draws",
            narrow=narrow,
            left=0.4,
            right=0.2,
            above=0.72 if narrow else 0.58,
        )
        lost = data["to"] <= 0
        for rows, colour, hatch in ((~lost, "band", ""), (lost, "paper", "////")):
            axes.bar(
                data["from"][rows],
                data["share"][rows],
                (data["to"] - data["from"])[rows],
                align="edge",
                edgecolor=TOKENS["plum"],
                color=TOKENS[colour],
                hatch=hatch,
                lw=0.5,
            )
        top = float(data["share"].max())
        axes.set_ylim(0, 1.08 * top)
        centre, left, right = data[["estimate", "low", "high"]].iloc[0]
        axes.axvline(centre, **LINES["primary"])
        axes.plot([left, right], [1.05 * top] * 2, color=TOKENS["ink"], lw=1.8, marker="|")
        if data["from"].iloc[0] < 0 < data["to"].iloc[-1]:
            axes.axvline(0, **LINES["event"])
        axes.xaxis.set_major_formatter(_tick)
        axes.locator_params(axis="x", nbins=4 if narrow else 8)
        figure.text(
            1.0, 0.99, f"{what}, {name}", va="top", ha="right", color=TOKENS["ink"], weight="bold"
        )
        digits = _decimals((high - low) / scale)
        said = f"{say_number(estimate / scale, digits)} ({_range(low, high, scale, digits)})"
        sure = f"{_percent(chance)} draws above nought"
        words = f"{said}\n{sure}" if narrow else f"{said}; {sure}"
        figure.text(0.0, 1 - 0.27 / picture_height, words, va="top", ha="left", color=TOKENS["ink"])

    picture_height = 3.4
    ends = table[["from", "to"]] / scale
    digits = _decimals(float((ends["to"] - ends["from"]).min()) or 1.0)
    drawn = pd.DataFrame(
        {
            "worth": [
                say_range(start, end, digits)
                for start, end in zip(ends["from"], ends["to"], strict=True)
            ],
            **ends,
            "share": table["share"],
            "estimate": estimate / scale,
            "low": low / scale,
            "high": high / scale,
        }
    )
    return Picture(draw=draw, data=drawn, height=picture_height)


def tornado_picture(table: pd.DataFrame, *, estimate: float, unit: str, what: str) -> Picture:
    """Draw the result at each input's limits, the widest swing on top.

    Parameters
    ----------
    table
        From `sensitivity.tornado`; inputs that are known, or on which nothing hangs, are left out.
    estimate
        Of the result.
    unit
        Of the result.
    what
        Its name.
    """
    shown = table[table["swing"] > _NOTHING * table["swing"].max()].reset_index(drop=True)
    ends = [estimate, *shown["at_low"], *shown["at_high"]]
    scale, name = _scale(max(abs(end) for end in ends), unit)
    name = f"{what}, {name}"
    height = _ROW * max(len(shown), 1) + 0.95

    def draw(figure: Figure, narrow: bool, data: pd.DataFrame) -> None:
        left, right = (0.62, 0.62) if narrow else (2.6, 0.9)
        axes = row_axes(figure, left=left, right=right, below=0.4, around=0.9)
        axes.set_ylim(len(shown) - 0.5, -0.5)
        axes.set_yticks([])
        axes.axvline(estimate / scale, **LINES["primary"])
        for place, row in enumerate(data.to_dict("records")):
            for end, filled in (("low", False), ("high", True)):
                at, middle = row[f"drawn_at_{end}"], row["drawn_estimate"]
                axes.barh(
                    place,
                    at - middle,
                    left=middle,
                    height=0.3 if narrow else 0.5,
                    color=TOKENS["plum"] if filled else TOKENS["paper"],
                    edgecolor=TOKENS["plum"],
                    lw=0.9,
                )
                rightwards = row[f"at_{end}"] >= estimate
                axes.annotate(
                    _counted(row[end], row["unit"]),
                    (at, place),
                    xytext=(4 if rightwards else -4, -1),
                    textcoords="offset points",
                    ha="left" if rightwards else "right",
                    va="center",
                )
            axes.annotate(
                row["called"],
                (0, place),
                xycoords=axes.get_yaxis_transform(),
                xytext=(-left * 72, 9 if narrow else 0),
                textcoords="offset points",
                va="bottom" if narrow else "center",
                color=TOKENS["ink"],
            )
        if min(ends) < 0 < max(ends):
            axes.axvline(0, **LINES["event"])
        axes.margins(x=0.02)
        axes.xaxis.set_major_formatter(_tick)
        axes.locator_params(axis="x", nbins=3 if narrow else 7)
        words = (
            f"{name}. Open: input low;\nfilled: input high"
            if narrow
            else f"{name}, with each input at its low limit (open bars) and at its high (filled)"
        )
        figure.text(0, 0.99, words, va="top", ha="left")

    # The marks are drawn from what the gate passed, and so in the unit of the axis.
    drawn = (shown[["at_low", "at_high"]] / scale).add_prefix("drawn_")
    marks = shown.join(drawn).assign(drawn_estimate=estimate / scale)
    return Picture(draw=draw, data=marks, height=height)


def years_picture(table: pd.DataFrame, *, unit: str) -> Picture:
    """Draw the running sum of discounted net money.

    Parameters
    ----------
    table
        `Benefit.years()`.
    unit
        Of the money.
    """
    ends = table[["cumulative", "low", "high"]]
    scale, name = _scale(float(ends.abs().to_numpy().max()), unit)
    back = table["cumulative"] >= 0
    never = not back.iloc[-1]
    paid = 0 if back.all() else int(table["year"][~back].max()) + 1

    def draw(figure: Figure, narrow: bool, data: pd.DataFrame) -> None:
        axes = house_axes(
            figure,
            measure=f"Running sum, discounted, {name}" + ("" if narrow else ", at the end of year"),
            narrow=narrow,
            left=0.55,
            right=0.75 if narrow else 1.2,
        )
        axes.fill_between(
            data["year"], data["low"] / scale, data["high"] / scale, color=TOKENS["band"], lw=0
        )
        axes.plot(data["year"], data["cumulative"] / scale, **LINES["fitted"])
        axes.axhline(0, color=TOKENS["edge"], lw=0.9)
        axes.yaxis.set_major_formatter(_tick)
        axes.locator_params(axis="x", integer=True, nbins=5 if narrow else 11)
        last = table.iloc[-1]
        digits = _decimals((last["high"] - last["low"]) / scale)
        middle = last["cumulative"] / scale
        notes = [Note(middle, say_number(middle, digits), "ink", True)]
        if last["high"] > last["low"]:
            high, low = last["high"] / scale, last["low"] / scale
            notes = [
                Note(high, say_number(high, digits)),
                *notes,
                Note(low, say_number(low, digits)),
            ]
        side_notes(axes, notes)
        if not never and paid:
            event_line(axes, paid, f"Paid back in year {paid}", narrow=narrow)

    return Picture(draw=draw, data=table, height=3.4)


def _scale(largest: float, unit: str) -> tuple[float, str]:
    fitting = (each for each in _SCALES if largest >= 2 * each[0])
    scale, word = next(fitting, (1.0, ""))
    return scale, f"£{word}" if unit == "pounds" else f"{unit}{word}"


def _decimals(width: float) -> int:
    if not (math.isfinite(width) and width > 0):
        return 1
    return min(max(1 - math.floor(math.log10(width)), 0), 6)


def _tick(value: float, _: float) -> str:
    digits = next((n for n in range(4) if math.isclose(round(value, n), value, abs_tol=1e-9)), 4)
    return say_number(value, digits)


def _range(low: float, high: float, scale: float, digits: int) -> str:
    return say_range(low / scale, high / scale, digits)


def _short(value: float) -> str:
    """An input's limit in three digits: 0.35, 1.7, 260, 728,000."""
    if value == 0:
        return "0"
    digits = 2 - math.floor(math.log10(abs(value)))
    text = say_number(value, digits)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _counted(value: float, unit: str) -> str:
    """An input's limit with what it is counted in: 5%, £46,000, 1.84 days."""
    if unit.startswith(SHARE):
        return f"{_short(100 * value)}%"
    word = unit.partition(",")[0].partition(" ")[0]
    if word in ("pounds", "%"):
        return f"£{_short(value)}" if word == "pounds" else f"{_short(value)}%"
    return f"{_short(value)} {word}".rstrip()


def _percent(share: float) -> str:
    percent = 100 * share
    if share in (0, 1):
        return "all" if share else "no"
    if percent > 99.5:
        return "over 99% of"
    return "under 1% of" if percent < 0.5 else f"{percent:.0f}% of"
