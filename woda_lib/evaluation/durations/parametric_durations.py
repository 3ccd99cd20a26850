"""Durations of a family (gamma, Weibull, log-normal …) with case mix, and some still waiting.

The model says how many times as long one group waits as the other, all else alike: a *time ratio*
of 0.8 is a fifth off every wait, short or long. Unlike a hazard ratio it is a ratio of waits;
unlike a restricted mean it needs no horizon, because the family foretells the end of the curve.
That is its weakness: choose the family before the outcomes are seen, and look at `plot`, where the
fitted curves lie on the Kaplan-Meier ones.

Sources: as `duration_families`; Wei (1992), Statistics in Medicine 11: 1871-1879, for why a ratio
of times is easier to say than one of hazards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from woda_lib.evaluation.durations.duration_families import (
    FAMILIES,
    Family,
    FamilyFit,
    fit_family,
)
from woda_lib.evaluation.durations.durations import (
    DurationError,
    Durations,
    Floats,
    Ints,
    check_horizon,
    check_level,
)
from woda_lib.evaluation.durations.fit_picture import fit_picture
from woda_lib.evaluation.durations.pseudo_values import read_clusters
from woda_lib.evaluation.durations.survival_curve import Curve
from woda_lib.evaluation.durations.term_ratios import TermRatios
from woda_lib.evaluation.durations.terms import Terms
from woda_lib.evaluation.durations.words import errors_of, independence
from woda_lib.evaluation.interval import Interval
from woda_lib.figures import Picture

ENDS_A_TERM = 10
BETTER = 10.0
"""How much smaller another family's criterion must be to be named as plainly better."""


def parametric_durations(
    frame: pd.DataFrame,
    *,
    duration: str,
    event: str,
    group: str | None = None,
    reference: Any = None,
    adjust: Sequence[str] = (),
    family: Family = "gamma",
    horizon: float | None = None,
    cluster: str | None = None,
    zero_as: float | None = None,
    ended: Any = None,
    level: float = 0.95,
    unit: str = "days",
) -> ParametricDurations:
    """Compare how long two groups wait, with case mix held alike, in a family of durations.

    Parameters
    ----------
    frame, duration, event, group, reference, ended, level, unit
        As in `restricted_mean`. Without `group` the estimate is of the first term of `adjust`.
    adjust
        Columns of case mix, as in `cox`.
    family
        "gamma", "weibull", "lognormal", "loglogistic", "exponential" or "generalised-gamma", chosen
        before the outcomes are seen.
    horizon
        If given, `summary` also has the difference of restricted means up to there, that the model
        gives for everyone's case mix (both groups with the same people).
    cluster
        Column of what moves people together; the errors are then robust to it.
    zero_as
        What a duration of nought counts as, since its logarithm has no end: 0.5 for those who left
        on the day on which they came.

    Returns
    -------
    ParametricDurations
        Its estimate is the time ratio; under 1 is a shorter wait.

    Raises
    ------
    DurationError
        As `cox`; or a duration is nought and `zero_as` is not given.

    Examples
    --------
    >>> frame = pd.DataFrame({"days": [2, 3, 5, 7, 9, 4, 6, 10, 14, 18], "left": 1,
    ...                       "slow": [False] * 5 + [True] * 5})
    >>> result = parametric_durations(frame, duration="days", event="left", group="slow")
    >>> round(result.estimate, 3)  # without censoring, the ratio of the means
    2.0
    """
    level = check_level(level)
    if family not in FAMILIES:
        raise DurationError(f"`family` must be one of {', '.join(FAMILIES)}.")
    durations = Durations.of(frame, duration=duration, event=event, ended=ended)
    times = _above_nought(durations.times, duration, zero_as)
    terms = Terms.of(frame, group=group, reference=reference, adjust=adjust)
    clusters = None if cluster is None else read_clusters(frame, cluster)[0]
    for number, name in enumerate(terms.groups):
        if not durations.ended[terms.place == number].any():
            raise DurationError(
                f"Nobody of {name} has left, so that the length of their waits is not known. Wait "
                "for a later extract."
            )
    return ParametricDurations(
        fit=fit_family(family, terms.design, times, durations.ended, clusters=clusters),
        terms=tuple(terms.table.columns),
        seen=Durations(times, durations.codes, durations.ways),
        place=terms.place,
        groups=terms.groups,
        clusters=clusters,
        cluster=cluster,
        horizon=None if horizon is None else check_horizon(horizon),
        level=level,
        time_unit=unit,
    )


@dataclass(frozen=True, eq=False)
class ParametricDurations(TermRatios):
    """Time ratios, and how well their family fits.

    Attributes
    ----------
    fit
        The fitted family.
    terms
        Names of the columns of the design, without the intercept.
    seen, place, groups, clusters
        What was read.
    horizon
        Up to which `difference` counts.
    time_unit
        Of the durations; the estimate itself has none.
    """

    fit: FamilyFit
    terms: tuple[str, ...]
    seen: Durations
    place: Ints
    groups: tuple[str, ...]
    clusters: Ints | None
    cluster: str | None
    horizon: float | None
    level: float
    time_unit: str
    unit: str = ""

    @property
    def table(self) -> pd.DataFrame:
        """A row a term: `term, coefficient, standard_error, estimate, low, high, p_value`."""
        size = self.fit.terms
        error = np.sqrt(np.diag(self.fit.covariance))[1:size]
        coefficient = self.fit.numbers[1:size]
        half = stats.norm.ppf(0.5 + self.level / 2) * error
        return pd.DataFrame(
            {
                "term": self.terms,
                "coefficient": coefficient,
                "standard_error": error,
                "estimate": np.exp(coefficient),
                "low": np.exp(coefficient - half),
                "high": np.exp(coefficient + half),
                "p_value": 2 * stats.norm.sf(np.abs(coefficient / error)),
            }
        )

    @property
    def difference(self) -> Interval:
        """Difference of restricted means that the model gives, everyone in each group in turn.

        The interval is normal, by the delta method.

        Raises
        ------
        DurationError
            If there was no `horizon`, or no `group`.
        """
        if self.horizon is None or len(self.groups) != 2:
            raise DurationError("The difference in time needs a `group` and a `horizon`.")
        horizon = self.horizon
        sides = []
        for value in (0.0, 1.0):
            design = self.fit.design.copy()
            design[:, 1] = value
            sides.append(design)

        def at(numbers: Floats) -> float:
            reference, other = (
                self.fit.restricted_mean(horizon, design, numbers) for design in sides
            )
            return other - reference

        steps = 1e-5 * np.maximum(np.abs(self.fit.numbers), 0.1)
        slope = np.array(
            [
                (at(self.fit.numbers + bump) - at(self.fit.numbers - bump)) / (2 * step)
                for step, bump in zip(steps, np.diag(steps), strict=True)
            ]
        )
        estimate = at(self.fit.numbers)
        half = stats.norm.ppf(0.5 + self.level / 2) * np.sqrt(slope @ self.fit.covariance @ slope)
        return Interval(estimate, estimate - half, estimate + half, self.time_unit)

    def families(self) -> pd.DataFrame:
        """Fit the other families with the same terms: how much hangs on the choice.

        Returns
        -------
        DataFrame
            A row a family that settles: `family, estimate, low, high, aic` and `chosen`, by AIC.
        """
        return self._families.copy()

    @cached_property
    def _families(self) -> pd.DataFrame:
        rows = []
        for family in FAMILIES:
            try:
                fit = fit_family(
                    family,
                    self.fit.design,
                    self.seen.times,
                    self.seen.ended,
                    clusters=self.clusters,
                )
            except DurationError:
                continue
            middle, error = fit.numbers[1], float(np.sqrt(fit.covariance[1, 1]))
            half = stats.norm.ppf(0.5 + self.level / 2) * error
            limits = np.exp([middle, middle - half, middle + half])
            rows.append((family, *limits, fit.aic, family == self.fit.family))
        table = pd.DataFrame(rows, columns=["family", "estimate", "low", "high", "aic", "chosen"])
        return table.sort_values("aic", ignore_index=True)

    @property
    def method(self) -> str:
        """What was done, in a sentence."""
        errors = errors_of(self.cluster)
        return (
            f"Accelerated failure time regression, {self.fit.family} durations, maximum likelihood "
            f"with {errors}; {len(self.seen):,} people, {int(self.seen.ended.sum()):,} of whom "
            f"left; AIC {self.fit.aic:.1f}."
        )

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the interval rests on."""
        return (
            f"Durations of one case mix have a {self.fit.family} distribution, also beyond what "
            "was seen.",
            "Each term stretches short and long waits by one factor.",
            "Those lost from sight would have waited on as others of their case mix did.",
            independence(self.cluster),
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """What speaks against the family, and against the model's size."""
        found = []
        best = self._families.iloc[0]
        if best["aic"] < self.fit.aic - BETTER:
            found.append(
                f"The {best['family']} family fits plainly better (AIC {best['aic']:.1f} against "
                f"{self.fit.aic:.1f}). Report both; do not choose by the answer."
            )
        ended = int(self.seen.ended.sum())
        if ended < ENDS_A_TERM * len(self.terms):
            found.append(
                f"{ended} people left and the model has {len(self.terms)} terms; fewer than "
                f"{ENDS_A_TERM} for each term make ratios drift from one. Use fewer terms."
            )
        return tuple(found)

    def summary(self) -> pd.DataFrame:
        """The time ratios, and the difference in time where there is a horizon, a row each."""
        table = self.table[["term", "estimate", "low", "high", "p_value"]]
        table = table.rename(columns={"term": "measure"})
        table["measure"] = "Time ratio, " + table["measure"]
        if self.horizon is None or len(self.groups) != 2:
            return table
        found = self.difference
        row = {
            "measure": f"Difference of restricted means to {self.horizon:g} {self.time_unit}",
            "estimate": found.estimate,
            "low": found.low,
            "high": found.high,
        }
        return pd.concat([table, pd.DataFrame([row])], ignore_index=True)

    def plot(self) -> Picture:
        """Draw the fitted curve of each group on its Kaplan-Meier curve: does the family fit?"""
        rows = [self.place == number for number in range(len(self.groups))]
        curves: Mapping[str, Curve] = {
            name: Curve.of(self.seen.where(mine))
            for name, mine in zip(self.groups, rows, strict=True)
        }
        end = self.horizon or float(np.quantile(self.seen.times, 0.98))
        designs = {
            name: self.fit.design[mine] for name, mine in zip(self.groups, rows, strict=True)
        }
        return fit_picture(
            curves,
            {name: partial(self.fit.waiting, design=each) for name, each in designs.items()},
            horizon=end,
            unit=self.time_unit,
        )


def _above_nought(times: Floats, column: str, zero_as: float | None) -> Floats:
    nought = times == 0
    if not nought.any():
        return times
    if zero_as is None:
        raise DurationError(
            f"The column {column!r} is nought in {int(nought.sum())} rows, and these families have "
            "no such durations. Say with `zero_as` what they count as: 0.5 for those who left on "
            "the day on which they came."
        )
    if not 0 < zero_as <= (times[~nought].min() if (~nought).any() else np.inf):
        raise DurationError(
            "`zero_as` must lie above nought and not above the shortest other duration."
        )
    return np.where(nought, float(zero_as), times)
