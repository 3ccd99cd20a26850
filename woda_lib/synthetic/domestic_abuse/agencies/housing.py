"""Tenancies of the housing association: which homes it lets, and who lives in them.

One household in six rents from a social landlord (Census 2021: 17% in England and Wales), far more
in the most deprived areas than in the least; how many more is assumed.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.address_lines import address_lines
from woda_lib.synthetic.domestic_abuse.agencies.clerks import (
    LANDLORD,
    NAMED,
    details,
    numbers,
    registered,
)
from woda_lib.synthetic.domestic_abuse.agencies.records import (
    NOT_A_DAY,
    Records,
    known_people,
)
from woda_lib.synthetic.domestic_abuse.agencies.world import CHILDHOOD, World
from woda_lib.synthetic.draws import add_days, as_days
from woda_lib.synthetic.registers import local_numbers

LET_BY_QUINTILE = (0.36, 0.21, 0.13, 0.08, 0.05)
"""Share of homes that are let by the association, by fifth of deprivation (1 first)."""

JOINT = 0.55
"""Share of partners of a tenant who are tenants themselves."""

_STAYS_TENANT = 0.75  # of tenants who move, on to another home of the association
_BECOMES_TENANT = 0.04
_OCCUPANT_UNKNOWN = 0.12  # lives there, and nobody told the landlord
_DAYS_BEFORE = 2_600.0


def draw_tenancies(world: World, rng: Generator) -> pd.DataFrame:
    """Draw who lives in the association's homes.

    Returns
    -------
    pandas.DataFrame
        ``household, dwelling, person_id, tenancy_role, started_on, ended_on`` (NaT for who still
        lives there).
    """
    residents = world.residents
    person = world.people[residents["role"].to_numpy()[world.people] != "care_home"]
    household = residents["household"].to_numpy()[person]
    homes = household.max() + 1
    quintile = world.dwellings["deprivation_quintile"].to_numpy()
    chance = np.r_[0.0, LET_BY_QUINTILE][quintile]
    before = residents["dwelling"].to_numpy()[person]
    # The head's home is the household's: others may have left for a care home.
    head = np.zeros(homes, dtype=np.int64)
    is_head = residents["role"].to_numpy()[person] == "head"
    head[household[is_head]] = person[is_head]
    let = rng.random(homes) < chance[residents["dwelling"].to_numpy()[head]]
    moved = as_days(residents["moved_on"])
    goes_to = residents["dwelling_after"].to_numpy()
    to_care = world.dwellings["kind"].eq("care_home").to_numpy()[goes_to]
    let_again = rng.random(homes) < np.where(let, _STAYS_TENANT, _BECOMES_TENANT)

    began = add_days(
        np.full(homes, world.profile.opens), -np.floor(rng.exponential(_DAYS_BEFORE, homes)) - 1
    )
    first = np.flatnonzero(let[household])
    moves = ~np.isnat(moved[person]) & ~to_care[person]
    second = np.flatnonzero(moves & let_again[household])
    rows = np.concatenate([first, second])
    who = person[rows]
    again = np.arange(len(rows)) >= len(first)
    started = np.where(again, moved[who], began[household[rows]])
    table = pd.DataFrame(
        {
            "household": household[rows],
            "dwelling": np.where(again, goes_to[who], before[rows]),
            "person_id": who,
            "tenancy_role": _roles(world, who, rng),
            "started_on": np.fmax(started, world.born[who]),
            "ended_on": np.where(again, NOT_A_DAY, moved[who]),
        }
    )
    return _within_life(world, table, rng)


def _roles(world: World, person: np.ndarray, rng: Generator) -> np.ndarray:
    role = world.residents["role"].to_numpy()[person]
    joint = (role == "partner") & (rng.random(len(person)) < JOINT)
    joint |= (role == "sharer") & (rng.random(len(person)) < 0.8)
    return np.select([role == "head", joint], ["tenant", "joint_tenant"], "occupant").astype(object)


def _within_life(world: World, table: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """End tenancies at death; leave out occupants whom nobody told the landlord of."""
    person = table["person_id"].to_numpy()
    ended = np.fmin(as_days(table["ended_on"]), world.died[person])
    ended = np.where(ended <= world.profile.as_of, ended, NOT_A_DAY)
    unknown = table["tenancy_role"].eq("occupant") & (rng.random(len(table)) < _OCCUPANT_UNKNOWN)
    started = as_days(table["started_on"])
    kept = ~unknown.to_numpy() & (started <= world.profile.as_of) & ~(ended < started)
    table = table.assign(ended_on=ended).loc[kept]
    return table.sort_values(["started_on", "person_id"], kind="stable", ignore_index=True)


def known_only_by_name(tenancies: pd.DataFrame, world: World, rng: Generator) -> np.ndarray:
    """Which rows lack a birth date: now and then an occupant's, a child's less often."""
    age = world.ages(tenancies["person_id"].to_numpy(), as_days(tenancies["started_on"]))
    share = np.where(tenancies["tenancy_role"].ne("occupant"), 0.01, 0.15)
    share = np.where(age < CHILDHOOD, 0.06, share)
    return rng.random(len(tenancies)) < share


def write_tenancies(world: World, tenancies: pd.DataFrame, rng: Generator) -> Records:
    """Write the rent roll: the landlord knows its homes, and the people less well."""
    n = len(tenancies)
    started = as_days(tenancies["started_on"])
    person, dwelling = tenancies["person_id"].to_numpy(), tenancies["dwelling"].to_numpy()
    register = registered(world, "TN", person, started, LANDLORD, rng)
    homes, of = np.unique(dwelling, return_inverse=True)
    let = tenancies["household"].to_numpy() * len(world.dwellings) + dwelling
    tenancy, at = np.unique(let, return_inverse=True)
    names = details(register, started, NAMED)
    unknown = known_only_by_name(tenancies, world, rng)
    columns = {
        "tenancy_person_id": local_numbers("TR", n, rng),
        "tenancy_id": local_numbers("T", len(tenancy), rng)[at],
        "tenant_id": numbers(register),
        **names,
        "date_of_birth": names["date_of_birth"].mask(unknown),
        "address": address_lines(world.dwellings.iloc[homes], rng)[of],
        "postcode": world.dwellings["postcode"].to_numpy()[dwelling],
        "tenancy_role": tenancies["tenancy_role"].to_numpy(),
        "started_on": started,
        "ended_on": as_days(tenancies["ended_on"]),
    }
    return Records(
        "housing_association",
        "housing_tenancies",
        pd.DataFrame(columns),
        started,
        as_days(tenancies["ended_on"]),
        {"ended_on": pd.NaT},
        known_people(register),
    )
