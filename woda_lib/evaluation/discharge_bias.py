"""Why "average wait of those discharged this month" is the wrong number, shown on any clocks.

Three averages are made of the same people, month by month:

- *by month of discharge*: of those who were discharged in the month. Those who started long ago are
  in it only if they waited long, those who still wait never; in the months after a clock begins to
  be kept it can hold only short waits.
- *by month of start, those discharged so far*: short waits are discharged first, so the newest
  months look the best, whatever was done in them.
- *by month of start, with those still waiting*: the restricted mean, which is the right number for
  months that have been followed to the horizon, and says so for others.

With the truth (made-up people whose whole wait is known) the distance of each is measured.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from woda_lib.evaluation.discharge_picture import discharge_picture
from woda_lib.evaluation.durations import (
    DurationError,
    Durations,
    Floats,
    check_horizon,
    check_level,
)
from woda_lib.evaluation.frames import numbers, take
from woda_lib.evaluation.pseudo_values import read_dates
from woda_lib.evaluation.result import Result
from woda_lib.evaluation.survival_curve import Curve
from woda_lib.figures import Picture

SERIES = {
    "by_discharge": "discharged in the month",
    "by_start_discharged": "started in the month, those discharged so far",
    "restricted_mean": "started in the month, with those still waiting",
}
"""The three averages by the name of their column."""

DRAWS = 400
SEED = 20_240_401


def discharged_this_month_bias(
    frame: pd.DataFrame,
    *,
    started_on: str,
    duration: str,
    event: str,
    as_of: Any,
    horizon: float,
    ended: Any = None,
    truth: str | None = None,
    level: float = 0.95,
    unit: str = "days",
) -> DischargeBias:
    """Average the same clocks by month of discharge and by month of start, beside each other.

    Parameters
    ----------
    frame
        One row a clock.
    started_on
        Column of the date on which the clock started.
    duration, event, ended
        As in `restricted_mean`; the duration is in days.
    as_of
        The last day that the data reach.
    horizon
        Days up to which a wait counts, in all three averages alike, so that they differ by who is
        in them and by nothing else.
    truth
        Column of the whole wait in days, known for made-up people only.
    level
        Of the interval.
    unit
        Of the duration, in the plural.

    Returns
    -------
    DischargeBias
        Its estimate is how far, on average over the months with all three, the mean by month of
        discharge lies from the restricted mean by month of start; negative is too short.

    Raises
    ------
    DurationError
        If a clock starts after `as_of` or runs past it, no month is followed to the horizon, or the
        columns are not what `restricted_mean` asks for.
    """
    horizon, level = check_horizon(horizon), check_level(level)
    durations = Durations.of(frame, duration=duration, event=event, ended=ended)
    started = read_dates(frame, started_on, "started_on")
    last = _last_day(as_of)
    stopped = started + pd.to_timedelta(durations.times, unit="D")
    if (stopped.dt.normalize() > last).any():
        row = int((stopped.dt.normalize() > last).to_numpy().argmax()) + 1
        raise DurationError(
            f"The clock in row {row} of the table runs past {last:%d %B %Y}, which `as_of` says is "
            "the last day of the data. Give the right day, or censor such clocks on it."
        )
    people = pd.DataFrame(
        {
            "started": started.dt.to_period("M"),
            "stopped": stopped.dt.to_period("M"),
            "days": durations.times,
            "ended": durations.ended,
        }
    )
    if truth is not None:
        people["truth"] = numbers(take(frame, truth=truth)["truth"], truth).to_numpy()
    table = _table(people, horizon, last)
    counted = table["mature"] & table["by_discharge"].notna()
    if not counted.any():
        raise DurationError(
            f"No month of start has been followed for {horizon:g} days by {last:%d %B %Y}. Use a "
            "shorter horizon, or wait for later extracts."
        )
    gap = _mean_gap(table)
    spread = _spread(people, horizon, last, np.random.default_rng(SEED))
    return DischargeBias(
        table=table,
        estimate=gap,
        draws=spread,
        horizon=horizon,
        level=level,
        unit=unit,
        as_of=last,
    )


@dataclass(frozen=True, eq=False)
class DischargeBias(Result):
    """Three averages of the same people by month, and how far apart they are.

    Attributes
    ----------
    table
        A row a month: `month`, `by_discharge`, `by_start_discharged`, `restricted_mean` (days,
        of mature months only), `truth` if it was given, `started`, `discharged`,
        `still_waiting` (people) and `mature`
        (whether all who started had been followed to the horizon).
    estimate
        Mean over mature months of the mean by discharge less the restricted mean.
    draws
        The same of clocks drawn anew, for the interval.
    horizon, as_of
        As they were given.
    """

    table: pd.DataFrame
    estimate: float
    draws: Floats
    horizon: float
    level: float
    unit: str
    as_of: pd.Timestamp

    @property
    def low(self) -> float:
        """Lower limit of the interval."""
        return min(float(np.nanquantile(self.draws, 0.5 - self.level / 2)), self.estimate)

    @property
    def high(self) -> float:
        """Upper limit of the interval."""
        return max(float(np.nanquantile(self.draws, 0.5 + self.level / 2)), self.estimate)

    @property
    def method(self) -> str:
        """What was done, in a sentence."""
        return (
            f"Mean wait up to {self.horizon:g} {self.unit} of those discharged in a month, less "
            "the restricted mean of those who started in it, averaged over mature months; interval "
            f"from {DRAWS} draws of people."
        )

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the comparison rests on."""
        return ("Those lost from sight would have waited on as the others did.",)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Which months are not ripe."""
        young = self.table.loc[~self.table["mature"] & (self.table["started"] > 0), "month"]
        if young.empty:
            return ()
        return (
            f"Those who started from {young.min():%B %Y} on have not all been followed for "
            f"{self.horizon:g} days: their months are drawn and not counted.",
        )

    @property
    def newest(self) -> float:
        """How far the newest month's mean of those discharged so far lies from a mature month's.

        This is the improvement that a report by month of start would show if nothing had changed.
        """
        seen = self.table.dropna(subset=["by_start_discharged"])
        ripe = self.table.loc[self.table["mature"], "restricted_mean"].mean()
        return float(seen["by_start_discharged"].iloc[-1] - ripe)

    def summary(self) -> pd.DataFrame:
        """How far each average lies from the restricted mean and, if known, from the truth."""
        ripe = self.table[self.table["mature"]]
        known = "truth" in self.table
        rows = []
        for column, words in SERIES.items():
            gap = ripe[column] - ripe["restricted_mean"]
            row: dict[str, Any] = {"average_of_those": words, "mean": float(ripe[column].mean())}
            row |= {"estimate": float(gap.mean()), "largest": float(gap.abs().max())}
            if column == "by_discharge":
                row |= {"low": self.low, "high": self.high}
            if known:
                row["from_truth"] = float((ripe[column] - ripe["truth"]).mean())
                every = self.table.dropna(subset=[column, "truth"])
                row["from_truth_newest"] = float((every[column] - every["truth"]).iloc[-1])
            rows.append(row)
        order = ["average_of_those", "mean", "estimate", "low", "high", "largest"]
        return pd.DataFrame(rows).reindex(
            columns=[*order, *(["from_truth", "from_truth_newest"] if known else [])]
        )

    def plot(self) -> Picture:
        """Draw the three averages by month, and the truth where it is known."""
        return discharge_picture(self.table, horizon=self.horizon, unit=self.unit)


def _last_day(as_of: Any) -> pd.Timestamp:
    try:
        last = pd.Timestamp(as_of)
    except (ValueError, TypeError):
        last = None
    if last is None or pd.isna(last) or last.tz is not None:
        raise DurationError(
            "`as_of` must be a plain date, such as 2025-03-31: the last day that the data reach."
        )
    return last.normalize()


def _table(people: pd.DataFrame, horizon: float, last: pd.Timestamp) -> pd.DataFrame:
    """Average by month in three ways."""
    counted = people.assign(days=people["days"].clip(upper=horizon))
    seen = counted[counted["ended"]]
    months = pd.period_range(people["started"].min(), last.to_period("M"), freq="M")
    by_start = people.groupby("started")
    table = pd.DataFrame(index=months)
    table["by_discharge"] = seen.groupby("stopped")["days"].mean()
    table["by_start_discharged"] = seen.groupby("started")["days"].mean()
    table["restricted_mean"] = by_start[["days", "ended"]].apply(
        lambda group: _restricted(group, horizon)
    )
    if "truth" in people:
        whole = people.assign(truth=people["truth"].clip(upper=horizon))
        table["truth"] = whole.groupby("started")["truth"].mean()
    table["started"] = by_start.size().reindex(months, fill_value=0)
    table["discharged"] = seen.groupby("stopped").size().reindex(months, fill_value=0)
    waiting = people[~people["ended"]].groupby("started").size()
    table["still_waiting"] = waiting.reindex(months, fill_value=0)
    ripe = months.end_time.normalize() + pd.Timedelta(days=horizon) <= last
    table["mature"] = ripe & (table["started"] > 0)
    table["restricted_mean"] = table["restricted_mean"].where(table["mature"])
    return (
        table.rename_axis("month")
        .reset_index()
        .assign(month=lambda each: each["month"].dt.to_timestamp())
    )


def _restricted(group: pd.DataFrame, horizon: float) -> float:
    """The area under the curve; not a number where nobody was followed that far."""
    times = group["days"].to_numpy(float)
    curve = Curve.of(Durations(times, group["ended"].to_numpy(int), (True,)))
    if curve.times[-1] < horizon and curve.survival[-1] > 0.1:
        return float("nan")
    return curve.area(horizon)


def _mean_gap(table: pd.DataFrame) -> float:
    ripe = table[table["mature"]]
    return float((ripe["by_discharge"] - ripe["restricted_mean"]).mean())


def _spread(
    people: pd.DataFrame, horizon: float, last: pd.Timestamp, rng: np.random.Generator
) -> Floats:
    """Repeat the gap on people drawn anew.

    Within the draws the restricted mean of a mature month is its plain mean up to the horizon, with
    the few lost from sight as they stand; this changes the spread by less than its own error.
    """
    months = pd.period_range(people["started"].min(), last.to_period("M"), freq="M")
    ripe = months.end_time.normalize() + pd.Timedelta(days=horizon) <= last
    start = months.get_indexer(pd.PeriodIndex(people["started"]))
    stop = months.get_indexer(pd.PeriodIndex(people["stopped"]))
    days = people["days"].clip(upper=horizon).to_numpy()
    ended = people["ended"].to_numpy(float)
    size = len(months)
    gaps = np.empty(DRAWS)
    for draw in range(DRAWS):
        times = rng.multinomial(len(people), np.full(len(people), 1 / len(people))).astype(float)
        seen = times * ended
        by_stop = np.bincount(stop, seen * days, size), np.bincount(stop, seen, size)
        by_start = np.bincount(start, times * days, size), np.bincount(start, times, size)
        with np.errstate(invalid="ignore", divide="ignore"):
            gap = by_stop[0] / by_stop[1] - by_start[0] / by_start[1]
        known = gap[ripe & np.isfinite(gap)]
        gaps[draw] = known.mean() if len(known) else np.nan
    return gaps - np.nanmean(gaps) + _mean_gap(_table(people, horizon, last))
