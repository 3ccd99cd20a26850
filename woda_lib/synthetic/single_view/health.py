"""Whom the hospital has in its index, and who is with a community health service."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.canaries import CANARIES
from woda_lib.synthetic.draws import add_days, ages_on, take, weighted
from woda_lib.synthetic.population import NOT_A_DAY
from woda_lib.synthetic.single_view.holdings import Holding, hold
from woda_lib.synthetic.single_view.world import YEAR, World

# Of people in the hospital's index, by age at the window's end: the young come to the emergency
# department and the old to the wards oftener than those between. Levels are assumed.
_INDEX_AGES = (0, 5, 16, 31, 45, 65, 75)
_INDEXED = (0.97, 0.70, 0.86, 0.72, 0.68, 0.82, 0.92)
_SINCE_BEFORE, _DAYS_BEFORE = 0.72, 1_600.0
_DEATH_HEARD, _DEATH_LAG = 0.95, 20.0

_VISITED_UNTIL = 5.0  # years of age
# Spells a person and year, between two ages, and their mean days. District nursing and therapy go
# by frailty and age, the rest by need.
_SERVICES = {
    "school_nursing": (0.035, (5.0, 17.0), 150.0),
    "district_nursing": (0.022, (18.0, 130.0), 110.0),
    "therapy": (0.024, (2.0, 130.0), 80.0),
    "mental_health": (0.022, (8.0, 130.0), 240.0),
    "substance_misuse": (0.0035, (16.0, 75.0), 300.0),
}
_BY_FRAILTY = ("district_nursing", "therapy")
_OLDER_BY = 0.045  # growth of district nursing and therapy with each year of age
_AREAS = ("North", "South", "Wyre Forest", "Evesham and Pershore")
_AREA_SHARES = (0.3, 0.35, 0.2, 0.15)
_TEAMS = {
    "health_visiting": "Health Visiting",
    "school_nursing": "School Nursing",
    "district_nursing": "District Nursing",
    "therapy": "Community Therapy",
    "mental_health": "Community Mental Health",
    "substance_misuse": "Recovery",
}
_NEEDS = {
    "health_visiting": ("Universal", "Universal plus: feeding", "Universal plus: low mood"),
    "school_nursing": ("Continence", "Emotional health", "Immunisation catch-up"),
    "district_nursing": ("Leg ulcer", "Insulin", "Palliative", "Catheter"),
    "therapy": ("Falls", "Stroke", "Speech and language", "Hip replacement"),
    "mental_health": ("Anxiety", "Depression", "Psychosis", "Memory", "Eating"),
    "substance_misuse": ("Alcohol", "Opiates", "Cannabis"),
}


def draw_index(world: World, rng: Generator) -> Holding:
    """Draw who is in the hospital's index, since when, and whose death it knows of."""
    person = world.people
    as_of = world.profile.as_of
    band = np.searchsorted(_INDEX_AGES, ages_on(world.born[person], as_of), side="right") - 1
    chance = np.array(_INDEXED)[np.maximum(band, 0)]
    known = (rng.random(len(person)) < chance) | _canaries(world, person)
    person = person[known & (world.born[person] < as_of)]
    n = len(person)
    came = world.starts[world.first_home[person]]
    before = add_days(np.full(n, world.profile.opens), -np.floor(rng.exponential(_DAYS_BEFORE, n)))
    met = np.where(rng.random(n) < _SINCE_BEFORE, before, world.any_days(n, rng))
    born_here = (came == world.born[person]) & (came >= world.profile.opens - 1_000)
    met = np.maximum(met, came)
    # Whoever had left by then was met on the day of coming.
    gone = world.home_on(person, met) < 0
    started = np.where(born_here | gone, came, met)
    died = world.died[person]
    heard = rng.random(n) < _DEATH_HEARD
    kept = ~(died <= started)
    died = np.where(heard, died, NOT_A_DAY)
    spells = pd.DataFrame(
        {
            "person_id": person,
            "started_on": started,
            "ended_on": died,
            "end_heard_on": add_days(died, np.floor(rng.exponential(_DEATH_LAG, n))),
            "died_on": died,
        }
    )
    return hold("patient_registrations", spells.loc[kept], world, rng, once=True)


def _canaries(world: World, person: np.ndarray) -> np.ndarray:
    """Whether people bear names that must never be published: they are wanted in the index."""
    people = world.residents.iloc[person]
    rare = people["surname"].isin([one.surname for one in CANARIES])
    return (rare & people["forename"].isin([one.forename for one in CANARIES])).to_numpy()


def draw_community(world: World, rng: Generator) -> Holding:
    """Draw who is with which community service; every child under five is with health visitors."""
    parts = [_visited(world, rng)]
    age = ages_on(world.born[world.people], world.profile.opens)
    older = np.exp(_OLDER_BY * (np.clip(age, 0, 100) - 45))
    by_frailty = world.frailty[world.people] * older
    by_frailty /= by_frailty.mean()
    for service, (yearly, ages, days) in _SERVICES.items():
        of = by_frailty if service in _BY_FRAILTY else np.sqrt(world.need[world.people])
        parts.append(
            world.draw_spells(yearly * of / of.mean(), ages, days, rng).assign(service=service)
        )
    spells = pd.concat(parts, ignore_index=True)
    area = take(_AREAS, weighted(rng, len(spells), _AREA_SHARES))
    spells["team"] = spells["service"].map(_TEAMS) + " " + area
    needs = np.empty(len(spells), dtype=object)
    for kind, rows in spells.groupby("service").indices.items():
        options = _NEEDS[str(kind)]
        needs[rows] = take(options, rng.integers(len(options), size=len(rows)))
    spells["need"] = needs
    return hold("community_care", spells, world, rng)


def _visited(world: World, rng: Generator) -> pd.DataFrame:
    """Children with health visitors: from two weeks after birth, or coming, to their fifth year."""
    person = world.people
    born = world.born[person]
    fifth = add_days(born, np.full(len(born), int(_VISITED_UNTIL * YEAR)))
    first = add_days(
        np.maximum(born, world.starts[world.first_home[person]]), rng.integers(8, 20, len(person))
    )
    fits = (first < fifth) & (first <= world.profile.as_of) & (fifth >= world.profile.opens)
    fits &= ~(world.died[person] <= first)
    return world.within_life(
        pd.DataFrame(
            {"person_id": person[fits], "started_on": first[fits], "ended_on": fifth[fits]}
        )
    ).assign(service="health_visiting")
