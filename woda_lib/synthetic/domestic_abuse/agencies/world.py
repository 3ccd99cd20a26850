"""What the agencies' records are drawn from: the residents, their homes, and what happened."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.addresses import COUNTIES
from woda_lib.synthetic.domestic_abuse.histories import Histories
from woda_lib.synthetic.draws import add_days, ages_on, as_days, days_between
from woda_lib.synthetic.profiles import Profile

GRAVE_CRIMES = (
    "attempted_murder",
    "grievous_bodily_harm_with_intent",
    "grievous_bodily_harm",
    "rape",
    "sexual_assault",
    "strangulation",
    "threats_to_kill",
    "false_imprisonment",
)
GRAVE_FLAGS = ("strangulation", "weapons", "threats_to_kill", "sexual_violence")
CHILDHOOD = 18.0
YEAR = 365

# How much oftener than the average home, by fifth of deprivation (1 is the most deprived), agencies
# know a household. Children in the most deprived tenth of areas are over ten times as likely to be
# in care as in the least (Bywaters and others, 2016, *Inequalities in English child protection
# practice*); fifths and everybody's contacts differ less. The steps are assumed.
_BY_DEPRIVATION = np.array([np.nan, 1.9, 1.25, 0.85, 0.60, 0.40])


@dataclass(frozen=True)
class World:
    """The residents of Worcestershire and the domestic abuse among them.

    Attributes
    ----------
    dwellings : pandas.DataFrame
        See `woda_lib.synthetic.population.make_population`, of both counties.
    """

    profile: Profile
    dwellings: pd.DataFrame
    histories: Histories

    @property
    def residents(self) -> pd.DataFrame:
        """The residents of both counties, with the homes of those who moved out of a shared one."""
        return self.histories.residents

    @cached_property
    def born(self) -> np.ndarray:
        """Birth days of all residents."""
        return as_days(self.residents["born"])

    @cached_property
    def died(self) -> np.ndarray:
        """Days of death outside hospital, NaT for nobody's."""
        return as_days(self.residents["died"])

    @cached_property
    def female(self) -> np.ndarray:
        """Whether each resident is female."""
        return self.residents["female"].to_numpy(dtype=bool)

    @cached_property
    def people(self) -> np.ndarray:
        """Who lives in Worcestershire, by person_id."""
        return np.flatnonzero(self.residents["county"].eq(COUNTIES[0]))

    @cached_property
    def window_days(self) -> int:
        """Days that are drawn: those of the window, and the few beyond it."""
        return int(days_between(self.profile.opens, self.profile.last_day)) + 1

    @cached_property
    def hardship(self) -> np.ndarray:
        """For each resident, how much oftener than the average agencies know such a home."""
        quintile = self.dwellings["deprivation_quintile"].to_numpy()
        return _BY_DEPRIVATION[quintile[self.residents["dwelling"].to_numpy()]]

    @cached_property
    def incidents(self) -> pd.DataFrame:
        """The incidents with ``day`` (of the report), ``grave`` and ``earlier``.

        ``earlier`` counts the couple's incidents in the 365 days before.
        """
        incidents = self.histories.incidents
        flagged = incidents[list(GRAVE_FLAGS)].any(axis=1)
        day = as_days(incidents["reported_at"])
        return incidents.assign(
            day=day,
            grave=(incidents["crime_type"].isin(GRAVE_CRIMES) | flagged).to_numpy(),
            earlier=_earlier(incidents["couple"].to_numpy(), day),
        )

    @cached_property
    def children_present(self) -> pd.DataFrame:
        """A row a child who was there: ``incident, person_id, day, grave``."""
        present = self.histories.present
        children = present.loc[present["role"].eq("child"), ["incident", "person_id"]]
        return children.join(self.incidents[["day", "grave"]], on="incident").reset_index(drop=True)

    @cached_property
    def in_abuse_household(self) -> np.ndarray:
        """Whether each resident lives with a victim of any incident, or saw one as a child.

        Incidents of the whole window count from its first day: such homes are in difficulty before
        police hear of them.
        """
        household = self.residents["household"].to_numpy()
        here = np.zeros(len(household), dtype=bool)
        here[self.people] = True
        victims = self.incidents["victim"].to_numpy()
        among = np.isin(household, household[victims]) & here
        among[self.children_present["person_id"].to_numpy()] = True
        return among

    def lives(self, person: np.ndarray, on: np.ndarray) -> np.ndarray:
        """Whether people are born and alive on those days."""
        died = self.died[person]
        return (self.born[person] <= on) & (np.isnat(died) | (died > on))

    def ages(self, person: np.ndarray, on: np.ndarray) -> np.ndarray:
        """Ages in years, with decimals."""
        return ages_on(self.born[person], on)

    def any_day(self, n: int, rng: Generator) -> np.ndarray:
        """Draw `n` days, any as likely as another."""
        return add_days(np.full(n, self.profile.opens), rng.integers(0, self.window_days, n))

    def draw_events(
        self, person: np.ndarray, yearly: np.ndarray, ages: tuple[float, float], rng: Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """Draw events that befall people between two ages at so many a year each.

        Returns
        -------
        person, day : numpy.ndarray
        """
        years = self.window_days / 365.25
        who = np.repeat(person, rng.poisson(yearly * years))
        on = self.any_day(len(who), rng)
        age = self.ages(who, on)
        happens = (age >= ages[0]) & (age < ages[1]) & self.lives(who, on)
        return who[happens], on[happens]


def _earlier(couple: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Count each couple's incidents in the 365 days before each one (rows are by day)."""
    # One number line for all couples: each has a stretch of its own.
    at = couple.astype(np.int64) * 200_000 + day.astype(np.int64)
    order = np.argsort(at, kind="stable")
    along = at[order]
    before = np.searchsorted(along, along, side="left") - np.searchsorted(along, along - YEAR)
    earlier = np.empty(len(at), dtype=np.int64)
    earlier[order] = before
    return earlier
