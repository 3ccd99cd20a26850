"""Fine-Gray regression: what moves the share that ever ends in one way, case mix held alike?

A Cox regression with the other ways censored tells what moves the *rate* of discharge among those
still waiting. Whether more people are ever discharged depends on the deaths as well. The
subdistribution hazard keeps those who ended otherwise among those at risk, thinned by the censoring
that they would have met, and its ratio moves the cumulative incidence itself: over 1 is more of it.

Source: Fine and Gray (1999), JASA 94: 496-509; the variance counts the estimated censoring. No
Python package of this environment has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from woda_lib.evaluation.durations.durations import (
    Booleans,
    DurationError,
    Durations,
    Floats,
    check_level,
    name_of,
)
from woda_lib.evaluation.durations.ratio_picture import ratio_picture
from woda_lib.evaluation.durations.term_ratios import TermRatios
from woda_lib.evaluation.durations.terms import Terms
from woda_lib.evaluation.durations.words import INDEPENDENT
from woda_lib.figures import Picture

MOST_STEPS = 50
ENDS_A_TERM = 10


def subdistribution(
    frame: pd.DataFrame,
    *,
    duration: str,
    event: str,
    cause: Any,
    group: str | None = None,
    reference: Any = None,
    adjust: Sequence[str] = (),
    censored: Any = 0,
    level: float = 0.95,
) -> Subdistribution:
    """Regress the cumulative incidence of one way of ending on group and case mix.

    Parameters
    ----------
    frame, duration, event, cause, group, reference, censored, level
        As in `competing_risks`.
    adjust
        Columns of case mix, as in `cox`.

    Returns
    -------
    Subdistribution
        Its estimate is the subdistribution hazard ratio of the group, or of the first term.

    Raises
    ------
    DurationError, FrameError
        As in `competing_risks` and `cox`.
    """
    level = check_level(level)
    durations = Durations.with_ways(frame, duration=duration, event=event, censored=censored)
    mine = durations.codes == durations.place_of(cause, event) + 1
    terms = Terms.of(frame, group=group, reference=reference, adjust=adjust)
    terms.refuse_empty_sides(mine)
    values = terms.table.to_numpy(dtype=float)
    fitted = _Fit.of(values, durations.times, mine, durations.ended & ~mine)
    error = np.sqrt(np.diag(fitted.covariance))
    half = stats.norm.ppf(0.5 + level / 2) * error
    table = pd.DataFrame(
        {
            "term": terms.table.columns,
            "coefficient": fitted.coefficients,
            "standard_error": error,
            "estimate": np.exp(fitted.coefficients),
            "low": np.exp(fitted.coefficients - half),
            "high": np.exp(fitted.coefficients + half),
            "p_value": 2 * stats.norm.sf(np.abs(fitted.coefficients / error)),
        }
    )
    return Subdistribution(
        table=table,
        cause=name_of(cause),
        people=len(durations),
        ended=int(mine.sum()),
        log_likelihood=fitted.log_likelihood,
        level=level,
    )


@dataclass(frozen=True, eq=False)
class Subdistribution(TermRatios):
    """Subdistribution hazard ratios.

    Attributes
    ----------
    table
        A row a term, the group first: `term, coefficient, standard_error, estimate, low, high,
        p_value`.
    cause
        The way of ending.
    people, ended
        How many there were, and how many ended in that way.
    log_likelihood
        Partial, at the estimates.
    """

    table: pd.DataFrame
    cause: str
    people: int
    ended: int
    log_likelihood: float
    level: float
    unit: str = ""

    @property
    def method(self) -> str:
        """What was done, in a sentence."""
        return (
            f"Fine-Gray regression (1999) of the share that ends as {self.cause}, robust errors "
            f"that count the estimated censoring; {self.people:,} people, {self.ended:,} of whom "
            f"ended so."
        )

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the interval rests on."""
        return (
            "The ratio of the subdistribution hazards is the same early and late.",
            "Being lost from sight depends neither on the case mix nor on what would have come.",
            INDEPENDENT,
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """What speaks against the model's size."""
        if self.ended >= ENDS_A_TERM * len(self.table):
            return ()
        return (
            f"{self.ended} people ended as {self.cause} and the model has {len(self.table)} terms; "
            f"fewer than {ENDS_A_TERM} for each term make ratios drift from one. Use fewer terms.",
        )

    def summary(self) -> pd.DataFrame:
        """The ratios, a row a term."""
        return self.table[["term", "estimate", "low", "high", "p_value"]].copy()

    def plot(self) -> Picture:
        """Draw the ratios, the group's first."""
        return ratio_picture(
            self.table,
            measure=f"Subdistribution hazard ratio of {self.cause}",
            low_side="fewer",
            high_side="more",
        )


@dataclass(frozen=True, eq=False)
class _Fit:
    coefficients: Floats
    covariance: Floats
    log_likelihood: float

    @classmethod
    def of(cls, values: Floats, times: Floats, mine: Booleans, other: Booleans) -> _Fit:
        centre = values.mean(axis=0)
        data = _Ordered(values - centre, times, mine, other)
        coefficients = np.zeros(values.shape[1])
        sums = data.at(coefficients)
        for _ in range(MOST_STEPS):
            if not np.isfinite(sums.information).all() or np.linalg.cond(sums.information) > 1e14:
                break
            step = np.linalg.solve(sums.information, sums.score)
            for _ in range(MOST_STEPS):
                tried = data.at(coefficients + step)
                if tried.log_likelihood >= sums.log_likelihood - 1e-9:
                    break
                step = step / 2
            coefficients, sums = coefficients + step, tried
            if np.abs(step).max() < 1e-9:
                inverse = np.linalg.inv(sums.information)
                middle = data.scores(coefficients, sums)
                return cls(coefficients, inverse @ middle.T @ middle @ inverse, sums.log_likelihood)
        raise DurationError(
            "The regression does not settle: on one side of some term nobody ended in that way. "
            "Join that group with another, or leave the term out."
        )


@dataclass(frozen=True, eq=False)
class _Sums:
    log_likelihood: float
    score: Floats
    information: Floats
    means: Floats
    baseline: Floats


class _Ordered:
    """People in order of time, and what does not change with the coefficients."""

    def __init__(self, values: Floats, times: Floats, mine: Booleans, other: Booleans) -> None:
        order = np.argsort(times, kind="stable")
        self.values, self.mine, self.other = values[order], mine[order], other[order]
        self.times, self.place = np.unique(times[order], return_inverse=True)
        self.happened = self._by_time(self.mine.astype(float))
        leaving = self._by_time(np.ones(len(times)))
        self.at_risk = leaving[::-1].cumsum()[::-1]
        self.lost = self._by_time((~self.mine & ~self.other).astype(float))
        # The share not yet censored, just before each time.
        kept = np.cumprod(1 - self.lost / self.at_risk)
        self.uncensored = np.append(1.0, kept[:-1])

    def _by_time(self, what: Floats) -> Floats:
        out = np.zeros((len(self.times), *what.shape[1:]))
        np.add.at(out, self.place, what)
        return out

    def _kept(self, weights: Floats) -> Floats:
        """Sum over those who ended otherwise before each time, each over its share uncensored."""
        share = self.uncensored[self.place]
        held = np.where(self.other & (share > 0), 1 / np.where(share > 0, share, 1), 0.0)
        shape = (-1,) + (1,) * (weights.ndim - 1)
        sums = self._by_time(weights * held.reshape(shape))
        return sums.cumsum(axis=0) - sums

    def _risk(self, weights: Floats) -> Floats:
        """Sum over the modified risk set at each time."""
        present = self._by_time(weights)[::-1].cumsum(axis=0)[::-1]
        shape = (-1,) + (1,) * (weights.ndim - 1)
        return present + self.uncensored.reshape(shape) * self._kept(weights)

    def at(self, coefficients: Floats) -> _Sums:
        linear = self.values @ coefficients
        weights = np.exp(np.clip(linear, -500, 500))
        products = self.values[:, :, None] * self.values[:, None, :]
        total = self._risk(weights)
        first = self._risk(self.values * weights[:, None])
        second = self._risk(products * weights[:, None, None])
        means = first / total[:, None]
        spread = second / total[:, None, None] - means[:, :, None] * means[:, None, :]
        return _Sums(
            log_likelihood=float(linear[self.mine].sum() - self.happened @ np.log(total)),
            score=self.values[self.mine].sum(axis=0) - self.happened @ means,
            information=np.tensordot(self.happened, spread, axes=1),
            means=means,
            baseline=self.happened / total,
        )

    def scores(self, coefficients: Floats, sums: _Sums) -> Floats:
        """(n, terms) each person's part of the score, with that of the estimated censoring."""
        weights = np.exp(self.values @ coefficients)
        share = self.uncensored
        step, bent = sums.baseline, (share * sums.baseline)
        so_far = step.cumsum()
        so_far_means = (sums.means * step[:, None]).cumsum(axis=0)
        later = bent[::-1].cumsum()[::-1]
        later_means = (sums.means * bent[:, None])[::-1].cumsum(axis=0)[::-1]
        here = self.place
        own = self.mine[:, None] * (self.values - sums.means[here])
        own -= weights[:, None] * (self.values * so_far[here][:, None] - so_far_means[here])
        after = self.values * (later - bent)[here][:, None]
        after -= (later_means - sums.means * bent[:, None])[here]
        held = np.where(share[here] > 0, 1 / np.where(share[here] > 0, share[here], 1), 0.0)
        own -= (self.other * weights * held)[:, None] * after
        thinned = self._kept(self.values * weights[:, None]) * later[:, None]
        thinned -= self._kept(weights)[:, None] * later_means
        ratio = thinned / self.at_risk[:, None]
        lost = (~self.mine & ~self.other)[:, None]
        risen = (ratio * (self.lost / self.at_risk)[:, None]).cumsum(axis=0)
        return own + lost * ratio[here] - risen[here]
