"""Made-up monthly histories with a known effect, to count how often an interval holds it."""

from __future__ import annotations

import numpy as np

WINTER = np.array([1.2, 0.8, 0.3, 0, 0, 0, 0, 0, 0, 0, 0.2, 0.6])  # days, January to December


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


def monthly_means(
    rng: np.random.Generator,
    shocks: np.ndarray,
    *,
    effect: float,
    go_live: int,
    people: float = 185,
    mean: float = 12,
    variation: float = 0.8,
    trend: float = -0.3,
) -> np.ndarray:
    """Draw mean days by month: gamma waits of Poisson many people, around winters and shocks."""
    months = np.arange(shocks.shape[1])
    expected = mean + trend * (months - go_live) / 12 + WINTER[(3 + months) % 12]
    expected = expected + effect * (months >= go_live) + shocks
    count = rng.poisson(people, shocks.shape)
    shape = 1 / variation**2
    return rng.gamma(count * shape) * expected / (shape * count)
