"""Synthetic control: the mixture of other places that followed this one until the change came.

One place changes and others do not. No single other place is like it, but a weighted average of
several may have followed it for years; where it goes afterwards is what would have come without the
change. Abadie, Diamond and Hainmueller (2010, JASA 105: 493-505); when to use it, and when not:
Abadie (2021, Journal of Economic Literature 59: 391-425).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from woda_lib.evaluation.donors import tables, words
from woda_lib.evaluation.donors.alternatives import COLUMNS, alternative_estimates
from woda_lib.evaluation.donors.checks import leave_one_out, pretended_starts, warnings_about
from woda_lib.evaluation.donors.conformal import (
    attainable_by_periods,
    conformal_interval,
    conformal_p_value,
)
from woda_lib.evaluation.donors.match import Matcher
from woda_lib.evaluation.donors.panel import DonorError, Panel
from woda_lib.evaluation.donors.picture import donor_picture
from woda_lib.evaluation.donors.placebos import attainable, placebo_scale, rank_p_value
from woda_lib.evaluation.donors.predictors import Importance, Predictor, predictor_table
from woda_lib.evaluation.donors.words import Errors
from woda_lib.evaluation.forest import forest
from woda_lib.evaluation.result import Result
from woda_lib.figures import Picture

PRIMARY = "Primary: synthetic control"


@dataclass(frozen=True)
class SyntheticControl(Result):
    """The effect on one unit, against a mixture of donors.

    Attributes
    ----------
    estimate, low, high, level, unit, method, assumptions, warnings
        As every result gives them; the estimate is the average gap from the start on.
    table
        One row a period: `time, period` ("before" or "after"), `observed, synthetic, gap`, and from
        the start on `low, high` of the gap in that period alone.
    weights
        One row a donor, the heaviest first: `donor, weight`.
    predictors
        One row a predictor: `predictor, share` (how much it counts), and its value for the
        `treated` unit, the `synthetic` one and the `donors` on average. Empty without predictors.
    placebos
        One row a unit, the treated one first: `unit, effect, rmspe_before, rmspe_after, ratio`.
    placebo_gaps
        One row a donor and period: `unit, time, gap`.
    left_out
        One row a donor with a weight: the estimate without it.
    pretended
        One row an earlier, pretended start: an estimate that should be near nought.
    alternatives
        One row another way to use the same donors, for `forest`.
    p_value
        Of no effect on average.
    ratio_p_value
        Share of units whose gaps grew as much at the start as the treated unit's: the ratio of the
        root mean squared gaps after and before, as Abadie, Diamond and Hainmueller give it.
    rmspe
        Root mean squared gap of the treated unit before the start.
    """

    estimate: float
    low: float
    high: float
    level: float
    unit: str
    method: str
    assumptions: tuple[str, ...]
    warnings: tuple[str, ...]
    table: pd.DataFrame
    weights: pd.DataFrame
    predictors: pd.DataFrame
    placebos: pd.DataFrame
    placebo_gaps: pd.DataFrame
    left_out: pd.DataFrame
    pretended: pd.DataFrame
    alternatives: pd.DataFrame
    p_value: float
    ratio_p_value: float
    rmspe: float
    outcome: str
    treated: str

    def summary(self) -> pd.DataFrame:
        """Return the average effect, that of the last period, and the other ways to estimate it."""
        last = self.table.iloc[-1]
        rows = [
            ("Average effect", self.estimate, self.low, self.high, self.p_value),
            ("Effect in the last period", last["gap"], last["low"], last["high"], np.nan),
            *(
                (row["method"], row["estimate"], row["low"], row["high"], np.nan)
                for row in self.alternatives.to_dict("records")[1:]
            ),
        ]
        return pd.DataFrame(rows, columns=["name", "estimate", "low", "high", "p_value"])

    def plot(self, *, measure: str | None = None, event: str = "Start") -> Picture:
        """Draw the unit and its mixture, and below the gap among the gaps of the donors.

        Parameters
        ----------
        measure
            What the vertical axis measures, with its unit; the outcome's name without it.
        event
            Name of the change.
        """
        return donor_picture(
            self.table,
            self.placebo_gaps,
            self.placebos,
            measure=measure or (f"{self.outcome}, {self.unit}" if self.unit else self.outcome),
            event=event,
            treated=self.treated,
        )

    def forest(self, *, measure: str | None = None) -> Picture:
        """Draw the estimate above the other ways to use the same donors."""
        return forest(self.alternatives, measure=measure or f"Effect on {self.outcome}")


def synthetic_control(
    frame: pd.DataFrame,
    *,
    outcome: str,
    unit: str,
    time: str,
    treated: Any,
    start: Any,
    predictors: Sequence[Predictor] = (),
    importance: Importance = "fit",
    donors: Sequence[Any] | None = None,
    errors: Errors = "placebo",
    outcome_unit: str = "",
    level: float = 0.95,
) -> SyntheticControl:
    """Estimate the effect of a change in one place from others where it did not come.

    Parameters
    ----------
    frame
        One row a unit and period; every unit has every period.
    outcome, unit, time
        Columns of the measure, of the unit (a place, a ward, a practice), and of the period: dates,
        whole years, or plain numbers.
    treated
        The unit where the change came, as the column `unit` writes it. If no unit is called so, a
        column that is true (or 1) in rows of that unit; `method` says which was read.
    start
        The first period with the change.
    predictors
        What the mixture should share with the treated unit besides: names of columns, averaged over
        the periods before the start, `(column, time)` or `(column, first, last)`. Missing values
        inside a window are left out of its mean. Without predictors the outcomes of every period
        before the start are matched.
    importance
        How much each predictor counts: searched for ("fit"), by "regression" as Stata's `synth`
        does without `nested`, or "equal".
    donors
        Names of the units to mix; all others without it. Leave out places that had a change of
        their own, or that this one may have reached.
    errors
        "placebo": from the donors' own gaps; it needs 19 donors for 95%. "conformal": from the
        periods of the treated unit; for few donors and many periods, without predictors.
    outcome_unit
        What the outcome counts, in the plural.
    level
        Of the intervals. When donors or periods are too few for it, the highest that they allow is
        taken, `level` of the result says so, and there is a warning.

    Returns
    -------
    SyntheticControl

    Raises
    ------
    DonorError
        If the treated unit is not one, donors are fewer than two, units lack periods or have them
        twice, the start leaves no two periods before it or none after it, or predictors have no
        value.
    FrameError, TimeError
        If a column is not there, or holds what it cannot.

    Examples
    --------
    >>> years = range(2011, 2021)
    >>> frame = pd.DataFrame(
    ...     [
    ...         (place, year, level + year - 2010 - 3 * (place == "here" and year >= 2019))
    ...         for place, level in {"north": 10, "south": 20, "here": 14}.items()
    ...         for year in years
    ...     ],
    ...     columns=["place", "year", "days"],
    ... )
    >>> found = synthetic_control(
    ...     frame, outcome="days", unit="place", time="year", treated="here", start=2019
    ... )
    >>> round(found.estimate, 6)
    -3.0
    >>> found.weights.round(3)
       donor  weight
    0  north     0.6
    1  south     0.4
    """
    if not 0 < level < 1:
        raise DonorError("`level` must lie between 0 and 1, as 0.95 does.")
    for name, value, allowed in (
        ("importance", importance, ("fit", "regression", "equal")),
        ("errors", errors, ("placebo", "conformal")),
    ):
        if value not in allowed:
            raise DonorError(f"`{name}` must be one of {', '.join(map(repr, allowed))}.")
    if errors == "conformal" and predictors:
        raise DonorError(
            "The conformal interval chooses the mixture by outcomes alone, so it cannot be had "
            'with `predictors`. Leave them out, or use `errors="placebo"`.'
        )
    panel = Panel.of(
        frame, outcome=outcome, unit=unit, time=time, treated=treated, start=start, donors=donors
    )
    known = predictor_table(frame, panel, predictors) if predictors else pd.DataFrame()
    matcher = Matcher(
        panel.outcomes, panel.before, known.to_numpy() if predictors else None, importance
    )
    match, placebos = matcher.treated(), matcher.placebos()
    scale = placebo_scale(match, placebos, size=float(panel.outcomes.std()))
    by_donors = attainable(level, len(placebos))
    half = float(scale.reach(np.array([placebo.effect for placebo in placebos]), by_donors))
    if errors == "placebo":
        reached, low, high = by_donors, match.effect - half, match.effect + half
        p_value = scale.p_value(match.effect, np.array([placebo.effect for placebo in placebos]))
    else:
        reached = attainable_by_periods(level, len(panel.positions))
        low, high = conformal_interval(
            panel.outcomes,
            panel.before,
            estimate=match.effect,
            spread=match.rmspe,
            level=reached,
        )
        p_value = conformal_p_value(panel.outcomes, panel.before, 0.0)
    left_out = leave_one_out(panel, matcher, match)
    others = alternative_estimates(matcher, level=by_donors)
    primary = pd.DataFrame(
        [(PRIMARY, match.effect, low, high, "primary", words.how(predictors, importance))],
        columns=list(COLUMNS),
    )
    units = tables.units_table(panel, match, placebos)
    return SyntheticControl(
        estimate=match.effect,
        low=low,
        high=high,
        level=reached,
        unit=outcome_unit,
        method=words.method(panel, predictors, importance, errors, scale),
        assumptions=words.assumptions(errors),
        warnings=(
            *words.level_warnings(level, reached, errors, len(placebos), scale),
            *warnings_about(panel, match, placebos, left_out),
        ),
        table=tables.periods_table(panel, match, placebos, scale, by_donors),
        weights=tables.weights_table(panel, match),
        predictors=tables.predictors_table(known, match),
        placebos=units,
        placebo_gaps=pd.DataFrame(
            {
                "unit": np.repeat(np.array(panel.donors, dtype=object), len(panel.positions)),
                "time": panel.times * len(placebos),
                "gap": np.concatenate([placebo.gaps for placebo in placebos]),
            }
        ),
        left_out=left_out,
        pretended=pretended_starts(panel, level=by_donors),
        alternatives=pd.concat([primary, others], ignore_index=True),
        p_value=p_value,
        ratio_p_value=rank_p_value(units["ratio"].iloc[0], units["ratio"].iloc[1:].to_numpy()),
        rmspe=match.rmspe,
        outcome=outcome,
        treated=str(panel.names[0]),
    )
