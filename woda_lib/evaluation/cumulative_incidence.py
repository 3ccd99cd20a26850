"""Aalen-Johansen: the share that has ended in each way by each time, and Gray's test of it.

Of people who wait, some are discharged, some die, some withdraw; whoever ends in one way never ends
in another. The share that has been discharged by day 30 is then the sum, over days, of the share
still waiting times the share of them discharged that day. One less Kaplan-Meier with the others
censored is not that share: it is what would be if nobody died, and it is always too high.

lifelines' AalenJohansenFitter moves tied times apart at random, so that its answer changes from run
to run; durations in whole days are nearly all tied. Hence this one.

Sources: Aalen and Johansen (1978), Scandinavian Journal of Statistics 5: 141-150. The variance is
that of Gaynor et al. (1993), JASA 88: 400-409 (also Marubini and Valsecchi 1995, chapter 10). The
test: Gray (1988), Annals of Statistics 16: 1141-1154, with rho = 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import stats

from woda_lib.evaluation.durations import Booleans, Counts, Durations, Floats


@dataclass(frozen=True, eq=False)
class Incidence:
    """Cumulative incidence of each way of ending, a step at each time.

    Attributes
    ----------
    counts
        People by time.
    """

    counts: Counts

    @classmethod
    def of(cls, durations: Durations) -> Incidence:
        """Count people by time and by how they ended."""
        return cls(durations.counts)

    @cached_property
    def _hazards(self) -> Floats:
        return self.counts.ended / self.counts.at_risk[:, None]

    @cached_property
    def waiting(self) -> Floats:
        """(t,) share that has not ended in any way after each time."""
        return np.cumprod(1 - self._hazards.sum(axis=1))

    @property
    def waiting_before(self) -> Floats:
        """(t,) the same, just before each time."""
        return np.append(1.0, self.waiting[:-1])

    @cached_property
    def shares(self) -> Floats:
        """(t, ways) share that has ended in each way by each time."""
        return np.cumsum(self.waiting_before[:, None] * self._hazards, axis=0)

    def at(self, times: Floats) -> Floats:
        """(times, ways) the shares by some times."""
        padded = np.vstack([np.zeros(self.shares.shape[1]), self.shares])
        return padded[np.searchsorted(self.counts.times, times, side="right")]

    def variance(self, time: float) -> Floats:
        """(ways,) variance of the shares by a time."""
        inside = self.counts.times <= time
        at_risk = self.counts.at_risk[inside]
        ended = self.counts.ended[inside]
        everyone = ended.sum(axis=1)
        before = self.waiting_before[inside]
        to_come = self.at(np.array([time])) - self.shares[inside]
        spread = at_risk * (at_risk - everyone)
        greenwood = np.divide(everyone, spread, out=np.zeros_like(spread), where=spread > 0)
        first = to_come**2 * greenwood[:, None]
        second = before[:, None] ** 2 * ended * (at_risk[:, None] - ended) / at_risk[:, None] ** 3
        third = 2 * to_come * before[:, None] * ended / at_risk[:, None] ** 2
        return np.asarray((first + second - third).sum(axis=0))

    def limits(self, time: float, level: float) -> tuple[Floats, Floats, Floats]:
        """Return the shares by a time and their limits, on the scale of log(-log(1 - share))."""
        share = self.at(np.array([time]))[0]
        error = np.sqrt(np.maximum(self.variance(time), 0.0))
        z = stats.norm.ppf(0.5 + level / 2)
        inner = (share > 0) & (share < 1)
        safe = np.where(inner, share, 0.5)
        turned = np.exp(z * error / ((1 - safe) * np.abs(np.log1p(-safe))))
        low = np.where(inner, 1 - (1 - safe) ** (1 / turned), share)
        high = np.where(inner, 1 - (1 - safe) ** turned, share)
        return share, low, high

    def naive(self, time: float) -> Floats:
        """(ways,) one less Kaplan-Meier with the others censored: the usual mistake."""
        inside = self.counts.times <= time
        return np.asarray(1 - np.prod(1 - self._hazards[inside], axis=0))


def gray_test(groups: Sequence[Durations], way: int) -> tuple[float, float]:
    """Test that the cumulative incidence of one way of ending is the same in all groups.

    Parameters
    ----------
    groups
        At least two.
    way
        The place of the way in `Durations.ways`.

    Returns
    -------
    tuple of float
        Chi-squared with one degree of freedom less than there are groups, and its p value.

    Notes
    -----
    Names in brackets are Gray's. The variance is his, section 3, at the pooled incidence, with a
    correction for ties of each binomial count.
    """
    tables = [_GroupTable.of(each, way, groups) for each in groups]
    mine, others, at_risk, before, after, incidence = (
        np.column_stack([getattr(table, name) for table in tables])
        for name in ("mine", "others", "at_risk", "before", "after", "incidence")
    )
    known = (at_risk > 0) & (before > 0)
    # People that there would be, were nobody censored [h], and of them those still to end so [R].
    size = _divide(at_risk, before, known)
    total, happened = size.sum(axis=1), mine.sum(axis=1)
    risk = size * (1 - incidence)
    expected = _divide(risk, risk.sum(axis=1)[:, None]) * happened[:, None]
    score = (mine - expected).sum(axis=0)

    step = _divide(happened, total)
    pooled = np.cumsum(step)
    pooled_before = pooled - step
    free = len(groups) - 1
    variance = np.zeros((free, free))
    for place in range(len(groups)):
        own_size, here = size[:, place], known[:, place]
        same = np.arange(free) == place
        weight = own_size[:, None] * (same - _divide(size[:, :free], total[:, None]))  # [a]
        rises = weight * _divide(step, 1 - pooled_before)[:, None]
        to_come = rises[::-1].cumsum(axis=0)[::-1] - rises  # [c at the end, less c]
        left = after[:, place] > 0
        ratio = _divide(1 - pooled, after[:, place], left)[:, None]
        first = weight + (1 - ratio) * to_come
        spread = _ties(happened, total * before[:, place]) * _divide(step, own_size, here)
        variance += (first * spread[:, None]).T @ first
        second = ratio * to_come
        deaths = others[:, place] * left
        spread = _ties(deaths, at_risk[:, place]) * _divide(deaths, own_size**2, here)
        variance += (second * spread[:, None]).T @ second
    if np.linalg.matrix_rank(variance) < free:
        return float("nan"), float("nan")
    statistic = float(score[:free] @ np.linalg.solve(variance, score[:free]))
    return statistic, float(stats.chi2.sf(statistic, free))


@dataclass(frozen=True, eq=False)
class _GroupTable:
    """One group, counted at the times of all: (t,) each."""

    mine: Floats
    others: Floats
    at_risk: Floats
    before: Floats
    after: Floats
    incidence: Floats

    @classmethod
    def of(cls, durations: Durations, way: int, everyone: Sequence[Durations]) -> _GroupTable:
        times = np.unique(np.concatenate([each.times for each in everyone]))
        found = Incidence.of(durations)
        counts = found.counts
        exact = np.searchsorted(counts.times, times)
        here = np.append(counts.times, np.inf)[exact] == times
        ended = np.vstack([counts.ended, np.zeros(counts.ended.shape[1])])[exact] * here[:, None]
        passed = np.searchsorted(counts.times, times, side="right")
        return cls(
            mine=ended[:, way],
            others=ended.sum(axis=1) - ended[:, way],
            at_risk=np.append(counts.at_risk, 0.0)[exact],
            before=np.append(1.0, found.waiting)[exact],
            after=np.append(1.0, found.waiting)[passed],
            incidence=np.append(0.0, found.shares[:, way])[exact],
        )


def _divide(top: Floats, bottom: Floats, where: Booleans | None = None) -> Floats:
    """Divide, with nought where there is nothing to divide by."""
    top, bottom = np.broadcast_arrays(top, bottom)
    safe = bottom > 0 if where is None else (bottom > 0) & where
    return np.divide(top, bottom, out=np.zeros(top.shape), where=safe)


def _ties(ended: Floats, at_risk: Floats) -> Floats:
    """Of several ends at one time the variance is smaller than of as many single ones."""
    tied = (ended > 1) & (at_risk > 1)
    return np.where(tied, 1 - _divide(ended - 1, at_risk - 1, tied), 1.0)
