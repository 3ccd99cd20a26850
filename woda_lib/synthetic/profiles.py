"""The sizes a made-up county comes in, and the calendar that every size shares."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from woda_lib.errors import WodaError

_INCIDENTS_A_RESIDENT = 0.025
_FEWEST_INCIDENTS = 700.0


class UnknownProfile(WodaError):
    """A profile name that the generator does not know."""


@dataclass(frozen=True)
class Periods:
    """The files that a dataset is delivered in, one after another.

    Attributes
    ----------
    labels : tuple of str
        What each file's name ends with: ``2025-02``, ``2025-03-01``.
    begins : numpy.ndarray
        First day of each.
    """

    labels: tuple[str, ...]
    begins: np.ndarray

    def of(self, days: np.ndarray) -> np.ndarray:
        """Position of the file that each day falls in, days outside clipped to the ends."""
        at = np.searchsorted(self.begins, days.astype("datetime64[D]"), side="right") - 1
        return np.clip(at, 0, len(self.labels) - 1)


@dataclass(frozen=True)
class Profile:
    """One size of synthetic county.

    Referrals from hospital are a county figure and do not shrink with the population, and incidents
    of domestic abuse have a floor, so that evaluations have power in every profile; everything else
    scales with `residents`.

    Parameters
    ----------
    name
        What people type: ``quick``, ``demo`` or ``county``.
    residents
        People living in Worcestershire at the start of the window (about).
    seed
        Seed used when the caller gives none.
    neighbour_share
        Residents of the neighbouring area, as a share of `residents`.
    referrals_per_month
        Discharge referrals that start in an average month at each trust.
    planted_days
        Restricted mean days that the new pathway saves, the truth to be recovered.
    triage_go_live
        First day of the domestic-abuse triage pack.
    daily_from
        The month from which police deliver every day; what came before is delivered by the month.
    shared_from
        The month in which partners began to deliver for the single view: all that they held by its
        end, and then a file a month.
    days_beyond
        Days after the window that are drawn as well, for the next days' files.
    """

    name: str
    residents: int
    seed: int
    neighbour_share: float = 0.45
    referrals_per_month: float = 185.0
    planted_days: float = 2.7
    horizon_days: int = 90
    first_month: str = "2021-04"
    months: int = 48
    last_notice_day: str = "2022-06-30"
    go_live: str = "2023-10-01"
    triage_go_live: str = "2023-07-01"
    daily_from: str = "2025-03"
    shared_from: str = "2024-03"
    days_beyond: int = 7

    @property
    def incidents_a_year(self) -> float:
        """Incidents of domestic abuse a year: 25 for 1,000 residents, and no fewer than 700.

        Police in England and Wales recorded 1,198,094 incidents and crimes in the year to March
        2018, 20 for 1,000 residents (ONS, *Domestic abuse in England and Wales: year ending March
        2018*), and more since.
        """
        return max(_FEWEST_INCIDENTS, _INCIDENTS_A_RESIDENT * self.residents)

    @cached_property
    def monthly(self) -> Periods:
        """A file a month of the window."""
        return Periods(tuple(map(str, self.periods)), self.periods.start_time.to_numpy())

    @cached_property
    def daily(self) -> Periods:
        """A file a month until `daily_from`, then a file a day, also of the days beyond."""
        first = pd.Period(self.daily_from, freq="M")
        months = self.periods[self.periods < first].start_time
        days = pd.date_range(first.start_time, self.last_day)
        labels = (*months.strftime("%Y-%m"), *days.strftime("%Y-%m-%d"))
        return Periods(labels, np.concatenate([months.to_numpy(), days.to_numpy()]))

    @cached_property
    def shared(self) -> Periods:
        """A file a month from `shared_from` on; what is older is in the first."""
        months = self.periods[self.periods >= pd.Period(self.shared_from, freq="M")]
        return Periods(tuple(map(str, months)), months.start_time.to_numpy())

    @property
    def last_day(self) -> np.datetime64:
        """The last day that is drawn at all."""
        return self.as_of + np.timedelta64(self.days_beyond, "D")

    @cached_property
    def periods(self) -> pd.PeriodIndex:
        """The months of the window, in order."""
        return pd.period_range(self.first_month, periods=self.months, freq="M")

    @property
    def opens(self) -> np.datetime64:
        """First day of the window."""
        return np.datetime64(f"{self.first_month}-01", "D")

    @property
    def as_of(self) -> np.datetime64:
        """Last day of the window: what happens later is not yet known to anybody."""
        return np.datetime64(self.periods[-1].end_time.date(), "D")

    def month_of(self, days: np.ndarray) -> np.ndarray:
        """Index of the window's month that each day falls in, days outside clipped to the ends."""
        months = days.astype("datetime64[M]") - self.opens.astype("datetime64[M]")
        return np.clip(months.astype(np.int64), 0, self.months - 1)


PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile("quick", residents=20_000, seed=20_211),
        Profile("demo", residents=60_000, seed=20_212),
        Profile("county", residents=600_000, seed=20_213),
    )
}


def get_profile(name: str) -> Profile:
    """Return the profile called `name`.

    Raises
    ------
    UnknownProfile
        If there is none of that name.
    """
    if name not in PROFILES:
        known = ", ".join(PROFILES)
        raise UnknownProfile(f"There is no synthetic profile called {name!r}. Choose from {known}.")
    return PROFILES[name]
