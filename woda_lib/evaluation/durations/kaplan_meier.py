"""Kaplan-Meier: half of the people wait no longer than this, though some still wait.

The median of those who have left is too short for the same reason as their mean. The time at which
the Kaplan-Meier curve falls to a half is not; and it needs no horizon, only that the curve does
fall that far.

Sources: Kaplan and Meier (1958), JASA 53: 457-481; Brookmeyer and Crowley (1982), Biometrics 38:
29-41, for the interval; Zou and Donner (2008), Statistics in Medicine 27: 1693-1702, for that of a
difference; Mantel (1966), Cancer Chemotherapy Reports 50: 163-170, for the log-rank test.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from lifelines.statistics import multivariate_logrank_test

from woda_lib.evaluation.durations.curve_picture import Words, curve_picture
from woda_lib.evaluation.durations.durations import (
    DurationError,
    Durations,
    check_level,
    name_of,
    read_groups,
)
from woda_lib.evaluation.durations.survival_curve import Curve, Scale
from woda_lib.evaluation.durations.words import INDEPENDENT
from woda_lib.evaluation.frames import take
from woda_lib.evaluation.result import Result
from woda_lib.figures import Picture
from woda_lib.phrases import say_number, say_range

MOST_GROUPS_DRAWN = 4


def kaplan_meier(
    frame: pd.DataFrame,
    *,
    duration: str,
    event: str,
    group: str | None = None,
    reference: Any = None,
    ended: Any = None,
    quantiles: Sequence[float] = (0.25, 0.5, 0.75),
    scale: Scale = "log",
    level: float = 0.95,
    unit: str = "days",
) -> KaplanMeier:
    """Estimate the curve of waiting, its median and other quantiles.

    Parameters
    ----------
    frame, duration, event, group, reference, ended, level, unit
        As in `restricted_mean`; there may be more than two groups.
    quantiles
        Shares of people: 0.9 is the time by which nine in ten have left.
    scale
        On which the curve's intervals are symmetric, and so those of the quantiles: "log" as R has
        it, "log-log" as Stata and SAS, or "plain".

    Returns
    -------
    KaplanMeier
        Its estimate is the median of everyone; of two groups, the other's less the reference's.

    Raises
    ------
    DurationError, FrameError
        As `restricted_mean`; or a quantile that lies not between 0 and 1.

    Examples
    --------
    >>> frame = pd.DataFrame({"days": [1, 2, 3, 4, 5], "left": [1, 1, 1, 0, 1]})
    >>> kaplan_meier(frame, duration="days", event="left").estimate
    3.0
    """
    level = check_level(level)
    if not quantiles or any(not 0 < share < 1 for share in quantiles):
        raise DurationError(
            "`quantiles` are shares of people between 0 and 1: 0.5 is the median, 0.9 the time by "
            "which nine in ten have left."
        )
    if scale not in ("log", "log-log", "plain"):
        raise DurationError('`scale` must be "log", "log-log" or "plain".')
    durations = Durations.of(frame, duration=duration, event=event, ended=ended)
    place, groups = np.zeros(len(durations), dtype=int), ["everyone"]
    if group is not None:
        values = take(frame, group=group)["group"]
        place, groups = read_groups(values, group, reference=reference)
    curves = {
        name_of(name): Curve.of(durations.where(place == number))
        for number, name in enumerate(groups)
    }
    statistic, p_value = np.nan, np.nan
    if len(curves) > 1:
        test = multivariate_logrank_test(durations.times, place, durations.ended)
        statistic, p_value = float(test.test_statistic), float(test.p_value)
    return KaplanMeier(
        curves=curves,
        everyone=Curve.of(durations),
        quantiles=tuple(sorted({*quantiles, 0.5})),
        scale=scale,
        logrank=statistic,
        p_value=p_value,
        level=level,
        unit=unit,
    )


@dataclass(frozen=True, eq=False)
class KaplanMeier(Result):
    """Curves of waiting, and the times by which shares of the people have left.

    Attributes
    ----------
    curves
        By group, the reference first.
    everyone
        The curve of all together.
    quantiles
        The shares asked for, and the half.
    scale
        Of the intervals.
    logrank, p_value
        Of the log-rank test that all groups leave at one rate, with one degree of freedom less than
        there are groups; not a number with one group.
    """

    curves: Mapping[str, Curve]
    everyone: Curve
    quantiles: tuple[float, ...]
    scale: Scale
    logrank: float
    p_value: float
    level: float
    unit: str

    @property
    def _median(self) -> tuple[float, float, float]:
        if len(self.curves) != 2:
            return self.everyone.quantile(0.5, self.level, self.scale)
        ends = [curve.quantile(0.5, self.level, self.scale) for curve in self.curves.values()]
        return quantile_difference(*ends)

    @property
    def estimate(self) -> float:
        """The median; of two groups, the other's less the reference's. Infinite if never seen."""
        return self._median[0]

    @property
    def low(self) -> float:
        """Lower limit of the interval."""
        return self._median[1]

    @property
    def high(self) -> float:
        """Upper limit of the interval; infinite where the data cannot bound it."""
        return self._median[2]

    @property
    def method(self) -> str:
        """What was done, in a sentence."""
        difference = (
            "; of the difference by the method of variance estimates recovery (Zou and Donner 2008)"
            if len(self.curves) == 2
            else ""
        )
        return (
            "Median of the Kaplan-Meier curve, with the interval of Brookmeyer and Crowley (1982) "
            f"on the {self.scale} scale{difference}."
        )

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the interval rests on."""
        return (
            "Those lost from sight would have waited on as the others did.",
            INDEPENDENT,
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """Which medians were never reached, and how few people some groups have."""
        found = []
        for name, curve in self.curves.items():
            who = f" of {name}" if len(self.curves) > 1 else ""
            lowest = float(curve.survival[-1])
            if lowest > 0.5:
                found.append(
                    f"Fewer than half{who} have been seen to leave ({lowest:.0%} were still "
                    "waiting at the end), so that there is no median yet. Compare restricted means."
                )
            ended = int(curve.ended.sum())
            if ended < 10:
                found.append(f"Only {ended} people{who} were seen to leave; read it as a sketch.")
        return tuple(found)

    @property
    def table(self) -> pd.DataFrame:
        """The curves, a row a group and time: `group` and the columns of `Curve.table`."""
        return pd.concat(
            [
                curve.table(self.level, self.scale).assign(group=name)
                for name, curve in self.curves.items()
            ],
            ignore_index=True,
        )[["group", "time", "at_risk", "ended", "censored", "waiting", "low", "high"]]

    def summary(self) -> pd.DataFrame:
        """Every quantile of every group, and its difference between two, a row each."""
        rows = []
        for share in self.quantiles:
            what = "Median" if share == 0.5 else f"Time by which {share:.0%} have left"
            ends = {
                name: curve.quantile(share, self.level, self.scale)
                for name, curve in self.curves.items()
            }
            for name, limits in ends.items():
                label = what if len(ends) == 1 else f"{what}, {name}"
                rows.append((label, *limits, *_people(self.curves[name]), np.nan))
            if len(ends) == 2:
                reference, other = ends
                label = f"{what}, {other} less {reference}"
                both = [sum(each) for each in zip(*map(_people, self.curves.values()), strict=True)]
                rows.append(
                    (label, *quantile_difference(ends[reference], ends[other]), *both, np.nan)
                )
        table = pd.DataFrame(
            rows, columns=["measure", "estimate", "low", "high", "people", "ended", "p_value"]
        )
        if len(self.curves) > 1:
            test = {
                "measure": "Log-rank test (chi-squared)",
                "estimate": self.logrank,
                "p_value": self.p_value,
            }
            table = pd.concat([table, pd.DataFrame([test])], ignore_index=True)
        return table.astype({"people": "Int64", "ended": "Int64"})

    def plot(self, *, horizon: float | None = None, measure: str = "Still waiting, %") -> Picture:
        """Draw the curves, and how many were still in view.

        Parameters
        ----------
        horizon
            Where the picture ends; without it, where a tenth of the smallest group is in view.
        measure
            What the curves show, in per cent.

        Raises
        ------
        DurationError
            If there are more than four groups, which no picture keeps apart.
        """
        if len(self.curves) > MOST_GROUPS_DRAWN:
            raise DurationError(
                f"There are {len(self.curves)} groups, and a picture keeps at most "
                f"{MOST_GROUPS_DRAWN} curves apart. Draw some of them at a time."
            )
        words = ""
        if len(self.curves) == 2 and np.isfinite([self.low, self.high]).all():
            words = (
                f"medians differ by {say_number(self.estimate, self.decimals)}\n"
                f"{self.level:.0%}: {say_range(self.low, self.high, self.decimals)}"
            )
        return curve_picture(
            self.curves,
            horizon=horizon or _good_end(self.curves),
            words=Words(measure, self.unit, words),
        )


def quantile_difference(
    reference: tuple[float, float, float], other: tuple[float, float, float]
) -> tuple[float, float, float]:
    """Subtract two quantiles with limits; the distances to their limits are added in squares."""
    if not np.isfinite([reference[0], other[0]]).all():
        return np.nan, -np.inf, np.inf
    estimate = other[0] - reference[0]
    below = np.hypot(other[0] - other[1], reference[2] - reference[0])
    above = np.hypot(other[2] - other[0], reference[0] - reference[1])
    return float(estimate), float(estimate - below), float(estimate + above)


def _people(curve: Curve) -> tuple[int, int]:
    return int(curve.at_risk[0]), int(curve.ended.sum())


def _good_end(curves: Mapping[str, Curve]) -> float:
    ends = [
        float(curve.times[curve.at_risk >= max(1.0, 0.1 * curve.at_risk[0])][-1])
        for curve in curves.values()
    ]
    end = max(*ends, 1e-9)
    size = 10 ** np.floor(np.log10(end))
    return float(np.ceil(end / size * 2) / 2 * size)
