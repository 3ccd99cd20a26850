"""The result of a difference in differences: the headline, and everything needed to doubt it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd

from woda_lib.evaluation.did_analysis import Analysis, Estimate, PreTrend, clusters_of
from woda_lib.evaluation.did_words import (
    already_treated_share,
    assumptions_of,
    method_of,
    warnings_of,
)
from woda_lib.evaluation.effect_averages import (
    OVERALL,
    Aggregate,
    averages,
    each_effect,
    overall,
)
from woda_lib.evaluation.errors import EvaluationError
from woda_lib.evaluation.event_picture import event_picture
from woda_lib.evaluation.interval import Interval
from woda_lib.evaluation.result import Result
from woda_lib.evaluation.two_way import comparisons
from woda_lib.figures import Picture

COLUMNS = ["estimate", "low", "high", "standard_error", "df", "p_value"]


@dataclass(frozen=True, eq=False)
class DifferenceInDifferences(Result):
    """The average effect on the treated.

    Attributes
    ----------
    analysis
        The study, its settings, and what was worked out of them.
    unit
        Of the outcome, in the plural.
    """

    analysis: Analysis
    unit: str

    @property
    def estimate(self) -> float:
        """Average effect on the treated, in the outcome's unit."""
        return self.analysis.headline.estimate

    @property
    def low(self) -> float:
        """Lower limit of the interval; not a number where nothing tells chance."""
        return self.analysis.headline.low

    @property
    def high(self) -> float:
        """Upper limit of the interval."""
        return self.analysis.headline.high

    @property
    def level(self) -> float:
        """Of the intervals."""
        return self.analysis.settings.level

    @property
    def standard_error(self) -> float:
        """Standard error of the estimate."""
        return self.analysis.headline.standard_error

    @property
    def df(self) -> float:
        """Degrees of freedom of the interval."""
        return self.analysis.headline.df

    @property
    def p_value(self) -> float:
        """Two-sided, against no effect."""
        return self.analysis.headline.p_value

    @property
    def found(self) -> bool:
        """Whether there is an interval, and it excludes no effect."""
        return bool(self.low > 0 or self.high < 0)

    @property
    def interval(self) -> Interval:
        """Estimate and limits together, for `money`."""
        if not np.isfinite(self.low):
            raise EvaluationError(
                "This estimate has no interval, because nothing in the table tells how far chance "
                "moves it. Add units or periods before carrying it on."
            )
        return super().interval

    def __str__(self) -> str:
        return super().__str__().replace("not known to not known", "not known")

    @property
    def method(self) -> str:
        """One sentence: model, errors, source."""
        return method_of(self.analysis)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What must hold for the interval to mean what it says."""
        return assumptions_of(self.analysis)

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """What in these data speaks against it."""
        return warnings_of(self.analysis)

    @property
    def errors(self) -> str:
        """How the interval was made, with "auto" decided."""
        return self.analysis.settings.errors

    @cached_property
    def table(self) -> pd.DataFrame:
        """Group-time effects, a row each: what treatment did to one cohort in one period.

        Columns: `group` (period of first treatment), `time`, `event_time` (steps since then),
        `stage` ("before", "anticipation", "after"), `estimate, standard_error, low, high`,
        `treated` and `control` (units, or rows where rows are people). With autoregressive errors a
        single period has no standard error of its own. With covariates each effect is adjusted by
        itself, which one two-way regression for all periods does not.
        """
        analysis = self.analysis
        study, cells = analysis.study, analysis.effects.cells
        found = analysis.estimates_of(each_effect(analysis.effects))
        sizes = _sizes(analysis)
        return pd.DataFrame(
            {
                "group": [self._time(cell.cohort) for cell in cells],
                "time": [self._time(study.periods[cell.place]) for cell in cells],
                "event_time": [cell.event_time for cell in cells],
                "stage": [cell.stage for cell in cells],
                **{
                    name: [getattr(each, name) for each in found]
                    for name in ("estimate", "standard_error", "low", "high")
                },
                "treated": [sizes[cell.cohort] for cell in cells],
                "control": [sum(sizes[float(g)] for g in cell.controls) for cell in cells],
            }
        )

    def summary(self) -> pd.DataFrame:
        """Return the headline and its alternatives, a row each.

        Columns: `name, estimate, low, high, standard_error, df, p_value, headline` (true once),
        `treated_units, control_units`. Two-way fixed effects come with the usual cluster-robust
        errors (CR1), also where those cannot be trusted; `.warnings` says where.
        """
        analysis, settings = self.analysis, self.analysis.settings
        rows: list[tuple[str, Estimate, bool]] = []
        if settings.estimator == "two-way":
            rows.append((_HEADLINES[settings.errors], analysis.headline, True))
            if settings.errors == "reml-ar1":
                mean, low, high = analysis.series.fit.posterior_interval(
                    [0.0, 1.0], level=self.level
                )
                nothing = float("nan")
                posterior = Estimate(mean, nothing, nothing, low, high, nothing)
                rows.append(("Step in the difference, grid posterior", posterior, False))
                if analysis.effects.can_pool and min(self._counts()) < max(self._counts()) - 1:
                    borrowed = replace(analysis.settings, errors="borrowed")
                    found = Analysis(analysis.study, borrowed).headline
                    rows.append((_HEADLINES["borrowed"], found, False))
            else:
                names: list[Aggregate] = ["group"] if analysis.one_date else list(OVERALL)
                rows += self._overall(names, headline=None)
        else:
            rows += self._overall(list(OVERALL), headline=settings.aggregate)
        rows += self._regression()
        table = pd.DataFrame(
            [{"name": name, **asdict(found), "headline": main} for name, found, main in rows]
        )
        counts = self._counts()
        return table[["name", *COLUMNS, "headline"]].assign(
            treated_units=counts[0], control_units=counts[1]
        )

    def _overall(
        self, names: Sequence[Aggregate], *, headline: Aggregate | None
    ) -> list[tuple[str, Estimate, bool]]:
        rows = []
        for name in names:
            found = (
                self.analysis.headline
                if name == headline
                else self.analysis.estimates_of(overall(self.analysis.effects, name))[0]
            )
            rows.append((f"Group-time effects, {OVERALL[name]}", found, name == headline))
        return rows

    def _regression(self) -> list[tuple[str, Estimate, bool]]:
        analysis = self.analysis
        two_way = analysis.two_way
        rows = []
        if not (analysis.study.people and not analysis.study.clusters_given):
            error, df = two_way.clustered(clusters_of(analysis.regressed))
            share = None if analysis.one_date else already_treated_share(analysis)
            note = (
                "" if share is None else f"; {share:.0%} of it compares with units treated before"
            )
            rows.append(
                (
                    f"Two-way fixed effects, cluster-robust (CR1){note}",
                    Estimate.of(two_way.estimate, error, df, self.level),
                    False,
                )
            )
        if analysis.settings.errors != "classical":
            classical = Estimate.of(
                two_way.estimate, two_way.classical_error, two_way.classical_df, self.level
            )
            rows.append(("Two-way fixed effects, classical errors", classical, False))
        return rows

    def event_study(self) -> pd.DataFrame:
        """Average the effects by time since first treatment.

        Columns: `event_time, stage, estimate, standard_error, low, high`, `band_low` and
        `band_high` (which hold all event times together at the level), and `cohorts` (how many
        cohorts the average rests on; where it changes, so does who is averaged). The period that
        the others are compared with stands as an estimate of nought without error.
        """
        analysis = self.analysis
        found = averages(analysis.effects, "event", stage=None)
        estimates = analysis.estimates_of(found)
        reach = float("nan")
        if analysis.settings.errors != "reml-ar1":
            spread = analysis.spread_of(found)
            reach = spread.simultaneous(self.level, seed=analysis.settings.seed)
        stages = {cell.event_time: cell.stage for cell in analysis.effects.cells}
        table = pd.DataFrame([asdict(each) for each in estimates]).assign(
            event_time=found.labels,
            stage=[stages[float(label)] for label in found.labels],
            cohorts=found.counts,
        )
        table["band_low"] = table["estimate"] - reach * table["standard_error"]
        table["band_high"] = table["estimate"] + reach * table["standard_error"]
        reference = self._reference() - set(found.labels)
        if reference:
            zero = pd.DataFrame({"event_time": sorted(reference), "stage": "reference"}).assign(
                estimate=0.0, cohorts=len(analysis.study.cohorts)
            )
            table = pd.concat([table, zero], ignore_index=True)
        columns = ["event_time", "stage", "estimate", "standard_error", "low", "high"]
        columns += ["band_low", "band_high", "cohorts"]
        return table.sort_values("event_time", ignore_index=True)[columns]

    def by_cohort(self) -> pd.DataFrame:
        """Average each cohort's effects over its periods under treatment."""
        return self._family("cohort", "group")

    def by_period(self) -> pd.DataFrame:
        """Average the effects of each period over the cohorts under treatment."""
        return self._family("period", "time")

    def _family(self, by: Literal["cohort", "period"], name: str) -> pd.DataFrame:
        found = averages(self.analysis.effects, by)
        table = pd.DataFrame([asdict(each) for each in self.analysis.estimates_of(found)])
        table.insert(0, name, [self._time(label) for label in found.labels])
        return table[[name, *COLUMNS]]

    def pre_trend(self) -> PreTrend | None:
        """Test whether the groups moved in parallel before treatment; None if nothing can tell.

        The effects before treatment, averaged by event time, are tested together to be nought; if
        there are too many for the units, those nearest to treatment. With autoregressive errors the
        slope of the difference is. A test that finds nothing proves little: it often misses trends
        large enough to mislead, and to go on only where it finds nothing makes the bias worse (Roth
        2022, American Economic Review: Insights 4: 305-322).
        """
        return self.analysis.pre_trend

    def comparisons(self) -> pd.DataFrame:
        """Take two-way fixed effects apart; see `two_way.comparisons`.

        `treated` and `control` are the periods of first treatment, empty for never.
        """
        table = comparisons(self.analysis.study)
        for name in ("treated", "control"):
            table[name] = [self._time(g) if np.isfinite(g) else None for g in table[name]]
        return table

    def plot(self) -> Picture:
        """Draw the effects by time since first treatment, with intervals and bands."""
        study = self.analysis.study
        return event_picture(
            self.event_study(),
            average=self.analysis.headline,
            unit=self.unit,
            every=study.axis.every,
            level=self.level,
        )

    def _reference(self) -> set[float]:
        """Event times that others are compared with, and nothing else."""
        study = self.analysis.study
        found = set()
        for cell in self.analysis.effects.cells:
            base = np.flatnonzero(cell.change < 0)
            if cell.stage == "after" and len(base) == 1:
                found.add(float(study.periods[base[0]] - cell.cohort))
        return found

    def _counts(self) -> tuple[int, int]:
        study = self.analysis.study
        if study.people:
            return int(study.treated.sum()), int((~study.treated).sum())
        return study.count(study.treated), study.count(~study.treated)

    def _time(self, position: float) -> Any:
        axis = self.analysis.study.axis
        time = axis.time(float(position))
        return time.year if axis.every == "year" else time


_HEADLINES = {
    "reml-ar1": "Step in the difference, REML AR(1), Kenward–Roger",
    "classical": "Two-way fixed effects, classical errors",
    "cluster": "Two-way fixed effects, clustered errors (CR2)",
    "borrowed": "Two-way fixed effects, clustered errors, small groups borrow",
    "wild": "Two-way fixed effects, wild cluster bootstrap",
    "pooled": "Two-way fixed effects, pooled spread of units",
}


def _sizes(analysis: Analysis) -> dict[float, int]:
    """How many units (rows, where rows are people) each cohort has."""
    study = analysis.study
    if study.people:
        return {float(g): int((study.cohort == g).sum()) for g in np.unique(study.cohort)}
    return {float(g): study.count(study.cohort == g) for g in np.unique(study.cohort)}
