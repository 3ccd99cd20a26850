"""Who was reported missing, for how long, and whether somebody talked with them afterwards.

Rates follow Missing People's figures from the National Crime Agency's report for 2022-23: over
216,000 reports of nearly 75,000 children and nearly 130,000 of nearly 96,000 grown-ups in the UK;
one looked-after child in ten is reported missing in a year, six times on average, against one child
in 200. The Missing Persons Data Report 2015/16 finds 93% of missing children aged 12 to 17.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.domestic_abuse.agencies.records import NOT_A_MOMENT, drawn
from woda_lib.synthetic.domestic_abuse.agencies.world import CHILDHOOD, World
from woda_lib.synthetic.draws import add_days, as_days, days_between, drawn_by, whole_minutes

CHILD_YEARLY, YOUNGER_SHARE = 0.0155, 0.07
"""Episodes a year of a child from 12 on who is not looked after, and share under 12."""

LOOKED_AFTER_YEARLY = 0.6 / 0.55
"""Episodes a year of a looked-after child from 11 on: 55 of 100 looked-after children are."""

ABUSE_HOUSEHOLD_FACTOR = 3.0
ADULT_YEARLY = 0.0024
EXPLOITATION_YEARLY = 0.003
"""Referrals a child from 10 on and year that follow no missing episode; assumed."""

WITHIN_72_HOURS = 0.62
OFFERED, ACCEPTED = 0.93, 0.74
"""Of children's returns: share with an offer, and of offers that are taken up."""

_SPREAD = 0.10  # gamma shape: a few children go missing very often
_CARE_SPREAD = 0.12
_FROM = ("home", "residential_care", "foster_care", "school", "hospital", "other")
_FROM_SHARES = np.array(
    [
        (0.80, 0.00, 0.00, 0.11, 0.02, 0.07),  # children at home
        (0.02, 0.50, 0.34, 0.07, 0.02, 0.05),  # looked-after children
        (0.66, 0.06, 0.00, 0.00, 0.20, 0.08),  # grown-ups
    ]
)
_RISKS = ("no_apparent_risk", "low", "medium", "high")
_RISK_SHARES = np.array(
    [(0.06, 0.20, 0.60, 0.14), (0.10, 0.24, 0.54, 0.12), (0.04, 0.26, 0.50, 0.20)]
)
_WITHDRAWN = 0.012  # was where he should have been, or was reported twice


def draw_episodes(world: World, looked_after: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Draw the times somebody was reported missing.

    Parameters
    ----------
    looked_after
        Spells of care: ``person_id, started_on, ended_on``.

    Returns
    -------
    pandas.DataFrame
        In order of ``reported_at``: ``person_id, reported_at, found_at`` (moments to the minute;
        NaT where the person is still missing when the window ends), ``missing_from, risk, child,
        looked_after, withdrawn``.
    """
    parts = [_at_home(world, rng), _in_care(world, looked_after, rng), _grown_ups(world, rng)]
    person = np.concatenate([who for who, _ in parts])
    day = np.concatenate([on for _, on in parts])
    group = np.repeat(np.arange(3), [len(who) for who, _ in parts])
    # Children are missed in the evening and at night.
    clock = np.clip(rng.normal(20.5, 3.2, len(day)), 0, 23.98)
    reported = day.astype("datetime64[s]") + whole_minutes(clock)
    hours = np.clip(rng.lognormal(np.log(np.array([6.0, 8.0, 7.0]))[group], 1.25), 0.3, 24 * 40)
    found = reported + whole_minutes(hours)
    ends = (world.profile.last_day + 1).astype("datetime64[s]")
    table = pd.DataFrame(
        {
            "person_id": person,
            "reported_at": reported,
            "found_at": np.where(found < ends, found, NOT_A_MOMENT),
            "missing_from": drawn_by(_FROM, _FROM_SHARES, group, rng),
            "risk": drawn_by(_RISKS, _RISK_SHARES, group, rng),
            "child": group < 2,
            "looked_after": group == 1,
            "withdrawn": rng.random(len(person)) < _WITHDRAWN,
        }
    )
    table = table.sort_values(["reported_at", "person_id"], kind="stable", ignore_index=True)
    return _not_missing_twice_at_once(table)


def _at_home(world: World, rng: Generator) -> tuple[np.ndarray, np.ndarray]:
    person = world.people
    spread = rng.gamma(_SPREAD, 1 / _SPREAD, len(person))
    raised = np.where(world.in_abuse_household[person], ABUSE_HOUSEHOLD_FACTOR, 1.0)
    yearly = CHILD_YEARLY * spread * raised * world.hardship[person]
    older = world.draw_events(person, yearly, (12, CHILDHOOD), rng)
    younger = world.draw_events(person, yearly * YOUNGER_SHARE, (4, 12), rng)
    return np.concatenate([older[0], younger[0]]), np.concatenate([older[1], younger[1]])


def _in_care(
    world: World, looked_after: pd.DataFrame, rng: Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Episodes during a spell of care, at ages from 11 on."""
    start = np.maximum(as_days(looked_after["started_on"]), world.profile.opens)
    end = np.fmin(as_days(looked_after["ended_on"]), np.full(len(start), world.profile.as_of))
    length = np.maximum(0, days_between(start, end))
    spread = rng.gamma(_CARE_SPREAD, 1 / _CARE_SPREAD, len(start))
    nth = np.repeat(
        np.arange(len(start)), rng.poisson(LOOKED_AFTER_YEARLY * spread * length / 365.25)
    )
    who = looked_after["person_id"].to_numpy()[nth]
    on = add_days(start[nth], np.floor(rng.random(len(nth)) * (length[nth] + 1)))
    old_enough = world.ages(who, on) >= 11
    return who[old_enough], on[old_enough]


def _grown_ups(world: World, rng: Generator) -> tuple[np.ndarray, np.ndarray]:
    person = world.people
    spread = rng.gamma(0.3, 1 / 0.3, len(person))
    return world.draw_events(
        person, ADULT_YEARLY * spread * world.hardship[person], (CHILDHOOD, 100), rng
    )


def _not_missing_twice_at_once(episodes: pd.DataFrame) -> pd.DataFrame:
    """Leave out reports of somebody who was missing already."""
    by_person = episodes.sort_values(["person_id", "reported_at"], kind="stable")
    until = by_person.groupby("person_id")["found_at"].shift()
    same = by_person["person_id"].eq(by_person["person_id"].shift())
    clash = same & ~(until < by_person["reported_at"])
    return episodes.loc[~clash.sort_index()].reset_index(drop=True)


def draw_interviews(world: World, episodes: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Draw the return interviews that children were offered once found.

    Returns
    -------
    pandas.DataFrame
        ``episode`` (row of `episodes`), ``offered_at, held_at`` (NaT for none), ``accepted``.
    """
    due = (episodes["child"] & ~episodes["withdrawn"] & episodes["found_at"].notna()).to_numpy()
    rows = np.flatnonzero(due & (rng.random(len(episodes)) < OFFERED))
    found = episodes["found_at"].to_numpy().astype("datetime64[s]")[rows]
    n = len(rows)
    in_time = rng.random(n) < WITHIN_72_HOURS
    hours = np.where(in_time, rng.uniform(8, 71.5, n), 72.5 + rng.exponential(90.0, n))
    offered = found + whole_minutes(np.minimum(hours * 0.8, rng.lognormal(np.log(16.0), 0.7, n)))
    held = found + whole_minutes(hours)
    takes_up = rng.random(n) < ACCEPTED
    ends = (world.profile.as_of + 1).astype("datetime64[s]")
    table = pd.DataFrame(
        {
            "episode": rows,
            "offered_at": offered,
            "held_at": np.where(takes_up & (held < ends), held, NOT_A_MOMENT),
            "accepted": np.where(takes_up, "yes", "no").astype(object),
        }
    )
    return table.loc[offered < ends].reset_index(drop=True)


def interviews_held(episodes: pd.DataFrame, interviews: pd.DataFrame) -> dict[str, float]:
    """Shares of children's returns that were followed by an offer, an interview, and one in time.

    Episodes that police withdrew, and those whose 72 hours are not over, are left out.
    """
    last = interviews["offered_at"].max() - pd.Timedelta(hours=72)
    due = episodes["child"] & ~episodes["withdrawn"] & episodes["found_at"].le(last)
    offered = interviews.set_index("episode")
    held = offered["held_at"].reindex(episodes.index)
    in_time = (held - episodes["found_at"]) <= pd.Timedelta(hours=72)
    return {
        "offered": float(episodes.index.isin(offered.index)[due].mean()),
        "held": float(held.notna()[due].mean()),
        "within_72_hours": float(in_time[due].mean()),
    }


def draw_exploitation(world: World, episodes: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Draw referrals of children at risk of exploitation: many after repeated missing episodes.

    Returns
    -------
    pandas.DataFrame
        ``person_id, referred_on, kind, level``.
    """
    children = episodes.loc[episodes["child"]]
    nth = children.groupby("person_id").cumcount().to_numpy()
    follows = rng.random(len(children)) < np.where(nth == 0, 0.02, 0.07)
    day = as_days(children["reported_at"])
    after = add_days(day, rng.integers(1, 21, len(day)))[follows]
    who, on = world.draw_events(
        world.people, EXPLOITATION_YEARLY * world.hardship[world.people], (10, CHILDHOOD), rng
    )
    who = np.concatenate([children["person_id"].to_numpy()[follows], who])
    on = np.concatenate([after, on])
    girls = world.female[who].astype(np.int64)
    shares = np.array([(0.14, 0.50, 0.36), (0.68, 0.20, 0.12)])
    table = pd.DataFrame(
        {
            "person_id": who,
            "referred_on": on,
            "kind": drawn_by(("sexual", "criminal", "county_lines"), shares, girls, rng),
            "level": drawn(
                {"emerging": 0.45, "moderate": 0.37, "significant": 0.18}, len(who), rng
            ),
        }
    )
    kept = world.lives(who, on) & (world.ages(who, on) < CHILDHOOD)
    kept &= on <= world.profile.as_of
    return table.loc[kept].sort_values(["referred_on", "person_id"], ignore_index=True)
