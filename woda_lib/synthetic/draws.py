"""Small random draws that several modules share, each over whole arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.random import Generator

Days = np.ndarray | np.datetime64


def weighted(rng: Generator, n: int, weights: Sequence[float] | np.ndarray) -> np.ndarray:
    """Draw `n` positions, each with probability proportional to its weight.

    Inverts the cumulative weights, which is several times faster than `Generator.choice` with
    probabilities when there are many options.
    """
    cumulative = np.cumsum(np.asarray(weights, dtype=float))
    return np.searchsorted(cumulative, rng.random(n) * cumulative[-1], side="right")


def zipf_weights(n: int, *, exponent: float = 0.9, offset: float = 2.0) -> np.ndarray:
    """Weights of ranks 1..n that fall as a shifted power law, as name frequencies do."""
    return (np.arange(n) + offset) ** -exponent


def take(pool: Sequence[str], picks: np.ndarray) -> np.ndarray:
    """Return the strings of `pool` at `picks` as an object array (shared, not copied)."""
    return np.array(pool, dtype=object)[picks]


def left_out(values: Sequence[str] | np.ndarray | pd.Series, where: np.ndarray) -> np.ndarray:
    """Return values as an object array, with None where they are left out."""
    out = np.array(values, dtype=object)
    out[where] = None
    return out


def drawn_by(
    options: Sequence[str], shares: np.ndarray, kind: np.ndarray, rng: Generator
) -> np.ndarray:
    """Draw an option for each row, with the shares of its kind (a row of `shares` a kind)."""
    bounds = np.cumsum(shares, axis=1)
    bounds = (bounds / bounds[:, -1:])[kind]
    return take(options, (rng.random(len(kind))[:, None] > bounds[:, :-1]).sum(axis=1))


def autoregressive(n: int, sd: float, correlation: float, rng: Generator) -> np.ndarray:
    """Draw an AR(1) of `n` steps with mean 0, as spread out at its first step as at its last."""
    steps = rng.normal(0, sd * np.sqrt(1 - correlation**2), n)
    steps[0] = rng.normal(0, sd)
    for step in range(1, n):
        steps[step] += correlation * steps[step - 1]
    return steps


def add_days(dates: Days, days: np.ndarray) -> np.ndarray:
    """Return `dates` (datetime64[D]) moved by whole `days`."""
    return dates + np.asarray(days).astype("timedelta64[D]")


def whole_minutes(hours: np.ndarray) -> np.ndarray:
    """The whole minutes of `hours` with decimals, as timedelta64[s]."""
    return np.floor(hours * 60).astype(np.int64) * np.timedelta64(60, "s")


def days_between(start: Days, end: Days) -> np.ndarray:
    """Whole days from `start` to `end` as int64 (NaT gives the smallest integer)."""
    return np.asarray(end - start).astype("timedelta64[D]").astype(np.int64)


def as_days(column: pd.Series) -> np.ndarray:
    """A date column as a datetime64[D] array."""
    return column.to_numpy().astype("datetime64[D]")


def ages_on(born: Days, day: Days) -> np.ndarray:
    """Age in years, with decimals, of people `born` on those days."""
    return days_between(born, day) / 365.25
