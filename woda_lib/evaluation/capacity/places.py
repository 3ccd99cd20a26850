"""The smallest number of places with which enough people wait no longer than a limit.

Years are simulated with each number of places, always with the same arrivals and the same lengths
of service (common random numbers), so that two numbers differ by the places alone. More places
never make anybody wait longer in such a queue, so that the smallest number that will do can be
found by halving. It will do when the lower limit of the simulation's 95% interval reaches the
share that is asked for: noise alone never makes a service look large enough.

What the answer does not know well are its inputs. The rates of arrival are drawn anew from what the
observed counts leave open, and the length of service from its given range; the spread of the
smallest numbers over such draws is the interval of the result.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from woda_lib.evaluation.capacity.arrivals import ArrivalRates, arrival_rates
from woda_lib.evaluation.capacity.errors import CapacityError
from woda_lib.evaluation.capacity.picture import ROW, draw_shares
from woda_lib.evaluation.capacity.queue import simulate, starts
from woda_lib.evaluation.capacity.years import Year, draw_year, interval, row_of, shares_in_time
from woda_lib.evaluation.result import Result
from woda_lib.figures import Picture

Floats = NDArray[np.floating[Any]]

_YEARS_A_DRAW = 10


@dataclass(frozen=True)
class PlacesNeeded(Result):
    """How many places.

    Attributes
    ----------
    estimate, low, high
        The smallest number that meets the target, and its 95% interval over what is not known of
        arrivals and length of service.
    table
        One row a number of places: `places`; `share_within`, `share_low, share_high` (95% interval
        of the simulation), `years_met` (share of simulated years that met the target), `mean_wait`
        (days), `waiting` (people waiting at a time, on average), `occupancy` (share of places
        taken), and `smallest`, true for the estimate's row.
    within, share
        The target: at least this share of people wait at most so many days.
    rates
        The model of arrivals.
    in_use
        Places in use on average if nobody ever waited: arrivals a day times days of service.
    years, warm_up
        The simulated years, and how many days of each fill the service first.
    """

    estimate: float
    low: float
    high: float
    table: pd.DataFrame
    within: float
    share: float
    rates: ArrivalRates
    in_use: float
    unit: str
    method: str
    assumptions: tuple[str, ...]
    warnings: tuple[str, ...]
    years: tuple[Year, ...] = field(repr=False)
    warm_up: int
    level: float = 0.95

    def share_in_time(self, within: float) -> float:
        """Return the share of people who would wait at most so many days with the places needed."""
        shares = shares_in_time(
            list(self.years), int(self.estimate), within=within, warm_up=self.warm_up
        )
        return float(shares.mean())

    def in_simpy(self, *, years: int = 2) -> pd.DataFrame:
        """Run the first simulated years again, event by event, with the places needed.

        Parameters
        ----------
        years
            How many.

        Returns
        -------
        DataFrame
            One row a year: `year`, `people` who came (warm-up included), their `mean_wait` in
            SimPy, days, and `largest_difference`, days, between the two ways to run the queue.
        """
        rows = []
        for number, year in enumerate(self.years[:years], start=1):
            places = int(self.estimate)
            events = simulate(year.arrivals, year.services, places)
            once = starts(year.arrivals, year.services, places)
            rows.append(
                {
                    "year": number,
                    "people": len(events),
                    "mean_wait": float((events - year.arrivals).mean()),
                    "largest_difference": float(np.abs(events - once).max()),
                }
            )
        return pd.DataFrame(rows)

    def summary(self) -> pd.DataFrame:
        """Return one row: places needed, places in use on average, and how long people wait."""
        row = self.table[self.table["smallest"]].iloc[0]
        return pd.DataFrame(
            [
                {
                    "name": f"{self.unit} needed",
                    "estimate": self.estimate,
                    "low": self.low,
                    "high": self.high,
                    "in_use": self.in_use,
                    "share_within": row["share_within"],
                    "mean_wait": row["mean_wait"],
                    "occupancy": row["occupancy"],
                }
            ]
        )

    def plot(self) -> Picture:
        """Draw the share of people who wait no longer than the limit by the number of places."""

        def draw(figure: Figure, narrow: bool, _: pd.DataFrame) -> None:
            draw_shares({self.unit.capitalize(): self}, figure, narrow)

        return Picture(draw=draw, data=self.table, height=ROW)


def places_needed(
    frame: pd.DataFrame,
    *,
    time: str,
    service_days: float,
    within: float,
    share: float,
    until: pd.Timestamp | None = None,
    service_variation: float = 0.6,
    service_uncertainty: float = 0.0,
    growth: float = 0.0,
    horizon: int = 365,
    warm_up: int = 120,
    replications: int = 200,
    draws: int = 60,
    unit: str = "places",
    seed: int = 20240401,
) -> PlacesNeeded:
    """Find the smallest number of places with which enough people wait no longer than a limit.

    Parameters
    ----------
    frame
        One row a person who came to need a place.
    time
        Column of the day.
    service_days
        How long a place is kept, on average, days.
    within, share
        At least this share of people (0 to 1) must wait at most so many whole days.
    until
        The last day observed, where nobody came on it.
    service_variation
        Standard deviation of the length of service by its mean; lengths are gamma.
    service_uncertainty
        Half the 95% range of `service_days`, as a share of it (.15: give or take 15%).
    growth
        Change in arrivals against the last year, as a share (.03: 3% more).
    horizon, warm_up
        Days that count, and days before them that fill the service, which begins empty.
    replications
        How many years are simulated with each number of places.
    draws
        How often the inputs are drawn anew for the interval; without any it is the estimate alone.
    unit
        What a place is, in the plural.
    seed
        Of all draws.

    Returns
    -------
    PlacesNeeded

    Raises
    ------
    CapacityError
        If a setting is out of its range, or there are too few arrivals to tell weekdays.
    FrameError, TimeError
        If the column is missing or holds no days.

    Examples
    --------
    >>> days = pd.date_range("2024-01-01", "2024-06-30").repeat(3)  # three a day, always
    >>> found = places_needed(pd.DataFrame({"day": days}), time="day", service_days=14,
    ...                       within=2, share=0.9, replications=50)
    >>> round(found.in_use), found.estimate > found.in_use
    (42, True)
    """
    _check(
        service_days=service_days,
        within=within,
        share=share,
        service_variation=service_variation,
        service_uncertainty=service_uncertainty,
        growth=growth,
        horizon=horizon,
        warm_up=warm_up,
        replications=replications,
    )
    rates = arrival_rates(frame, time=time, until=until)
    rng = np.random.default_rng(seed)

    def years(number: int, *, coefficients: Floats | None = None, mean: float) -> list[Year]:
        expected = (1 + growth) * rates.expected(warm_up + horizon, coefficients=coefficients)
        return [
            draw_year(expected, rates.dispersion, mean=mean, variation=service_variation, rng=rng)
            for _ in range(number)
        ]

    def met(simulated: list[Year], *, certain: bool) -> Callable[[int], bool]:
        def enough(places: int) -> bool:
            shares = shares_in_time(simulated, places, within=within, warm_up=warm_up)
            low, _ = interval(shares) if certain else (shares.mean(), 0.0)
            return bool(low >= share)

        return enough

    in_use = (1 + growth) * rates.a_day * service_days
    simulated = years(replications, mean=service_days)
    needed = _smallest(met(simulated, certain=True), near=in_use)
    others = []
    for _ in range(draws):
        mean = service_days * (1 + service_uncertainty / 1.96 * rng.standard_normal())
        drawn = years(_YEARS_A_DRAW, coefficients=rates.drawn(rng), mean=max(mean, 0.1))
        others.append(_smallest(met(drawn, certain=False), near=in_use))
    low, high = np.percentile(others or [needed], [2.5, 97.5])
    step = max(round(needed / 20), 1)
    # One place fewer is among them, so that a reader sees that the smallest number is the smallest.
    tried = sorted({needed - 1, *(needed + times * step for times in range(-3, 4))} - {0})
    tried = [places for places in tried if places > 0]
    table = pd.DataFrame(
        [
            row_of(simulated, places, within=within, share=share, warm_up=warm_up, horizon=horizon)
            for places in tried
        ]
    ).assign(smallest=[places == needed for places in tried])
    return PlacesNeeded(
        estimate=float(needed),
        low=float(min(low, needed)),
        high=float(max(high, needed)),
        table=table,
        within=within,
        share=share,
        rates=rates,
        in_use=in_use,
        unit=unit,
        method=(
            f"Simulation of {replications} years of {horizon} days with each number of places, the "
            "same arrivals and lengths of service with every number; interval over "
            f"{draws} draws of the rates of arrival and of the length of service."
        ),
        assumptions=(
            "Whoever comes first is served first, and nobody leaves the queue.",
            "Arrivals follow the weekdays and seasons of the years observed, at the last year's "
            "level and the planned growth.",
            f"A place is kept for {service_days:g} days on average, however long the wait was.",
        ),
        years=tuple(simulated),
        warm_up=warm_up,
        warnings=_warnings(rates, horizon=horizon, warm_up=warm_up, service_days=service_days),
    )


def _smallest(enough: Callable[[int], bool], *, near: float) -> int:
    """Return the smallest number that is enough, by doubling and halving."""
    low, high = 0, max(math.ceil(near), 1)
    while not enough(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _warnings(
    rates: ArrivalRates, *, horizon: int, warm_up: int, service_days: float
) -> tuple[str, ...]:
    said = []
    if warm_up < 3 * service_days:
        said.append(
            f"A warm-up of {warm_up} days is under three lengths of service: the service may still "
            "be filling when the count begins, so that waits come out too short."
        )
    if rates.dispersion > 1.2:
        said.append(
            f"People come in clusters: the variance of a day's count is {rates.dispersion:.1f} "
            "times its mean. The simulation has them come so."
        )
    return tuple(said)


def _check(**settings: float) -> None:
    for name, value in settings.items():
        if not math.isfinite(value):
            raise CapacityError(f"`{name}` must be a finite number, and is {value}.")
    for name in ("service_days", "horizon"):
        if settings[name] <= 0:
            raise CapacityError(f"`{name}` must be above nought.")
    for name in ("within", "warm_up", "service_variation", "service_uncertainty"):
        if settings[name] < 0:
            raise CapacityError(f"`{name}` must not be below nought.")
    if not 0 < settings["share"] < 1:
        raise CapacityError(
            "`share` must lie between 0 and 1: no number of places lets everybody in at once for "
            "certain. For 95 in 100 give .95."
        )
    if settings["growth"] <= -1:
        raise CapacityError("`growth` of -1 or less leaves nobody to serve.")
    if settings["replications"] < 10:
        raise CapacityError("`replications` must be ten or more: an interval comes from them.")
