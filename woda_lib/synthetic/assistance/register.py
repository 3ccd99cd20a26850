"""The fire service's assistance register: who is on it, what it says of them, and what is true.

Residents ask to be on it, most of them old or frail. It is kept as such lists are: somebody moves
and nobody says so, somebody dies and stays on it, a property number is missing. So what it says is
not where everybody on it lives today.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.random import Generator, default_rng

from woda_lib.synthetic.deliveries import Delivery, deliver
from woda_lib.synthetic.draws import add_days, ages_on, as_days, drawn_by
from woda_lib.synthetic.population import NOT_A_DAY
from woda_lib.synthetic.registers import local_numbers
from woda_lib.synthetic.single_view.clerks import HABITS
from woda_lib.synthetic.single_view.life_events import AWAY
from woda_lib.synthetic.single_view.properties import given_uprns, written_addresses
from woda_lib.synthetic.single_view.world import World
from woda_lib.synthetic.single_view.writing import record_numbers

DATASET: Final = "assistance_register"
PARTNER: Final = "fire_service"
NEEDS: Final = ("oxygen", "dialysis", "bed", "wheelchair", "sight", "hearing", "memory")

# No fire service has published its list; all of these are assumed.
_SHARE = 0.012  # of the residents, at any time in the window
_OLDER_BY = 0.05  # how much likelier with each year of age
_NEED_SHARES = np.array(
    [
        [0.10, 0.08, 0.09, 0.42, 0.13, 0.14, 0.04],  # under 65
        [0.12, 0.03, 0.10, 0.30, 0.14, 0.15, 0.16],
        [0.07, 0.01, 0.13, 0.24, 0.15, 0.17, 0.23],  # 80 and over
    ]
)
_AGES = (65, 80)
_MOVE_HEARD, _END_HEARD = 0.55, 0.75
_ENTERED, _MOVE_LAG, _END_LAG = 9.0, 160.0, 70.0  # mean days
_NO_TELEPHONE, _NO_ADDRESS = 0.04, 0.003
_LIKE = "safe_and_well_visits"
"""The same service's other list, whose clerks write this one."""


@dataclass(frozen=True)
class Assistance:
    """The register of one made-up county.

    Attributes
    ----------
    delivery : Delivery
    truth : DataFrame
        ``partner, assistance_id, person_id, uprn``: where each person on it truly lives on the
        window's last day, missing for who died or left the county.
    """

    delivery: Delivery
    truth: pd.DataFrame


def draw_register(world: World) -> Assistance:
    """Draw the register, from numbers that nothing else uses up."""
    rng = default_rng([world.seed, 16, 1])
    people, home, names, writing = rng.spawn(4)
    entries = _who(world, people)
    versions = _versions(entries, world, home)
    recorded = record_numbers(entries, HABITS[_LIKE], world, names)
    rows = _written(entries, versions, recorded, world, writing)
    known = as_days(versions["entered_on"]) <= world.profile.as_of
    rows, versions = rows[known].reset_index(drop=True), versions[known].reset_index(drop=True)
    delivery = deliver(DATASET, rows, as_days(versions["entered_on"]), world.profile.shared)
    return Assistance(delivery, _truth(entries, world))


def _who(world: World, rng: Generator) -> pd.DataFrame:
    """Say who asks when, and for what help: a row an entry."""
    person = world.people
    age = np.clip(ages_on(world.born[person], world.profile.as_of), 0, 100)
    weight = world.frailty[person] * np.exp(_OLDER_BY * (age - 45))
    asks = rng.random(len(person)) < np.clip(_SHARE * weight / weight.mean(), 0, 0.6)
    person = person[asks]
    on = world.any_days(len(person), rng, before=2_000)
    row = world.home_on(person, on)
    person, on, row = person[row >= 0], on[row >= 0], row[row >= 0]
    band = np.searchsorted(_AGES, ages_on(world.born[person], on), side="right")
    return pd.DataFrame(
        {
            "person_id": person,
            "registered_on": on,
            "row": row,
            "need": drawn_by(NEEDS, _NEED_SHARES, band, rng),
            "assistance_id": local_numbers("AR", len(person), rng),
        }
    )


def _versions(entries: pd.DataFrame, world: World, rng: Generator) -> pd.DataFrame:
    """Say what is entered when: an entry, a move that is heard of, an end that is heard of.

    Returns
    -------
    DataFrame
        ``entry`` (a row of `entries`), ``dwelling, entered_on, ended_on``, ordered by both.
    """
    n = len(entries)
    person, row = entries["person_id"].to_numpy(), entries["row"].to_numpy()
    first = pd.DataFrame(
        {
            "entry": np.arange(n),
            "dwelling": world.dwelling[row],
            "entered_on": _later(as_days(entries["registered_on"]), _ENTERED, rng),
            "ended_on": np.full(n, NOT_A_DAY),
        }
    )
    after = np.minimum(row + 1, len(world.homes) - 1)
    moves = (after > row) & (world.homes["person_id"].to_numpy()[after] == person)
    away = moves & (world.dwelling[after] == AWAY)
    heard = moves & ~away & (rng.random(n) < _MOVE_HEARD)
    moved = first[heard].assign(
        dwelling=world.dwelling[after][heard],
        entered_on=_later(world.starts[after][heard], _MOVE_LAG, rng),
    )
    ends = np.where(away, world.starts[after], world.died[person])
    ended = ~np.isnat(ends) & (rng.random(n) < _END_HEARD)
    lives_at = np.where(heard, world.dwelling[after], world.dwelling[row])
    over = first[ended].assign(
        dwelling=lives_at[ended],
        entered_on=_later(ends[ended], _END_LAG, rng),
        ended_on=np.maximum(ends[ended], as_days(entries["registered_on"])[ended]),
    )
    whole = pd.concat([first, moved, over], ignore_index=True)
    whole = whole.sort_values(["entry", "entered_on", "ended_on"], kind="stable")
    # What is over is not entered again, even if a move is heard of later.
    closed = whole["ended_on"].notna().groupby(whole["entry"]).cumsum()
    return whole[closed.eq(0) | whole["ended_on"].notna()].reset_index(drop=True)


def _written(
    entries: pd.DataFrame,
    versions: pd.DataFrame,
    recorded: pd.DataFrame,
    world: World,
    rng: Generator,
) -> pd.DataFrame:
    """Write each version down."""
    of, dwelling = versions["entry"].to_numpy(), versions["dwelling"].to_numpy()
    # What stays the same is copied, mistakes and all: each home of an entry is written once.
    keys = of * np.int64(len(world.dwellings)) + dwelling
    _, first, at = np.unique(keys, return_index=True, return_inverse=True)
    lines = written_addresses(
        dwelling[first],
        as_days(versions["entered_on"])[first],
        world.places,
        _LIKE,
        entries["person_id"].to_numpy()[of[first]],
        rng,
    )
    uprn = given_uprns(world.places, dwelling[first], _LIKE, rng)
    silent = rng.random(len(first)) < _NO_ADDRESS
    number = np.char.zfill(rng.integers(1_000, size=len(entries)).astype(str), 3)
    # Ofcom keeps these numbers for drama, so that nobody is ever called.
    telephone = np.char.add("07700 900", number).astype(object)
    telephone[rng.random(len(entries)) < _NO_TELEPHONE] = None
    columns = {}
    for name, values in (
        ("uprn", uprn),
        ("address", lines.address),
        ("postcode", lines.postcode),
    ):
        values[silent] = None
        columns[name] = values[at]
    return pd.DataFrame(
        {
            "assistance_id": entries["assistance_id"].to_numpy()[of],
            "forename": recorded["forename"].to_numpy(dtype=object)[of],
            "surname": recorded["surname_before"].to_numpy(dtype=object)[of],
            "telephone": telephone[of],
            "need": entries["need"].to_numpy()[of],
            "started_on": as_days(entries["registered_on"])[of],
            "ended_on": as_days(versions["ended_on"]),
            **columns,
        }
    )


def _truth(entries: pd.DataFrame, world: World) -> pd.DataFrame:
    person = entries["person_id"].to_numpy()
    today = np.full(len(person), world.profile.as_of)
    row = world.home_on(person, today)
    alive = (row >= 0) & np.isnat(world.died[person])
    uprn = world.dwellings["uprn"].astype(str).to_numpy(dtype=object)[world.dwelling[row]]
    uprn[~alive] = None
    truth = entries[["assistance_id", "person_id"]].assign(partner=PARTNER, uprn=uprn)
    return truth[["partner", "assistance_id", "person_id", "uprn"]].sort_values(
        "assistance_id", ignore_index=True
    )


def _later(days: np.ndarray, mean: float, rng: Generator) -> np.ndarray:
    return add_days(days, np.floor(rng.exponential(mean, len(days))))
