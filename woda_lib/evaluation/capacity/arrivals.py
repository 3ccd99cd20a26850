"""How many people to expect each day: by weekday, by season, at last year's level.

Daily counts are fitted by quasi-Poisson regression on the day of the week, one yearly wave (from
two years of days on) and whether the day lies in the last year, whose level is what counts for
planning. What the counts scatter beyond Poisson goes into the simulation as well, because a service
that gets its people in clusters needs more places than one that gets them evenly.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm
from numpy.typing import NDArray
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

from woda_lib.evaluation.capacity.errors import CapacityError
from woda_lib.evaluation.frames import take
from woda_lib.evaluation.time_axis import moments

Floats = NDArray[np.floating[Any]]

YEAR = 365.25  # days
FEWEST_DAYS, FEWEST_ARRIVALS = 56, 30


@dataclass(frozen=True, eq=False)
class ArrivalRates:
    """A model of daily arrivals.

    Attributes
    ----------
    coefficients
        Logarithms: seven weekdays (Monday first), the yearly wave's cosine and sine, and the
        change in the last year; a term that was not fitted is nought.
    covariance
        (10, 10) of the coefficients, dispersion included.
    dispersion
        Variance of a day's count by its mean, never under one.
    last_day
        The last day that was observed.
    """

    coefficients: Floats
    covariance: Floats
    dispersion: float
    last_day: pd.Timestamp

    @property
    def a_day(self) -> float:
        """Arrivals in a mean day of the coming year."""
        return float(self.expected(365).mean())

    def expected(self, days: int, *, coefficients: Floats | None = None) -> Floats:
        """Return the expected arrivals of the days after the last one observed.

        Parameters
        ----------
        days
            How many.
        coefficients
            Others than the fitted ones, such as a draw of them.
        """
        coming = pd.date_range(self.last_day + pd.Timedelta(days=1), periods=days, freq="D")
        used = self.coefficients if coefficients is None else coefficients
        return np.exp(_design(coming, recent=np.ones(days)) @ used)

    def drawn(self, rng: np.random.Generator) -> Floats:
        """Draw coefficients that the observed counts could as well have come from."""
        return rng.multivariate_normal(self.coefficients, self.covariance, method="svd")

    def by_weekday(self) -> pd.DataFrame:
        """Return `weekday, arrivals_a_day` of the coming year."""
        coming = pd.date_range(self.last_day + pd.Timedelta(days=1), periods=364, freq="D")
        expected = pd.Series(self.expected(364)).groupby(coming.dayofweek).mean()
        names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
        return pd.DataFrame({"weekday": names, "arrivals_a_day": expected.to_numpy()})


def arrival_rates(
    frame: pd.DataFrame, *, time: str, until: pd.Timestamp | None = None
) -> ArrivalRates:
    """Fit a model of daily arrivals.

    Parameters
    ----------
    frame
        One row an arrival.
    time
        Column of its day.
    until
        The last day that was observed; that of the last arrival without it.

    Returns
    -------
    ArrivalRates

    Raises
    ------
    CapacityError
        If there are under 30 arrivals, or under eight weeks between the first and the last.
    """
    days = moments(take(frame, time=time)["time"], column=time)
    if not pd.api.types.is_datetime64_any_dtype(days):
        raise CapacityError(
            f"The column {time!r} must hold the days of arrivals, and holds plain numbers: without "
            "dates there is no telling weekdays and seasons."
        )
    days = days.dt.normalize()
    last = days.max() if until is None else pd.Timestamp(until).normalize()
    if (days > last).any():
        raise CapacityError("Some arrivals are after `until`. Leave them out, or give a later day.")
    watched = pd.date_range(days.min(), last, freq="D")
    if len(watched) < FEWEST_DAYS or len(days) < FEWEST_ARRIVALS:
        raise CapacityError(
            f"Rates by weekday need {FEWEST_ARRIVALS} arrivals over {FEWEST_DAYS} days at the "
            f"least, and there are {len(days)} over {len(watched)}."
        )
    counts = days.value_counts().reindex(watched, fill_value=0).to_numpy()
    recent = (watched > last - pd.Timedelta(days=365)).astype(float)
    design = _design(watched, recent=recent)
    # A season that was seen once cannot be told from a trend.
    fitted = [*range(7), *([7, 8] if len(watched) >= 2 * YEAR else [])]
    fitted += [9] if len(watched) > 365 + FEWEST_DAYS else []
    # A weekday without any arrival would send its logarithm to minus infinity.
    seen = np.array([counts[watched.dayofweek == day].sum() > 0 for day in range(7)])
    kept = [term for term in fitted if term > 6 or seen[term]]
    known = np.isin(watched.dayofweek, np.flatnonzero(seen))
    with warnings.catch_warnings():
        # Counts that are the same every week are fitted without a rest, which is no fault here.
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        fit = sm.GLM(counts[known], design[known][:, kept], family=sm.families.Poisson()).fit()
    dispersion = max(float(fit.pearson_chi2 / fit.df_resid), 1.0)
    coefficients, covariance = np.zeros(10), np.zeros((10, 10))
    coefficients[:7][~seen] = -30.0
    coefficients[kept] = fit.params
    covariance[np.ix_(kept, kept)] = np.asarray(fit.cov_params()) * dispersion
    return ArrivalRates(coefficients, covariance, dispersion, last)


def draw_arrivals(expected: Floats, *, dispersion: float, rng: np.random.Generator) -> Floats:
    """Draw the times of arrivals, in days from the first, sorted.

    A day's count is Poisson, or negative binomial where counts scatter more than that.
    """
    if dispersion > 1.001:
        expected = rng.gamma(expected / (dispersion - 1), dispersion - 1)
    counts = rng.poisson(expected)
    day = np.repeat(np.arange(len(counts)), counts)
    return np.sort(day + rng.random(len(day)))


def _design(days: pd.DatetimeIndex, *, recent: Floats) -> Floats:
    wave = 2 * np.pi * days.dayofyear.to_numpy() / YEAR
    weekday = np.eye(7)[days.dayofweek.to_numpy()]
    return np.column_stack([weekday, np.cos(wave), np.sin(wave), recent])
