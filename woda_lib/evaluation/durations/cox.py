"""Cox regression: how many times as fast do people leave, all else alike?

A hazard ratio of 1.2 says that on any day a person who still waits is 1.2 times as likely to leave
as a person of the reference group with the same case mix. It is no ratio of waits, and one number
only if the ratio is the same early and late, which is tested. lifelines fits the model; this module
reads the columns, names the groups, and says in words when the one number misleads.

Sources: Cox (1972), Journal of the Royal Statistical Society B 34: 187-220; Efron (1977), JASA 72:
557-565, for ties; Lin and Wei (1989), JASA 84: 1074-1078, for clustered errors; Grambsch and
Therneau (1994), Biometrika 81: 515-526, for the test of proportional hazards.
"""

from __future__ import annotations

import warnings as python_warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from lifelines import CoxPHFitter
from lifelines.exceptions import ConvergenceError
from lifelines.statistics import proportional_hazard_test
from scipy import stats

from woda_lib.evaluation.durations.durations import DurationError, Durations, check_level
from woda_lib.evaluation.durations.ratio_picture import ratio_picture
from woda_lib.evaluation.durations.term_ratios import TermRatios
from woda_lib.evaluation.durations.terms import Terms
from woda_lib.evaluation.durations.words import errors_of, independence
from woda_lib.evaluation.frames import take
from woda_lib.figures import Picture

ENDS_A_TERM = 10


def cox(
    frame: pd.DataFrame,
    *,
    duration: str,
    event: str,
    group: str | None = None,
    reference: Any = None,
    adjust: Sequence[str] = (),
    strata: Sequence[str] = (),
    cluster: str | None = None,
    ended: Any = None,
    level: float = 0.95,
) -> CoxRegression:
    """Compare how fast two groups leave, with case mix held alike.

    Parameters
    ----------
    frame, duration, event, group, reference, ended, level
        As in `restricted_mean`. Without `group`, the estimate is of the first term of `adjust`.
    adjust
        Columns of case mix. Numbers enter as they are, a unit a step; texts and true/false as one
        column for each value but the first.
    strata
        Columns whose every value has a curve of its own, for what does not keep proportion.
    cluster
        Column of what moves people together; the errors are then robust to it.

    Returns
    -------
    CoxRegression
        Its estimate is the hazard ratio; over 1 is leaving sooner.

    Raises
    ------
    DurationError
        If nothing ended, there are not two groups, a column says the same of everyone, there is
        neither group nor case mix, or a term cannot be estimated.

    Examples
    --------
    >>> from lifelines.datasets import load_rossi
    >>> result = cox(load_rossi(), duration="week", event="arrest", group="fin",
    ...              adjust=["age", "prio"])
    >>> round(result.estimate, 2)
    0.71
    """
    level = check_level(level)
    strata = [strata] if isinstance(strata, str) else list(strata)
    durations = Durations.of(frame, duration=duration, event=event, ended=ended)
    terms = Terms.of(frame, group=group, reference=reference, adjust=adjust)
    terms.refuse_empty_sides(durations.ended)
    design = terms.table
    columns = [f"x{number}" for number in range(design.shape[1])]
    table = design.set_axis(columns, axis=1).assign(
        duration=durations.times, event=durations.ended.astype(int)
    )
    for number, column in enumerate(strata):
        table[f"s{number}"] = _filled(frame, column, "strata")
    if cluster is not None:
        table["cluster"] = pd.factorize(_filled(frame, cluster, "cluster"))[0]
    fitted, said, test = _fit(table, len(strata), clustered=cluster is not None)
    names = dict(zip(columns, design.columns, strict=True))
    z = stats.norm.ppf(0.5 + level / 2)
    coefficients = pd.DataFrame(
        {
            "term": [names[column] for column in fitted.params_.index],
            "coefficient": fitted.params_.to_numpy(),
            "standard_error": fitted.standard_errors_.to_numpy(),
        }
    )
    coefficients["estimate"] = np.exp(coefficients["coefficient"])
    half = z * coefficients["standard_error"]
    coefficients["low"] = np.exp(coefficients["coefficient"] - half)
    coefficients["high"] = np.exp(coefficients["coefficient"] + half)
    score = coefficients["coefficient"] / coefficients["standard_error"]
    coefficients["p_value"] = 2 * stats.norm.sf(np.abs(score))
    coefficients["proportional_p"] = np.asarray(test.p_value, dtype=float)
    return CoxRegression(
        table=coefficients,
        people=len(durations),
        ended=int(durations.ended.sum()),
        concordance=float(fitted.concordance_index_),
        log_likelihood=float(fitted.log_likelihood_),
        strata=tuple(strata),
        cluster=cluster,
        level=level,
        said=said,
    )


@dataclass(frozen=True, eq=False)
class CoxRegression(TermRatios):
    """Hazard ratios, and whether one number can stand for early and late.

    Attributes
    ----------
    table
        A row a term, the group first: `term, coefficient, standard_error, estimate` (the hazard
        ratio)`, low, high, p_value` and `proportional_p` (of the ratio being the same throughout).
    people, ended
        How many there were, and how many of them left.
    concordance
        Share of pairs that the model puts in the right order; 0.5 is chance.
    log_likelihood
        Partial, at the estimates.
    """

    table: pd.DataFrame
    people: int
    ended: int
    concordance: float
    log_likelihood: float
    strata: tuple[str, ...]
    cluster: str | None
    level: float
    said: tuple[str, ...]
    unit: str = ""

    @property
    def p_value(self) -> float:
        """Of a ratio of one."""
        return float(self.table["p_value"].iloc[0])

    @property
    def method(self) -> str:
        """What was done, in a sentence."""
        errors = errors_of(self.cluster)
        strata = f", stratified by {' and '.join(self.strata)}" if self.strata else ""
        return (
            f"Cox regression (ties after Efron){strata}, {errors}, normal interval of the "
            f"logarithm; {self.people:,} people, {self.ended:,} of whom left."
        )

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the interval rests on."""
        return (
            "The ratio of the rates of leaving is the same early and late.",
            "Those lost from sight would have left as others of their case mix did.",
            independence(self.cluster),
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """What speaks against one number, and against the model's size."""
        found = list(self.said)
        for row in self.table.to_dict("records"):
            if row["proportional_p"] < 0.05:
                first = row["term"] == self.table["term"].iloc[0]
                more = (
                    "The one ratio is an average over the time seen: look at the curves, and "
                    "report the difference of restricted means."
                    if first
                    else "Put it (a number in bands) in `strata`, where each value has its curve."
                )
                found.append(
                    f"The ratio of {row['term']} is not the same early and late "
                    f"(p = {row['proportional_p']:.3f}). {more}"
                )
        if self.ended < ENDS_A_TERM * len(self.table):
            found.append(
                f"{self.ended} people left and the model has {len(self.table)} terms; fewer than "
                f"{ENDS_A_TERM} for each term make ratios drift from one. Use fewer terms."
            )
        return tuple(found)

    def summary(self) -> pd.DataFrame:
        """The hazard ratios, a row a term."""
        order = ["term", "estimate", "low", "high", "p_value", "proportional_p"]
        return self.table[order].copy()

    def plot(
        self, *, measure: str = "Hazard ratio: times as likely to leave on any day"
    ) -> Picture:
        """Draw the hazard ratios, the group's first.

        Parameters
        ----------
        measure
            What the ratios measure.
        """
        return ratio_picture(
            self.table,
            measure=measure,
            low_side="later",
            high_side="sooner",
        )


def _fit(table: pd.DataFrame, strata: int, *, clustered: bool) -> tuple[Any, tuple[str, ...], Any]:
    model = CoxPHFitter()
    try:
        with python_warnings.catch_warnings(record=True) as caught:
            python_warnings.simplefilter("always")
            model.fit(
                table,
                duration_col="duration",
                event_col="event",
                strata=[f"s{number}" for number in range(strata)] or None,
                cluster_col="cluster" if clustered else None,
            )
            test = proportional_hazard_test(model, table, time_transform="km")
    except (ConvergenceError, np.linalg.LinAlgError, ValueError):
        raise DurationError(
            "The Cox regression does not settle: some term foretells exactly who leaves, or says "
            "the same as other terms. Leave out terms with values that few people have."
        ) from None
    large = np.abs(model.params_.to_numpy()) * table.filter(regex="^x").std().to_numpy() > 10
    if large.any() or not np.isfinite(model.standard_errors_.to_numpy()).all():
        raise DurationError(
            "A hazard ratio runs off without end: on one side of some term nobody left, or all "
            "did before anybody else. Join that group with another, or leave the term out."
        )
    said: tuple[str, ...] = ()
    if any("complete separation" in str(each.message) for each in caught):
        said = (
            "Some value of a term almost settles who leaves, so that its ratio and the others may "
            "not be trusted; join values that few people have.",
        )
    return model, said, test


def _filled(frame: pd.DataFrame, column: str, argument: str) -> pd.Series:
    values = take(frame, **{argument: column})[argument]
    if values.isna().any():
        raise DurationError(
            f"The column {column!r}, given as `{argument}`, has no value in "
            f"{int(values.isna().sum())} rows. Give each row one, or leave such rows out."
        )
    return values
