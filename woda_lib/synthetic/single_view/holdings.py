"""What a partner holds before anything is written: spells of people, each under a number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.draws import add_days, as_days, days_between
from woda_lib.synthetic.registers import local_numbers, registrations
from woda_lib.synthetic.single_view.clerks import HABITS, Habits
from woda_lib.synthetic.single_view.world import World

HOME = -1
"""``at`` of a spell that follows its person from home to home."""


@dataclass(frozen=True)
class Holding:
    """One dataset as its partner means it.

    Attributes
    ----------
    habits : Habits
    spells : pandas.DataFrame
        ``person_id, started_on, ended_on`` (NaT while it goes on), ``end_heard_on`` (the day on
        which the end is entered), ``at`` (the dwelling, or `HOME`), ``number`` (the row of
        `numbers`), and every column of the contract that is no detail of a person.
    numbers : pandas.DataFrame
        ``person_id, registered_on, local_id``: a row a number that the partner gave.
    case : str
        The column that those of one household share, one each home; empty where there is none.
    """

    habits: Habits
    spells: pd.DataFrame
    numbers: pd.DataFrame
    case: str = ""

    @property
    def people(self) -> pd.DataFrame:
        """``partner, dataset, local_id, person_id``, as the truth has them."""
        named = self.numbers.assign(partner=self.habits.partner, dataset=self.habits.dataset)
        return named[["partner", "dataset", "local_id", "person_id"]]


def hold(
    dataset: str,
    spells: pd.DataFrame,
    world: World,
    rng: Generator,
    *,
    once: bool = False,
    case: str = "",
) -> Holding:
    """Give people their numbers, some of them two.

    Parameters
    ----------
    spells
        As in `Holding`; ``number`` is added, ``at`` and ``end_heard_on`` where they are left out.
    once
        Whether people are known without a break from their first spell on: some are then entered
        again at a later day, and known under both numbers from then on. Otherwise a later spell is
        entered under a second number.
    """
    habits = HABITS[dataset]
    spells = spells.assign(
        at=spells.get("at", HOME),
        end_heard_on=spells.get("end_heard_on", spells["ended_on"]),
    )
    if once:
        spells, second = _entered_again(spells, habits.rates.registered_twice, world, rng)
        person, on = spells["person_id"].to_numpy(), as_days(spells["started_on"])
        keys, number = np.unique(person * 2 + second, return_inverse=True)
        since = np.full(len(keys), world.profile.last_day)
        np.minimum.at(since, number, on)
    else:
        person, on = spells["person_id"].to_numpy(), as_days(spells["started_on"])
        keys, since, number = registrations(person, on, habits.rates, rng)
    numbers = pd.DataFrame(
        {
            "person_id": keys // 2,
            "registered_on": since,
            "local_id": local_numbers(habits.numbers, len(keys), rng),
        }
    )
    return Holding(habits, spells.assign(number=number), numbers, case)


def _entered_again(
    spells: pd.DataFrame, share: float, world: World, rng: Generator
) -> tuple[pd.DataFrame, np.ndarray]:
    """Add a later copy of some people's spells; say which they are."""
    rows = np.flatnonzero(rng.random(len(spells)) < share)
    again = spells.iloc[rows]
    started, ended = as_days(again["started_on"]), as_days(again["ended_on"])
    last = np.where(np.isnat(ended), world.profile.as_of, ended)
    # Most are entered again not long after: the first entry is not found, or not believed in.
    room = np.maximum(days_between(started, last), 1)
    later = add_days(started, np.floor(room * rng.beta(1.0, 1.5, len(rows))))
    there = world.home_on(again["person_id"].to_numpy(), later) >= 0
    rows, again, later = rows[there], again.loc[there], later[there]
    second = np.r_[np.zeros(len(spells), dtype=np.int64), np.ones(len(rows), dtype=np.int64)]
    return pd.concat([spells, again.assign(started_on=later)], ignore_index=True), second
