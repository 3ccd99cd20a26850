"""The school census: every pupil of a state school, with a parent's name and how school goes."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.draws import as_days, take
from woda_lib.synthetic.misspellings import mistype
from woda_lib.synthetic.population import NOT_A_DAY
from woda_lib.synthetic.single_view.holdings import Holding, hold
from woda_lib.synthetic.single_view.revenues import draw_claimants
from woda_lib.synthetic.single_view.world import World

_ON_NO_ROLL = 0.04  # taught at home, or at an independent school
_YEARS = {"Primary School": (0, 7), "High School": (7, 12)}
_KEPT_YEARS = 5  # of pupils who have left, before sharing began
_AREAS_A_SCHOOL = {"Primary School": 2, "High School": 8}
_OUT_OF_AREA = 0.12
_NAMES = (
    "Abbey", "Beacon", "Bredon", "Brook", "Castle", "Cherry Orchard", "Elgar", "Fernhill",
    "Hopyard", "Lickey", "Meadow", "Northfield", "Orchard", "Parkside", "Perry Wood", "Riverside",
    "Sabrina", "Severn", "Southfield", "Stourbank", "Teme", "Tower Hill", "Whitehall", "Woodrow",
)  # fmt: skip
_PARENT_NAMED, _PARENT_MISTYPED = 0.97, 0.02
_FREE_MEALS = (0.10, 0.86)  # of pupils whose household claims no benefit, and of others
# Department for Education, *Pupil absence in schools in England*: about a fifth of pupils missed
# 10% of sessions in 2023/24, and 2.3% half of them.
_ABSENT, _SEVERELY, _EXCLUDED = 0.20, 0.023, 0.04


def draw_census(world: World, rng: Generator) -> Holding:
    """Draw who is at which school, in the primary and in the secondary years."""
    attends = rng.random(len(world.residents)) >= _ON_NO_ROLL
    spells = pd.concat([_phase(world, kind, rng) for kind in _YEARS], ignore_index=True)
    person = spells["person_id"].to_numpy()
    spells = world.within_life(spells.loc[attends[person]]).reset_index(drop=True)
    person = spells["person_id"].to_numpy()
    on = as_days(spells["started_on"])
    claims = np.isin(person, draw_claimants(world)["person_id"].to_numpy())
    chance = np.where(claims, _FREE_MEALS[1], _FREE_MEALS[0] * np.sqrt(world.need[person]))
    spells["free_meals"] = _yes(rng.random(len(spells)) < chance)
    need = np.sqrt(world.need[person])
    need /= need.mean()
    at = rng.random(len(spells)) / need
    spells["absence"] = np.select(
        [at < _SEVERELY, at < _ABSENT], ["severe", "persistent"], "below_10"
    ).astype(object)
    spells["excluded"] = _yes(rng.random(len(spells)) < np.minimum(_EXCLUDED * need**2, 0.6))
    spells["parent_forename"], spells["parent_surname"] = _parents(world, person, on, rng)
    return hold("school_census", spells, world, rng)


def _yes(marked: np.ndarray) -> np.ndarray:
    return np.where(marked, "yes", "no").astype(object)


def _phase(world: World, kind: str, rng: Generator) -> pd.DataFrame:
    """The spells of one phase, from the September of its first year to the July of its last."""
    first_year, last_year = _YEARS[kind]
    person = world.people
    born = world.born[person]
    # The year in whose September a child starts reception: the one after the fourth birthday.
    year = (born - 243).astype("datetime64[Y]").astype(int) + 1970 + 5
    opens, closes = (int(str(day)[:4]) for day in (world.profile.opens, world.profile.as_of))
    fits = (year + last_year >= opens) & (year + first_year <= closes)
    person, year = person[fits], year[fits]
    began = np.char.add((year + first_year).astype(str), "-09-02").astype("datetime64[D]")
    left = np.char.add((year + last_year).astype(str), "-07-21").astype("datetime64[D]")
    # Who comes to the county later joins then.
    came = world.starts[world.first_home[person]]
    began = np.where((came > began) & (came > world.born[person] + 14), came + 7, began)
    fits = (began < left) & (began <= world.profile.as_of) & (left >= world.profile.opens)
    home = world.home_on(person, np.maximum(began, came))
    fits &= (home >= 0) & ~(world.died[person] <= began)
    person, began, left, home = person[fits], began[fits], left[fits], home[fits]
    return pd.DataFrame(
        {
            "person_id": person,
            "started_on": began,
            "ended_on": np.where(left <= world.profile.as_of, left, NOT_A_DAY),
            "school": _schools(world, world.dwelling[home], kind, rng),
        }
    )


def _schools(world: World, dwelling: np.ndarray, kind: str, rng: Generator) -> np.ndarray:
    """The school of an area, and for some that of one nearby; areas follow one another on a map."""
    towns, town = np.unique(world.dwellings["town"].to_numpy(dtype=str), return_inverse=True)
    _, area = np.unique(world.dwellings["area"].to_numpy(dtype=str), return_inverse=True)
    catchment = area // _AREAS_A_SCHOOL[kind]
    n = len(dwelling)
    away = np.where(rng.random(n) < _OUT_OF_AREA, rng.choice(np.array([-1, 1]), n), 0)
    number = np.maximum(catchment[dwelling] + away, 0)
    # Names come round again only in another town.
    name = take(_NAMES, number % len(_NAMES))
    return take(tuple(towns), town[dwelling]) + " " + name + " " + kind


def _parents(
    world: World, person: np.ndarray, on: np.ndarray, rng: Generator
) -> tuple[np.ndarray, np.ndarray]:
    """A parent's name for each pupil: more often the mother's, of those of the household."""
    residents = world.residents
    role = residents["role"].to_numpy()
    household = residents["household"].to_numpy()
    here = np.zeros(len(residents), dtype=bool)
    here[world.people] = True
    n = int(household.max()) + 1
    head, partner = np.full(n, -1), np.full(n, -1)
    for side, name in ((head, "head"), (partner, "partner")):
        rows = np.flatnonzero(here & (role == name))
        side[household[rows]] = rows
    first, second = head[household[person]], partner[household[person]]
    female = residents["female"].to_numpy()
    mother = np.where((second >= 0) & ~female[first], second, first)
    father = np.where(mother == first, np.where(second >= 0, second, first), first)
    parent = np.where(rng.random(len(person)) < 0.78, mother, father)
    named = (rng.random(len(person)) < _PARENT_NAMED) & (parent >= 0)
    names = []
    for column in ("forename", "surname"):
        written = residents[column].to_numpy(dtype=object)[parent]
        wrong = np.flatnonzero(rng.random(len(person)) < _PARENT_MISTYPED)
        written[wrong] = mistype(written[wrong], rng)
        written[~named] = None
        names.append(written)
    return names[0], names[1]
