"""People who wait, die waiting or still wait when the data end, and what is made of them.

Stays are log-normal with standard deviation equal to their mean; deaths come at a constant rate.
A month has 30 days, so that the people of three months before the data end can still be waiting.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from scipy.special import ndtri

HORIZON = 90
DAYS_A_MONTH = 30
IMMATURE = 3
DEATHS_A_DAY = 0.002
LOG_SD = float(np.sqrt(np.log(2.0)))

_AT_ONCE = 250


@dataclass(frozen=True, eq=False)
class Persons:
    """Everyone of some histories, a place each.

    Attributes
    ----------
    history, month, day
        In which history and month they were referred, and on which of its days.
    seen
        Whole days that they were seen to wait.
    left
        Whether they then left; else they died or still wait.
    """

    history: np.ndarray
    month: np.ndarray
    day: np.ndarray
    seen: np.ndarray
    left: np.ndarray

    @classmethod
    def draw(cls, rng: np.random.Generator, expected: np.ndarray, *, people: float) -> Persons:
        """Draw people around (histories, months) expected days."""
        months = expected.shape[1]
        cell = np.repeat(np.arange(expected.size), rng.poisson(people, expected.size))
        history, month = np.divmod(cell, months)
        day = (rng.random(len(cell)) * DAYS_A_MONTH).astype(int)
        log = np.log(expected.ravel()[cell]) - LOG_SD**2 / 2
        stay = np.exp(log + LOG_SD * rng.standard_normal(len(cell))).astype(int)
        death = rng.exponential(1 / DEATHS_A_DAY, len(cell)).astype(int)
        lost = np.minimum(death, (months - month) * DAYS_A_MONTH - day)
        return cls(history, month, day, np.minimum(stay, lost), stay <= lost)

    def by_day(self, histories: int, months: int) -> tuple[np.ndarray, np.ndarray]:
        """(histories, months, horizon + 1) people who left, and who were lost, after each day.

        Whoever was seen up to the horizon counts as lost there, whatever came later.
        """
        within = self.left & (self.seen < HORIZON)
        days = np.minimum(self.seen, HORIZON)
        place = (self.history * months + self.month) * (HORIZON + 1) + days
        shape = (histories, months, HORIZON + 1)
        ended, lost = (
            np.bincount(place[chosen], minlength=int(np.prod(shape))).reshape(shape).astype(float)
            for chosen in (within, ~within)
        )
        return ended, lost

    def left_in_month(self, histories: int, months: int) -> np.ndarray:
        """(histories, months) mean days of those who left in the month: the wrong number."""
        leaving = self.month + (self.day + self.seen) // DAYS_A_MONTH
        counted = self.left & (leaving < months)
        place = (self.history * months + leaving)[counted]
        size = histories * months
        leavers = np.bincount(place, minlength=size)
        days = np.bincount(place, weights=self.seen[counted], minlength=size)
        return (days / np.maximum(leavers, 1)).reshape(histories, months)


@dataclass(frozen=True, eq=False)
class Waits:
    """What each history of waits comes to.

    Attributes
    ----------
    monthly
        (histories, mature months) restricted means by month of referral.
    difference, greenwood, clustered
        (histories,) difference of the restricted means after and before go-live over mature months,
        its variance by Greenwood's plug-in, and its variance by clusters of months.
    left_in_month
        (histories, mature months) the wrong number: mean days of those who left in the month.
    """

    monthly: np.ndarray
    difference: np.ndarray
    greenwood: np.ndarray
    clustered: np.ndarray
    left_in_month: np.ndarray


def simulate(
    rng: np.random.Generator, expected: np.ndarray, *, go_live: int, people: float = 185
) -> Waits:
    """Draw histories around (histories, months) expected days; the last months are immature."""
    parts = [
        _simulate(rng, expected[first : first + _AT_ONCE], go_live, people)
        for first in range(0, len(expected), _AT_ONCE)
    ]
    columns = (field.name for field in fields(Waits))
    return Waits(*(np.concatenate([getattr(part, name) for part in parts]) for name in columns))


def _simulate(rng: np.random.Generator, expected: np.ndarray, go_live: int, people: float) -> Waits:
    persons = Persons.draw(rng, expected, people=people)
    histories, months = expected.shape
    return of_persons(persons, histories=histories, months=months, go_live=go_live)


def of_persons(persons: Persons, *, histories: int, months: int, go_live: int) -> Waits:
    """Work out what histories of people come to."""
    mature = months - IMMATURE
    ended, lost = persons.by_day(histories, months)
    difference, greenwood, clustered = np.zeros((3, histories))
    for period, sign in ((slice(0, go_live), -1), (slice(go_live, mature), 1)):
        mean, variance, by_month = _with_influence(ended[:, period], lost[:, period])
        difference += sign * mean
        greenwood += variance
        clustered += np.sum(by_month**2, axis=1)
    return Waits(
        monthly=restricted_mean(ended, lost)[:, :mature],
        difference=difference,
        greenwood=greenwood,
        clustered=clustered,
        left_in_month=persons.left_in_month(histories, months)[:, :mature],
    )


def true_difference(expected: np.ndarray, effect: float, go_live: int) -> float:
    """Average effect on the restricted mean over the mature months after go-live.

    Parameters
    ----------
    expected
        (histories, months) expected days with the effect; it is taken off for what would have been.
    """
    after = expected[:1000, go_live : expected.shape[1] - IMMATURE].ravel()
    return float(np.mean(_mean_of(after) - _mean_of(after - effect)))


def _mean_of(days: np.ndarray) -> np.ndarray:
    """Restricted mean of whole days of a log-normal stay with a mean of `days`."""
    grid = np.linspace(2.0, 25.0, 93)
    chances = (np.arange(20_000) + 0.5) / 20_000
    stays = np.exp(np.log(grid)[:, None] - LOG_SD**2 / 2 + LOG_SD * ndtri(chances))
    return np.interp(days, grid, np.minimum(np.floor(stays), HORIZON).mean(axis=1))


def restricted_mean(ended: np.ndarray, lost: np.ndarray) -> np.ndarray:
    """Area under the Kaplan-Meier curves of counts by day, which are the last axis."""
    _, _, surviving = _curve(ended, lost)
    return surviving.sum(axis=-1)


def _curve(ended: np.ndarray, lost: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """People at risk, share of them that leaves, and share that waits on, by day."""
    gone = ended + lost
    at_risk = np.maximum(np.cumsum(gone[..., ::-1], axis=-1)[..., ::-1], 1.0)[..., :HORIZON]
    hazard = ended[..., :HORIZON] / at_risk
    return at_risk, hazard, np.cumprod(1 - hazard, axis=-1)


def _with_influence(
    ended: np.ndarray, lost: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Restricted mean of all months together, Greenwood variance, and influence of each month.

    Parameters
    ----------
    ended, lost
        (histories, months, horizon + 1) people.
    """
    at_risk, hazard, surviving = _curve(ended.sum(axis=1), lost.sum(axis=1))
    area = np.cumsum(surviving[:, ::-1], axis=1)[:, ::-1]
    per_person = area / (at_risk * np.maximum(1 - hazard, 1e-9))
    passed = np.cumsum(per_person * hazard, axis=1)
    passed = np.concatenate([passed, passed[:, -1:]], axis=1)
    of_leaving = passed.copy()
    of_leaving[:, :HORIZON] -= per_person
    by_month = np.einsum("nmd,nd->nm", ended, of_leaving) + np.einsum("nmd,nd->nm", lost, passed)
    return area[:, 0], np.sum(per_person * area * hazard, axis=1), by_month
