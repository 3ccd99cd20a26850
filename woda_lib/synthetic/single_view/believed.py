"""Where a partner believes people to live: what it has heard of their homes, and when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.draws import add_days, as_days
from woda_lib.synthetic.errors import FAR_OFF
from woda_lib.synthetic.population import NOT_A_DAY
from woda_lib.synthetic.single_view.clerks import Habits
from woda_lib.synthetic.single_view.holdings import HOME, Holding
from woda_lib.synthetic.single_view.life_events import AWAY
from woda_lib.synthetic.single_view.world import World

_NEVER_HEARD = 100_000  # days
_LONG_AGO = np.datetime64("1850-01-01", "D")


@dataclass(frozen=True)
class _Heard:
    """A row a number and a home of its person: from and until when the partner believes in it."""

    first: np.ndarray  # of each number, the position of its first row
    count: np.ndarray  # of each number
    stay: np.ndarray  # the row of `World.homes`
    since: np.ndarray
    until: np.ndarray  # the first day on which it is not believed in any more


def _heard(numbers: pd.DataFrame, habits: Habits, world: World, rng: Generator) -> _Heard:
    person = numbers["person_id"].to_numpy()
    count = world.number_of_homes[person]
    first = np.cumsum(count) - count
    of = np.repeat(np.arange(len(numbers)), count)
    nth = np.arange(len(of)) - first[of]
    stay = world.first_home[person][of] + nth
    registered = as_days(numbers["registered_on"])[of]
    moved = world.starts[stay]
    n = len(of)
    lag = np.floor(rng.exponential(habits.rates.move_days, n))
    away = world.dwelling[stay] == AWAY
    unheard = np.where(away, habits.forgets, habits.rates.move_unheard)
    lag[rng.random(n) < unheard] = _NEVER_HEARD
    # Whoever is met after the move gives the new address, but for a few old letters.
    tells = (moved <= registered) & (rng.random(n) >= habits.old_address)
    lag[tells] = 0
    since = np.minimum(add_days(np.maximum(moved, registered), lag), FAR_OFF)
    since[nth == 0] = _LONG_AGO
    until = np.full(n, FAR_OFF)
    last = nth == count[of] - 1
    # What is heard of later homes ends the belief in all before them.
    for place in range(int(count.max(initial=1)) - 2, -1, -1):
        rows = np.flatnonzero((nth == place) & ~last)
        until[rows] = np.minimum(since[rows + 1], until[rows + 1])
    return _Heard(first, count, stay, since, until)


def _in_order(started: np.ndarray, spell: np.ndarray) -> np.ndarray:
    """Days on which rows begin, each after that of the row of its spell before."""
    started = started.copy()
    follows = np.flatnonzero(spell[1:] == spell[:-1]) + 1
    while True:
        later = np.maximum(started[follows], started[follows - 1] + 1)
        if (later == started[follows]).all():
            return started
        started[follows] = later


def believe(holding: Holding, world: World, rng: Generator) -> pd.DataFrame:
    """Split spells where the partner hears of a move.

    Returns
    -------
    pandas.DataFrame
        A row a row of the dataset: ``spell`` (position), ``number``, ``dwelling``, ``stay`` (row of
        `World.homes`, -1 where the spell has a place of its own), ``started_on, ended_on`` as the
        partner enters them, ``written_on`` and ``ended_written_on`` (NaT where it has not ended).
    """
    spells, habits = holding.spells, holding.habits
    heard = _heard(holding.numbers, habits, world, rng)
    placed = spells["at"].to_numpy() != HOME
    number = spells["number"].to_numpy()
    count = np.where(placed, 1, heard.count[number])
    of = np.repeat(np.arange(len(spells)), count)
    nth = np.arange(len(of)) - (np.cumsum(count) - count)[of]
    belief = heard.first[number][of] + nth
    stay = heard.stay[belief]
    begins, ends = as_days(spells["started_on"])[of], as_days(spells["ended_on"])[of]
    closed_on = as_days(spells["end_heard_on"])[of]
    since = np.where(placed[of], _LONG_AGO, heard.since[belief])
    until = np.where(placed[of], FAR_OFF, heard.until[belief])
    written = np.maximum(begins, since)
    dwelling = np.where(placed[of], spells["at"].to_numpy()[of], world.dwelling[stay])
    as_of = world.profile.as_of
    kept = (written < until) & ~(ends < written) & (written <= as_of) & (dwelling != AWAY)
    # A home that one has left for good before the spell begins is believed in, but not all of them.
    rows = np.flatnonzero(kept)
    moved_on = (until <= as_of) & ~(closed_on < until)
    started = written.copy()
    if habits.backdates:
        truly = np.maximum(world.starts[stay], begins)
        started = np.where(placed[of] | (since <= begins), written, np.minimum(truly, written))
    ended = np.where(moved_on, until - 1, ends)
    ended_written = np.where(moved_on, until, closed_on)
    started, ended, written, ended_written, of, stay, dwelling = (
        values[rows] for values in (started, ended, written, ended_written, of, stay, dwelling)
    )
    if habits.backdates and len(rows):
        started = _in_order(started, of)
        follows = np.append(of[1:] == of[:-1], False)
        follows &= ~np.isnat(ended)
        ended = np.where(follows, np.append(started[1:], NOT_A_DAY) - 1, ended)
    ended = np.where(ended_written <= as_of, np.fmax(ended, started), NOT_A_DAY)
    ended = np.where(np.isnat(ended_written), NOT_A_DAY, ended)
    return pd.DataFrame(
        {
            "spell": of,
            "number": number[of],
            "dwelling": dwelling,
            "stay": np.where(placed[of], -1, stay),
            "started_on": started,
            "ended_on": ended,
            "written_on": written,
            "ended_written_on": np.where(np.isnat(ended), NOT_A_DAY, ended_written),
        }
    )
