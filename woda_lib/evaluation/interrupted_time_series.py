"""Interrupted time series: what did the change do to a monthly measure?

The series before go-live says what would have happened without the change; the distance from there
to what did happen is the effect. With a comparison that did not change, the *difference* of the two
series is fitted, so that winters and policies that meet both drop out. A trend in the difference
stays in the model: a comparison that drifts by half a day a year would otherwise turn up as an
effect in one analysis of four.

The errors are those of `autoregressive`; the terms those of `segments`; other methods stand in
`alternatives`. The primary model is the one this function fits by default, fixed before any outcome
is seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from woda_lib.evaluation.alternatives import alternative_estimates
from woda_lib.evaluation.autoregressive import AutoregressiveFit, AutoregressiveModel, Contrast
from woda_lib.evaluation.forest import forest
from woda_lib.evaluation.interval import Interval
from woda_lib.evaluation.monthly_series import MonthlySeries, SeriesError
from woda_lib.evaluation.segments import SegmentedDesign, Terms
from woda_lib.evaluation.series_picture import series_picture
from woda_lib.figures import Picture
from woda_lib.phrases import say_number, say_range

FEWEST_MONTHS_A_SIDE = 3
FEW_MONTHS_BEFORE = 12


def interrupted_time_series(
    frame: pd.DataFrame,
    *,
    outcome: str,
    time: str,
    start: Any,
    control: str | None = None,
    impact: Literal["step", "slope"] = "step",
    season: int | None = None,
    trend: bool = True,
    exclude: Sequence[Any] = (),
    unit: str = "",
    level: float = 0.95,
) -> InterruptedTimeSeries:
    """Estimate the average effect of a change on a monthly measure.

    Parameters
    ----------
    frame
        One row a month.
    outcome
        Column of the measure.
    time
        Column of the month: any day in it.
    start
        First day of the first month with the change.
    control
        Column of the same measure where nothing changed.
    impact
        A "step", or a step and a bend of the line ("slope"), when the effect remains the average
        over the months seen.
    season
        Pairs of cosine and sine for the season. Without a number: none with a control, which has
        the same winters; else two, or one under 36 months.
    trend
        Whether the measure (or its difference from the control) may follow a straight line.
    exclude
        Months to leave out, such as those of a roll-out.
    unit
        Of the outcome, in the plural.
    level
        Of the intervals.

    Returns
    -------
    InterruptedTimeSeries

    Raises
    ------
    SeriesError
        If the series has holes or repeats, or go-live leaves fewer than three months on a side.
    TooFewMonthsError, UnidentifiedDesignError
        If the months cannot carry the model.

    Examples
    --------
    >>> months = pd.date_range("2022-01-01", periods=24, freq="MS")
    >>> days = 9.0 - 2.5 * (months >= "2023-01-01") + 0.05 * np.sin(np.arange(24.0))
    >>> frame = pd.DataFrame({"month": months, "days": days})
    >>> result = interrupted_time_series(frame, outcome="days", time="month",
    ...                                  start="2023-01-01", season=0)
    >>> round(result.estimate, 1)
    -2.5
    """
    series = MonthlySeries.of(frame, outcome=outcome, month=time, control=control, exclude=exclude)
    go_live = _go_live(start, series)
    if season is None:
        season = 0 if control else (2 if len(series.months) >= 36 else 1)
    terms = Terms(trend=trend, slope=impact == "slope", harmonics=season)
    design = SegmentedDesign.of(series.months, go_live=go_live, terms=terms)
    fit = AutoregressiveModel(design.matrix, at=series.positions).fit(series.modelled)
    return InterruptedTimeSeries(
        series=series, go_live=go_live, terms=terms, design=design, fit=fit, unit=unit, level=level
    )


def _go_live(given: Any, series: MonthlySeries) -> pd.Timestamp:
    start = pd.Timestamp(given)
    if start.day != 1:
        raise SeriesError(
            "Go-live must be the first day of a month. If the change came within a month, give the "
            "first whole month with it, and name the month of the change in `exclude`."
        )
    before, after = (series.months < start).sum(), (series.months >= start).sum()
    if min(before, after) < FEWEST_MONTHS_A_SIDE:
        raise SeriesError(
            f"Go-live in {start:%B %Y} leaves {before} months before it and {after} after; at "
            f"least {FEWEST_MONTHS_A_SIDE} are needed on each side. The series runs from "
            f"{series.months[0]:%B %Y} to {series.months[-1]:%B %Y}."
        )
    return start


@dataclass(frozen=True, eq=False)
class InterruptedTimeSeries:
    """The effect of a change, with everything needed to doubt it.

    The estimate is a *change*: −2.7 means 2.7 fewer. `-result.interval` turns it into a saving.
    """

    series: MonthlySeries
    go_live: pd.Timestamp
    terms: Terms
    design: SegmentedDesign
    fit: AutoregressiveFit
    unit: str
    level: float

    @property
    def contrast(self) -> Contrast:
        """The effect with its standard error, degrees of freedom, interval and p value."""
        return self.fit.contrast(self.design.step, level=self.level)

    @property
    def estimate(self) -> float:
        """Average change over the months since go-live, in the outcome's unit."""
        return self.contrast.estimate

    @property
    def low(self) -> float:
        """Lower limit of the interval."""
        return self.contrast.low

    @property
    def high(self) -> float:
        """Upper limit of the interval."""
        return self.contrast.high

    @property
    def interval(self) -> Interval:
        """Estimate and interval together, ready for `money`."""
        found = self.contrast
        return Interval(found.estimate, found.low, found.high, self.unit)

    @property
    def posterior(self) -> tuple[float, float, float]:
        """Mean and limits of the second interval, averaged over the correlation."""
        return self.fit.posterior_interval(self.design.step, level=self.level)

    @property
    def correlation(self) -> float:
        """Correlation of one month's error with the next."""
        return self.fit.correlation

    @property
    def reading(self) -> str:
        """Say in three words whether the interval, at its level, holds no change."""
        return "could be chance" if self.low <= 0 <= self.high else "more than chance"

    @property
    def finding(self) -> str:
        """Say the effect in words: "2.7 days lower than expected (95% interval 2.1 to 3.3)"."""
        effect = self.interval
        if self.low <= 0 <= self.high:
            within = say_range(self.low, self.high)
            return f"within chance of what was expected ({say_number(effect.estimate)}, {within})"
        size = -effect if effect.estimate < 0 else effect
        side = "lower" if effect.estimate < 0 else "higher"
        within = say_range(size.low, size.high)
        return (
            f"{say_number(size.estimate)} {size.unit} {side} than expected (95% interval {within})"
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences that belong beside the estimate."""
        found = []
        if self.fit.correlation_is_high:
            found.append(
                f"Months resemble each other strongly (correlation {self.correlation:.2f}). "
                "The interval may still be too narrow: look for something the model leaves out."
            )
        before = int((self.series.months < self.go_live).sum())
        if before < FEW_MONTHS_BEFORE:
            found.append(
                f"There are only {before} months before go-live, less than a year, "
                "so a season cannot be told from a trend."
            )
        return tuple(found)

    @property
    def table(self) -> pd.DataFrame:
        """Month by month: what was seen, what was fitted, what was to be expected.

        Columns: `month, observed, control, fitted, expected, expected_low, expected_high`. Expected
        is without the change, and its limits say how well it is known on average, not how far
        single months stray from it.
        """
        base = 0.0 if self.series.control is None else self.series.control
        without = [self.fit.contrast(row, level=self.level) for row in self.design.without_change]
        return pd.DataFrame(
            {
                "month": self.series.months,
                "observed": self.series.outcome,
                "control": np.nan if self.series.control is None else self.series.control,
                "fitted": base + self.fit.fitted,
                "expected": base + np.array([found.estimate for found in without]),
                "expected_low": base + np.array([found.low for found in without]),
                "expected_high": base + np.array([found.high for found in without]),
            }
        )

    def summary(self) -> pd.DataFrame:
        """Both intervals, a row each, with what they rest on."""
        found = self.contrast
        mean, low, high = self.posterior
        rows = {
            "REML AR(1), Kenward–Roger": {
                "estimate": found.estimate,
                "low": found.low,
                "high": found.high,
                "standard_error": found.standard_error,
                "df": found.df,
                "p_value": found.p_value,
            },
            "Grid posterior": {"estimate": mean, "low": low, "high": high},
        }
        table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("interval")
        return table.assign(correlation=self.correlation, terms=str(self.terms)).reset_index()

    def alternatives(self) -> pd.DataFrame:
        """Estimate the same effect in other ways; see `alternatives.alternative_estimates`."""
        return alternative_estimates(
            self.series, go_live=self.go_live, terms=self.terms, level=self.level
        )

    def placebos(self, *, margin: int = 6) -> pd.DataFrame:
        """Pretend that go-live had been earlier, using only months before it.

        A method that finds effects where nothing happened is not to be believed where something
        did. Neighbouring dates share most of their months, so count them as a pattern, not as that
        many tests.

        Parameters
        ----------
        margin
            Months that a pretended date leaves on each side.

        Returns
        -------
        DataFrame
            One row a pretended date: `month, estimate, low, high, found_effect`.

        Raises
        ------
        SeriesError
            If there are too few months before go-live.
        """
        before = self.series.where(np.asarray(self.series.months < self.go_live))
        dates = before.months[margin : len(before.months) - margin + 1]
        if dates.empty:
            raise SeriesError(
                f"There are {len(before.months)} months before go-live; pretended dates with "
                f"{margin} months on each side need {2 * margin}. Use a smaller margin."
            )
        rows = []
        for date in dates:
            design = SegmentedDesign.of(before.months, go_live=date, terms=self.terms)
            fit = AutoregressiveModel(design.matrix, at=before.positions).fit(before.modelled)
            found = fit.contrast(design.step, level=self.level)
            rows.append((date, found.estimate, found.low, found.high))
        table = pd.DataFrame(rows, columns=["month", "estimate", "low", "high"])
        return table.assign(found_effect=(table["low"] > 0) | (table["high"] < 0))

    def plot(
        self,
        *,
        measure: str,
        event: str,
        treated: str = "With the change",
        comparison: str = "Comparison",
    ) -> Picture:
        """Draw the series, what was to be expected, and the effect between them.

        Parameters
        ----------
        measure
            What the vertical axis measures, with its unit.
        event
            Name of the change; its month is added.
        treated, comparison
            Names of the two series.
        """
        return series_picture(
            self.table,
            go_live=self.go_live,
            change=self.interval,
            measure=measure,
            event=event,
            treated=treated,
            comparison=comparison,
        )

    def forest(self, *, measure: str) -> Picture:
        """Draw the primary estimate among its alternatives.

        Parameters
        ----------
        measure
            What the horizontal axis measures, with its unit.
        """
        return forest(self.alternatives(), measure=measure)
