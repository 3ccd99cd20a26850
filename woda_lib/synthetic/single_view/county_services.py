"""Work by early help and social care, and who holds a pass for buses or a blue badge."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.domestic_abuse.agencies.clerks import staff
from woda_lib.synthetic.draws import add_days, ages_on, take
from woda_lib.synthetic.single_view.holdings import Holding, hold
from woda_lib.synthetic.single_view.world import OF_AGE, YEAR, World

_CHILDHOOD = (0.0, OF_AGE)
_GROWN = (OF_AGE, 130.0)
# Spells a person and year, between two ages, and mean days. Children's go by need, adults' by
# frailty and age but for safeguarding. Levels are set for one resident in sixteen over the window;
# their order is that of councils' returns (see `domestic_abuse.agencies.social_care`).
_SERVICES = {
    "early_help": (0.024, _CHILDHOOD, 170.0),
    "child_in_need": (0.019, _CHILDHOOD, 230.0),
    "child_protection": (0.0045, _CHILDHOOD, 290.0),
    "looked_after": (0.0026, _CHILDHOOD, 800.0),
    "adult_social_care": (0.0100, _GROWN, 500.0),
    "adult_safeguarding": (0.0018, _GROWN, 80.0),
}
_OLDER_BY = 0.06
_TEAMS = {
    "early_help": ("Early Help North", "Early Help South", "Early Help Wyre Forest"),
    "child_in_need": ("Safeguarding North", "Safeguarding South", "Safeguarding Wyre Forest"),
    "child_protection": ("Safeguarding North", "Safeguarding South", "Safeguarding Wyre Forest"),
    "looked_after": ("Through Care", "Looked After Children", "Leaving Care"),
    "adult_social_care": ("Locality North", "Locality South", "Locality Wyre Forest"),
    "adult_safeguarding": ("Adult Safeguarding Hub",),
}
_WORKERS_A_TEAM = 14
_WORKER_NAMED = 0.93

_PASS_AGE = 66.0
_HOLDS_PASS = 0.75
_PASS_AFTER = 240.0  # days after the birthday
_DISABLED, _BADGE = 0.010, 0.045
_RETURNED, _RETURN_LAG = 0.75, 150.0  # of the passes of who dies


def draw_care(world: World, rng: Generator) -> Holding:
    """Draw the spells of work."""
    need = world.need[world.people]
    age = ages_on(world.born[world.people], world.profile.opens)
    frail = world.frailty[world.people] * np.exp(_OLDER_BY * (np.clip(age, 0, 100) - 45))
    parts = []
    for service, (yearly, ages, days) in _SERVICES.items():
        among = (age > ages[0] - 4) & (age < ages[1])
        weight = frail if service == "adult_social_care" else need
        per = yearly * weight / weight[among].mean()
        parts.append(world.draw_spells(per, ages, days, rng).assign(service=service))
    spells = pd.concat(parts, ignore_index=True)
    team, worker = (np.empty(len(spells), dtype=object) for _ in range(2))
    for kind, rows in spells.groupby("service").indices.items():
        teams = _TEAMS[str(kind)]
        at = rng.integers(len(teams), size=len(rows))
        workers = staff(len(teams) * _WORKERS_A_TEAM, rng)
        team[rows] = take(teams, at)
        worker[rows] = workers[at * _WORKERS_A_TEAM + rng.integers(_WORKERS_A_TEAM, size=len(rows))]
    worker[rng.random(len(spells)) >= _WORKER_NAMED] = None
    spells = spells.assign(team=team, lead_worker=worker)
    return hold("care_services", spells, world, rng)


def draw_passes(world: World, rng: Generator) -> Holding:
    """Draw the holders: most people past 66, and some who are disabled, of any age."""
    person = world.people
    n = len(person)
    as_of = world.profile.as_of
    came = world.starts[world.first_home[person]]
    of_age = add_days(world.born[person], np.full(n, int(_PASS_AGE * YEAR)))
    issued = add_days(np.maximum(of_age, came), 1 + np.floor(rng.exponential(_PASS_AFTER, n)))
    older = rng.random(n) < _HOLDS_PASS
    parts = [_passes(world, person[older], issued[older], "older_person")]
    growth = np.exp(0.04 * (np.clip(ages_on(world.born[person], as_of), 0, 100) - 50))
    frail = world.frailty[person] * growth
    for service, share in (("disabled_person", _DISABLED), ("blue_badge", _BADGE)):
        chance = share * frail / frail.mean()
        holds = rng.random(n) < chance
        if service == "disabled_person":
            holds &= of_age > as_of
        on = np.maximum(world.any_days(n, rng, before=1_500), came + 30)
        parts.append(_passes(world, person[holds], on[holds], service))
    spells = pd.concat(parts, ignore_index=True)
    returned = rng.random(len(spells)) < _RETURNED
    ended = spells["ended_on"].where(returned)
    lag = pd.to_timedelta(np.floor(rng.exponential(_RETURN_LAG, len(spells))), unit="D")
    return hold(
        "travel_passes", spells.assign(ended_on=ended, end_heard_on=ended + lag), world, rng
    )


def _passes(world: World, person: np.ndarray, on: np.ndarray, service: str) -> pd.DataFrame:
    """Passes issued while their holders live in the county, which last until they die."""
    fits = (on <= world.profile.as_of) & (world.home_on(person, on) >= 0)
    spells = pd.DataFrame({"person_id": person[fits], "started_on": on[fits]})
    spells["ended_on"] = world.died[person[fits]]
    return spells.assign(service=service)
