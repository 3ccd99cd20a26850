"""Who truly lives where, since when and with whom: the histories that partners see parts of.

The residents of `woda_lib.synthetic.population` have at most one move. Here they are given what a
single view has to cope with besides, `woda_lib.synthetic.single_view.life_events`, from random
numbers of its own: the residents, and whatever else is made of them, stay what they are.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator, default_rng

from woda_lib.synthetic.addresses import COUNTIES
from woda_lib.synthetic.draws import ages_on, as_days, take
from woda_lib.synthetic.population import NOT_A_DAY
from woda_lib.synthetic.profiles import Profile
from woda_lib.synthetic.single_view.life_events import AWAY, Living, draw_life_events

KINDS = (
    "care_home",
    "older_one_person",
    "one_person",
    "house_share",
    "three_generations",
    "older_couple",
    "couple",
    "couple_with_children",
    "lone_parent",
    "grown_children",
    "other",
)
"""Kinds of household after the Census 2021, in the order in which the first that fits is taken."""

OLDER, DEPENDENT, STUDENT = 66, 16, 19
"""Ages in years as the Census 2021 draws the lines: older people, dependent children, students."""

_DAYS_AT_HOME, _DAYS_IN_CARE = 3_000.0, 700.0  # mean, when the window opens
_ARRIVES = 0.035  # of households that do not move: they come to the county in the window


def draw_homes(
    profile: Profile, residents: pd.DataFrame, dwellings: pd.DataFrame, seed: int
) -> pd.DataFrame:
    """Draw the histories of Worcestershire's residents.

    Parameters
    ----------
    residents
        See `woda_lib.synthetic.domestic_abuse.histories.Histories`, of both counties.
    dwellings
        See `woda_lib.synthetic.population.make_population`, of both counties.

    Returns
    -------
    pandas.DataFrame
        A row a person and a home, by person and day: ``person_id, dwelling`` (position; `AWAY`
        outside the county), ``unit`` (who live together have the same), ``role`` (head, partner,
        child, elder, sharer, care_home), ``starts`` and ``ends`` (datetime64; the first and the
        last day, NaT while it goes on at the window's end).
    """
    arriving, living = default_rng([seed, 9, 0]).spawn(2)
    here = residents.loc[residents["county"].eq(COUNTIES[0])]
    base = _as_populated(here, dwellings)
    base["moved_on"] = _in_turn(base, len(dwellings))
    events = draw_life_events(profile, Living(base, dwellings), living)
    first = _first_homes(profile, base, events, arriving)
    second = _second_homes(base, events)
    return _one_after_another(pd.concat([first, second, events], ignore_index=True), base, profile)


def _as_populated(here: pd.DataFrame, dwellings: pd.DataFrame) -> pd.DataFrame:
    """What the population says of its people: who they live with, and who moves with whom."""
    in_care = dwellings["kind"].eq("care_home").to_numpy()
    base = here[["household", "role", "kind", "female"]].copy()
    base["dwelling"], base["dwelling_after"] = here["dwelling"], here["dwelling_after"]
    for column in ("born", "died", "moved_on"):
        base[column] = as_days(here[column])
    moves = base["moved_on"].notna()
    base["to_care"] = moves & in_care[base["dwelling_after"]]
    stays = base.loc[~base["to_care"]].groupby("household")["dwelling_after"]
    # Who goes somewhere while somebody stays behind has left the others.
    alone = (stays.min() != stays.max()).reindex(base["household"], fill_value=False).to_numpy()
    base["moves_with_household"] = moves & ~base["to_care"] & ~alone
    base["leaves_household"] = moves & ~base["to_care"] & alone
    return base


def _in_turn(base: pd.DataFrame, n_dwellings: int) -> np.ndarray:
    """Days of moves, put off until the household that lived in the new home has left it."""
    moved_on = base["moved_on"].to_numpy(copy=True)
    movers = base.loc[base["moves_with_household"]].drop_duplicates("household")
    leaves = np.full(n_dwellings, -1)
    leaves[movers["dwelling"]] = np.arange(len(movers))
    before = leaves[movers["dwelling_after"]]
    waits = np.flatnonzero(before >= 0)
    day = movers["moved_on"].to_numpy(copy=True)
    # Days only grow and none passes the latest, so that chains and rings come to an end.
    while True:
        later = np.maximum(day[waits], day[before[waits]])
        if (later == day[waits]).all():
            break
        day[waits] = later
    of_household = np.full(int(base["household"].max()) + 1, NOT_A_DAY)
    of_household[movers["household"]] = day
    together = base["moves_with_household"].to_numpy()
    moved_on[together] = of_household[base["household"].to_numpy()[together]]
    return moved_on


def _first_homes(
    profile: Profile, base: pd.DataFrame, events: pd.DataFrame, rng: Generator
) -> pd.DataFrame:
    """The home of each person when the window opens, or where they are born or come to."""
    household = base["household"].to_numpy()
    n = int(household.max()) + 1
    private = base["role"].ne("care_home").to_numpy()
    since = np.full(n, profile.opens) - _whole_days(rng.exponential(_DAYS_AT_HOME, n))
    arrives = rng.random(n) < _ARRIVES
    stirred = base["moved_on"].notna().to_numpy() | base.index.isin(events["person_id"]) | ~private
    arrives[household[stirred]] = False
    window = (profile.as_of - profile.opens).astype(np.int64)
    came = profile.opens + _whole_days(rng.integers(1, window, n))
    since = np.where(arrives, came, since)[household]
    in_care = np.full(len(base), profile.opens)
    in_care = in_care - _whole_days(rng.exponential(_DAYS_IN_CARE, len(base)))
    on = np.where(private, since, in_care)
    # Who leads a household came of age before.
    leads = base["role"].isin(["head", "partner", "sharer"]).to_numpy()
    of_age = np.minimum(base["born"].to_numpy() + _whole_days(18 * 365.25), profile.opens)
    on = np.where(leads, np.maximum(on, of_age), on)
    unit = np.where(private, household, n + base["dwelling"].to_numpy())
    return pd.DataFrame(
        {
            "person_id": base.index,
            "on": np.maximum(on, base["born"].to_numpy()),
            "dwelling": base["dwelling"].to_numpy(),
            "unit": unit,
            "role": base["role"].to_numpy(),
        }
    )


def _whole_days(days: np.ndarray | float) -> np.ndarray:
    return np.floor(days).astype("timedelta64[D]")


def _second_homes(base: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Where people move to with their household, alone or to a care home.

    Who has left the household does not move with it any more.
    """
    n = int(base["household"].max()) + 1
    left_on = events.groupby("person_id")["on"].min().reindex(base.index).to_numpy()
    follows = base["moves_with_household"] & ~(left_on <= base["moved_on"].to_numpy())
    moves = base.loc[follows | base["to_care"] | base["leaves_household"]]
    to_care = moves["to_care"].to_numpy()
    alone = moves["leaves_household"].to_numpy()
    # Units of who leaves alone come after all others; their number is their dwelling's, negative.
    after = moves["dwelling_after"].to_numpy()
    unit = np.select([to_care, alone], [n + after, -2 - after], moves["household"])
    role = np.select([to_care, alone], ["care_home", "head"], moves["role"]).astype(object)
    return pd.DataFrame(
        {
            "person_id": moves.index,
            # Who is born after the move was never at the old home.
            "on": np.maximum(moves["moved_on"].to_numpy(), moves["born"].to_numpy()),
            "dwelling": after,
            "unit": unit,
            "role": role,
        }
    )


def _one_after_another(moves: pd.DataFrame, base: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    """Turn moves into stretches of time: each ends on the day before the next, or at death."""
    order = np.lexsort((moves["on"], moves["person_id"]))
    homes = moves.iloc[order].reset_index(drop=True)
    person, starts = homes["person_id"].to_numpy(), homes["on"].to_numpy().astype("datetime64[D]")
    died = base["died"].loc[person].to_numpy().astype("datetime64[D]")
    died = np.where(died <= profile.as_of, died, NOT_A_DAY)
    next_on = np.append(starts[1:], NOT_A_DAY)
    next_on[np.append(person[1:] != person[:-1], True)] = NOT_A_DAY
    ends = np.fmin(next_on - 1, died)
    kept = (starts <= profile.as_of) & ~(ends < starts)
    homes = homes.drop(columns="on").assign(starts=starts, ends=ends).loc[kept]
    columns = ["person_id", "dwelling", "unit", "role", "starts", "ends"]
    return homes[columns].reset_index(drop=True)


def households_on(
    day: np.datetime64, homes: pd.DataFrame, residents: pd.DataFrame, dwellings: pd.DataFrame
) -> pd.DataFrame:
    """Return who lives with whom on a day.

    Returns
    -------
    pandas.DataFrame
        ``person_id, household`` (a number), ``dwelling, kind`` (of `KINDS`).
    """
    ends, starts = as_days(homes["ends"]), as_days(homes["starts"])
    there = (starts <= day) & ~(ends < day) & homes["dwelling"].ne(AWAY).to_numpy()
    now = homes.loc[there].reset_index(drop=True)
    person = now["person_id"].to_numpy()
    now["household"] = now.groupby(["unit", "dwelling"], sort=False).ngroup()
    age = ages_on(as_days(residents["born"])[person], np.full(len(person), day))
    kind = _kinds(now, age, dwellings["kind"].to_numpy()[now["dwelling"]] == "care_home")
    now["kind"] = take(KINDS, kind[now["household"]])
    return now[["person_id", "household", "dwelling", "kind"]]


def _kinds(now: pd.DataFrame, age: np.ndarray, in_care: np.ndarray) -> np.ndarray:
    """The position in `KINDS` of each household's kind."""
    role, household = now["role"].to_numpy(), now["household"].to_numpy()
    n = int(household.max()) + 1

    def number(of: np.ndarray) -> np.ndarray:
        return np.bincount(household[of], minlength=n)

    child = role == "child"
    leads = np.isin(role, ["head", "partner"])
    dependent = number(child & (age < STUDENT) | (age < DEPENDENT)) > 0
    single = number(np.ones(len(now), dtype=bool)) == 1
    children, leading = number(child), number(leads)
    all_older = number(leads & (age >= OLDER)) == leading
    fits = [
        number(in_care) > 0,
        single & (number(age >= OLDER) > 0),
        single,
        number(role == "sharer") > 0,
        (number(role == "elder") > 0) & (children > 0) & (leading > 0),
        (leading == 2) & (children == 0) & all_older & (number(role == "elder") == 0),
        (leading == 2) & (children == 0) & (number(role == "elder") == 0),
        (leading == 2) & dependent,
        (leading == 1) & dependent,
        (leading > 0) & (children > 0),
    ]
    return np.select(fits, range(len(fits)), len(KINDS) - 1)
