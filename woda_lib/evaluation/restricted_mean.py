"""Restricted mean: how long people wait on average, counting each wait up to a horizon.

The mean of the people who have left is the wrong number: it leaves out exactly those who wait
longest. The *restricted mean* is the mean of min(duration, horizon), and equals the area under the
Kaplan-Meier curve up to the horizon. People still waiting count for the time for which they were
seen to wait, and no further.

Its standard error is the plug-in of Greenwood's formula, the sum over times at which people left of
(area to the right)^2 d / (n (n - d)). lifelines gives, under `return_variance`, the variance of one
person's restricted time, which is another thing.

Sources: Karrison (1987), JASA 82: 1169-1176; Royston and Parmar (2013), BMC Medical Research
Methodology 13: 152; Uno et al. (2014), Journal of Clinical Oncology 32: 2380-2385.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from woda_lib.evaluation.curve_picture import Words, curve_picture
from woda_lib.evaluation.durations import (
    DurationError,
    Durations,
    check_horizon,
    check_level,
    name_of,
    two_groups,
)
from woda_lib.evaluation.frames import take
from woda_lib.evaluation.lost_from_sight import lost_table, read_lost
from woda_lib.evaluation.pseudo_values import Adjustment, adjusted_difference
from woda_lib.evaluation.result import Result
from woda_lib.evaluation.survival_curve import Curve
from woda_lib.figures import Picture
from woda_lib.phrases import say_number, say_range

MOST_LOST_FROM_SIGHT = 0.1
FEW_IN_VIEW = 10
FEW_ENDED = 20

ASSUMPTIONS = (
    "Those lost from sight before the horizon would have waited on as the others did "
    "(`.bounds` says how much hangs on it).",
    "People are independent: no bad week or month moves many of them together.",
)


def restricted_mean(
    frame: pd.DataFrame,
    *,
    duration: str,
    event: str,
    horizon: float,
    group: str | None = None,
    reference: Any = None,
    ended: Any = None,
    lost: str | None = None,
    adjust: Sequence[str] = (),
    started_on: str | None = None,
    season: int = 0,
    cluster: str | None = None,
    level: float = 0.95,
    unit: str = "days",
) -> RestrictedMean:
    """Compare how long two groups wait on average, up to a horizon, with some still waiting.

    Parameters
    ----------
    frame
        One row a person.
    duration
        Column of the time from start to end, or to the last time of being seen waiting.
    event
        Column that is true (or 1) where the end came, false (or 0) where the person was censored.
    horizon
        Time up to which waiting counts, in the unit of `duration`; chosen beforehand.
    group
        Column of two groups; without it, the mean of everyone.
    reference
        The group that is subtracted. Without it: the first category, False, the smaller number, or
        the first in the alphabet.
    ended
        The value (or values) of `event` that is the end, where it holds several codes; people with
        any other are censored at that time. Where another ending rules this one out for good (death
        before discharge), that describes a world without it: see `competing_risks`.
    lost
        Column that is true for the censored whose loss may tell something (they died, withdrew or
        moved), and false for those still waiting when the data end. Used by `.bounds`; without it,
        everyone censored counts as lost.
    adjust
        Columns of case mix. With any of these arguments the difference comes from a regression of
        jackknife pseudo-values with robust errors (Andersen, Hansen and Klein 2004, Lifetime Data
        Analysis 10: 335-350).
    started_on
        Column of the date of the start; adds a straight trend by that date.
    season
        Pairs of cosine and sine of the time of year to add; needs `started_on`.
    cluster
        Column of what moves people together (a ward, a month); the robust errors add up within it
        and take t with as many degrees of freedom as clusters less one.
    level
        Of the intervals.
    unit
        Of the duration, in the plural.

    Returns
    -------
    RestrictedMean
        Its estimate is the other group's mean less the reference's: negative is shorter.

    Raises
    ------
    DurationError
        If a duration is negative, an event is no event, nothing ended, there are not two groups, or
        follow-up is too short for the horizon: in some group the last person was lost from sight
        before it while more than one in ten were still waiting. (With fewer, the curve is taken as
        flat from there to the horizon, and a warning says so.)
    FrameError
        If a column is missing, or a number is none.

    Notes
    -----
    To compare *periods* the errors between people are too small, because a good or a bad month
    moves all its people together: use `monthly_restricted_mean` and an interrupted time series.

    Examples
    --------
    >>> frame = pd.DataFrame({"days": [2, 4, 6, 20, 1, 2, 3, 9], "left": [1, 1, 1, 0, 1, 1, 1, 1],
    ...                       "pathway": ["old"] * 4 + ["new"] * 4})
    >>> result = restricted_mean(frame, duration="days", event="left", group="pathway",
    ...                          reference="old", horizon=10)
    >>> round(result.estimate, 2)
    -1.75
    """
    horizon, level = check_horizon(horizon), check_level(level)
    durations = Durations.of(frame, duration=duration, event=event, ended=ended)
    if group is None:
        if adjust or started_on or cluster or season:
            raise DurationError(
                "`adjust`, `started_on`, `season` and `cluster` change a difference between two "
                "groups. Give the column of the groups as `group`."
            )
        place, groups = np.zeros(len(durations), dtype=int), ["everyone"]
    else:
        place, groups = two_groups(take(frame, group=group)["group"], group, reference=reference)
    parts = {name_of(name): durations.where(place == number) for number, name in enumerate(groups)}
    curves = {name: Curve.of(part) for name, part in parts.items()}
    warnings = [
        sentence
        for name, curve in curves.items()
        for sentence in check_follow_up(curve, horizon, name if group else "", unit)
    ]
    rows = [_mean_row(name, curve, horizon, level) for name, curve in curves.items()]
    result = RestrictedMean(
        means=pd.DataFrame(rows),
        curves=curves,
        horizon=horizon,
        level=level,
        unit=unit,
        warnings=tuple(warnings),
        adjustment=None,
        durations=parts,
        lost=read_lost(frame, lost, place, list(parts)),
    )
    if adjust or started_on or cluster or season:
        adjustment = adjusted_difference(
            frame,
            durations,
            place,
            horizon=horizon,
            adjust=adjust,
            started_on=started_on,
            season=season,
            cluster=cluster,
            level=level,
        )
        return replace(
            result, adjustment=adjustment, warnings=(*result.warnings, *adjustment.warnings)
        )
    return result


@dataclass(frozen=True, eq=False)
class RestrictedMean(Result):
    """The difference of two restricted means (or one mean), and what stands behind it.

    Attributes
    ----------
    means
        A row a group, the reference first: `group, people, ended` and `censored` (before the
        horizon), `restricted_mean, standard_error, low, high`.
    curves
        The Kaplan-Meier curve of each group.
    horizon
        Up to which time counted.
    adjustment
        The regression of pseudo-values, where one was asked for.
    durations, lost
        What was read, for `bounds`.
    """

    means: pd.DataFrame
    curves: Mapping[str, Curve] = field(repr=False)
    horizon: float
    level: float
    unit: str
    warnings: tuple[str, ...]
    adjustment: Adjustment | None
    durations: Mapping[str, Durations] = field(repr=False)
    lost: Mapping[str, Any] = field(repr=False)

    @property
    def is_difference(self) -> bool:
        """Whether two groups are compared."""
        return len(self.means) == 2

    @property
    def unadjusted(self) -> tuple[float, float]:
        """Difference and its standard error as the curves give them, without any adjustment."""
        means = self.means["restricted_mean"].to_numpy()
        errors = self.means["standard_error"].to_numpy()
        if not self.is_difference:
            return float(means[0]), float(errors[0])
        return float(means[1] - means[0]), float(np.hypot(*errors))

    @property
    def estimate(self) -> float:
        """The other group's restricted mean less the reference's; of one group, its mean."""
        return self.adjustment.estimate if self.adjustment else self.unadjusted[0]

    @property
    def standard_error(self) -> float:
        """Of the estimate."""
        return self.adjustment.standard_error if self.adjustment else self.unadjusted[1]

    @property
    def low(self) -> float:
        """Lower limit of the interval."""
        return self.estimate - self._times_error * self.standard_error

    @property
    def high(self) -> float:
        """Upper limit of the interval."""
        return self.estimate + self._times_error * self.standard_error

    @property
    def p_value(self) -> float:
        """Of no difference; of one group not a number."""
        if not self.is_difference or self.standard_error == 0:
            return float("nan")
        return 2 * float(self._law.sf(abs(self.estimate) / self.standard_error))

    @property
    def _law(self) -> Any:
        return self.adjustment.law if self.adjustment else stats.norm

    @property
    def _times_error(self) -> float:
        return float(self._law.ppf(0.5 + self.level / 2))

    @property
    def ratio(self) -> pd.Series:
        """The other's restricted mean over the reference's: `estimate, low, high, p_value`."""
        self._needs_two("ratio")
        return self._ratio(self.means["restricted_mean"].to_numpy(float))

    @property
    def ratio_lost(self) -> pd.Series:
        """As `ratio`, of the restricted mean time lost: the horizon less the mean."""
        self._needs_two("ratio_lost")
        return self._ratio(self.horizon - self.means["restricted_mean"].to_numpy(float))

    @property
    def method(self) -> str:
        """What was done, in a sentence."""
        what = (
            f"Restricted mean up to {self.horizon:g} {self.unit}, the area under the Kaplan-Meier "
            "curve"
        )
        if self.adjustment is None:
            return (
                f"{what}; Greenwood plug-in standard error and a normal interval (Klein and "
                "Moeschberger 2003)."
            )
        return f"{what}; {self.adjustment.method}"

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the interval rests on."""
        if self.adjustment is None:
            return ASSUMPTIONS
        return (ASSUMPTIONS[0], *self.adjustment.assumptions)

    @property
    def table(self) -> pd.DataFrame:
        """The curves, a row a group and time: `group` and the columns of `Curve.table`."""
        return pd.concat(
            [curve.table(self.level).assign(group=name) for name, curve in self.curves.items()],
            ignore_index=True,
        )[["group", "time", "at_risk", "ended", "censored", "waiting", "low", "high"]]

    def summary(self) -> pd.DataFrame:
        """The difference, the ratios, and each group's mean and time lost, a row each."""
        rows: list[dict[str, Any]] = []
        if self.is_difference:
            reference, other = self.means["group"]
            name = f"Difference, {other} less {reference}"
            rows.append(
                {
                    "measure": f"{name}, adjusted" if self.adjustment else name,
                    "estimate": self.estimate,
                    "low": self.low,
                    "high": self.high,
                    "standard_error": self.standard_error,
                    "p_value": self.p_value,
                }
            )
            if self.adjustment:
                rows.append(self._unadjusted_row(name))
            for what, found in (("mean", self.ratio), ("time lost", self.ratio_lost)):
                rows.append({"measure": f"Ratio of {what}, {other} to {reference}", **found})
        rows += [
            {
                "measure": f"Restricted mean, {row['group']}",
                **self._limits(row, row["restricted_mean"]),
            }
            for row in self.means.to_dict("records")
        ]
        rows += [
            {
                "measure": f"Time lost before {self.horizon:g}, {row['group']}",
                **self._limits(row, self.horizon - row["restricted_mean"]),
            }
            for row in self.means.to_dict("records")
        ]
        table = pd.DataFrame(rows)
        order = ["measure", "estimate", "low", "high", "standard_error", "p_value"]
        return table.reindex(columns=order)

    def bounds(self, *, hazards: Sequence[float] = (0.0, 0.5, 1.0, 2.0, np.inf)) -> pd.DataFrame:
        """Say what becomes of the estimate if those lost from sight waited otherwise than others.

        After being lost, a person is taken to be `hazard` times as likely to leave at each time as
        those in view: 1 is the usual assumption, 0 means never, infinity at once. The rows in which
        one group's lost never left and the other's left at once are the worst and the best that can
        be true.

        Parameters
        ----------
        hazards
            Multiples to try, in every pairing of the two groups' extremes and alike in both.

        Returns
        -------
        DataFrame
            `assumed, reference_hazard, other_hazard, estimate, low, high` (the interval counts
            chance at that assumption, by 400 bootstrap draws of people); for one group `hazard`
            stands in place of the two. The adjustment, if any, is not used.
        """
        return lost_table(
            self.durations, self.lost, horizon=self.horizon, level=self.level, hazards=hazards
        )

    def plot(self) -> Picture:
        """Draw the curves with the area between them, and how many were still in view."""
        words = ""
        if self.is_difference:
            words = (
                f"difference {say_number(self.estimate, self.decimals)} {self.unit}\n"
                f"{self.level:.0%}: {say_range(self.low, self.high, self.decimals)}"
            )
        return curve_picture(
            self.curves,
            horizon=self.horizon,
            words=Words("Still waiting, %", self.unit, words),
        )

    def _needs_two(self, what: str) -> None:
        if not self.is_difference:
            raise DurationError(
                f"`{what}` compares two groups, and this result is the mean of everyone. Give "
                "`group`."
            )

    def _ratio(self, values: np.ndarray) -> pd.Series:
        if (values <= 0).any():
            return pd.Series({"estimate": np.nan, "low": np.nan, "high": np.nan, "p_value": np.nan})
        middle = float(np.log(values[1] / values[0]))
        error = float(np.hypot(*(self.means["standard_error"].to_numpy(float) / values)))
        half = stats.norm.ppf(0.5 + self.level / 2) * error
        p_value = 2 * stats.norm.sf(abs(middle) / error) if error > 0 else np.nan
        limits = np.exp([middle, middle - half, middle + half])
        return pd.Series([*limits, p_value], index=["estimate", "low", "high", "p_value"])

    def _unadjusted_row(self, name: str) -> dict[str, Any]:
        estimate, error = self.unadjusted
        half = stats.norm.ppf(0.5 + self.level / 2) * error
        return {
            "measure": f"{name}, unadjusted",
            "estimate": estimate,
            "low": estimate - half,
            "high": estimate + half,
            "standard_error": error,
            "p_value": 2 * stats.norm.sf(abs(estimate) / error) if error > 0 else np.nan,
        }

    def _limits(self, row: dict[Any, Any], estimate: float) -> dict[str, float]:
        half = stats.norm.ppf(0.5 + self.level / 2) * row["standard_error"]
        return {
            "estimate": estimate,
            "low": estimate - half,
            "high": estimate + half,
            "standard_error": row["standard_error"],
        }


def _mean_row(name: str, curve: Curve, horizon: float, level: float) -> dict[str, Any]:
    mean, error = curve.area(horizon), float(np.sqrt(curve.area_variance(horizon)))
    half = stats.norm.ppf(0.5 + level / 2) * error
    return {
        "group": name,
        "people": int(curve.at_risk[0]),
        "ended": int(curve.ended[curve.times <= horizon].sum()),
        "censored": int(curve.censored[curve.times < horizon].sum()),
        "restricted_mean": mean,
        "standard_error": error,
        "low": mean - half,
        "high": mean + half,
    }


def check_follow_up(curve: Curve, horizon: float, name: str, unit: str) -> list[str]:
    """Return what is thin about a curve's end, in sentences.

    Raises
    ------
    DurationError
        If it does not reach the horizon, or nobody left before it.
    """
    where = f" of {name}" if name else ""
    last, left = float(curve.times[-1]), float(curve.survival[-1])
    if last < horizon and left > MOST_LOST_FROM_SIGHT:
        raise DurationError(
            f"Follow-up{where} is too short for the horizon of {horizon:g} {unit}: nobody was seen "
            f"for longer than {last:g}, and {left:.0%} were still waiting then. Use a horizon of "
            f"at most {last:g}, or leave out those who started too recently to be followed for "
            "so long."
        )
    if not curve.ended[curve.times < horizon].any():
        raise DurationError(
            f"Nobody{where} left before the horizon of {horizon:g} {unit}, so that everybody "
            "counts as the horizon and no error can be given. Use a longer horizon."
        )
    found = []
    if last < horizon and left > 0:
        found.append(
            f"Nobody{where} was followed for {horizon:g} {unit}. The curve is taken as flat at "
            f"{left:.1%} from {last:g} on, which is the longest that the wait can be."
        )
    in_view = float(curve.waiting(np.array([horizon]))[0])
    if left > 0 and 0 < in_view < FEW_IN_VIEW:
        found.append(
            f"Only {int(in_view)} people{where} were still in view at the horizon of {horizon:g} "
            f"{unit}; the end of the curve rests on them."
        )
    ended = float(curve.ended[curve.times <= horizon].sum())
    if ended < FEW_ENDED:
        found.append(
            f"Only {int(ended)} people{where} left within the horizon: the normal interval is "
            "rough with so few."
        )
    return found
