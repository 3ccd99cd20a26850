"""Work of children's and adults' social care: what follows from contacts, and what was open before.

Stocks at the opening of the window follow returns of councils: 397,600 children in need in England
in March 2014, of whom 48,300 had a protection plan (Department for Education, SFR 43/2014), among
some 11.5 million children; 70 in 10,000 are looked after (*Children looked after in England*, year
to March 2024).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.domestic_abuse.agencies.clerks import staff
from woda_lib.synthetic.domestic_abuse.agencies.records import NOT_A_DAY, drawn
from woda_lib.synthetic.domestic_abuse.agencies.world import CHILDHOOD, World
from woda_lib.synthetic.draws import add_days, as_days, take

# Of each kind of work with children: open at the start in 10,000 children, and mean days.
STOCK = {
    "early_help": (90.0, 150.0),
    "child_in_need": (210.0, 240.0),
    "child_protection_plan": (42.0, 300.0),
    "looked_after": (70.0, 850.0),
}
AFTER_ASSESSMENT = {
    "nothing": 0.445,
    "child_in_need": 0.40,
    "child_protection_plan": 0.10,
    "looked_after": 0.055,
}
"""What an assessment leads to; after a grave incident twice as often to more than nothing."""

_ASSESSMENT_DAYS = (31.0, 10.0)  # statutory guidance allows 45 working days
_ABUSE_HOUSEHOLD_FACTOR = 3.0  # of children with work open before the window
# Enquiries under section 42 a grown-up and year, and after an incident by age.
_ADULT_ENQUIRIES = 0.0035
_ENQUIRY_AFTER_INCIDENT = (0.02, 0.15)
_ADULT_SUPPORT_LIMITS = (18, 65, 75, 85, 130)
_ADULT_SUPPORT = (0.008, 0.02, 0.06, 0.16)

_TEAMS = {
    "early_help": ("Early Help North", "Early Help South", "Early Help Wyre Forest"),
    "assessment": ("Assessment Team 1", "Assessment Team 2", "Assessment Team 3"),
    "child_in_need": ("Safeguarding North", "Safeguarding South", "Safeguarding Wyre Forest"),
    "child_protection_plan": (
        "Safeguarding North", "Safeguarding South", "Safeguarding Wyre Forest",
    ),
    "looked_after": ("Through Care", "Looked After Children", "Leaving Care"),
    "adult_safeguarding": ("Adult Safeguarding Hub",),
    "care_and_support": ("Locality Team North", "Locality Team South", "Locality Team Wyre Forest"),
}  # fmt: skip
_WORKERS_A_TEAM = 14


def draw_spells(world: World, contacts: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Draw all spells of work.

    Parameters
    ----------
    contacts
        From `woda_lib.synthetic.domestic_abuse.agencies.front_door.draw_contacts`.

    Returns
    -------
    pandas.DataFrame
        By the day of their beginning: ``person_id, service, kind, started_on, ended_on`` (NaT
        where they last longer than the window), ``team, lead_worker``.
    """
    spells = pd.concat(
        [
            _open_before(world, rng),
            _after_contacts(contacts, rng),
            _adult_support(world, rng),
            _adult_enquiries(world, rng),
        ],
        ignore_index=True,
    )
    spells = _within_life(world, spells)
    spells["team"], spells["lead_worker"] = _allocate(spells["kind"], rng)
    order = ["started_on", "person_id", "kind"]
    return spells.sort_values(order, kind="stable", ignore_index=True)


def _spells(kind: np.ndarray | str, person: np.ndarray, start: np.ndarray, days: np.ndarray,
            service: str = "children") -> pd.DataFrame:  # fmt: skip
    return pd.DataFrame(
        {
            "person_id": person,
            "service": service,
            "kind": kind,
            "started_on": start,
            "ended_on": add_days(start, np.maximum(1, np.floor(days))),
        }
    )


def _open_before(world: World, rng: Generator) -> pd.DataFrame:
    """Children with work under way when the window opens, begun a while ago."""
    opens = np.full(len(world.people), world.profile.opens)
    age = world.ages(world.people, opens)
    child = world.people[(age >= 0) & (age < CHILDHOOD)]
    raised = np.where(world.in_abuse_household[child], _ABUSE_HOUSEHOLD_FACTOR, 1.0)
    weight = raised * world.hardship[child]
    weight /= weight.mean()
    parts = []
    for kind, (in_10_000, days) in STOCK.items():
        who = child[rng.random(len(child)) < in_10_000 / 10_000 * weight]
        # What is open on a day has run an exponential time, and has as much again before it.
        before = np.floor(rng.exponential(days, len(who)))
        before = np.minimum(before, np.floor(world.ages(who, opens[: len(who)]) * 365))
        start = add_days(opens[: len(who)], -before)
        parts.append(_spells(kind, who, start, before + rng.exponential(days, len(who))))
    return pd.concat(parts, ignore_index=True)


def _after_contacts(contacts: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """What contacts lead to: early help, or an assessment and what that finds."""
    decided = as_days(contacts["decided_on"])
    person = contacts["person_id"].to_numpy()
    helped = contacts["decision"].eq("early_help").to_numpy()
    help_days = rng.exponential(STOCK["early_help"][1], len(contacts))
    early = _spells("early_help", person[helped], decided[helped], help_days[helped])

    assessed = contacts["decision"].isin(["assessment", "strategy_discussion"]).to_numpy()
    n = int(assessed.sum())
    length = np.clip(rng.normal(*_ASSESSMENT_DAYS, n), 3, 63)
    assessments = _spells("assessment", person[assessed], decided[assessed], length)
    found = drawn(AFTER_ASSESSMENT, n, rng)
    # A second draw for the graver ones: nothing is less often what is found.
    graver = contacts["grave"].to_numpy()[assessed] & (found == "nothing")
    found[graver] = drawn(AFTER_ASSESSMENT, int(graver.sum()), rng)
    parts = [early, assessments]
    for kind in ("child_in_need", "child_protection_plan", "looked_after"):
        here = found == kind
        start = as_days(assessments["ended_on"])[here]
        days = rng.gamma(2.0, STOCK[kind][1] / 2.0, len(start))
        parts.append(_spells(kind, person[assessed][here], start, days))
    return pd.concat(parts, ignore_index=True)


def _adult_support(world: World, rng: Generator) -> pd.DataFrame:
    """Grown-ups with care and support: open before the window, or begun in it."""
    opens = np.full(len(world.people), world.profile.opens)
    age = world.ages(world.people, opens)
    band = np.searchsorted(_ADULT_SUPPORT_LIMITS, age, side="right") - 1
    share = np.r_[0.0, _ADULT_SUPPORT][np.clip(band + 1, 0, len(_ADULT_SUPPORT))]
    share = share * world.residents["frailty"].to_numpy()[world.people]
    who = world.people[rng.random(len(share)) < share]
    start = add_days(opens[: len(who)], np.floor(rng.normal(0, 600, len(who))))
    days = rng.exponential(900, len(who))
    return _spells("care_and_support", who, start, days, "adults")


def _adult_enquiries(world: World, rng: Generator) -> pd.DataFrame:
    """Enquiries under section 42 of the Care Act 2014; oftener about victims, the old above all."""
    who, on = world.draw_events(
        world.people, _ADULT_ENQUIRIES * world.hardship[world.people], (CHILDHOOD, 120), rng
    )
    incidents = world.incidents
    victim, day = incidents["victim"].to_numpy(), as_days(incidents["day"])
    age = world.ages(victim, day)
    chance = np.where(age >= 65, _ENQUIRY_AFTER_INCIDENT[1], _ENQUIRY_AFTER_INCIDENT[0])
    asked = (rng.random(len(victim)) < chance) & (age >= CHILDHOOD)
    later = add_days(day, rng.integers(1, 9, len(day)))[asked]
    who, on = np.concatenate([who, victim[asked]]), np.concatenate([on, later])
    return _spells("adult_safeguarding", who, on, rng.gamma(2.0, 35.0, len(who)), "adults")


def _within_life(world: World, spells: pd.DataFrame) -> pd.DataFrame:
    """End work at death or, with children, at 18; leave out what could not begin."""
    person = spells["person_id"].to_numpy()
    start, end = as_days(spells["started_on"]), as_days(spells["ended_on"])
    grown = add_days(world.born[person], np.full(len(person), round(CHILDHOOD * 365.25)))
    children = spells["service"].eq("children").to_numpy()
    end = np.where(children, np.minimum(end, grown), end)
    died = world.died[person]
    end = np.where(died < end, died, end)
    end = np.where(end <= world.profile.as_of, end, NOT_A_DAY)
    kept = world.lives(person, start) & (~children | (start < grown)) & ~(end < start)
    kept &= start <= world.profile.as_of
    spells = spells.assign(ended_on=end).loc[kept]
    # Two spells of a kind that run into each other are one.
    twice = spells.duplicated(["person_id", "kind", "started_on"])
    return spells.loc[~twice].reset_index(drop=True)


def _allocate(kind: pd.Series, rng: Generator) -> tuple[np.ndarray, np.ndarray]:
    """A team and a worker of it for each spell."""
    team, worker = np.empty(len(kind), dtype=object), np.empty(len(kind), dtype=object)
    names = sorted({name for teams in _TEAMS.values() for name in teams})
    workers = staff(len(names) * _WORKERS_A_TEAM, rng).reshape(len(names), _WORKERS_A_TEAM)
    for one, teams in _TEAMS.items():
        rows = np.flatnonzero(kind.eq(one))
        team[rows] = take(teams, rng.integers(0, len(teams), len(rows)))
    at = np.searchsorted(np.array(names), team.astype(str))
    worker[:] = workers[at, rng.integers(0, _WORKERS_A_TEAM, len(kind))]
    return team, worker


def looked_after_spells(spells: pd.DataFrame) -> pd.DataFrame:
    """Return the spells in which children are looked after."""
    return spells.loc[spells["kind"].eq("looked_after")].reset_index(drop=True)
