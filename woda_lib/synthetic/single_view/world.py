"""The county as the single view's partners meet it: who lives where when, and in what need."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.random import Generator, default_rng

from woda_lib.synthetic.draws import add_days, ages_on, as_days, days_between
from woda_lib.synthetic.population import NOT_A_DAY
from woda_lib.synthetic.profiles import Profile
from woda_lib.synthetic.single_view.life_events import AWAY
from woda_lib.synthetic.single_view.places import draw_places

YEAR = 365.25
OF_AGE = 18.0

# How much oftener than the average home services know a household, by fifth of deprivation (1 is
# the most deprived) and by kind; as in `woda_lib.synthetic.domestic_abuse.agencies.world`, assumed.
_BY_DEPRIVATION = np.array([np.nan, 1.9, 1.25, 0.85, 0.60, 0.40])
_BY_KIND = {"lone_parent": 2.0, "shared": 1.5, "lone_younger": 1.3, "couple_older": 0.6}
# Shapes of the gamma distributions, of mean 1, of what members of a household share and what is
# each one's own: a few households are known to many services, and most to none.
_SHARED_SHAPE, _OWN_SHAPE = 0.45, 1.5
_DAYS_BEFORE = 400  # of what began before the window and may reach into it
_A_DAY_OF_A_PERSON = 1 << 17
_FIRST_DAY = np.datetime64("1850-01-01", "D")


@dataclass(frozen=True)
class World:
    """The residents of Worcestershire and their homes.

    Attributes
    ----------
    residents, dwellings : pandas.DataFrame
        See `woda_lib.synthetic.single_view.whole.SingleView`, of both counties.
    homes : pandas.DataFrame
        See `woda_lib.synthetic.single_view.homes.draw_homes`.
    """

    profile: Profile
    residents: pd.DataFrame
    dwellings: pd.DataFrame
    homes: pd.DataFrame
    seed: int

    @cached_property
    def places(self) -> pd.DataFrame:
        """How each home of the county is truly addressed."""
        return draw_places(self.profile, self.residents, self.dwellings, self.seed)

    @cached_property
    def born(self) -> np.ndarray:
        """Birth days of all residents of both counties."""
        return as_days(self.residents["born"])

    @cached_property
    def died(self) -> np.ndarray:
        """Days of death up to the window's end, NaT for who lives then."""
        died = as_days(self.residents["died"])
        return np.where(died <= self.profile.as_of, died, NOT_A_DAY)

    @cached_property
    def people(self) -> np.ndarray:
        """Who ever lives in Worcestershire, by person_id."""
        return self.homes.loc[self.dwelling != AWAY, "person_id"].unique()

    @cached_property
    def dwelling(self) -> np.ndarray:
        """The dwelling of each row of `homes`."""
        return self.homes["dwelling"].to_numpy()

    @cached_property
    def starts(self) -> np.ndarray:
        """The first day of each row of `homes`."""
        return as_days(self.homes["starts"])

    @cached_property
    def ends(self) -> np.ndarray:
        """The last day of each row of `homes`, NaT where it goes on."""
        return as_days(self.homes["ends"])

    @cached_property
    def first_home(self) -> np.ndarray:
        """For every resident the position of their first row in `homes`, -1 for none."""
        person = self.homes["person_id"].to_numpy()
        first = np.full(len(self.residents), -1)
        first[person[::-1]] = np.arange(len(person))[::-1]
        return first

    @cached_property
    def number_of_homes(self) -> np.ndarray:
        """How many rows each resident has in `homes`; they follow one another."""
        return np.bincount(self.homes["person_id"], minlength=len(self.residents))

    @cached_property
    def _along(self) -> np.ndarray:
        return self._place(self.homes["person_id"].to_numpy(), self.starts)

    @staticmethod
    def _place(person: np.ndarray, day: np.ndarray) -> np.ndarray:
        """One number line for all people: each has a stretch of its own."""
        return person * _A_DAY_OF_A_PERSON + (day - _FIRST_DAY).astype(np.int64)

    def home_on(self, person: np.ndarray, day: np.ndarray) -> np.ndarray:
        """The row of `homes` that each person lives in on a day, -1 where none in the county."""
        at = np.searchsorted(self._along, self._place(person, day), side="right") - 1
        at = np.maximum(at, 0)
        there = (self.homes["person_id"].to_numpy()[at] == person) & (self.starts[at] <= day)
        there &= ~(self.ends[at] < day) & (self.dwelling[at] != AWAY)
        return np.where(there, at, -1)

    def ages(self, person: np.ndarray, on: np.ndarray) -> np.ndarray:
        """Ages in years, with decimals."""
        return ages_on(self.born[person], on)

    @cached_property
    def need(self) -> np.ndarray:
        """For each resident, how much oftener than the average services meet them (mean 1)."""
        rng = default_rng([self.seed, 9, 1])
        household = self.residents["household"].to_numpy()
        quintile = self.dwellings["deprivation_quintile"].to_numpy()
        home = self.residents["dwelling"].to_numpy()
        kind = self.residents["kind"].map(_BY_KIND).fillna(1.0).to_numpy()
        shared = rng.gamma(_SHARED_SHAPE, 1 / _SHARED_SHAPE, int(household.max()) + 1)
        own = rng.gamma(_OWN_SHAPE, 1 / _OWN_SHAPE, len(household))
        need = _BY_DEPRIVATION[quintile[home]] * kind * shared[household] * own
        return need / need[self.people].mean()

    @cached_property
    def frailty(self) -> np.ndarray:
        """How frail each resident is (mean 1)."""
        return self.residents["frailty"].to_numpy()

    def any_days(self, n: int, rng: Generator, *, before: int = 0) -> np.ndarray:
        """Draw `n` days of the window, or of some days before it, any as likely as another."""
        window = int(days_between(self.profile.opens, self.profile.as_of))
        return add_days(np.full(n, self.profile.opens), rng.integers(-before, window + 1, n))

    def draw_spells(
        self,
        yearly: np.ndarray,
        ages: tuple[float, float],
        days: float,
        rng: Generator,
    ) -> pd.DataFrame:
        """Draw spells that begin for people between two ages at so many a year each.

        Parameters
        ----------
        yearly
            Of each of `people`.
        days
            Mean length of a spell, exponential and at least one day.

        Returns
        -------
        pandas.DataFrame
            ``person_id, started_on, ended_on``: those that touch the window and begin while the
            person lives in the county.
        """
        window = int(days_between(self.profile.opens, self.profile.as_of)) + 1 + _DAYS_BEFORE
        who = np.repeat(self.people, rng.poisson(yearly * window / YEAR))
        on = self.any_days(len(who), rng, before=_DAYS_BEFORE)
        lasts = 1 + np.floor(rng.exponential(days, len(who)))
        age = self.ages(who, on)
        happens = (age >= ages[0]) & (age < ages[1]) & (self.home_on(who, on) >= 0)
        ended = add_days(on, lasts)
        happens &= ended >= self.profile.opens
        return self.within_life(
            pd.DataFrame(
                {"person_id": who[happens], "started_on": on[happens], "ended_on": ended[happens]}
            )
        )

    def within_life(self, spells: pd.DataFrame) -> pd.DataFrame:
        """End spells at death; those that last longer than the window have no end yet."""
        died = self.died[spells["person_id"].to_numpy()]
        ended = np.fmin(as_days(spells["ended_on"]), died)
        ended = np.where(ended <= self.profile.as_of, ended, NOT_A_DAY)
        return spells.assign(ended_on=ended)
