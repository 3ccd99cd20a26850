"""Cases of the multi-agency risk assessment conference, which meets every Tuesday.

SafeLives' national data (*Latest Marac data*, year to September 2024) have 47 cases a year for
10,000 women, of which 31% are repeats and 36% do not come from police. Whose cases are heard
follows how grave their incidents were and how many came before.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.domestic_abuse.agencies.clerks import (
    CONFERENCE,
    HOME,
    NAMED,
    details,
    registered,
)
from woda_lib.synthetic.domestic_abuse.agencies.records import (
    Records,
    blanked,
    once,
)
from woda_lib.synthetic.domestic_abuse.agencies.world import CHILDHOOD, YEAR, World
from woda_lib.synthetic.draws import add_days, as_days
from woda_lib.synthetic.registers import local_numbers

YEARLY_PER_WOMAN = 0.0047
REPEAT_SHARE = 0.31
ESCALATES = 4
"""Incidents of the couple in the year before, from which on the route is escalation."""

_WEIGHTS = {"grave": 1.0, "escalation": 0.9, "other": 0.04}
_BY_DASH, _ROUTE_UNKNOWN = 0.55, 0.06
_FEWEST_DAYS_BEFORE, _WEEK = 7, 7
_FIRST_TUESDAY = np.datetime64("2021-04-06", "D")
_OLD_ENOUGH = 16.0


def draw_cases(world: World, rng: Generator) -> pd.DataFrame:
    """Draw the cases that the conference hears.

    Returns
    -------
    pandas.DataFrame
        By day: ``couple, victim, perpetrator, heard_on, route`` (None where nobody wrote it
        down), ``repeat`` (heard within a year before), ``actions``.
    """
    incidents = world.incidents
    victim = incidents["victim"].to_numpy()
    day = as_days(incidents["day"])
    grown = world.ages(victim, day) >= _OLD_ENOUGH
    escalates = incidents["earlier"].ge(ESCALATES)
    weight = np.select(
        [incidents["grave"], escalates],
        [_WEIGHTS["grave"], _WEIGHTS["escalation"]],
        _WEIGHTS["other"],
    )
    weight = weight * grown
    heard = _next_conference(day)
    wanted = _wanted(world)
    first = _heard_for_itself(incidents["couple"].to_numpy(), heard, weight, wanted, rng)
    cases = incidents.loc[first, ["couple", "victim", "perpetrator", "grave"]].assign(
        heard_on=heard[first], escalates=escalates[first]
    )
    lacking = wanted * REPEAT_SHARE - _is_repeat(cases["couple"], as_days(cases["heard_on"])).sum()
    later = incidents.assign(heard_on=heard, escalates=escalates)
    cases = pd.concat([cases, _heard_again(later, cases, lacking, rng)], ignore_index=True)
    cases = cases.sort_values(["heard_on", "couple"], kind="stable")
    cases = cases.drop_duplicates(["couple", "heard_on"], ignore_index=True)
    return _described(cases, rng)


def _wanted(world: World) -> float:
    """Cases in the days that are drawn."""
    women = world.people[world.female[world.people]]
    age = world.ages(women, np.full(len(women), world.profile.opens))
    return YEARLY_PER_WOMAN * np.count_nonzero(age >= CHILDHOOD) * world.window_days / 365.25


def _heard_for_itself(
    couple: np.ndarray, heard: np.ndarray, weight: np.ndarray, wanted: float, rng: Generator
) -> np.ndarray:
    """Draw incidents by weight, until so many are first hearings as there should be."""
    chance = rng.random(len(weight))
    low, high = 0.0, 50.0
    for _ in range(30):
        middle = (low + high) / 2
        chosen = np.flatnonzero(chance < np.minimum(middle * weight, 0.9))
        repeats = _is_repeat(pd.Series(couple[chosen]), heard[chosen]).sum()
        too_few = len(chosen) - repeats < wanted * (1 - REPEAT_SHARE)
        low, high = (middle, high) if too_few else (low, middle)
    return chance < np.minimum(low * weight, 0.9)


def _is_repeat(couple: pd.Series, heard: np.ndarray) -> np.ndarray:
    """Whether a couple was heard within a year before, or in the same conference already."""
    order = np.lexsort((heard, couple.to_numpy()))
    who, day = couple.to_numpy()[order], heard[order]
    repeat = np.zeros(len(order), dtype=bool)
    since = (day[1:] - day[:-1]).astype(np.int64)
    repeat[order[1:]] = (who[1:] == who[:-1]) & (since <= YEAR)
    return repeat


def _next_conference(day: np.ndarray) -> np.ndarray:
    """The first conference at least a week after a day."""
    since = (day - _FIRST_TUESDAY).astype(np.int64) + _FEWEST_DAYS_BEFORE
    return add_days(_FIRST_TUESDAY, -(-since // _WEEK) * _WEEK)


def _heard_again(
    incidents: pd.DataFrame, cases: pd.DataFrame, lacking: float, rng: Generator
) -> pd.DataFrame:
    """Couples whose case comes back after another incident within a year of a hearing."""
    ordered = incidents[
        ["couple", "victim", "perpetrator", "grave", "day", "heard_on", "escalates"]
    ]
    ordered = ordered.sort_values("day", kind="stable")
    hearings = cases[["couple", "heard_on"]].rename(columns={"heard_on": "heard_before"})
    hearings = hearings.sort_values("heard_before", kind="stable")
    follows = pd.merge_asof(
        ordered.astype({"day": "datetime64[ns]"}),
        hearings.astype({"heard_before": "datetime64[ns]"}),
        left_on="day",
        right_on="heard_before",
        by="couple",
        tolerance=pd.Timedelta(days=YEAR - _WEEK - _FEWEST_DAYS_BEFORE),
        allow_exact_matches=False,
    )
    back = follows.loc[follows["heard_before"].notna()]
    share = max(0.0, lacking) / max(1, len(back))
    chosen = back.loc[rng.random(len(back)) < share]
    return chosen.drop(columns=["day", "heard_before"])


def _described(cases: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Why each case is heard, and how many actions were agreed."""
    n = len(cases)
    heard = as_days(cases["heard_on"])
    repeat = _is_repeat(cases["couple"], heard)
    by_dash = rng.random(n) < _BY_DASH
    route = np.select(
        [
            repeat,
            cases["escalates"].to_numpy(dtype=bool),
            cases["grave"].to_numpy(dtype=bool) & by_dash,
        ],
        ["repeat", "escalation", "dash_ticks"],
        "professional_judgement",
    ).astype(object)
    route[rng.random(n) < _ROUTE_UNKNOWN] = None
    columns = ["couple", "victim", "perpetrator", "heard_on"]
    return cases[columns].assign(
        heard_on=heard, route=route, repeat=repeat, actions=1 + rng.poisson(4.6, n)
    )


def write_cases(world: World, cases: pd.DataFrame, rng: Generator) -> Records:
    """Write the cases: both people are written down anew each time, under no number of their own.

    Who they are is known by the number of the case and the role: ``MC0000012/victim``.
    """
    on = as_days(cases["heard_on"])
    number = local_numbers("MC", len(cases), rng)
    columns: dict[str, object] = {"marac_case_id": number}
    people = []
    for role, unknown in (("victim", 0.03), ("perpetrator", 0.09)):
        who = cases[role].to_numpy()
        register = registered(world, "M", who, on, CONFERENCE, rng, anew=True)
        known = details(register, on, (*NAMED, *HOME))
        known["date_of_birth"] = blanked(known["date_of_birth"], unknown, rng)
        known["address"] = blanked(known["address"], 0.05, rng)
        columns |= {f"{role}_{name}": values for name, values in known.items()}
        people.append(pd.DataFrame({"local_id": number + f"/{role}", "person_id": who}))
    columns |= {
        "heard_on": on,
        "route": cases["route"].to_numpy(),
        "actions": cases["actions"].astype("Int64").array,
    }
    rows = pd.DataFrame(columns)
    known_as = pd.concat(people, ignore_index=True)
    return once("county_council", "marac_cases", rows, on, known_as)
