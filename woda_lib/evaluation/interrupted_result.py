"""The answer of an interrupted time series, with everything needed to doubt it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from woda_lib.evaluation.alternatives import alternative_estimates, name_errors, trend_shapes
from woda_lib.evaluation.autoregressive import Contrast
from woda_lib.evaluation.error_models import along
from woda_lib.evaluation.forest import forest
from woda_lib.evaluation.interrupted_words import say_assumptions, say_method, say_warnings
from woda_lib.evaluation.interval import Interval, decimals_of
from woda_lib.evaluation.placebos import placebo_dates
from woda_lib.evaluation.result import Result, say_share
from woda_lib.evaluation.series_model import SeriesModel
from woda_lib.evaluation.series_picture import series_picture
from woda_lib.evaluation.time_series import SeriesError
from woda_lib.figures import Picture
from woda_lib.phrases import say_number, say_range


@dataclass(frozen=True, eq=False)
class InterruptedTimeSeries(Result):
    """The effect of a change on a series.

    The estimate is a *change*: −2.7 means 2.7 fewer, and `-result.interval` turns it into a saving.
    For counts it is the log of the rate ratio; see `ratio` and `percent`.

    Attributes
    ----------
    model
        What was fitted.
    outcome, control, exposure
        Names of the columns, for tables and pictures.
    contrast
        The effect with its standard error, degrees of freedom and p value.
    posterior
        Mean and limits of the second interval, averaged over the correlation.
    estimate, low, high, level, unit, method, assumptions, warnings
        As every `Result` has them; the unit is empty for counts, whose estimate is a pure number.
    """

    model: SeriesModel
    outcome: str
    control: str | None
    exposure: str | None
    contrast: Contrast
    posterior: tuple[float, float, float]
    estimate: float
    low: float
    high: float
    level: float
    unit: str
    method: str
    assumptions: tuple[str, ...]
    warnings: tuple[str, ...]

    @classmethod
    def of(
        cls,
        model: SeriesModel,
        *,
        level: float,
        unit: str,
        outcome: str,
        control: str | None,
        exposure: str | None,
        within: str = "",
    ) -> InterruptedTimeSeries:
        """Fit a model and gather what belongs beside its answer.

        Parameters
        ----------
        model
            What to fit.
        level, unit, outcome, control, exposure
            As the result keeps them.
        within
            A warning about where the start lies.
        """
        found = model.effect(level=level)
        return cls(
            model=model,
            outcome=outcome,
            control=control,
            exposure=exposure,
            contrast=found,
            posterior=model.posterior(level=level),
            estimate=found.estimate,
            low=found.low,
            high=found.high,
            level=level,
            unit="" if model.is_log else unit,
            method=say_method(model),
            assumptions=say_assumptions(model, outcome, control, exposure),
            warnings=(*([within] if within else []), *say_warnings(model)),
        )

    @property
    def ratio(self) -> Interval:
        """The rate ratio with its interval; for counts only.

        Raises
        ------
        SeriesError
            If the outcome is no count.
        """
        if not self.model.is_log:
            raise SeriesError(
                "A rate ratio belongs to counts. With family='gaussian' the estimate is a change "
                "in the outcome's own unit."
            )
        ratio, low, high = np.exp([self.estimate, self.low, self.high]).tolist()
        return Interval(ratio, low, high, "")

    @property
    def percent(self) -> Interval:
        """The effect in per cent of what was to be expected; for counts only, as `ratio`."""
        ratio = self.ratio
        change, low, high = (100 * (r - 1) for r in (ratio.estimate, ratio.low, ratio.high))
        return Interval(change, low, high, "%")

    @property
    def correlation(self) -> float:
        """Correlation of one step's error with the next, as the default errors estimate it."""
        return self.model.recipe.correlation

    @property
    def said(self) -> Interval:
        """The effect as a reader wants it: in per cent for counts, else in the outcome's unit."""
        return self.percent if self.model.is_log else self.interval

    @property
    def effect_is(self) -> str:
        """Say what the estimate is of: "average over the 18 months from October 2023"."""
        model, impact = self.model, self.model.terms.impact
        full = model.series.positions[impact.full(model.since)]
        where = f"the {len(full)} {model.series.axis.words} from {model.series.axis.say(full[0])}"
        return f"full effect, over {where}" if impact.shape == "ramp" else f"average over {where}"

    @property
    def reading(self) -> str:
        """Say in three words whether the interval, at its level, holds no change."""
        return "more than chance" if self.found else "could be chance"

    @property
    def finding(self) -> str:
        """Say the effect in words: "2.7 days lower than expected (95% interval 2.1 to 3.3)"."""
        effect = self.said
        decimals = decimals_of(effect.low, effect.high)
        if not self.found:
            within = say_range(effect.low, effect.high, decimals)
            change = f"{say_number(effect.estimate, decimals)}{_spaced(effect.unit)}"
            return f"within chance of what was expected ({change}, {within})"
        side = "lower" if effect.estimate < 0 else "higher"
        size = -effect if effect.estimate < 0 else effect
        within = say_range(size.low, size.high, decimals)
        return (
            f"{say_number(size.estimate, decimals)}{_spaced(size.unit)} {side} than expected "
            f"({say_share(self.level)} interval {within})"
        )

    @property
    def table(self) -> pd.DataFrame:
        """Time by time: what was seen, what was fitted, what was to be expected.

        Columns: `time, after, observed, exposure, control, control_exposure, fitted, expected,
        expected_low, expected_high`; exposures are there where they were given. Expected is without
        the change, and its limits say how well it is known on average, not how far single times
        stray from it. Counts stand as counts.
        """
        model, series = self.model, self.model.series
        without = along(model.fit, model.design.without_change, level=self.level)
        columns: dict[str, Any] = {
            "time": series.times,
            "after": model.since >= 0,
            "observed": series.outcome,
            "exposure": series.exposure if self.exposure else None,
            "control": np.nan if series.control is None else series.control,
            "control_exposure": series.control_exposure if self.exposure else None,
            "fitted": series.observable(model.fit.fitted),
            "expected": series.observable(np.array([found.estimate for found in without])),
            "expected_low": series.observable(np.array([found.low for found in without])),
            "expected_high": series.observable(np.array([found.high for found in without])),
        }
        return pd.DataFrame({name: each for name, each in columns.items() if each is not None})

    def summary(self) -> pd.DataFrame:
        """Return the effect with both intervals, and the coefficients that explain it.

        Returns
        -------
        DataFrame
            `what, interval, estimate, low, high, standard_error, df, p_value`: the effect with the
            errors asked for and averaged over the correlation (the grid posterior), for counts also
            as a ratio and in per cent, the trend and the change of slope a year, and columns
            adjusted for, a unit each.
        """
        model = self.model
        name = name_errors(model.errors, model.family, len(model.series))
        what = "log rate ratio" if model.is_log else "change"
        mean, low, high = self.posterior
        rows = [
            _line(f"Effect ({what}), {self.effect_is}", name, self.contrast),
            (f"Effect ({what})", "Grid posterior", mean, low, high),
        ]
        if model.is_log:
            for named, found in (("Rate ratio", self.ratio), ("Change in per cent", self.percent)):
                rows.append((named, name, found.estimate, found.low, found.high))
        a_year = "a year" if model.per_year else "a step"
        names = {"trend": f"Trend {a_year}", "slope": f"Change of slope {a_year}"}
        names |= {f"adjust {column}": column for column in model.terms.adjust}
        for column, named in names.items():
            if column in model.design.names:
                rows.append(_line(named, name, model.coefficient(column, level=self.level)))
        columns = ["what", "interval", "estimate", "low", "high", "standard_error", "df", "p_value"]
        return pd.DataFrame(rows, columns=columns)

    def alternatives(self) -> pd.DataFrame:
        """Estimate the same effect in other ways; see `alternatives.alternative_estimates`."""
        return alternative_estimates(self.model, level=self.level)

    def trend_shapes(self) -> pd.DataFrame:
        """Estimate the same effect under other trends; see `alternatives.trend_shapes`."""
        return trend_shapes(self.model, level=self.level)

    def placebos(self, *, margin: int | None = None) -> pd.DataFrame:
        """Pretend that the start had been earlier; see `placebos.placebo_dates`."""
        return placebo_dates(self.model, margin=margin, level=self.level)

    def plot(
        self,
        *,
        measure: str | None = None,
        event: str = "Change",
        treated: str = "With the change",
        comparison: str | None = None,
    ) -> Picture:
        """Draw the series, what was to be expected, and the effect between them.

        Parameters
        ----------
        measure
            What the vertical axis measures, with its unit; the outcome's column without it.
        event
            Name of the change; its time is added.
        treated, comparison
            Names of the two series.
        """
        model = self.model
        return series_picture(
            self.table,
            axis=model.series.axis,
            start=model.start,
            full=model.terms.impact.full(model.since),
            change=self.said,
            level=self.level,
            measure=measure or _with_unit(self.outcome, self.unit),
            per=self.exposure,
            event=event,
            treated=treated,
            comparison=comparison or self.control or "",
        )

    def forest(self, *, measure: str | None = None) -> Picture:
        """Draw the primary estimate among its alternatives; counts in per cent.

        Parameters
        ----------
        measure
            What the horizontal axis measures, with its unit.
        """
        table = self.alternatives()
        values = ["estimate", "low", "high"]
        if self.model.is_log:
            table[values] = 100 * np.expm1(table[values])
        unit = "%" if self.model.is_log else self.unit
        return forest(
            table,
            measure=measure or f"Change in {_with_unit(self.outcome, unit)}",
            decimals=decimals_of(self.said.low, self.said.high),
        )

    def __str__(self) -> str:
        if not self.model.is_log:
            return super().__str__()
        ratio = self.ratio
        decimals = decimals_of(ratio.low, ratio.high)
        within = say_range(ratio.low, ratio.high, decimals)
        said = f"{say_number(ratio.estimate, decimals)} ({say_share(self.level)} interval {within})"
        return f"Rate ratio {said}; its log: {super().__str__()}"


def _with_unit(name: str, unit: str) -> str:
    return f"{name}, {unit}" if unit not in ("", name) else name


def _spaced(unit: str) -> str:
    return "%" if unit == "%" else f" {unit}" if unit else ""


def _line(what: str, interval: str, found: Contrast) -> tuple[Any, ...]:
    limits = (found.estimate, found.low, found.high)
    return (what, interval, *limits, found.standard_error, found.df, found.p_value)
