"""Simulated years of a service: who came, for how long, and how they wait with so many places.

A year is drawn once and then run with every number of places.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from woda_lib.evaluation.capacity.arrivals import draw_arrivals
from woda_lib.evaluation.capacity.queue import starts

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False)
class Year:
    """One simulated stretch: everybody's arrival and length of service, warm-up included."""

    arrivals: Floats
    services: Floats


def draw_year(
    expected: Floats,
    dispersion: float,
    *,
    mean: float,
    variation: float,
    rng: np.random.Generator,
) -> Year:
    """Return a year of these expected counts a day, with gamma lengths of service."""
    arrivals = draw_arrivals(expected, dispersion=dispersion, rng=rng)
    if variation == 0:
        return Year(arrivals, np.full(len(arrivals), mean))
    shape = 1 / variation**2
    return Year(arrivals, rng.gamma(shape, mean / shape, len(arrivals)))


def shares_in_time(simulated: list[Year], places: int, *, within: float, warm_up: int) -> Floats:
    """Return the share of people served within the limit, in whole days, for each year."""
    return np.array(
        [
            (_whole_days(year, places)[year.arrivals >= warm_up] <= within).mean()
            for year in simulated
            if (year.arrivals >= warm_up).any()
        ]
    )


def _whole_days(year: Year, places: int) -> Floats:
    """Return waits as registers have them: from the day of arrival to the day of the start."""
    begun = starts(year.arrivals, year.services, places)
    return np.floor(begun) - np.floor(year.arrivals)


def interval(values: Floats) -> tuple[float, float]:
    """Return the 95% interval of the mean over simulated years."""
    error = values.std(ddof=1) / len(values) ** 0.5
    half = float(stats.t.ppf(0.975, len(values) - 1) * error)
    return float(values.mean()) - half, float(values.mean()) + half


def row_of(
    simulated: list[Year], places: int, *, within: float, share: float, warm_up: int, horizon: int
) -> dict[str, Any]:
    """Return what `PlacesNeeded.table` says of one number of places."""
    shares = shares_in_time(simulated, places, within=within, warm_up=warm_up)
    low, high = interval(shares)
    waited, people, taken = 0.0, 0, 0.0
    end = warm_up + horizon
    for year in simulated:
        begun = starts(year.arrivals, year.services, places)
        counted = year.arrivals >= warm_up
        waited += float((begun - year.arrivals)[counted].sum())
        people += int(counted.sum())
        inside = np.minimum(begun + year.services, end) - np.maximum(begun, warm_up)
        taken += float(np.maximum(inside, 0).sum())
    return {
        "places": places,
        "share_within": float(shares.mean()),
        "share_low": max(low, 0.0),
        "share_high": min(high, 1.0),
        "years_met": float((shares >= share).mean()),
        "mean_wait": waited / people,
        "waiting": waited / (horizon * len(simulated)),
        "occupancy": taken / (places * horizon * len(simulated)),
    }
