"""One model of one series: what is fitted, and the effect that it finds."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from statsmodels.stats.diagnostic import acorr_ljungbox

from woda_lib.evaluation.series.at_correlation import whiten
from woda_lib.evaluation.series.autoregressive import (
    AutoregressiveFit,
    AutoregressiveModel,
    Contrast,
)
from woda_lib.evaluation.series.error_models import Errors, Family, Fit, fit_series
from woda_lib.evaluation.series.segments import SegmentedDesign, Terms
from woda_lib.evaluation.series.time_series import SeriesError, TimeSeries

Floats = NDArray[np.floating[Any]]

FEWEST_A_SIDE = 3
LEAST_SPARE_FOR_TEST = 60


@dataclass(frozen=True, eq=False)
class SeriesModel:
    """A series with everything that decides what is estimated from it.

    Attributes
    ----------
    series
        The data.
    start
        Position of the first step with the change.
    terms
        Of the mean.
    errors, family
        As `error_models` knows them.
    per_year
        Steps a year; None where there are no years.
    lags
        Of Newey and West's errors; their rule of thumb without a number.
    """

    series: TimeSeries
    start: float
    terms: Terms
    errors: Errors = "reml-ar1"
    family: Family = "gaussian"
    per_year: float | None = 12
    lags: int | None = None

    def __post_init__(self) -> None:
        axis, positions = self.series.axis, self.series.positions
        before = int((self.since < 0).sum())
        full = int(self.terms.impact.full(self.since).sum())
        least = 1 if self.terms.impact.shape == "pulse" else FEWEST_A_SIDE
        if before >= FEWEST_A_SIDE and full >= least:
            return
        step = str(self.terms.impact) == "step"
        with_effect = "after" if step else "with the whole effect"
        shape = "" if step else f" (impact: {self.terms.impact})"
        # The primary model and each pretended date come through here.
        raise SeriesError(
            f"A start at {axis.say(self.start)} leaves {before} of the {axis.words} before it and "
            f"{full} {with_effect}{shape}; at least {FEWEST_A_SIDE} are needed before and {least} "
            f"{with_effect}. The series runs from {axis.say(positions[0])} to "
            f"{axis.say(positions[-1])}."
        )

    def but(self, **changes: Any) -> SeriesModel:
        """Return the same model with some of it changed, or some of its terms by their names."""
        of_terms = {field.name for field in fields(Terms)} & set(changes)
        terms = self.terms.but(**{name: changes.pop(name) for name in of_terms})
        return replace(self, terms=terms, **changes)

    @property
    def since(self) -> Floats:
        """(T,) steps since the start; negative before it."""
        return self.series.positions - self.start

    @property
    def is_log(self) -> bool:
        """Whether the effect is the log of a ratio."""
        return self.family != "gaussian"

    @property
    def cycle(self) -> str:
        """What slopes are counted in and seasons come round in: year, season, or plain step."""
        if self.per_year is None:
            return "step"
        return "year" if self.per_year == self.series.axis.per_year else "season"

    @cached_property
    def spread(self) -> Floats:
        """(m,) standard deviations of the caller's own columns, in which they are fitted."""
        return np.std(self.series.adjust, axis=0)

    @cached_property
    def design(self) -> SegmentedDesign:
        """The design matrix."""
        adjust = self.series.adjust
        return SegmentedDesign.of(
            self.series.positions,
            start=self.start,
            terms=self.terms,
            per_year=self.per_year,
            adjust=(adjust - adjust.mean(axis=0)) / self.spread if adjust.size else None,
        )

    @cached_property
    def fit(self) -> Fit:
        """The fit that the named errors give."""
        return fit_series(
            self.series, self.design, errors=self.errors, family=self.family, lags=self.lags
        )

    @cached_property
    def recipe(self) -> AutoregressiveFit:
        """The fit of the default errors, whichever are named: for the second interval."""
        if isinstance(self.fit, AutoregressiveFit):
            return self.fit
        model = AutoregressiveModel(self.design.matrix, at=self.series.positions)
        return model.fit(self.series.modelled)

    @property
    def leftover_correlation(self) -> float:
        """P value of correlation that the AR(1) errors leave over, after Ljung and Box.

        Taken of the one-step errors at up to two seasons' distance (a quarter of the points at the
        most). Not a number under 60 spare points, where the test rejects far too often.
        """
        fit, positions = self.recipe, self.series.positions
        if fit.model.spare_months < LEAST_SPARE_FOR_TEST:
            return np.nan
        residuals = fit.outcome - fit.fitted
        fresh = whiten(residuals, fit.correlation ** np.diff(positions))
        lags = min(max(10, int(2 * (self.per_year or 1))), len(positions) // 4)
        tested = acorr_ljungbox(fresh, lags=[lags], model_df=1)
        return float(tested["lb_pvalue"].iloc[0])

    def effect(self, *, level: float) -> Contrast:
        """Return the effect with its interval."""
        return self.fit.contrast(self.design.step, level=level)

    def effect_at(self, place: int, *, level: float) -> Contrast:
        """Return the effect at one point of the series, by its row."""
        changed = self.design.matrix[place] - self.design.without_change[place]
        return self.fit.contrast(changed, level=level)

    def coefficient(self, name: str, *, level: float) -> Contrast:
        """Return a coefficient by its column; of the caller's own columns, a unit each."""
        weights = self.design.pick(name)
        if name.startswith("adjust "):
            weights = weights / self.spread[self.terms.adjust.index(name.removeprefix("adjust "))]
        return self.fit.contrast(weights, level=level)

    def posterior(self, *, level: float) -> tuple[float, float, float]:
        """Return mean and limits of the effect, averaged over the correlation."""
        return self.recipe.posterior_interval(self.design.step, level=level)
