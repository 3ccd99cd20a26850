"""A waterfall: how the evidence about one pair adds up, comparison by comparison, in bits.

Bars begin at the odds of any two records, go right for what speaks for one entity and left for
what speaks against it, and end at the odds of this pair.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from woda_lib.figures import LINES, TOKENS, Picture, row_axes
from woda_lib.linkage.errors import LinkageError
from woda_lib.phrases import MINUS

ROW_INCHES = 0.42
NEEDED = ("comparison", "meaning", "weight", "total")
_FOR, _AGAINST = TOKENS["blue"], TOKENS["orange"]


def waterfall(explanation: pd.DataFrame, *, threshold: float | None = None) -> Picture:
    """Draw what `LinkageResult.explain` returned.

    Parameters
    ----------
    explanation
        One row a step, in order: ``comparison``, ``meaning``, ``weight`` (bits) and ``total``,
        the running log2 odds. It holds no value of a record, and neither does the figure.
    threshold
        Match probability from which a pair is linked; drawn as a line where given.

    Raises
    ------
    LinkageError
        The table is not an explanation, or the threshold is no probability.
    """
    missing = [name for name in NEEDED if name not in explanation.columns]
    if missing or explanation.empty:
        raise LinkageError(
            "A waterfall draws what result.explain(...) returns, and this table is "
            + (f"without the column {missing[0]!r}." if missing else "empty.")
        )
    if threshold is not None and not 0 < threshold < 1:
        raise LinkageError("The threshold is a match probability, between 0 and 1.")
    data = explanation[list(NEEDED)].reset_index(drop=True)
    height = ROW_INCHES * (len(data) + 1) + 1.15

    def draw(figure: Figure, narrow: bool, data: pd.DataFrame) -> None:
        width = figure.get_size_inches()[0]
        left, right = (0.05, 0.75) if narrow else (3.3, 0.75)
        axes = row_axes(figure, left=left, right=right, below=0.62, around=1.15)
        axes.grid(axis="x", color=TOKENS["rule"], lw=0.75)
        axes.set_yticks([])
        axes.set_ylim(len(data) + 0.5, -0.5)
        axes.set_xlim(*_limits(data, threshold))
        axes.axvline(0, **LINES["mean"])
        if threshold is not None:
            _threshold(axes, float(np.log2(threshold / (1 - threshold))))
        figure.text(0, 1 - 0.02 / height, "log2 odds of one entity", va="top", ha="left")
        for end, text in ((left / width, "← two entities"), (1 - right / width, "one entity →")):
            side = "left" if end < 0.5 else "right"
            figure.text(end, 0.04 / height, text, va="bottom", ha=side)
        for place, row in enumerate(data.to_dict("records")):
            before = row["total"] - row["weight"]
            colour = _FOR if row["weight"] >= 0 else _AGAINST
            axes.barh(place, row["weight"], left=before, height=0.46, color=colour)
            axes.plot(
                [row["total"]] * 2, [place, place + 1], color=TOKENS["ctl"], lw=0.75, zorder=1
            )
            _label(axes, place, row["comparison"], row["meaning"], left, narrow)
            _number(axes, place, row["weight"], right)
        final = float(data["total"].iloc[-1])
        axes.plot(final, len(data), marker="D", ms=7, color=TOKENS["ink"], mew=0)
        probability = 1 / (1 + np.exp2(-np.clip(final, -1000, 1000)))
        _label(axes, len(data), "together", f"match probability {_say(probability)}", left, narrow)
        _number(axes, len(data), final, right)

    return Picture(draw=draw, data=data, height=height)


def _limits(data: pd.DataFrame, threshold: float | None) -> tuple[float, float]:
    ends = [0.0, *data["total"], *(data["total"] - data["weight"])]
    if threshold is not None:
        ends.append(float(np.log2(threshold / (1 - threshold))))
    low, high = min(ends), max(ends)
    room = 0.04 * max(high - low, 1.0)
    return low - room, high + room


def _say(probability: float) -> str:
    """0.9999996 is not certainty, and is not written as such."""
    if probability > 0.999:
        return "over 99.9%"
    if probability < 0.001:
        return "under 0.1%"
    return f"{probability:.1%}"


def _threshold(axes: Axes, odds: float) -> None:
    axes.axvline(odds, **LINES["target"])
    axes.annotate(
        "linked from here",
        (odds, 1),
        xycoords=axes.get_xaxis_transform(),
        xytext=(0, 4),
        textcoords="offset points",
        ha="center",
        va="bottom",
        color=TOKENS["ink"],
        weight="bold",
    )


def _label(axes: Axes, place: int, name: str, meaning: str, left: float, narrow: bool) -> None:
    said = name.replace("_", " ").replace("nhs", "NHS")
    text = said if narrow else f"{said}: {meaning}"
    axes.annotate(
        text if len(text) <= 46 else text[:45] + "…",
        (0, place),
        xycoords=axes.get_yaxis_transform(),
        xytext=(0, 9) if narrow else (-left * 72, 0),
        textcoords="offset points",
        va="bottom" if narrow else "center",
        color=TOKENS["ink"],
        zorder=4,
    )


def _number(axes: Axes, place: int, bits: float, right: float) -> None:
    axes.annotate(
        f"{bits:+.1f}".replace("-", MINUS) if abs(bits) >= 0.05 else "0.0",
        (1, place),
        xycoords=axes.get_yaxis_transform(),
        xytext=(right * 72, 0),
        textcoords="offset points",
        va="center",
        ha="right",
        color=TOKENS["ink"],
    )
