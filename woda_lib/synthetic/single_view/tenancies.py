"""Who lives in the housing association's homes, with whom, and what the landlord says of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator, default_rng

from woda_lib.synthetic.draws import add_days, as_days
from woda_lib.synthetic.single_view.holdings import Holding, hold
from woda_lib.synthetic.single_view.units import kinship, private_homes
from woda_lib.synthetic.single_view.world import OF_AGE, World

LET_BY_QUINTILE = (0.29, 0.17, 0.10, 0.055, 0.03)
"""Share of homes that are let by the association, by fifth of deprivation (1 first).

One household in six rents from a social landlord (Census 2021: 17% in England and Wales), not all
of them from this one.
"""

_LEAST_WEIGHT, _MOST_WEIGHT = 0.35, 2.5  # of a home's chance, by the need of who lives there
_UNKNOWN = 0.07  # members whom nobody told the landlord of, but for heads and their partners
_ARREARS, _ANTISOCIAL = 0.16, 0.03  # at average need
_LEFT_LAG = 20.0  # days until the landlord enters that somebody has left


def draw_members(world: World, rng: Generator) -> Holding:
    """Draw the households of the association's homes, while they live there."""
    let = _is_let(world)
    homes = private_homes(world)
    homes = homes.loc[let[homes["dwelling"].to_numpy()]]
    role = homes["role"].to_numpy()
    told = np.isin(role, ["head", "partner"]) | (rng.random(len(homes)) >= _UNKNOWN)
    ends = as_days(homes["ends"])
    kept = told & ~(ends < world.profile.opens)
    homes, ends = homes.loc[kept].reset_index(drop=True), ends[kept]
    n = len(homes)
    person = homes["person_id"].to_numpy()
    case = homes.groupby(["unit", "dwelling"], sort=False).ngroup().to_numpy()
    numbers = np.char.add("LT", np.char.zfill(rng.permutation(case.max() + 1).astype(str), 7))
    # What is said of arrears and nuisance is said of the home, and of its members alike.
    need = np.zeros(case.max() + 1)
    grown = (homes["age"] >= OF_AGE).to_numpy()
    np.maximum.at(need, case[grown], world.need[person[grown]])
    chances = rng.random((2, len(need)))
    behind = chances[0] < np.minimum(_ARREARS * np.sqrt(need), 0.7)
    nuisance = chances[1] < np.minimum(_ANTISOCIAL * need, 0.5)
    spells = pd.DataFrame(
        {
            "person_id": person,
            "started_on": as_days(homes["starts"]),
            "ended_on": ends,
            "end_heard_on": add_days(ends, np.floor(rng.exponential(_LEFT_LAG, n))),
            "at": homes["dwelling"].to_numpy(),
            "letting_id": numbers.astype(object)[case],
            "kinship": kinship(case, homes["role"].to_numpy(), world.born[person], rng),
            "arrears": np.where(behind[case], "yes", "no").astype(object),
            "antisocial": np.where(nuisance[case] & grown, "yes", "no").astype(object),
        }
    )
    return hold("tenancy_members", spells, world, rng)


def _is_let(world: World) -> np.ndarray:
    """Whether each dwelling is the association's: more often where those in need have lived."""
    quintile = world.dwellings["deprivation_quintile"].to_numpy()
    need = np.full(len(quintile), np.nan)
    first = world.residents["dwelling"].to_numpy()[world.people]
    of = pd.Series(np.sqrt(world.need[world.people])).groupby(first).max()
    need[of.index] = of.to_numpy()
    weight = np.clip(need, _LEAST_WEIGHT, _MOST_WEIGHT)
    mean = pd.Series(weight).groupby(quintile).transform("mean").to_numpy()
    weight = np.where(np.isnan(weight), 1.0, weight / mean)
    chance = np.r_[0.0, LET_BY_QUINTILE][quintile] * weight
    return default_rng([world.seed, 9, 3]).random(len(quintile)) < chance
