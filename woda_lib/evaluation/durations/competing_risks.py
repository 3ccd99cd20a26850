"""Competing risks: how many have been discharged by day 30, how many have died, who still waits?

Every person ends in one way only, so the shares add up to a hundred. Kaplan-Meier for one way with
the others censored does not add up and is too high: it answers what would be if nobody died, of
people some of whom did. `summary` shows it beside the right figure, so that the size of the mistake
is seen; no other function of this room gives it.

The arithmetic and its sources are in `cumulative_incidence`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from lifelines.statistics import logrank_test
from scipy import stats

from woda_lib.evaluation.durations.cumulative_incidence import Incidence, gray_test
from woda_lib.evaluation.durations.durations import (
    DurationError,
    Durations,
    check_horizon,
    check_level,
    name_of,
    two_groups,
)
from woda_lib.evaluation.durations.incidence_picture import incidence_picture
from woda_lib.evaluation.durations.words import INDEPENDENT
from woda_lib.evaluation.frames import take
from woda_lib.evaluation.result import Result
from woda_lib.figures import Picture

MOST_LOST_FROM_SIGHT = 0.1
FEW_ENDED = 10
MOST_WAYS = 5


def competing_risks(
    frame: pd.DataFrame,
    *,
    duration: str,
    event: str,
    horizon: float,
    cause: Any,
    group: str | None = None,
    reference: Any = None,
    censored: Any = 0,
    level: float = 0.95,
    unit: str = "days",
) -> CompetingRisks:
    """Estimate the share that has ended in each way by a horizon, and compare two groups.

    Parameters
    ----------
    frame
        One row a person.
    duration
        Column of the time from start to end, or to the last time of being seen waiting.
    event
        Column of how it ended: a code or a word for each way, and one for not yet.
    horizon
        The time by which the shares are compared, in the unit of `duration`; chosen beforehand.
    cause
        The way of ending that the estimate is about.
    group, reference, level, unit
        As in `restricted_mean`.
    censored
        The value (or values) of `event` that says that it had not ended.

    Returns
    -------
    CompetingRisks
        Its estimate is a percentage; of two groups, percentage points, the other's less the
        reference's.

    Raises
    ------
    DurationError
        If nobody ended as `cause` says, there are not two groups, a duration is negative, or in
        some group nobody was followed to the horizon while more than one in ten still waited.
    FrameError
        If a column is missing, or a number is none.

    Examples
    --------
    >>> frame = pd.DataFrame({"days": [1, 2, 3, 4, 5, 6], "how": ["left", "died", "left", "left",
    ...                       "waits", "left"]})
    >>> result = competing_risks(frame, duration="days", event="how", censored="waits",
    ...                          cause="left", horizon=4)
    >>> round(result.estimate, 1)
    50.0
    """
    horizon, level = check_horizon(horizon), check_level(level)
    durations = Durations.with_ways(frame, duration=duration, event=event, censored=censored)
    way = durations.place_of(cause, event)
    place, groups = np.zeros(len(durations), dtype=int), ["everyone"]
    if group is not None:
        place, groups = two_groups(take(frame, group=group)["group"], group, reference=reference)
    parts = {name_of(name): durations.where(place == k) for k, name in enumerate(groups)}
    incidences = {name: Incidence.of(part) for name, part in parts.items()}
    warnings = [
        sentence
        for name, each in incidences.items()
        for sentence in _check_follow_up(each, way, horizon, name if group else "", unit)
    ]
    by_then = durations.times <= horizon
    if not (durations.codes[by_then] == way + 1).any():
        raise DurationError(
            f"Nobody ended as `cause` says by {horizon:g} {unit}, so that there is no share to "
            "give. Use a longer horizon, and check the unit of the durations."
        )
    if len(durations.ways) == 1:
        warnings.append(
            "There is only one way of ending in these data, so nothing competes: check whether "
            "deaths and withdrawals were coded as censored."
        )
    return CompetingRisks(
        incidences=incidences,
        ways=tuple(name_of(each) for each in durations.ways),
        way=way,
        durations=parts,
        horizon=horizon,
        level=level,
        time_unit=unit,
        warnings=tuple(warnings),
    )


@dataclass(frozen=True, eq=False)
class CompetingRisks(Result):
    """Shares that ended in each way by the horizon.

    Attributes
    ----------
    incidences
        By group, the reference first.
    ways
        The ways of ending, by name.
    way
        The place of the one that the estimate is about.
    durations
        By group, what was read.
    horizon
        By which time.
    time_unit
        Of the durations; `unit` is that of the estimate.
    """

    incidences: Mapping[str, Incidence] = field(repr=False)
    ways: tuple[str, ...]
    way: int
    durations: Mapping[str, Durations] = field(repr=False)
    horizon: float
    level: float
    time_unit: str
    warnings: tuple[str, ...]

    @property
    def cause(self) -> str:
        """The way of ending that the estimate is about."""
        return self.ways[self.way]

    @property
    def is_difference(self) -> bool:
        """Whether two groups are compared."""
        return len(self.incidences) == 2

    @property
    def unit(self) -> str:
        """Percentage points for a difference, per cent for one group."""
        return "percentage points" if self.is_difference else "%"

    @property
    def _limits(self) -> tuple[float, float, float]:
        if self.is_difference:
            return self._difference(self.way)
        (only,) = self.incidences.values()
        return _percent(only, self.way, self.horizon, self.level)

    @property
    def estimate(self) -> float:
        """Share that ended as the cause by the horizon; of two groups, the difference."""
        return self._limits[0]

    @property
    def low(self) -> float:
        """Lower limit of the interval."""
        return self._limits[1]

    @property
    def high(self) -> float:
        """Upper limit of the interval."""
        return self._limits[2]

    @cached_property
    def tests(self) -> pd.DataFrame:
        """Of two groups, a row a way: `way, gray, gray_p, logrank, logrank_p`.

        Gray's test asks for the shares, over the whole time seen; the log-rank test for the rates
        of leaving in that way among those who still wait, the other ways being censored. Of one
        group there are no rows.
        """
        return _tests(list(self.durations.values()), self.ways)

    @property
    def p_value(self) -> float:
        """Of Gray's test of the cause over the whole time seen; not a number with one group."""
        return float(self.tests["gray_p"].iloc[self.way]) if self.is_difference else float("nan")

    @property
    def method(self) -> str:
        """What was done, in a sentence."""
        what = (
            f"Aalen-Johansen cumulative incidence of {self.cause} by {self.horizon:g} "
            f"{self.time_unit}, every other way of ending competing; variance of Gaynor et al. "
            "(1993)"
        )
        if self.is_difference:
            return f"{what}, normal interval of the difference."
        return f"{what}, interval on the scale of log(-log(1 - share))."

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the interval rests on."""
        return (
            "Those still waiting when last seen would have ended as the others did.",
            INDEPENDENT,
        )

    @property
    def table(self) -> pd.DataFrame:
        """The shares, a row a group and time: `group, time, at_risk`, a column a way, `waiting`."""
        parts = []
        for name, each in self.incidences.items():
            shares = pd.DataFrame(100 * each.shares, columns=list(self.ways))
            shares.insert(0, "group", name)
            shares.insert(1, "time", each.counts.times)
            shares.insert(2, "at_risk", each.counts.at_risk.astype(int))
            parts.append(shares.assign(waiting=100 * each.waiting))
        return pd.concat(parts, ignore_index=True)

    def summary(self) -> pd.DataFrame:
        """Each way's share by the horizon, in per cent, a row a group and way.

        The column `if_others_were_censored` is one less Kaplan-Meier: the mistake, not an answer.
        """
        rows = []
        for way, name in enumerate(self.ways):
            for group, each in self.incidences.items():
                share, low, high = _percent(each, way, self.horizon, self.level)
                inside = each.counts.times <= self.horizon
                rows.append(
                    {
                        "measure": f"{name}, {group}",
                        "estimate": share,
                        "low": low,
                        "high": high,
                        "people": int(each.counts.at_risk[0]),
                        "ended": int(each.counts.ended[inside, way].sum()),
                        "if_others_were_censored": 100 * float(each.naive(self.horizon)[way]),
                    }
                )
            if self.is_difference:
                reference, other = self.incidences
                share, low, high = self._difference(way)
                rows.append(
                    {
                        "measure": f"{name}, {other} less {reference}",
                        "estimate": share,
                        "low": low,
                        "high": high,
                    }
                )
                rows[-1]["gray_p"] = self.tests["gray_p"].iloc[way]
        for group, each in self.incidences.items():
            left = 100 - 100 * float(each.at(np.array([self.horizon])).sum())
            rows.append({"measure": f"still waiting, {group}", "estimate": left})
        return pd.DataFrame(rows).astype({"people": "Int64", "ended": "Int64"})

    def plot(self) -> Picture:
        """Draw the shares on top of each other: who ended how, and who still waits.

        Raises
        ------
        DurationError
            If there are more than five ways, which no picture keeps apart.
        """
        if len(self.ways) > MOST_WAYS:
            raise DurationError(
                f"There are {len(self.ways)} ways of ending, and a picture keeps at most "
                f"{MOST_WAYS} apart. Join the rare ones before the call."
            )
        order = [self.way, *(k for k in range(len(self.ways)) if k != self.way)]
        return incidence_picture(
            self.incidences,
            ways=self.ways,
            order=order,
            horizon=self.horizon,
            unit=self.time_unit,
        )

    def _difference(self, way: int) -> tuple[float, float, float]:
        shares, variances = [], []
        for each in self.incidences.values():
            shares.append(float(each.at(np.array([self.horizon]))[0, way]))
            variances.append(float(each.variance(self.horizon)[way]))
        estimate = 100 * (shares[1] - shares[0])
        half = 100 * stats.norm.ppf(0.5 + self.level / 2) * np.sqrt(max(sum(variances), 0.0))
        return estimate, float(max(estimate - half, -100)), float(min(estimate + half, 100))


def _percent(each: Incidence, way: int, horizon: float, level: float) -> tuple[float, float, float]:
    share, low, high = each.limits(horizon, level)
    return 100 * float(share[way]), 100 * float(low[way]), 100 * float(high[way])


def _tests(groups: list[Durations], ways: tuple[str, ...]) -> pd.DataFrame:
    rows = []
    for way, name in enumerate(ways if len(groups) == 2 else ()):
        gray, gray_p = gray_test(groups, way)
        first, second = groups
        test = logrank_test(
            first.times,
            second.times,
            event_observed_A=first.codes == way + 1,
            event_observed_B=second.codes == way + 1,
        )
        rows.append((name, gray, gray_p, float(test.test_statistic), float(test.p_value)))
    return pd.DataFrame(rows, columns=["way", "gray", "gray_p", "logrank", "logrank_p"])


def _check_follow_up(each: Incidence, way: int, horizon: float, name: str, unit: str) -> list[str]:
    where = f" of {name}" if name else ""
    last, left = float(each.counts.times[-1]), float(each.waiting[-1])
    if last < horizon and left > MOST_LOST_FROM_SIGHT:
        raise DurationError(
            f"Follow-up{where} is too short for the horizon of {horizon:g} {unit}: nobody was seen "
            f"for longer than {last:g}, and {left:.0%} were still waiting then. Use a horizon of "
            f"at most {last:g}, or leave out those who started too recently."
        )
    found = []
    if last < horizon and left > 0:
        found.append(
            f"Nobody{where} was followed for {horizon:g} {unit}; the shares are taken as flat from "
            f"{last:g} on, when {left:.1%} still waited."
        )
    ended = int(each.counts.ended[each.counts.times <= horizon, way].sum())
    if ended < FEW_ENDED:
        found.append(
            f"Only {ended} people{where} ended in the way studied by the horizon; the interval is "
            "rough with so few."
        )
    return found
