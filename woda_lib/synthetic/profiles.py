"""The sizes a made-up county comes in, and the calendar that every size shares."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from woda_lib.errors import WodaError


class UnknownProfile(WodaError):
    """A profile name that the generator does not know."""


@dataclass(frozen=True)
class Profile:
    """One size of synthetic county.

    Referrals from hospital are a county figure and do not shrink with the population, so that the
    evaluation has the same power in every profile; everything else scales with `residents`.

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
