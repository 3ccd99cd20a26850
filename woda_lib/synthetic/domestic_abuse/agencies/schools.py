"""Who is on the roll of which school, from reception to the end of year 11.

Schools are invented: a primary school for about 230 pupils and a secondary school for about 950, in
each district, whose pupils live near one another. A child joins in the September after its fourth
birthday, changes to a secondary school seven years later, and leaves five years after that; some
change school when the family moves.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.domestic_abuse.agencies.clerks import (
    HOME,
    NAMED,
    SCHOOLS,
    details,
    numbers,
    registered,
    staff,
)
from woda_lib.synthetic.domestic_abuse.agencies.records import (
    NOT_A_DAY,
    Records,
    known_people,
)
from woda_lib.synthetic.domestic_abuse.agencies.world import World
from woda_lib.synthetic.draws import add_days, as_days, take
from woda_lib.synthetic.registers import local_numbers

ON_NO_ROLL = 0.07
"""Share of children at independent schools or taught at home."""

CHANGES_WITH_DISTRICT, CHANGES_WITHIN = 0.85, 0.25
"""Share of pupils who change school when they move to another district, or within theirs."""

_PUPILS = {"primary": 230, "secondary": 950}
_YEARS = {"primary": (0, 7), "secondary": (7, 12)}
_OUT_OF_AREA = 0.12
_AT_ONCE = 0.6  # of who is in a phase at some time of the window, on the roll on one day
_SAINTS = (
    "St Andrew's", "St Barnabas", "St Bede's", "St Catherine's", "St Clement's", "St Egwin's",
    "St George's", "St Joseph's", "St Mary's", "St Oswald's", "St Wulstan's", "Holy Trinity",
)  # fmt: skip
_PLACES = (
    "Abbey", "Beacon", "Bredon", "Brook", "Castle", "Cherry Orchard", "Elgar", "Fernhill",
    "Hopyard", "Lickey", "Meadow", "Northfield", "Orchard", "Parkside", "Perry Wood", "Riverside",
    "Sabrina", "Severn", "Southfield", "Stourbank", "Teme", "Tower Hill", "Whitehall", "Woodrow",
)  # fmt: skip


def draw_enrolments(world: World, rng: Generator) -> pd.DataFrame:
    """Draw who is on which roll.

    Returns
    -------
    pandas.DataFrame
        By first day: ``person_id, school, safeguarding_lead, joined_on, left_on`` (NaT for who is
        still there); those that touch the window.
    """
    phases = [_phase(world, phase, rng) for phase in _YEARS]
    table = pd.concat(phases, ignore_index=True)
    keeps_away = rng.random(len(world.residents)) < ON_NO_ROLL
    table = table.loc[~keeps_away[table["person_id"].to_numpy()]]
    table["safeguarding_lead"] = _leads(table["school"], rng)
    left, joined = as_days(table["left_on"]), as_days(table["joined_on"])
    person = table["person_id"].to_numpy()
    left = np.fmin(left, world.died[person])
    kept = (joined <= world.profile.as_of) & (left >= world.profile.opens) & (joined < left)
    table = table.assign(left_on=np.where(left <= world.profile.as_of, left, NOT_A_DAY)).loc[kept]
    return table.sort_values(["joined_on", "person_id"], kind="stable", ignore_index=True)


def _phase(world: World, phase: str, rng: Generator) -> pd.DataFrame:
    """The enrolments of one phase, split where a child changes school."""
    first_year, last_year = _YEARS[phase]
    # The year in whose September a child starts reception: the one after the fourth birthday.
    born = world.born[world.people]
    year = (born - 243).astype("datetime64[Y]").astype(int) + 1970 + 5
    opens = int(str(world.profile.opens)[:4])
    closes = int(str(world.profile.as_of)[:4])
    touches = (year + last_year >= opens) & (year + first_year <= closes)
    person, year = world.people[touches], year[touches]
    joined = (np.char.add((year + first_year).astype(str), "-09-02")).astype("datetime64[D]")
    left = (np.char.add((year + last_year).astype(str), "-07-21")).astype("datetime64[D]")

    moved = as_days(world.residents["moved_on"])[person]
    homes = [
        world.residents[column].to_numpy()[person] for column in ("dwelling", "dwelling_after")
    ]
    district = world.dwellings["town"].to_numpy()
    elsewhere = district[homes[0]] != district[homes[1]]
    changes = rng.random(len(person)) < np.where(elsewhere, CHANGES_WITH_DISTRICT, CHANGES_WITHIN)
    changes &= (moved > joined) & (moved < left)
    from_old_home = np.where(moved <= joined, homes[1], homes[0])
    old, new = _nearest(world, phase, from_old_home, homes[1], rng)
    changes &= old != new
    at = np.flatnonzero(changes)
    last_day = add_days(moved, rng.integers(0, 15, len(moved)))
    stays = pd.DataFrame({"person_id": person, "school": old, "joined_on": joined, "left_on": left})
    stays.loc[at, "left_on"] = last_day[at]
    after = pd.DataFrame(
        {
            "person_id": person[at],
            "school": new[at],
            "joined_on": add_days(last_day[at], rng.integers(1, 12, len(at))),
            "left_on": left[at],
        }
    )
    return pd.concat([stays, after], ignore_index=True)


def _nearest(
    world: World, phase: str, before: np.ndarray, after: np.ndarray, rng: Generator
) -> tuple[np.ndarray, np.ndarray]:
    """The schools that children of some homes go to, before a move and after it.

    Areas follow one another along a curve through the district, so that a stretch of the curve is a
    neighbourhood; each school takes one.
    """
    towns = world.dwellings["town"].to_numpy()
    areas = world.dwellings["area"].to_numpy()
    place = np.argsort(np.argsort(areas.astype(str), kind="stable"), kind="stable")
    away = rng.random(len(before)) < _OUT_OF_AREA
    shift = np.where(away, rng.random(len(before)), 0.0)
    schools = []
    for homes in (before, after):
        school = np.empty(len(homes), dtype=object)
        for town in np.unique(towns[homes]):
            rows = np.flatnonzero(towns[homes] == town)
            pupils = np.count_nonzero(towns[before] == town)
            n = max(1, round(pupils * _AT_ONCE / _PUPILS[phase]))
            along = place[towns == town]
            low, high = along.min(), along.max() + 1
            share = (place[homes[rows]] - low) / (high - low)
            names = _school_names(town, phase, n)
            school[rows] = take(names, np.floor((share + shift[rows]) % 1 * n).astype(np.int64))
        schools.append(school)
    return schools[0], schools[1]


def _school_names(town: str, phase: str, n: int) -> tuple[str, ...]:
    """Names of a district's schools, the same whatever else is drawn."""
    if phase == "secondary":
        bare = [f"{place} High School" for place in _PLACES]
    else:
        bare = [f"{saint} CE Primary School" for saint in _SAINTS]
        bare += [f"{place} Primary School" for place in _PLACES]
        bare += [f"{place} First School" for place in _PLACES]
    # Each district starts its list at another place.
    start = sum(map(ord, town)) % len(bare)
    ordered = bare[start:] + bare[:start]
    return tuple(f"{ordered[i % len(bare)]}, {town}" for i in range(n))


def _leads(school: pd.Series, rng: Generator) -> np.ndarray:
    """One safeguarding lead a school."""
    names = np.unique(school.to_numpy(dtype=str))
    leads = staff(len(names), rng)
    return leads[np.searchsorted(names, school.to_numpy(dtype=str))]


def write_roll(world: World, enrolments: pd.DataFrame, rng: Generator) -> Records:
    """Write the roll: when a pupil joins, and again on leaving."""
    joined, left = as_days(enrolments["joined_on"]), as_days(enrolments["left_on"])
    register = registered(world, "UP", enrolments["person_id"].to_numpy(), joined, SCHOOLS, rng)
    # What is delivered first is the roll as it stood when the window opened.
    known = details(register, np.maximum(joined, world.profile.opens), (*NAMED, *HOME))
    columns = {
        "enrolment_id": local_numbers("EN", len(enrolments), rng),
        "pupil_id": numbers(register),
        **known,
        "school": enrolments["school"].to_numpy(),
        "safeguarding_lead": enrolments["safeguarding_lead"].to_numpy(),
        "joined_on": joined,
        "left_on": left,
    }
    return Records(
        "county_council",
        "school_roll",
        pd.DataFrame(columns),
        joined,
        left,
        {"left_on": pd.NaT},
        known_people(register),
    )
