"""One chart: points, limits, the rules that they break, and what that means."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from woda_lib.evaluation.process_charts.limits import (
    Kind,
)
from woda_lib.evaluation.process_charts.picture import draw_chart
from woda_lib.evaluation.process_charts.points import say_time
from woda_lib.evaluation.process_charts.verdicts import (
    MEANING,
    Better,
    Verdict,
)
from woda_lib.evaluation.result import Result
from woda_lib.evaluation.time_axis import Every
from woda_lib.figures import Picture
from woda_lib.phrases import say_number, say_range


@dataclass(frozen=True)
class ProcessChart(Result):
    """Points, limits and what is special about them.

    Attributes
    ----------
    estimate, low, high
        The mean of the newest stretch and its natural process limits at the newest point. They
        bound single points of an unchanged process, and are no confidence interval for the mean.
    level
        The share of points that a stable process of normal values keeps within the limits.
    table
        One row a point: `time, value, segment, used` (whether limits and rules count it),
        `moving_range, mean, lower, upper, range_mean, range_limit`, a true/false column a rule,
        `side` ("high" or "low" where a rule holds) and `variation` ("common cause", "improvement",
        "concern", "special cause" when neither direction is better, or "left out"); with a
        denominator, target or trajectory also those.
    segments
        One row a stretch of time with its own limits: `first, last, points` that the limits rest
        on, `mean, lower, upper` (at its last point), `range_mean, range_limit`.
    verdict
        The icons: variation at the newest point, assurance of the target.
    advice
        Whether the limits should be worked out afresh, a sentence each.
    over_dispersion
        How far neighbouring points of the newest stretch differ, as a multiple of pure chance; not
        a number on charts without counts.
    """

    kind: Kind
    table: pd.DataFrame
    segments: pd.DataFrame
    verdict: Verdict
    method: str
    assumptions: tuple[str, ...]
    warnings: tuple[str, ...]
    advice: tuple[str, ...]
    unit: str
    target: float | None
    better: Better | None
    every: Every
    over_dispersion: float = float("nan")
    notes: Mapping[Any, str] = field(default_factory=dict)
    level: float = 0.9973

    @property
    def _newest(self) -> pd.Series:
        return self.table[self.table["used"]].iloc[-1]

    @property
    def estimate(self) -> float:
        """The process mean of the newest stretch."""
        return float(self._newest["mean"])

    @property
    def low(self) -> float:
        """The lower natural process limit at the newest point."""
        return float(self._newest["lower"])

    @property
    def high(self) -> float:
        """The upper natural process limit at the newest point."""
        return float(self._newest["upper"])

    @property
    def decimals(self) -> int:
        """Digits after the point: two that mean anything in a third of the limits' width."""
        width = (self.high - self.low) / 3
        return min(max(1 - math.floor(math.log10(width)), 0), 6) if width > 0 else 1

    @property
    def found(self) -> bool:
        """Whether the newest point is out of the ordinary."""
        return bool(self._newest["variation"] != "common cause")

    @property
    def finding(self) -> str:
        """Say in words what the newest stretch of points shows."""
        newest = self.table[self.table["segment"] == self.table["segment"].max()]
        newest = newest[newest["used"]]
        signals = int((newest["variation"] != "common cause").sum())
        since = f"{len(newest)} points since {say_time(newest['time'].min(), self.every)}"
        if signals == 0:
            return f"none of the {since} is out of the ordinary"
        return f"{signals} of the {since} {'is' if signals == 1 else 'are'} out of the ordinary"

    def summary(self) -> pd.DataFrame:
        """Return a row a stretch: its mean and limits, its points, and those out of the ordinary.

        `variation` and `assurance` are those of the newest stretch.
        """
        used = self.table[self.table["used"]]
        special = used["variation"].ne("common cause").groupby(used["segment"]).sum()
        rows = self.segments.assign(
            name=[f"From {say_time(first, self.every)}" for first in self.segments["first"]],
            special=special,
            variation="",
            assurance="",
        ).rename(columns={"mean": "estimate", "lower": "low", "upper": "high"})
        rows.loc[rows.index[-1], "variation"] = self.verdict.variation
        rows.loc[rows.index[-1], "assurance"] = self.verdict.assurance or ""
        columns = ["name", "estimate", "low", "high", "points", "special", "variation"]
        columns += ["assurance"] if self.verdict.assurance else []
        return rows[columns].reset_index(drop=True)

    def plot(self) -> Picture:
        """Draw the chart with the column's name above it."""
        return self.picture(measure=self.unit or "Value")

    def picture(
        self, *, measure: str, event: str = "Limits recalculated", icons: bool = True
    ) -> Picture:
        """Draw the values between their limits, an XmR chart's moving ranges below.

        Parameters
        ----------
        measure
            What the points measure, with its unit.
        event
            What to write where limits begin afresh.
        icons
            Whether to show the icons of variation and assurance in the corner.
        """
        return Picture(
            draw=lambda figure, narrow, _: draw_chart(
                self, figure, narrow, measure=measure, event=event, icons=icons
            ),
            data=self.table.drop(columns=["segment"]),
            height=4.8 if self.kind == "xmr" else 3.6,
        )

    def __str__(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        limits = say_range(self.low, self.high, self.decimals)
        lines = [
            f"Mean {say_number(self.estimate, self.decimals)}{unit}, natural process limits "
            f"{limits}; {self.finding}",
            *(MEANING[icon] for icon in self.verdict.icons),
            f"Method: {self.method}",
            *(f"Assumes: {sentence}" for sentence in self.assumptions),
            *(f"Warning: {sentence}" for sentence in self.warnings),
            *(f"Advice: {sentence}" for sentence in self.advice),
        ]
        return "\n".join(lines)
