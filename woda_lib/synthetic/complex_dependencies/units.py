"""Who live together, followed from home to home: the households that things truly happen to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from woda_lib.synthetic.draws import as_days, days_between
from woda_lib.synthetic.single_view.units import private_homes
from woda_lib.synthetic.single_view.world import World

_A_DAY_OF_A_UNIT = 1 << 17
_FIRST_DAY = np.datetime64("1850-01-01", "D")
_NEVER = np.datetime64("2200-01-01", "D")


@dataclass(frozen=True)
class Members:
    """Who is in which household on a day.

    Attributes
    ----------
    person, unit, dwelling : numpy.ndarray
        A place each for everybody in a private home: the resident, the number of the household, and
        the position of the home in `World.dwellings`.
    """

    person: np.ndarray
    unit: np.ndarray
    dwelling: np.ndarray


@dataclass(frozen=True)
class Units:
    """The households of the private homes, by number from 0."""

    world: World

    @cached_property
    def stays(self) -> pd.DataFrame:
        """Where each household lived: ``unit, dwelling, starts, ends`` (far off while it lasts)."""
        homes = private_homes(self.world)
        unit = self._of_stay[homes["stay"].to_numpy()]
        ends = homes["ends"].to_numpy().astype("datetime64[D]")
        table = pd.DataFrame(
            {
                "unit": unit,
                "dwelling": homes["dwelling"].to_numpy(),
                "starts": as_days(homes["starts"]),
                "ends": np.where(np.isnat(ends), _NEVER, ends),
            }
        )
        found = table.groupby(["unit", "dwelling"], as_index=False).agg(
            starts=("starts", "min"), ends=("ends", "max")
        )
        return found.sort_values(["unit", "starts"], kind="stable", ignore_index=True)

    @cached_property
    def _of_stay(self) -> np.ndarray:
        """The number of the household of each row of `World.homes`, -1 for none."""
        rows = private_homes(self.world)
        _, number = np.unique(rows["unit"].to_numpy(), return_inverse=True)
        of = np.full(len(self.world.homes), -1)
        of[rows["stay"].to_numpy()] = number
        return of

    @cached_property
    def number(self) -> int:
        """How many households there ever are."""
        return int(self._of_stay.max()) + 1

    def members(self, day: np.datetime64) -> Members:
        """Return who is in which household at the end of a day."""
        people = self.world.people
        row = self.world.home_on(people, np.full(len(people), day))
        unit = np.where(row >= 0, self._of_stay[row], -1)
        there = unit >= 0
        return Members(people[there], unit[there], self.world.dwelling[row[there]])

    def unit_on(self, person: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Return the household of each person on a day, -1 for none."""
        row = self.world.home_on(person, day)
        return np.where(row >= 0, self._of_stay[row], -1)

    def home_on(self, unit: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Return the dwelling of each household on a day, -1 where it is in none of the county."""
        first = as_days(self.stays["starts"])
        along = self._place(self.stays["unit"].to_numpy(), first)
        at = np.searchsorted(along, self._place(unit, day), side="right") - 1
        at = np.maximum(at, 0)
        there = (self.stays["unit"].to_numpy()[at] == unit) & (first[at] <= day)
        there &= as_days(self.stays["ends"])[at] >= day
        return np.where(there, self.stays["dwelling"].to_numpy()[at], -1)

    def came_on(self, unit: np.ndarray, dwelling: np.ndarray) -> np.ndarray:
        """Return the day on which each household came to its home."""
        n = len(self.world.dwellings)
        key = self.stays["unit"].to_numpy().astype(np.int64) * n + self.stays["dwelling"].to_numpy()
        order = np.argsort(key)
        at = np.searchsorted(key[order], unit.astype(np.int64) * n + dwelling)
        return as_days(self.stays["starts"])[order[at]]

    def moves_of(self, day: np.datetime64, months: int) -> np.ndarray:
        """Return how often each household changed its home in so many months up to a day."""
        first = as_days(self.stays["starts"])
        again = self.stays["unit"].duplicated().to_numpy()
        since = (day.astype("datetime64[M]") - months).astype("datetime64[D]")
        recent = again & (first > since) & (first <= day)
        return np.bincount(self.stays["unit"].to_numpy()[recent], minlength=self.number)

    @staticmethod
    def _place(unit: np.ndarray, day: np.ndarray) -> np.ndarray:
        """One number line for all households: each has a stretch of its own."""
        return unit.astype(np.int64) * _A_DAY_OF_A_UNIT + days_between(_FIRST_DAY, day)
