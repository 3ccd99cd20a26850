"""Made-up monthly histories with a known effect, to count how often an interval holds it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

WINTER = np.array([1.2, 0.8, 0.3, 0, 0, 0, 0, 0, 0, 0, 0.2, 0.6])  # days, January to December
FIRST_MONTH = 3  # April


def autoregression(
    rng: np.random.Generator, histories: int, months: int, *, correlation: float, sd: float
) -> np.ndarray:
    """Draw (histories, months) shocks that remember last month."""
    noise = rng.standard_normal((histories, months))
    shocks = np.empty_like(noise)
    shocks[:, 0] = noise[:, 0]
    for month in range(1, months):
        fresh = np.sqrt(1 - correlation**2) * noise[:, month]
        shocks[:, month] = correlation * shocks[:, month - 1] + fresh
    return sd * shocks


@dataclass(frozen=True)
class Course:
    """What a mean month would be without shocks, in days.

    Attributes
    ----------
    mean
        At go-live.
    trend
        Days a year.
    winter
        Times `WINTER`.
    bend
        Change of the trend at go-live, days a year, around the average of the months after it.
    ramp
        Months in which the effect grows evenly to its whole.
    """

    mean: float = 12.0
    trend: float = -0.3
    winter: float = 1.0
    bend: float = 0.0
    ramp: int = 0

    def expected(self, months: int, *, go_live: int, effect: float) -> np.ndarray:
        """(months,) days."""
        since = np.arange(months) - go_live
        after = since >= 0
        unfolded = np.clip((since + 1) / (self.ramp + 1), 0, 1)
        bent = np.where(after, since - since[after].mean(), 0.0)
        return (
            self.mean
            + (self.trend * since + self.bend * bent) / 12
            + self.winter * WINTER[(FIRST_MONTH + np.arange(months)) % 12]
            + effect * unfolded
        )


@dataclass(frozen=True, eq=False)
class People:
    """Gamma waits of Poisson many people a month.

    Attributes
    ----------
    means, counts
        (histories, months) mean days and number of people.
    """

    means: np.ndarray
    counts: np.ndarray

    @classmethod
    def draw(
        cls,
        rng: np.random.Generator,
        expected: np.ndarray,
        *,
        people: float = 185,
        variation: float = 0.8,
    ) -> People:
        """Draw people around expected days, whose last axis is months.

        Parameters
        ----------
        people
            Mean number a month.
        variation
            Standard deviation of a person's days over their mean.
        """
        counts = np.maximum(rng.poisson(people, expected.shape), 1)
        shape = 1 / variation**2
        return cls(rng.gamma(counts * shape) * expected / (shape * counts), counts)


def monthly_means(
    rng: np.random.Generator,
    shocks: np.ndarray,
    *,
    effect: float,
    go_live: int,
    people: float = 185,
    trend: float = -0.3,
) -> np.ndarray:
    """Draw mean days by month: gamma waits of Poisson many people, around winters and shocks."""
    course = Course(trend=trend).expected(shocks.shape[1], go_live=go_live, effect=effect)
    return People.draw(rng, course + shocks, people=people).means


def monthly_counts(
    rng: np.random.Generator,
    shocks: np.ndarray,
    *,
    effect: float,
    go_live: int,
    mean: float = 185,
    dispersion: float = 0.01,
) -> np.ndarray:
    """Draw counts whose log follows trend, season, step and shocks: gamma mixed Poisson.

    Parameters
    ----------
    effect, shocks
        On the log scale.
    dispersion
        Variance of the mixing around 1: a month's own chance beyond Poisson's.
    """
    months = np.arange(shocks.shape[1])
    season = 0.08 * np.cos(2 * np.pi * (FIRST_MONTH + months) / 12)
    expected = -0.05 * (months - go_live) / 12 + season + effect * (months >= go_live) + shocks
    mixed = rng.gamma(1 / dispersion, dispersion, shocks.shape)
    return rng.poisson(mean * np.exp(expected) * mixed).astype(float)
